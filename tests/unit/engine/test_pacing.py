"""The brake of the workers, and sites that do not answer: nothing is lost, and people can see it."""

from datetime import timedelta

import pytest

from svc_plugin.domain.errors import TransientError
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Stage
from tests.unit.engine.world import World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def wrong(world: World) -> list[IssueRef]:
    """Thirty issues filed long ago, all of which would be changed."""
    found = [world.closed_without_evidence() for _ in range(30)]
    world.clock.later(hours=2)
    return found


def reopened(world: World, refs: list[IssueRef]) -> int:
    return sum(world.issue(ref).stage is Stage.IN_PROGRESS for ref in refs)


def known_to(world: World, refs: list[IssueRef]) -> None:
    for ref in refs:
        world.mirror.put(world.issue(ref), seen_at=world.clock())


class TestBrake:
    def test_it_holds_when_a_third_of_the_site_would_be_changed_within_an_hour(
        self, world: World, wrong: list[IssueRef]
    ) -> None:
        known_to(world, wrong)
        for ref in wrong:
            world.hook(ref)
        results = world.drain()
        assert reopened(world, wrong) == 10
        assert [one.state for one in results].count("parked") == 20
        said = world.work.parked(limit=99)
        assert len(said) == 20
        assert all("brake --release main" in row.error for row in said)
        (state,) = world.states.states(["main"])
        assert state.brake is not None
        assert (state.brake.changed, state.brake.known) == (11, 30)

    def test_a_release_takes_up_at_once_what_was_held_back(self, world: World, wrong: list[IssueRef]) -> None:
        known_to(world, wrong)
        for ref in wrong:
            world.hook(ref)
        world.drain()
        world.states.release("main", now=world.clock())
        world.drain()
        assert reopened(world, wrong) == 30
        assert world.work.parked(limit=99) == []

    def test_it_does_not_let_go_by_itself_and_what_needs_no_change_goes_on(
        self, world: World, wrong: list[IssueRef]
    ) -> None:
        known_to(world, wrong)
        for ref in wrong:
            world.hook(ref)
        world.drain()
        world.clock.later(hours=9)
        assert {one.state for one in world.drain()} == {"parked"}
        assert reopened(world, wrong) == 10
        fresh = world.closed_without_evidence()
        world.hook(fresh)
        world.drain()
        assert world.issue(fresh).stage is Stage.IN_PROGRESS, "new issues are answered all the same"

    def test_a_quarter_of_a_large_site_is_changed_without_asking(
        self, world: World, wrong: list[IssueRef]
    ) -> None:
        others = [world.create() for _ in range(90)]
        known_to(world, [*wrong, *others])
        for ref in wrong:
            world.hook(ref)
        world.drain()
        assert reopened(world, wrong) == 30

    def test_the_same_number_over_some_hours_is_changed(self, world: World, wrong: list[IssueRef]) -> None:
        known_to(world, wrong)
        for start in range(0, 30, 10):
            for ref in wrong[start : start + 10]:
                world.hook(ref)
            world.drain()
            world.clock.later(hours=1, minutes=1)
        assert reopened(world, wrong) == 30


DOWN = TransientError("connection refused", site_wide=True)


class TestOutage:
    def test_a_day_without_the_site_parks_nothing_and_costs_few_requests(
        self, world: World, wrong: list[IssueRef]
    ) -> None:
        others = [world.create() for _ in range(90)]
        known_to(world, [*wrong, *others])
        for ref in wrong:
            world.hook(ref)
        world.site.broken = DOWN
        asked = 0
        for _ in range(24 * 12):
            asked += len(world.drain())
            world.clock.later(minutes=5)
        assert world.work.parked(limit=9) == []
        assert asked < 24 * 13
        world.site.broken = None
        world.clock.later(minutes=10)
        world.drain()
        world.clock.later(hours=1)
        world.drain()
        assert reopened(world, wrong) == 30

    def test_people_can_see_which_site_does_not_answer(self, world: World, wrong: list[IssueRef]) -> None:
        world.hook(wrong[0])
        world.site.broken = DOWN
        world.drain()
        (state,) = world.states.states(["main"])
        assert state.error == "connection refused"
        assert state.paused_until == world.clock() + timedelta(seconds=5)

    def test_one_issue_that_brings_the_server_down_each_time_is_parked_and_the_others_done(
        self, world: World, wrong: list[IssueRef]
    ) -> None:
        bad, *good = wrong[:5]
        world.site.unreadable[bad] = DOWN
        for ref in wrong[:5]:
            world.hook(ref)
        for _ in range(60):
            world.drain()
            world.clock.later(minutes=10)
            world.hook(good[0])
        assert reopened(world, good) == 4
        assert [one.ref for one in world.work.parked(limit=9)] == [bad]
