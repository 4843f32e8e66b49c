"""What no delivery reported is found all the same, and a sync changes nothing that it should not."""

from datetime import timedelta

import pytest

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Stage
from svc_plugin.engine.sync import SyncOptions, SyncSummary
from tests.unit.engine.world import DOWN, World


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


def sync(world: World, **options: bool) -> SyncSummary:
    return world.syncer.run([world.site], SyncOptions(**options), lambda *_: None)


class TestSync:
    def test_it_walks_plans_and_works_off_and_counts(self, world: World) -> None:
        wrong, right = world.closed_without_evidence(), world.create()
        summary = sync(world)
        assert (summary.looked_at, len(summary.plans), summary.braked) == (2, 1, False)
        assert (summary.count("changed"), summary.count("unchanged")) == (1, 1)
        assert world.issue(wrong).stage is Stage.IN_PROGRESS
        assert world.issue(right).stage is Stage.REGISTERED

    def test_a_dry_run_tells_the_plan_and_writes_nothing_anywhere(self, world: World) -> None:
        ref = world.closed_without_evidence()
        summary = sync(world, dry_run=True)
        assert [plan.ref for plan in summary.plans] == [ref]
        assert world.site.writes == []
        assert world.work.due(now=world.clock(), limit=9) == []
        assert world.cursors.read("main") is None
        assert world.mirror.get(ref) is None

    def test_the_brake_holds_when_too_much_would_change_and_force_goes_on(self, world: World) -> None:
        for _ in range(11):
            world.closed_without_evidence()
        for _ in range(11):
            world.create()
        summary = sync(world)
        assert (summary.braked, len(summary.plans), summary.count("changed")) == (True, 11, 0)
        assert world.site.writes == []
        assert world.work.due(now=world.clock(), limit=99) == [], "workers must not do it in its place"
        assert world.cursors.read("main") is None, "the next sync must find them again"
        assert sync(world).braked
        forced = sync(world, force=True)
        assert (forced.braked, forced.count("changed")) == (False, 11)
        assert len(world.mirror.versions("main")) == 22

    def test_an_issue_on_which_there_is_nothing_to_do_is_read_once(self, world: World) -> None:
        refs, fetch, read = [world.create() for _ in range(3)], world.site.fetch, list[IssueRef]()

        def noted(ref: IssueRef) -> object:
            read.append(ref)
            return fetch(ref)

        world.site.fetch = noted  # type: ignore[method-assign, assignment]
        assert sync(world).count("unchanged") == 3
        assert read == refs

    def test_one_that_was_cut_short_is_weighed_as_if_it_had_not_been(self, world: World) -> None:
        for _ in range(30):
            world.create()
        for _ in range(12):
            world.closed_without_evidence()

        def until_it_dies(_step: str, done: int, _of: int) -> None:
            if done == 31:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            world.syncer.run([world.site], SyncOptions(), until_it_dies)
        assert world.cursors.read("main") is None
        kept = len(world.mirror.versions("main"))
        assert kept >= 20, "what was weighed was written down"
        summary = sync(world)
        assert (summary.looked_at, len(summary.plans), summary.braked) == (42 - kept, 12, False)

    def test_what_no_delivery_reported_is_counted_once(self, world: World) -> None:
        known, wrong = world.create(), world.closed_without_evidence()
        world.create()
        world.hook(known)
        sync(world)
        assert world.cursors.unreported("main") == 2, f"{wrong} and the one on which there was nothing to do"

    def test_ten_changes_or_under_a_third_do_not_brake(self, world: World) -> None:
        for _ in range(10):
            world.closed_without_evidence()
        assert not sync(world).braked
        world.clock.later(hours=1)
        for _ in range(12):
            world.closed_without_evidence()
        for _ in range(30):
            world.create()
        summary = sync(world)
        assert (len(summary.plans), summary.braked) == (12, False)

    def test_a_site_that_is_down_and_an_issue_that_is_gone_are_named(self, world: World) -> None:
        ref = world.closed_without_evidence()
        sync(world)
        world.site.delete(ref)
        summary = sync(world, full=True)
        assert (summary.gone, summary.count("gone")) == (1, 1)
        world.site.fail_next(1)
        assert sync(world).failed == {"main": "site main: made to fail"}

    def test_an_issue_that_cannot_be_read_is_named_and_the_rest_is_done(self, world: World) -> None:
        bad, good = world.closed_without_evidence(), world.closed_without_evidence()
        fetch = world.site.fetch

        def trips(ref: IssueRef) -> object:
            if ref == bad:
                raise DOWN
            return fetch(ref)

        world.site.fetch = trips  # type: ignore[method-assign, assignment]
        summary = sync(world)
        assert summary.failed == {str(bad): "the site is down"}
        assert (summary.count("retry"), summary.count("changed")) == (1, 1)
        assert world.issue(good).stage is Stage.IN_PROGRESS


class TestSyncAtAGlance:
    """At a site that reads many issues at once, what is at rest is written down many at a time."""

    @pytest.fixture
    def world(self) -> World:
        world = World()
        world.site.read_many = lambda refs: {one: world.issue(one) for one in refs}  # type: ignore[method-assign]
        return world

    def test_it_ends_as_one_by_one(self, world: World) -> None:
        wrong, right = world.closed_without_evidence(), [world.create() for _ in range(60)]
        summary = sync(world)
        assert (summary.count("changed"), summary.count("unchanged")) == (1, 60)
        assert world.issue(wrong).stage is Stage.IN_PROGRESS
        assert set(world.mirror.versions("main")) == {one.key for one in [wrong, *right]}
        assert world.work.pending(now=world.clock()).waiting == 0

    def test_a_plan_is_on_the_disk_before_it_is_carried_out(self, world: World) -> None:
        refs = [world.create(), world.closed_without_evidence(), world.create()]
        apply, begun = world.site.apply, list[bool]()

        def watched(ref: IssueRef, *given: object, **more: object) -> None:
            with world.database.begin(at_once=True):  # raises inside a transaction of several issues
                pass
            begun.append(world.ledger.begun(ref) is not None)
            apply(ref, *given, **more)  # type: ignore[arg-type]

        world.site.apply = watched  # type: ignore[method-assign]
        sync(world)
        assert begun == [True]
        assert set(world.mirror.versions("main")) == {one.key for one in refs}

    def test_where_it_cannot_be_kept_in_one_go_it_is_kept_one_by_one(self, world: World) -> None:
        refs = [world.create() for _ in range(3)]
        done, tripped = world.work.done, list[int]()

        def trips(*given: object, **more: object) -> object:
            tripped.append(1)
            if len(tripped) == 2:
                with world.database.begin():
                    raise DOWN
            return done(*given, **more)  # type: ignore[arg-type]

        world.work.done = trips  # type: ignore[method-assign, assignment]
        summary = sync(world)
        assert (summary.count("unchanged"), summary.count("retry"), len(tripped)) == (3, 0, 6)
        assert set(world.mirror.versions("main")) == {one.key for one in refs}
        assert world.work.pending(now=world.clock()).busy == 0

    def test_one_that_somebody_looked_at_since_is_looked_at_again(self, world: World) -> None:
        ref = world.create()
        old = world.issue(ref)
        world.does(ref, stage=Stage.IN_PROGRESS)
        world.hook(ref)
        world.settle()
        world.site.read_many = lambda refs: dict.fromkeys(refs, old)  # type: ignore[method-assign]
        world.clock.later(hours=1)
        sync(world, full=True)
        kept = world.mirror.get(ref)
        assert kept is not None
        assert kept.stage is Stage.IN_PROGRESS
