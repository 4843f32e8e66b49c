"""Whatever goes wrong at a Jira, it looks in the end as if nothing had: the table of faults, row by row.

``make faults-jira`` prints all of it, every fault at both editions; the default run takes a part of it.
"""

from functools import cache

import pytest

from svc_plugin.standins.jira import Mode
from tests.contract.jira_faults import FAULTS, Ended, Story, played
from tests.contract.jira_kit import MODES
from tests.thorough import some

# only there a search is late, and only there one edition is told of what went wrong again
AT: dict[str, Mode] = {
    "stale search": "cloud",
    "new issue made, answer lost, stale search": "cloud",
    "webhooks lost": "dc",
    "CAPTCHA before every request": "dc",
}
ROWS = [(name, AT.get(name, MODES[place % 2])) for place, name in enumerate(FAULTS)]


@cache
def usual(mode: Mode) -> Ended:
    return played(mode, FAULTS["none"])


@pytest.mark.parametrize(("fault", "mode"), some(ROWS, of=24))
def test_a_fault_does_not_show_in_the_end(fault: str, mode: Mode) -> None:
    ended = played(mode, FAULTS[fault])
    assert ended.issues == usual(mode).issues
    assert ended.doubled == []
    assert ended.calls <= 2 * usual(mode).calls


def test_a_comment_that_stands_there_twice_would_show() -> None:
    def echoing(story: Story) -> None:
        add = story.world.site.apply

        def twice(*given: object, **more: object) -> None:
            add(*given, **more)  # type: ignore[arg-type]
            issue = story.world.standin.state.issues[int(given[0].key)]  # type: ignore[attr-defined]
            issue.comments += issue.comments[-1:]

        story.world.site.apply = twice  # type: ignore[method-assign]

    ended = played("cloud", echoing)
    assert ended.issues != usual("cloud").issues
    assert ended.doubled
