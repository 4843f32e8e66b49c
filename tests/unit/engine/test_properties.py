"""Whatever order hints come in, and whatever state an issue is in: the same end, and soon."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import cache

from hypothesis import Phase, given, settings
from hypothesis import example as such_as
from hypothesis import strategies as st

from svc_plugin.domain.decide import decide
from svc_plugin.domain.model import Issue, IssueRef, Snapshot
from svc_plugin.domain.plan import IssueDocument
from svc_plugin.domain.policy import Mode
from svc_plugin.domain.rules import RULES, Rule
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.looking import Looker, Rulebook
from svc_plugin.messages import load
from tests.builders import (
    MAINTAINER,
    MONDAY,
    OUTSIDER,
    example,
)
from tests.thorough import examples, takes_minutes
from tests.unit.engine.made_up import (
    AROUND,
    CLOSED_AT_ONCE,
    CONVERTED,
    OF_BROAD_VALUE,
    PLANNED,
    VISITED,
    worlds,
)
from tests.unit.engine.world import EVIDENCE, Around, Papers, Watch, WatchedSite, World

ROUNDS = 4


def story(world: World) -> list[IssueRef]:
    """Several people act on several issues; return each act's issue, as their hooks would name them."""
    fault = world.create(fields={Field.REQUEST_KIND: "fault", Field.CHANNEL: "phone"})
    world.hook(fault)
    world.settle()
    (work,) = world.issue(fault).links
    classified = {Field.MAINTENANCE_CLASS: "corrective", Field.CLASS_REASON: "缺陷"}
    world.does(work, MAINTAINER, stage=Stage.IN_WORK, fields=classified)
    world.does(work, MAINTAINER, stage=Stage.DONE, fields={Field.MEASURE: "补丁"})
    world.does(fault, note="客户来电询问")
    hasty = world.closed_without_evidence()
    right = world.closed_without_evidence()
    world.does(right, fields=EVIDENCE)
    wish = world.create(
        IssueKind.MAINTENANCE, author=MAINTAINER, fields={Field.MAINTENANCE_CLASS: "perfective"}
    )
    world.does(wish, MAINTAINER, stage=Stage.SCHEDULED)
    unjudged = world.create(IssueKind.MAINTENANCE)
    world.does(unjudged, OUTSIDER, stage=Stage.IN_WORK)
    fields = {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: "2026-Q4"}
    paper = world.create(IssueKind.DOCUMENT, fields=fields)
    return [work, work, fault, hasty, hasty, right, right, right, wish, wish, unjudged, unjudged, paper]


def end_state(world: World) -> list[object]:
    return [
        (one.ref, one.stage, one.fields, one.comments, one.links, one.watchers, one.attachments, one.assignee)
        for one in world.site.all()
    ]


def finish(world: World) -> list[object]:
    """Let the sweep come and all echoes be heard."""
    world.clock.later(minutes=5)
    world.sweeper.sweep(world.site)
    world.settle()
    assert world.work.parked(limit=9) == []
    return end_state(world)


@cache
def in_order() -> list[object]:
    world = World()
    for ref in story(world):
        world.hook(ref)
        world.settle()
    return finish(world)


HINTS = st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=20)


@settings(deadline=None, max_examples=examples(12))
@given(HINTS)
def test_lost_late_doubled_and_shuffled_hints_end_in_the_same_state(
    hints: Sequence[tuple[int, bool]],
) -> None:
    world = World()
    acts = story(world)
    for number, work_now in hints:
        world.hook(acts[number], f"act-{number}")
        if work_now:
            world.settle()
    assert finish(world) == in_order()
    world.database.close()


def test_the_story_leaves_every_issue_where_the_process_wants_it() -> None:
    stages = [row[1] for row in in_order()]  # type: ignore[index]
    assert stages == [
        Stage.IN_PROGRESS, Stage.DONE, Stage.IN_PROGRESS, Stage.CLOSED,
        Stage.AWAITING_DECISION, Stage.REGISTERED, Stage.DRAFT,
    ]  # fmt: skip


def _carry_out(site: WatchedSite, seen: Snapshot, papers: Papers, changes: Sequence[object]) -> None:
    writes: list[object] = []
    for change in changes:
        if isinstance(change, IssueDocument):
            writes.append(papers.write(change, language="zh", now=seen.now).file)
        else:
            writes.append(change)
    site.apply(seen.issue.ref, writes)  # type: ignore[arg-type]


@settings(deadline=None, max_examples=examples(300))
@given(worlds(), AROUND, st.integers(0, 72))
@such_as((VISITED,), (), 0)
@such_as((VISITED,), (), 72)
@such_as((OF_BROAD_VALUE,), (), 0)
@such_as((CONVERTED,), (), 0)
@such_as((PLANNED,), (), 0)
@such_as((CLOSED_AT_ONCE,), (), 0)
def test_carrying_out_what_was_decided_leaves_nothing_to_do_after_four_rounds(
    found: tuple[Issue, ...], around: Sequence[Issue], hours: int
) -> None:
    clock, company = Watch(), example()
    clock.later(hours=hours)
    site = WatchedSite("main", clock)
    for issue in found:
        site.put(issue)
    rulebook = Rulebook(company.policy, "", company.registers, {"zh": load("zh")})
    looker = Looker({"main": site}, rulebook, clock, Around(*around))
    for _ in range(ROUNDS):
        seen = looker.look(found[0].ref)
        plan = decide(seen, company.policy)
        if not plan:
            break
        _carry_out(site, seen, Papers(), plan.changes)
    left = decide(looker.look(found[0].ref), company.policy)
    assert left.changes == ()


def looked_at(found: tuple[Issue, ...], hours: int) -> Snapshot:
    now = MONDAY + timedelta(hours=hours)
    return Snapshot(found[0], example().registers, load("zh"), now, found[1:])


class EverySpokeError(Exception):
    """Ends the search early."""


@takes_minutes
def test_the_issues_made_up_here_make_every_rule_speak() -> None:
    """Else what holds for all of them would say nothing of a rule that none of them touches."""
    silent = {rule.id for rule in RULES}

    @settings(deadline=None, max_examples=3000, derandomize=True, database=None, phases=[Phase.generate])
    @given(worlds(), st.integers(0, 72))
    def look(found: tuple[Issue, ...], hours: int) -> None:
        plan = decide(looked_at(found, hours), example().policy)
        silent.difference_update(finding.rule for finding in plan.findings)
        if not silent:
            raise EverySpokeError

    with suppress(EverySpokeError):
        look()
    assert silent == set()


@settings(deadline=None)
@given(worlds(), st.integers(0, 72), st.permutations(RULES), st.sampled_from(RULES))
def test_rules_know_neither_their_order_nor_each_other(
    found: tuple[Issue, ...], hours: int, shuffled: list[Rule], silent: Rule
) -> None:
    seen, policy = looked_at(found, hours), example().policy
    usual, other = decide(seen, policy), decide(seen, policy, shuffled)
    assert set(usual.changes) == set(other.changes)
    assert usual.recheck_at == other.recheck_at
    without = decide(seen, replace(policy, modes={**policy.modes, silent.id: Mode.OFF}))
    assert list(without.findings) == [one for one in usual.findings if one.rule != silent.id]


@settings(deadline=None)
@given(worlds(), st.integers(0, 72))
def test_when_nothing_changes_nothing_is_decided_before_the_next_look(
    found: tuple[Issue, ...], hours: int
) -> None:
    seen, policy = looked_at(found, hours), example().policy
    plan = decide(seen, policy)
    assert plan.recheck_at is None or plan.recheck_at >= seen.now
    until = plan.recheck_at or seen.now + timedelta(days=400)
    before = max(seen.now, until - timedelta(microseconds=1))
    assert decide(replace(seen, now=before), policy).changes == plan.changes
