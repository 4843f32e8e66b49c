"""What if: another policy on the issues as they stand says what would differ, and writes nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from svc_plugin.domain.model import Issue
from svc_plugin.domain.policy import Mode, Policy
from svc_plugin.domain.vocabulary import Field, Stage
from svc_plugin.engine.replay import Difference, Replay, Replayed
from svc_plugin.messages import load
from svc_plugin.sites.memory import MemorySite
from tests.builders import MAINTAINER, MONDAY, a_plan, an_issue, moved, perfective, serving, standard
from tests.unit.engine.world import World


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    world.clock.later(hours=3)  # Monday noon in Shanghai
    yield world
    world.database.close()


def replayed(world: World, other: Policy, *issues: Issue, **more: object) -> Replayed:
    for issue in issues:
        world.mirror.put(issue, seen_at=MONDAY)
    texts = {"main": load("zh")}
    replay = Replay(world.mirror, world.rulebook.registers, texts, world.clock)
    given = {"since": None, "progress": lambda *_step: None, **more}
    return replay.run(standard(), other, **given)  # type: ignore[arg-type]


def rules(difference: Difference) -> tuple[list[str], list[str]]:
    return [f.rule for f in difference.before], [f.rule for f in difference.after]


def test_the_same_policy_differs_nowhere(world: World) -> None:
    issues = [
        an_issue(stage=Stage.CLOSED),
        perfective(Stage.IN_WORK, key="13"),
        a_plan("service_plan", "2026"),
    ]
    found = replayed(world, standard(), *issues)
    assert (found.looked_at, found.differences, found.failed) == (3, [], {})


def test_what_a_wider_limit_lets_go_is_newly_free(world: World) -> None:
    wider = replace(standard(), small_change_hours=400)
    begun = moved(MAINTAINER, Stage.SCHEDULED, frm=Stage.CLASSIFIED)
    waits = moved("svc-bot", Stage.AWAITING_DECISION, frm=Stage.SCHEDULED, after=timedelta(minutes=6))
    held = perfective(Stage.AWAITING_DECISION, begun, waits, key="1")
    about_to_be_held = perfective(Stage.SCHEDULED, begun, key="2")
    found = replayed(world, wider, held, about_to_be_held)
    assert [(one.ref.key, one.free, one.blocked) for one in found.differences] == [
        ("1", True, False),
        ("2", True, False),
    ]
    assert rules(found.differences[0]) == (["M54"], [])


def test_what_a_stricter_policy_sends_back_is_newly_blocked(world: World) -> None:
    closed = an_issue(stage=Stage.CLOSED)
    lax = replace(standard(), closing={})
    texts = {"main": load("zh")}
    world.mirror.put(closed, seen_at=MONDAY)
    replay = Replay(world.mirror, world.rulebook.registers, texts, world.clock)
    (one,) = replay.run(lax, standard(), since=None, progress=lambda *_step: None).differences
    assert (one.blocked, one.free) == (True, False)
    assert rules(one) == ([], ["M40"])


def test_a_rule_that_would_only_warn_blocks_nothing(world: World) -> None:
    warned = replace(standard(), modes={**standard().modes, "M40": Mode.WARNED})
    (one,) = replayed(world, warned, an_issue(stage=Stage.CLOSED)).differences
    assert (one.blocked, one.free) == (False, True)
    assert rules(one) == (["M40"], ["M40"])


@pytest.mark.parametrize(
    ("hours", "breached", "kept"), [(1, ("M06",), ()), (2.9, ("M06",), ()), (4, (), ()), (20, (), ())]
)
def test_a_shorter_target_is_newly_breached(
    world: World, hours: float, breached: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    shorter = replace(standard(), first_response={"default": timedelta(hours=hours)})
    request = an_issue(fields={Field.REQUEST_KIND: "request"})
    found = replayed(world, shorter, request)
    assert [(one.breached, one.kept) for one in found.differences if one.breached or one.kept] == (
        [(breached, kept)] if breached or kept else []
    )


def test_a_longer_target_is_no_longer_breached(world: World) -> None:
    longer = replace(standard(), first_response={"complaint": timedelta(hours=8)})
    (one,) = replayed(world, longer, an_issue(fields={Field.REQUEST_KIND: "complaint"})).differences
    assert (one.breached, one.kept) == ((), ("M06",))
    off = replace(standard(), modes={"M06": Mode.OFF})
    assert replayed(world, off).differences[0].kept == ("M06",)


def test_linked_issues_and_plans_are_those_of_the_mirror(world: World) -> None:
    work = serving(Stage.DONE)
    request = an_issue(stage=Stage.HANDED_OVER, links=frozenset({work.ref}))
    enforced = replace(standard(), modes={"M75": Mode.ENFORCED, "M24": Mode.WARNED})
    (one, _) = replayed(world, enforced, request, work).differences
    assert "M32" not in str(rules(one))
    planned = replayed(
        world, enforced, a_plan("service_plan", "2026"), a_plan("maintenance_plan", "2026", key="91")
    )
    assert planned.differences == []


def test_only_what_changed_since_is_judged_and_progress_is_told(world: World) -> None:
    told: list[tuple[str, int, int]] = []
    old = an_issue(stage=Stage.CLOSED, key="1", updated_at=MONDAY - timedelta(days=9))
    new = an_issue(stage=Stage.CLOSED, key="2")
    found = replayed(
        world,
        replace(standard(), closing={}),
        old,
        new,
        since=MONDAY - timedelta(days=1),
        progress=lambda *step: told.append(step),
    )
    assert [one.ref.key for one in found.differences] == ["2"]
    assert told == [("replay", 1, 1)]


def test_more_issues_than_one_part_are_all_judged_once(world: World) -> None:
    issues = [an_issue(stage=Stage.CLOSED, key=str(number)) for number in range(503)]
    found = replayed(world, replace(standard(), closing={}), *issues)
    assert found.looked_at == len({one.ref for one in found.differences}) == 503


def test_issues_of_a_site_that_is_no_longer_there_are_left_out(world: World) -> None:
    elsewhere = MemorySite("elsewhere", world.clock)
    ref = elsewhere.create(an_issue().kind, "erp", "t", author=MAINTAINER)  # type: ignore[arg-type]
    found = replayed(world, replace(standard(), modes={}), elsewhere.fetch(ref))
    assert (found.looked_at, found.differences) == (1, [])
