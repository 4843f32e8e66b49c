"""Whatever order hints come in, and whatever state an issue is in: the same end, and soon."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from svc_plugin.domain.decide import decide
from svc_plugin.domain.model import FieldChange, HistoryEntry, Issue, IssueRef, Snapshot
from svc_plugin.domain.plan import IssueDocument
from svc_plugin.domain.vocabulary import FIELD_SPECS, STAGES, Field, FieldType, IssueKind, Stage
from svc_plugin.engine.looking import Looker, Rulebook
from svc_plugin.messages import load
from tests.builders import BOT, LEADER, MAINTAINER, MONDAY, OUTSIDER, SERVICE, example
from tests.unit.engine.world import EVIDENCE, Papers, Watch, WatchedSite, World

ROUNDS = 3


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


@settings(deadline=None, max_examples=12)
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


PEOPLE = st.sampled_from([SERVICE, MAINTAINER, LEADER, OUTSIDER, BOT, "customer"])
_TEXTS = {
    FieldType.LINE: st.sampled_from(
        ["", "恒通机械有限公司", "2026-Q4", "nonsense", "M32@main/2", "M32@main/1"]
    ),
    FieldType.TEXT: st.sampled_from(["", " ", "说明"]),
    FieldType.DATE: st.sampled_from(["", "2026-11-20"]),
    FieldType.MOMENT: st.sampled_from(["", "2026-11-20T09:00:00+08:00", "gestern"]),
    FieldType.NUMBER: st.sampled_from(["", "0", "1", "3.5", "40", "-1", "viel"]),
    FieldType.YES_NO: st.sampled_from(["", "yes", "no"]),
    FieldType.PERSON: PEOPLE,
}


_JUDGED = {  # the fields that rules read, and one that none reads
    Field.REQUEST_KIND, Field.RECEIVED_AT, Field.CHANNEL, Field.ANSWER, Field.MEASURE,
    Field.SATISFACTION_EVIDENCE, Field.MAINTENANCE_CLASS, Field.ESTIMATE_HOURS, Field.DECISION,
    Field.DOCUMENT_KIND, Field.PERIOD, Field.ESCALATION_LEVEL, Field.ORIGIN, Field.CUSTOMER,
}  # fmt: skip


def values_of(name: Field) -> st.SearchStrategy[str]:
    spec = FIELD_SPECS[name]
    return st.sampled_from(("", *spec.choices)) if spec.type is FieldType.CHOICE else _TEXTS[spec.type]


@st.composite
def issues(draw: st.DrawFn, kind: IssueKind, key: str) -> Issue:
    """An issue of the kind in any stage, with any fields, set by anybody."""
    names = [name for name, spec in FIELD_SPECS.items() if kind in spec.kinds and name in _JUDGED]
    some = draw(st.sets(st.sampled_from(names)))
    fields = {name: value for name in some if (value := draw(values_of(name)))}
    stages = st.sampled_from(STAGES[kind])
    history: list[HistoryEntry] = []
    for number in range(draw(st.integers(0, 4))):
        at, account = MONDAY + timedelta(minutes=number + 1), draw(PEOPLE)
        name = draw(st.sampled_from(names))
        changes = (FieldChange(name, "", fields.get(name, "")),) if draw(st.booleans()) else ()
        moves = (draw(stages), draw(stages)) if draw(st.booleans()) else (None, None)
        history.append(HistoryEntry(at, account, *moves, changes, draw(st.sampled_from(["", "您好"]))))
    rules = st.sampled_from(["M05", "M06", "M12", "M14", "M32", "M40", "M50", "M54"])
    return Issue(
        ref=IssueRef("main", key),
        kind=kind,
        stage=draw(st.none() | stages) if draw(st.integers(0, 9)) == 0 else draw(stages),
        status="?",
        title="t",
        created_at=MONDAY,
        updated_at=MONDAY,
        author=draw(PEOPLE),
        product=draw(st.sampled_from(["erp", "erp", "mes", ""])),
        fields=fields,
        history=tuple(history),
        comments=dict.fromkeys(draw(st.sets(rules, max_size=2)), "earlier words"),
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Issue, ...]:
    """One issue of any kind, sometimes with another that it is linked to."""
    kind = draw(st.sampled_from(IssueKind))
    first = draw(issues(kind, "1"))
    if draw(st.booleans()):
        return (first,)
    other = draw(issues(draw(st.sampled_from(IssueKind)), "2"))
    return tuple(_linked(one, two) for one, two in ((first, other), (other, first)))


def _linked(one: Issue, two: Issue) -> Issue:
    return replace(one, links=frozenset({two.ref}))


def _carry_out(site: WatchedSite, seen: Snapshot, papers: Papers, changes: Sequence[object]) -> None:
    writes: list[object] = []
    for change in changes:
        if isinstance(change, IssueDocument):
            writes.append(papers.write(change, language="zh", now=seen.now).file)
        else:
            writes.append(change)
    site.apply(seen.issue.ref, writes)  # type: ignore[arg-type]


@settings(deadline=None, max_examples=300)
@given(worlds(), st.integers(0, 72))
def test_carrying_out_what_was_decided_leaves_nothing_to_do_after_three_rounds(
    found: tuple[Issue, ...], hours: int
) -> None:
    clock, company = Watch(), example()
    clock.later(hours=hours)
    site = WatchedSite("main", clock)
    for issue in found:
        site.put(issue)
    rulebook = Rulebook(company.policy, "", company.registers, {"zh": load("zh")})
    looker = Looker({"main": site}, rulebook, clock)
    for _ in range(ROUNDS):
        seen = looker.look(found[0].ref)
        plan = decide(seen, company.policy)
        if not plan:
            break
        _carry_out(site, seen, Papers(), plan.changes)
    left = decide(looker.look(found[0].ref), company.policy)
    assert left.changes == ()
