"""What a set-up consists of: steps that REST can do, and sentences on what a person has to click."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import IssueKind
from svc_plugin.sites.jira.reader import Reader
from svc_plugin.sites.jira.settings import JiraSettings


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to make: a sentence, and the deed. Doing it twice does no more than doing it once."""

    said: str
    do: Callable[[], None] = field(repr=False)


Item: TypeAlias = Step | str
"""A step, or the sentence on what a person has to click."""


@dataclass(frozen=True, slots=True)
class SetupPlan:
    """What is missing on a site: ``steps`` for us, ``by_hand`` for a person, one sentence each."""

    steps: Sequence[Step]
    by_hand: Sequence[str]

    @classmethod
    def of(cls, items: Iterable[Item]) -> "SetupPlan":
        """Sort the items; no sentence twice."""
        steps: dict[str, Step] = {}
        by_hand: dict[str, None] = {}
        for one in items:
            if isinstance(one, str):
                by_hand[one] = None
            else:
                steps.setdefault(one.said, one)
        return cls(tuple(steps.values()), tuple(by_hand))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the administrator chose: the secret of the webhook, further screens, taking projects over."""

    hook_secret: str = field(default="", repr=False)
    screens: tuple[str, ...] = ()
    take_over: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """An issue type of ours in a project that is there, with the ids of both."""

    project: str
    project_id: str
    kind: IssueKind
    type_name: str
    type_id: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What every part of a set-up works on; ``texts`` are the sentences on steps, ``own`` the adapter's."""

    reader: Reader
    settings: JiraSettings
    texts: Texts
    own: Texts
    wishes: Wishes

    def say(self, key: str, /, **facts: object) -> str:
        """Return a sentence on a step."""
        return self.texts.say(f"jira.setup.{key}", **facts)

    def written(self, key: str, /, **facts: object) -> str:
        """Return what is written into the site, in its language."""
        return self.reader.values.texts.say(f"made.{key}", **facts)

    def told(self, key: str, /, **facts: object) -> str:
        """Return a sentence that the check says as well."""
        return self.own.say(key, **facts)
