"""What the product's other issues mean: gathered cheaply, the same in any order, told to whom it concerns."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.context import ContextReader
from tests.builders import (
    LEADER,
    MAINTAINER,
    MONDAY,
    a_plan,
    an_issue,
    corrective,
    example,
    maintenance,
    moved,
)
from tests.thorough import examples
from tests.unit.engine.test_properties import end_state
from tests.unit.engine.world import DOWN, World

PLAN = {Field.DOCUMENT_KIND: "service_plan", Field.PERIOD: "2026", Field.APPROVAL_DECISION: "agree"}


@pytest.fixture
def world() -> Iterator[World]:
    world = World(also={"M53", "M75"})
    yield world
    world.database.close()


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """The questions that are asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    engine = world.database._engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


class Reading:
    """Counts the issues that are read from the mirror."""

    def __init__(self, mirror: object) -> None:
        self._mirror = mirror
        self.read = 0

    def standing(self, *place: object, **more: object) -> Iterator[object]:
        for issue in self._mirror.standing(*place, **more):  # type: ignore[attr-defined]
            self.read += 1
            yield issue


def test_only_plans_and_committed_work_of_the_month_are_read_by_two_indexed_questions(world: World) -> None:
    for number in range(300):
        old = MONDAY - timedelta(days=60)
        world.mirror.put(an_issue(stage=Stage.IN_PROGRESS, key=f"1{number}"), seen_at=MONDAY)
        world.mirror.put(maintenance(Stage.CLOSED, key=f"2{number}"), seen_at=MONDAY)
        world.mirror.put(maintenance(Stage.IN_WORK, key=f"3{number}", updated_at=old), seen_at=MONDAY)
        world.mirror.put(an_issue(IssueKind.DOCUMENT, Stage.DRAFT, key=f"4{number}"), seen_at=MONDAY)
    begun = moved(MAINTAINER, Stage.SCHEDULED, frm=Stage.CLASSIFIED)
    earlier = moved(MAINTAINER, Stage.SCHEDULED, frm=Stage.CLASSIFIED, after=timedelta(minutes=1))
    hours = {Field.ESTIMATE_HOURS: "8"}
    world.mirror.put(corrective(Stage.IN_WORK, earlier, key="5", fields=hours), seen_at=MONDAY)
    world.mirror.put(a_plan("maintenance_plan", "2026", key="6"), seen_at=MONDAY)
    mirror = Reading(world.mirror)
    with counted(world) as asked:
        context = ContextReader(mirror, example().registers).of(corrective(Stage.SCHEDULED, begun))  # type: ignore[arg-type]
    assert [plan.ref.key for plan in context.plans] == ["6"]
    assert [(held.ref.key, held.hours) for held in context.commitments] == [("5", 8)]
    assert (len(asked), mirror.read) == (2, 2)
    with world.database.begin() as connection:
        for statement in asked:
            steps = connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", tuple("?" * statement.count("?"))
            ).all()
            assert "USING INDEX mirror_by_stage" in str(steps)


def test_what_was_never_scheduled_asks_only_for_plans_and_a_document_for_nothing(world: World) -> None:
    reader = ContextReader(world.mirror, example().registers)
    with counted(world) as asked:
        reader.of(maintenance(Stage.CLASSIFIED))
        assert len(asked) == 1
        reader.of(a_plan("service_plan", "2026"))
        assert len(asked) == 1


def begun_request(world: World) -> IssueRef:
    ref = world.create(fields={Field.REQUEST_KIND: "request", Field.CHANNEL: "phone"})
    world.does(ref, stage=Stage.IN_PROGRESS)
    world.hook(ref)
    world.settle()
    return ref


def approved(world: World) -> IssueRef:
    plan = world.create(IssueKind.DOCUMENT, fields=PLAN)
    world.does(plan, stage=Stage.SUBMITTED)
    world.does(plan, LEADER, stage=Stage.APPROVED)
    return plan


@pytest.mark.clause("M75")
def test_approving_and_superseding_a_plan_has_the_products_open_work_looked_at_again(world: World) -> None:
    work, quiet = begun_request(world), world.create(fields={Field.REQUEST_KIND: "request"})
    assert LEADER in world.issue(work).watchers
    plan = approved(world)
    world.hook(plan)
    assert {result.ref for result in world.settle()} == {plan, work}
    assert "已满足" in world.issue(work).comments["M75"]
    world.does(plan, LEADER, stage=Stage.SUPERSEDED)
    world.hook(plan)
    world.settle()
    assert "没有已批准" in world.issue(work).comments["M75"]
    assert "M75" not in world.issue(quiet).comments


@pytest.mark.clause("M75")
def test_a_second_look_at_an_approved_plan_calls_nobody(world: World) -> None:
    begun_request(world)
    plan = approved(world)
    world.hook(plan)
    world.settle()
    world.does(plan, LEADER, note="同意")
    world.hook(plan)
    assert [result.ref for result in world.settle()] == [plan]


@pytest.mark.clause("M75")
def test_a_deleted_plan_has_the_work_under_it_looked_at_again(world: World) -> None:
    plan = approved(world)
    world.hook(plan)
    world.settle()
    work = begun_request(world)
    assert "M75" not in world.issue(work).comments
    world.site.delete(plan)
    world.hook(plan)
    world.settle()
    assert "没有已批准" in world.issue(work).comments["M75"]


@pytest.mark.clause("M75")
def test_work_is_looked_at_again_when_the_period_of_its_plan_ends(world: World) -> None:
    plan = approved(world)
    world.hook(plan)
    world.settle()
    work = begun_request(world)
    world.clock.later(days=45)
    world.settle()
    assert "没有已批准" in world.issue(work).comments["M75"]


@pytest.mark.clause("M75")
def test_a_look_that_fails_after_it_was_noted_still_reaches_whom_it_concerns(world: World) -> None:
    work = begun_request(world)
    plan = approved(world)
    world.hook(plan)
    go_on = world.work.done
    world.work.done = lambda *_, **__: (_ for _ in ()).throw(DOWN)  # type: ignore[method-assign]
    assert [result.state for result in world.drain()] == ["retry", "retry"]
    world.work.done = go_on  # type: ignore[method-assign]
    world.clock.later(minutes=1)
    world.settle()
    assert "已满足" in world.issue(work).comments["M75"]


ESTIMATES = st.sampled_from(["80", "100", "150", "240"])


def wishes(world: World, hours: Sequence[str], *, at_once: bool) -> list[IssueRef]:
    """File wishes and schedule them all, in the order of their keys or in one moment."""
    refs = [
        world.create(
            IssueKind.MAINTENANCE,
            author=MAINTAINER,
            fields={Field.MAINTENANCE_CLASS: "perfective", Field.ESTIMATE_HOURS: estimate},
        )
        for estimate in hours
    ]
    for ref in refs:
        world.clock.later(minutes=0 if at_once else 1)
        world.site.person_does(ref, MAINTAINER, stage=Stage.SCHEDULED)
    return refs


@pytest.mark.clause("M53")
@settings(deadline=None, max_examples=examples(25))
@given(st.data(), st.lists(ESTIMATES, min_size=2, max_size=2), st.booleans())
def test_who_was_scheduled_first_has_the_hours_in_whatever_order_we_hear_of_it(
    data: st.DataObject, hours: Sequence[str], at_once: bool
) -> None:
    ends = []
    for order in (range(len(hours)), data.draw(st.permutations(range(len(hours))))):
        world = World(also={"M53"})
        refs = wishes(world, hours, at_once=at_once)
        for number in order:
            world.hook(refs[number])
            world.settle()
        ends.append([row[:3] for row in end_state(world)])  # type: ignore[index]
        world.database.close()
    assert ends[0] == ends[1]
    left = 240.0
    for row, estimate in zip(ends[0], hours, strict=True):
        fits = float(estimate) <= left
        assert row[1] is (Stage.SCHEDULED if fits else Stage.AWAITING_DECISION)
        left -= float(estimate) if fits else 0


@pytest.mark.clause("M53")
@settings(deadline=None, max_examples=examples(25))
@given(st.permutations(range(4)), st.lists(ESTIMATES, min_size=4, max_size=4), st.booleans())
def test_a_month_is_never_promised_twice_in_whatever_order_we_hear_of_it(
    order: Sequence[int], hours: Sequence[str], at_once: bool
) -> None:
    world = World(also={"M53"})
    refs = wishes(world, hours, at_once=at_once)
    for number in order:
        world.hook(refs[number])
        world.settle()
    stages = [world.issue(one).stage for one in refs]
    world.database.close()
    # what was sent back because of hours that are free again is scheduled anew by a person, not by us
    promised = (
        float(estimate) for estimate, stage in zip(hours, stages, strict=True) if stage is Stage.SCHEDULED
    )
    assert sum(promised) <= 240
    assert stages[0] is Stage.SCHEDULED
