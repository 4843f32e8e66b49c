"""A sync weighs before it works, reads what is at rest once, and changes nothing that it should not."""

import pytest

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Stage
from svc_plugin.engine.sync import SyncOptions, SyncSummary
from tests.unit.engine.world import DOWN, World


@pytest.fixture
def world() -> World:
    return World()


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
        world.site.unreadable[bad] = DOWN
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
