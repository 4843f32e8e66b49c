"""What the process has us make: exactly one of each, however often and by whomever it is looked at."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.plan import EnsureIssue
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.ports import Write
from tests.builders import CUSTOMER, LEADER, MAINTAINER, SERVICE
from tests.thorough import examples
from tests.unit.engine.world import DOWN, World

CREATING = {"M11", "M29", "M33", "M33-task", "M40-task", "M54-explanation", "M58"}
AT_HOME = {
    **CUSTOMER,
    Field.SOURCE: "customer",
    Field.MAINTENANCE_CLASS: "corrective",
    Field.VISIT_NEEDED: "yes",
    Field.VISIT_AT: "2026-11-23 14:00",
}


@pytest.fixture
def world() -> World:
    return World(also=CREATING)


def visited(world: World) -> IssueRef:
    """A fault that needs a visit today."""
    ref = world.create(IssueKind.MAINTENANCE, author=MAINTAINER, fields=AT_HOME)
    world.does(ref, MAINTAINER, stage=Stage.SCHEDULED)
    return ref


def planned(world: World) -> IssueRef:
    """An approved plan: three customers are surveyed by 20 December."""
    fields = {Field.DOCUMENT_KIND: "service_plan", Field.PERIOD: "2026"}
    ref = world.create(IssueKind.DOCUMENT, fields=fields)
    world.does(ref, LEADER, stage=Stage.APPROVED, fields={Field.APPROVAL_DECISION: "agree"})
    return ref


def converted(world: World) -> IssueRef:
    """A fault whose maintenance the leader made a new project; return the request."""
    request = world.create(fields={Field.REQUEST_KIND: "fault", Field.CHANNEL: "phone"})
    world.hook(request)
    world.drain()
    (work,) = world.issue(request).links
    fields = {Field.MAINTENANCE_CLASS: "perfective", Field.ESTIMATE_HOURS: "400"}
    world.does(work, MAINTAINER, stage=Stage.CLASSIFIED, fields=fields)
    world.does(work, LEADER, stage=Stage.CONVERTED)
    world.hook(work)
    return request


def tasks(world: World) -> list[Issue]:
    return [one for one in world.site.all() if one.kind is IssueKind.SERVICE_TASK]


@pytest.mark.clause("M33")
def test_arrival_on_the_task_stops_the_clock_of_the_fault_without_any_event_on_it(world: World) -> None:
    fault = visited(world)
    world.hook(fault)
    world.drain()
    (task,) = tasks(world)
    assert task.assignee == MAINTAINER
    world.clock.moment = datetime(2026, 11, 23, 10, 1, tzinfo=UTC)  # a minute after the evening
    world.drain()
    assert "尚无到场记录" in world.issue(fault).comments["M33"]
    world.does(task.ref, MAINTAINER, fields={Field.ARRIVED_AT: "2026-11-23 17:30"})
    world.hook(task.ref)
    world.drain()
    assert "已满足" in world.issue(fault).comments["M33"], "somebody had been there in time"


@pytest.mark.clause("M29")
def test_an_approved_plan_brings_its_surveys_and_each_of_them_is_looked_at_when_it_is_due(
    world: World,
) -> None:
    world.hook(planned(world))
    world.settle()
    assert [task.value(Field.DUE_ON) for task in tasks(world)] == ["2026-12-20"] * 3
    world.clock.later(days=40)
    world.settle()
    assert {task.value(Field.ESCALATION_LEVEL) for task in tasks(world)} == {"1"}


@pytest.mark.clause("M11")
def test_the_request_hears_of_the_new_version_without_any_event_on_it(world: World) -> None:
    request = converted(world)
    world.drain()
    (version,) = world.site.versions("erp")
    issue = world.issue(request)
    assert issue.stage is Stage.IN_PROGRESS
    assert version.name in issue.comments["M32"]
    assert "M54-explanation" in issue.comments
    (work,) = issue.links
    assert world.issue(work).value(Field.FIXED_VERSION) == version.name
    assert version.url in world.issue(work).comments["M11"]


@pytest.mark.clause("M58")
def test_the_count_follows_the_tasks_until_all_are_closed(world: World) -> None:
    fields = {**CUSTOMER, Field.MAINTENANCE_CLASS: "corrective", Field.BROAD_VALUE: "yes"}
    ref = world.create(IssueKind.MAINTENANCE, author=MAINTAINER, fields={**fields, Field.FIXED_VERSION: "6"})
    world.does(ref, MAINTAINER, stage=Stage.DONE)
    world.hook(ref)
    world.settle()
    for count, task in enumerate(tasks(world)):
        assert f"已更新 {count} 家" in world.issue(ref).comments["M58"]
        world.does(task.ref, SERVICE, stage=Stage.CLOSED)
        world.hook(task.ref)
        world.drain()
    assert "已满足" in world.issue(ref).comments["M58"]


@pytest.mark.clause("M58")
def test_the_clock_of_coverage_stops_with_the_last_task_without_any_event_on_the_change() -> None:
    world = World(also={*CREATING, "M58-clock"})
    fields = {**CUSTOMER, Field.MAINTENANCE_CLASS: "corrective", Field.BROAD_VALUE: "yes"}
    ref = world.create(IssueKind.MAINTENANCE, author=MAINTAINER, fields={**fields, Field.FIXED_VERSION: "6"})
    world.does(ref, MAINTAINER, stage=Stage.DONE)
    world.hook(ref)
    world.settle()
    world.clock.later(days=45)
    world.settle()
    assert "已满足" not in world.issue(ref).comments["M58-clock"]
    before = world.issue(ref).comments["M58-clock"]
    for task in tasks(world):
        world.does(task.ref, SERVICE, stage=Stage.CLOSED)
        world.hook(task.ref)
    world.drain()
    assert world.issue(ref).comments["M58-clock"] != before


@pytest.mark.clause("M32")
def test_a_deleted_maintenance_issue_is_made_again_without_any_event_on_the_request(world: World) -> None:
    request = world.create(fields={Field.REQUEST_KIND: "fault", Field.CHANNEL: "phone"})
    world.hook(request)
    world.settle()
    (work,) = world.issue(request).links
    world.site.delete(work)
    world.hook(work)
    world.drain()
    kinds = [one.kind for one in world.site.all()]
    assert kinds.count(IssueKind.MAINTENANCE) == 1


@pytest.mark.parametrize(("begin", "made"), [(visited, 1), (planned, 3), (converted, 0)])
@pytest.mark.parametrize("answered", [False, True])
def test_a_line_that_breaks_while_we_make_something_doubles_nothing(
    world: World, begin, made: int, answered: bool
) -> None:
    ref = begin(world)
    world.hook(ref)
    apply = world.site.apply
    breaks = iter(range(4))

    def broken(ref: IssueRef, writes: Sequence[Write], *, seen: Issue | None = None) -> None:
        """Take one write less each time, or all of them, and then break."""
        left = next(breaks, None)
        if left is None:
            apply(ref, writes)
            return
        apply(ref, writes if answered else writes[:left])
        raise DOWN

    world.site.apply = broken  # type: ignore[method-assign]
    for _ in range(12):
        world.clock.later(hours=1)
        world.drain()
    assert len(tasks(world)) == made
    assert len({task.value(Field.ORIGIN) for task in tasks(world)}) == made
    assert len(world.site.versions("erp")) == (begin is converted)
    assert world.work.parked(limit=9) == []


@pytest.mark.parametrize(("begin", "made"), [(visited, 1), (planned, 3)])
def test_two_workers_that_look_at_once_make_one_of_each(world: World, begin, made: int) -> None:
    ref = begin(world)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: world.reconciler.reconcile(ref), range(2)))
    assert len(tasks(world)) == made


ACTS = st.lists(st.tuples(st.sampled_from([visited, planned, converted]), st.booleans()), max_size=6)


@settings(deadline=None, max_examples=examples(15))
@given(ACTS)
def test_there_is_never_a_second_issue_or_version_with_one_origin(acts) -> None:
    world = World(also=CREATING)
    for begin, work_now in acts:
        ref = begin(world)
        for _ in range(2):
            world.hook(ref)
        if work_now:
            world.settle()
    world.sweeper.sweep(world.site)
    world.settle()
    made = [one.value(Field.ORIGIN) for one in world.site.all() if one.value(Field.ORIGIN)]
    made += [one.origin for one in world.site.versions("erp")]
    wanted = [w for _, writes in world.site.writes for w in writes if isinstance(w, EnsureIssue)]
    assert len(made) == len(set(made))
    assert {one.origin for one in wanted} <= set(made)
    world.database.close()
