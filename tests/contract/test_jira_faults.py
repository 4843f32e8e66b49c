"""What a Jira that is slow, full, stale or breaks off means: waits, our errors, and nothing doubled."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import product
from typing import Any

import pytest

from svc_plugin.domain.errors import (
    ChangeRefusedError,
    IssueNotFoundError,
    TransientError,
)
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.plan import Assign, PutComment, SetField, SetStage, Watch
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.ports import Write
from svc_plugin.sites.errors import KeyRefusedError
from svc_plugin.sites.jira import JiraSite, client
from svc_plugin.standins.jira import Mode
from tests.builders import LEADER, MAINTAINER, SERVICE
from tests.contract.jira_kit import MODES, JiraWorld, a_jira, plan, settings, shipped
from tests.contract.test_site_contract import a_fault, linked
from tests.thorough import some

EFFECTS = ["drop_before", "drop_after", "half"]
WRITTEN = [r"/issue/\d+$", "/transitions$", "/comment$", "/watchers$"]


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits here; what would have been waited is kept."""
    waited: list[float] = []
    monkeypatch.setattr(JiraSite.__init__, "__kwdefaults__", {"sleep": waited.append})
    return waited


@pytest.fixture(params=MODES)
def jira(request: pytest.FixtureRequest) -> Iterator[tuple[JiraWorld, list[str]]]:
    with a_jira(request.param) as (world, asked):
        yield world, asked


@pytest.mark.parametrize("status", [429, 500, 502, 503, 409])
def test_a_read_that_fails_for_a_moment_is_tried_again(
    jira: tuple[JiraWorld, list[str]], waits: list[float], status: int
) -> None:
    world, asked = jira
    ref = world.create()
    world.site.fetch(ref)
    asked.clear()
    world.fault(method="GET", path=f"/issue/{ref.key}$", status=status, times=2)
    assert world.site.fetch(ref).ref == ref
    assert len(asked) == 3
    assert 0.35 <= waits[0] <= 0.65 <= waits[1] <= 1.3


@pytest.mark.parametrize("as_date", [False, True])
def test_a_short_wait_that_is_asked_for_is_waited_and_never_cut(
    jira: tuple[JiraWorld, list[str]], waits: list[float], *, as_date: bool
) -> None:
    world, _ = jira
    ref = world.create()
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
    headers = {"Retry-After": until if as_date else "3"}
    world.fault(method="GET", path=f"/issue/{ref.key}$", status=429, headers=headers)
    world.site.fetch(ref)
    assert 2.0 <= waits[0] <= 3.9


def test_a_long_wait_is_passed_on_and_not_slept(
    jira: tuple[JiraWorld, list[str]], waits: list[float]
) -> None:
    world, asked = jira
    ref = world.create()
    headers = {"Retry-After": "1847", "RateLimit-Reason": "jira-quota-global-based"}
    world.fault(path=f"/issue/{ref.key}", status=429, headers=headers, times=9)
    asked.clear()
    with pytest.raises(TransientError) as caught:
        world.site.fetch(ref)
    assert caught.value.retry_after == 1847.0
    assert (waits, len([one for one in asked if "/issue/" in one])) == ([], 1)


def test_writes_on_one_issue_are_held_back_before_jira_refuses_them() -> None:
    """Time goes by only while we wait, for us and for the Jira alike."""
    passed = [1000.0]

    def wait(seconds: float) -> None:
        passed[0] += seconds

    with a_jira("cloud", pace=lambda: passed[0]) as (world, asked):
        ref = world.create()
        slow = client.Client(settings(world.url, "cloud"), sleep=wait, clock=lambda: passed[0])
        asked.clear()
        for number in range(60):
            slow.put(f"/issue/{ref.key}", {"fields": {"summary": f"第 {number} 个"}}, issue=ref.key)
        assert len(asked) == 60
        assert 4.0 <= passed[0] - 1000 <= 6.0


def test_writes_that_would_have_to_wait_long_are_put_off() -> None:
    passed = [1000.0]
    with a_jira("cloud", pace=lambda: passed[0]) as (world, _):
        ref = world.create()
        slow = client.Client(settings(world.url, "cloud"), clock=lambda: passed[0])
        for number in range(100):
            passed[0] += 0.15
            slow.put(f"/issue/{ref.key}", {"fields": {"summary": f"第 {number} 个"}}, issue=ref.key)
        with pytest.raises(TransientError) as caught:
            slow.put(f"/issue/{ref.key}", {"fields": {"summary": "zu viel"}}, issue=ref.key)
        assert 14 <= (caught.value.retry_after or 0) <= 16


WRITES: list[Write] = [
    SetStage(Stage.CLASSIFIED),
    SetField(Field.ESTIMATE_HOURS, "3"),
    Assign(MAINTAINER),
    Watch(LEADER),
    PutComment("M50", "已判断"),
    PutComment("M06", "超时"),
]


def until_done(act: Callable[[], Any], times: int = 12) -> None:
    for _ in range(times):
        try:
            act()
        except TransientError:
            continue
        return
    raise AssertionError("it never ended")


# in every third each effect and each path still comes along
@pytest.mark.parametrize(("effect", "path"), some(list(product(EFFECTS, WRITTEN)), of=3))
def test_what_breaks_off_is_done_again_and_never_twice(
    jira: tuple[JiraWorld, list[str]], effect: str, path: str
) -> None:
    world, _ = jira
    ref = world.create(IssueKind.MAINTENANCE)
    for method in ("PUT", "POST"):
        world.fault(effect=effect, method=method, path=path, status=503, times=2)
    until_done(lambda: world.site.apply(ref, WRITES))
    world.standin.faults.planned.clear()
    issue = world.site.fetch(ref)
    assert (issue.stage, issue.assignee) == (Stage.CLASSIFIED, MAINTAINER)
    assert issue.comments == {"M50": "已判断", "M06": "超时"}
    assert LEADER in issue.watchers
    assert len(world.ask(SERVICE, "get", f"/issue/{ref.key}/comment")["comments"]) == 2


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("path", ["/issue$", "/issueLink$"])
@pytest.mark.parametrize("links_on_screen", some([True, False], of=2))
def test_a_linked_issue_is_made_once_whatever_breaks_off(
    jira: tuple[JiraWorld, list[str]], effect: str, path: str, *, links_on_screen: bool
) -> None:
    world, _ = jira
    if not links_on_screen:
        world.standin.catalogue.fields["issuelinks"].on_screens = False
    ref = world.create()
    world.fault(effect=effect, path=path, status=503, times=3)
    until_done(lambda: world.site.apply(ref, [a_fault(ref)]))
    world.standin.faults.planned.clear()
    assert len(linked(world, ref)) == 1
    assert len(list(world.site.changed_since(None))) == 2


def test_who_does_not_know_what_became_of_an_issue_waits_until_the_search_would_know() -> None:
    with a_jira("cloud") as (world, _):
        ref = world.create()
        world.fault(effect="drop_after", method="POST", path="/issue$")
        with pytest.raises(TransientError) as caught:
            world.site.apply(ref, [a_fault(ref)])
        assert (caught.value.retry_after or 0) >= 60


def test_a_search_that_lags_behind_makes_nothing_twice() -> None:
    with a_jira("cloud") as (world, _):
        world.standin.faults.search_lag = timedelta(hours=1)
        ref = world.create()
        world.site.apply(ref, [a_fault(ref)])
        for site in (world.site, world.connect()):
            site.apply(ref, [a_fault(ref)])
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: world.site.apply(ref, [a_fault(ref)]), range(2)))
        assert len(linked(world, ref)) == 1
        assert len(world.standin.state.issues) == 2


@pytest.mark.parametrize("path", ["/issue$", "/issueLink$"])
def test_a_crash_while_the_search_lags_behind_leaves_no_orphan(path: str) -> None:
    with a_jira("cloud") as (world, _):
        world.standin.faults.search_lag = timedelta(hours=1)
        ref = world.create()
        world.fault(effect="drop_after" if path == "/issue$" else "drop_before", method="POST", path=path)
        with suppress(TransientError):
            world.site.apply(ref, [a_fault(ref)])
        world.connect().apply(ref, [a_fault(ref)])
        assert len(linked(world, ref)) == 1
        assert len(world.standin.state.issues) == 2


def test_an_orphan_of_a_crash_is_found_by_its_origin_and_linked(jira: tuple[JiraWorld, list[str]]) -> None:
    world, _ = jira
    world.standin.catalogue.fields["issuelinks"].on_screens = False
    ref = world.create()
    other = world.create(IssueKind.MAINTENANCE, fields={Field.ORIGIN: a_fault(ref).origin})
    near = world.create(IssueKind.MAINTENANCE, fields={Field.ORIGIN: f"{a_fault(ref).origin} 9"})
    world.site.apply(ref, [a_fault(ref)])
    assert world.site.fetch(ref).links == {other}
    assert world.site.fetch(near).links == frozenset()


def test_a_wrong_token_is_waited_for_and_never_takes_an_issue_for_gone(
    jira: tuple[JiraWorld, list[str]],
) -> None:
    world, _ = jira
    ref = world.create()
    site = world.connect(api_key="wrong")
    with pytest.raises(KeyRefusedError):
        site.fetch(ref)
    with pytest.raises(KeyRefusedError):
        list(site.changed_since(None))


def test_a_captcha_is_waited_for() -> None:
    with a_jira("dc") as (world, _):
        ref = world.create()
        world.standin.faults.captcha = True
        with pytest.raises(KeyRefusedError, match="AUTHENTICATION_DENIED"):
            world.connect(email="svc-bot", api_key="pw").fetch(ref)


def test_a_deleted_issue_is_not_found(jira: tuple[JiraWorld, list[str]]) -> None:
    world, _ = jira
    ref = world.create()
    world.ask(LEADER, "delete", f"/issue/{ref.key}")
    with pytest.raises(IssueNotFoundError):
        world.site.fetch(ref)
    with pytest.raises(IssueNotFoundError):
        world.site.apply(ref, [PutComment("M40", "?")])
    with pytest.raises(IssueNotFoundError):
        world.site.fetch(IssueRef("main", "ERP-1"))


def test_who_asks_for_a_key_is_told_the_id(jira: tuple[JiraWorld, list[str]]) -> None:
    world, _ = jira
    ref = world.create()
    with pytest.raises(IssueNotFoundError, match=f"write main/{ref.key},"):
        world.site.fetch(IssueRef("main", "ERP-1"))
    with pytest.raises(IssueNotFoundError, match="10012"):
        world.site.fetch(IssueRef("main", "../myself"))


@pytest.mark.parametrize("mode", MODES)
def test_a_transition_that_wants_more_than_we_have_is_refused_in_jiras_words(mode: Mode) -> None:
    made = plan(shipped())
    kind = made.issue_types[0]
    moves = tuple(
        replace(move, required=("resolution",), resolution="") if move.to == "已关闭" else move
        for move in kind.transitions
    )
    made = replace(made, issue_types=(replace(kind, transitions=moves), *made.issue_types[1:]))
    with a_jira(mode, made) as (world, _):
        ref = world.create()
        with pytest.raises(ChangeRefusedError, match="Resolution is required"):
            world.site.apply(ref, [SetStage(Stage.CLOSED)])


def test_threads_share_a_site(jira: tuple[JiraWorld, list[str]]) -> None:
    world, _ = jira
    refs = [world.create(title=f"第 {number} 个") for number in range(8)]
    site, at_once = world.connect(), threading.Barrier(4)

    def read(number: int) -> list[str]:
        at_once.wait()
        return [site.fetch(ref).title for ref in refs[number::4]]

    with ThreadPoolExecutor(4) as pool:
        found = [title for titles in pool.map(read, range(4)) for title in titles]
    assert sorted(found) == [f"第 {number} 个" for number in range(8)]
