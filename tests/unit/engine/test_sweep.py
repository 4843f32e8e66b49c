"""What no delivery reported is found all the same."""

from datetime import timedelta

import pytest

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Stage
from svc_plugin.engine.ports import Notice
from tests.unit.engine.world import World


@pytest.fixture
def world() -> World:
    return World()


def swept(world: World, **how: bool) -> tuple[list[str], list[str]]:
    since = None if how.get("full") else world.sweeper.swept_until(world.site)
    found = world.sweeper.find(world.site, since=since, **how)
    return [ref.key for ref in found.unknown], [ref.key for ref in found.uncertain]


class TestSweep:
    @pytest.mark.clause("M74")
    def test_a_lost_event_is_found_and_counted(self, world: World) -> None:
        ref = world.closed_without_evidence()
        world.sweeper.sweep(world.site)
        world.drain()
        assert world.issue(ref).stage is Stage.IN_PROGRESS
        assert world.cursors.unreported("main") == 1

    def test_a_reported_one_is_not_counted_as_lost(self, world: World) -> None:
        world.hook(world.closed_without_evidence())
        world.sweeper.sweep(world.site)
        assert world.cursors.unreported("main") == 0

    def test_what_we_have_seen_since_is_left_alone(self, world: World) -> None:
        world.sweeper.sweep(world.site)
        world.hook(world.closed_without_evidence())
        world.clock.later(minutes=1)
        world.settle()
        world.clock.later(minutes=1)
        assert swept(world) == ([], ["1"]), "our own write was in the second of our look"
        world.hook(IssueRef("main", "1"))
        world.drain()
        assert swept(world) == ([], [])

    def test_a_change_in_the_second_of_our_look_is_looked_at_again(self, world: World) -> None:
        ref = world.create()
        world.clock.later(minutes=1)
        world.site.person_does(ref, "wang.fang", stage=Stage.IN_PROGRESS)
        world.hook(ref)
        world.drain()
        world.site.person_does(ref, "wang.fang", stage=Stage.CLOSED)  # same second: same updated_at
        world.clock.later(minutes=1)
        world.sweeper.sweep(world.site)
        world.drain()
        assert world.issue(ref).stage is Stage.IN_PROGRESS
        assert world.cursors.unreported("main") == 0, "it may well have been reported"

    def test_a_change_while_we_were_reading_is_looked_at_again(self, world: World) -> None:
        ref = world.create()
        world.clock.later(minutes=1)
        world.site.person_does(ref, "wang.fang", stage=Stage.IN_PROGRESS)
        fetch = world.site.fetch

        def slow_fetch(wanted: IssueRef) -> object:
            issue = fetch(wanted)
            world.site.person_does(ref, "wang.fang", stage=Stage.CLOSED)
            world.clock.later(seconds=20)
            return issue

        world.site.fetch = slow_fetch  # type: ignore[method-assign, assignment]
        world.hook(ref)
        world.drain()
        world.site.fetch = fetch  # type: ignore[method-assign]
        assert swept(world) == ([], [ref.key])

    def test_the_walk_begins_a_little_before_the_last_one(self, world: World) -> None:
        world.sweeper.sweep(world.site)
        late = (
            world.closed_without_evidence()
        )  # a transaction that commits after the sweep with an older time
        world.clock.later(minutes=4)
        world.cursors.advance("main", world.clock(), unreported=0)
        world.clock.later(seconds=30)
        assert swept(world) == ([late.key], [])
        world.cursors.advance("main", world.clock() + timedelta(minutes=9), unreported=0)
        assert swept(world) == ([], [])

    def test_it_reads_of_the_mirror_only_what_it_met(self, world: World) -> None:
        old = world.create()
        world.hook(old)
        world.drain()
        world.clock.later(hours=1)
        world.sweeper.sweep(world.site)
        world.clock.later(hours=1)
        new = world.create()
        asked: list[object] = []
        versions = world.mirror.versions
        world.mirror.versions = lambda site, keys=None: asked.append(keys) or versions(site, keys)  # type: ignore[method-assign, func-returns-value]
        assert swept(world) == ([new.key], [])
        assert asked == [[new.key]]

    def test_a_full_one_takes_up_every_issue_and_finds_deleted_ones(self, world: World) -> None:
        kept, deleted = world.closed_without_evidence(), world.closed_without_evidence()
        world.sweeper.sweep(world.site)
        world.drain()
        world.clock.later(minutes=1)
        world.sweeper.sweep(world.site)  # our own writes
        world.drain()
        world.clock.later(hours=1)
        world.site.delete(deleted)
        assert swept(world) == ([], [])
        assert swept(world, full=True) == ([deleted.key], [kept.key])
        world.sweeper.mark(world.site, world.sweeper.find(world.site, since=None, full=True))
        assert {result.ref.key: result.state for result in world.drain()} == {
            kept.key: "unchanged",
            deleted.key: "gone",
        }
        assert set(world.mirror.versions("main")) == {kept.key}

    def test_one_that_dies_before_it_marks_loses_nothing(self, world: World) -> None:
        world.sweeper.sweep(world.site)
        ref = world.closed_without_evidence()
        world.clock.later(hours=2)
        world.sweeper.find(world.site, since=world.sweeper.swept_until(world.site))  # and here it dies
        world.clock.later(hours=2)
        world.sweeper.sweep(world.site)
        world.drain()
        assert world.issue(ref).stage is Stage.IN_PROGRESS

    def test_a_change_during_the_walk_belongs_to_the_next_one(self, world: World) -> None:
        walk = world.site.changed_since

        def slow_walk(since: object) -> object:
            found = walk(since)  # type: ignore[arg-type]
            world.closed_without_evidence()
            world.clock.later(hours=1)
            return found

        world.site.changed_since = slow_walk  # type: ignore[method-assign, assignment]
        world.sweeper.sweep(world.site)
        world.site.changed_since = walk  # type: ignore[method-assign]
        assert swept(world) == (["1"], [])

    def test_a_site_that_is_down_is_swept_later_from_the_same_place(self, world: World) -> None:
        world.sweeper.sweep(world.site)
        before = world.sweeper.swept_until(world.site)
        world.clock.later(minutes=5)
        world.site.fail_next(1)
        world.sweeper.sweep_safely(world.site)
        assert world.sweeper.swept_until(world.site) == before

    def test_events_do_not_wait_behind_what_the_first_walk_finds(self, world: World) -> None:
        for _ in range(5):
            world.create()
        world.sweeper.sweep(world.site)
        late = world.create()
        world.inbox.accept(Notice(late, "d", b"{}", world.clock(), project="erp"))
        assert late in [result.ref for result in world.drain()[:2]]
