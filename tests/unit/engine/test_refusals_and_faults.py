"""What a site will not do is said and left alone; what passes by itself is tried again, and not for ever."""

from datetime import timedelta

import pytest

from svc_plugin.domain.errors import ChangeRefusedError, TransientError
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.plan import PutComment, SetStage
from svc_plugin.domain.vocabulary import Field, Stage
from svc_plugin.engine.ports import Write
from tests.unit.engine.world import DOWN, World

REFUSED = "refused"


@pytest.fixture
def world() -> World:
    return World()


def stage_writes(world: World) -> int:
    return sum(isinstance(write, SetStage) for _, writes in world.site.writes for write in writes)


class TestRefusedMove:
    @pytest.fixture
    def refused(self, world: World) -> IssueRef:
        world.site.deaf = frozenset({Stage.IN_PROGRESS})
        ref = world.closed_without_evidence()
        world.hook(ref)
        return ref

    def test_it_is_parked_and_a_comment_names_both_statuses(self, world: World, refused: IssueRef) -> None:
        assert [result.state for result in world.drain()] == ["parked"]
        said = world.issue(refused).comments[REFUSED]
        assert "已关闭" in said
        assert "处理中" in said
        assert world.work.parked(limit=9)[0].error in said
        assert world.issue(refused).stage is Stage.CLOSED

    def test_no_number_of_further_events_makes_us_write_again(self, world: World, refused: IssueRef) -> None:
        world.settle()
        written = len(world.site.writes)
        assert stage_writes(world) == 1
        for _ in range(20):
            world.clock.later(minutes=1)
            world.hook(refused)
            assert [result.state for result in world.settle()] == ["parked"]
        assert len(world.site.writes) == written
        assert "处理中" in world.work.parked(limit=9)[0].error, "the reason stays readable"

    def test_a_persons_change_is_a_reason_to_try_again(self, world: World, refused: IssueRef) -> None:
        world.settle()
        world.does(refused, note="已请管理员调整工作流程")
        world.hook(refused)
        world.settle()
        assert stage_writes(world) == 2

    def test_a_released_one_is_tried_again(self, world: World, refused: IssueRef) -> None:
        world.settle()
        world.refusals.release(refused, at=world.clock())
        world.work.add([refused], due=world.clock())
        world.settle()
        assert stage_writes(world) == 2

    def test_when_it_works_the_comment_says_so(self, world: World, refused: IssueRef) -> None:
        world.settle()
        world.site.deaf = frozenset()
        world.does(refused, note="工作流程已调整")
        world.hook(refused)
        world.settle()
        issue = world.issue(refused)
        assert issue.stage is Stage.IN_PROGRESS
        assert "已解决" in issue.comments[REFUSED]
        assert world.work.parked(limit=9) == []

    def test_what_took_effect_of_a_refused_plan_is_in_the_ledger(
        self, world: World, refused: IssueRef
    ) -> None:
        world.settle()
        assert world.ledger.acts_since(refused, world.clock() - timedelta(days=1)) == 1
        assert world.ledger.begun(refused) is None

    def test_a_comment_that_the_broken_line_swallowed_is_written_later(
        self, world: World, refused: IssueRef
    ) -> None:
        apply = world.site.apply

        def line_breaks(ref: IssueRef, writes: list[Write], *, seen: Issue | None = None) -> None:
            if any(isinstance(write, PutComment) and write.marker == REFUSED for write in writes):
                raise DOWN
            apply(ref, writes)

        world.site.apply = line_breaks  # type: ignore[method-assign, assignment]
        assert [result.state for result in world.drain()] == ["retry"]
        world.site.apply = apply  # type: ignore[method-assign]
        world.clock.later(minutes=1)
        assert [result.state for result in world.drain()] == ["parked"]
        assert REFUSED in world.issue(refused).comments


def test_an_issue_whose_move_is_refused_still_climbs_the_ladder(world: World) -> None:
    world.site.deaf = frozenset({Stage.HANDED_OVER})
    ref = world.create(author="a-customer", fields={Field.REQUEST_KIND: "fault"})
    world.hook(ref)
    assert world.drain()[0].state == "parked"
    assert "M06-50" not in world.issue(ref).comments
    world.clock.later(hours=1, minutes=1)
    assert world.drain()[0].state == "parked"
    assert "M06-50" in world.issue(ref).comments
    assert [one.ref for one in world.work.parked(limit=9)] == [ref]


def test_a_site_that_says_no_is_explained_on_the_issue(world: World) -> None:
    ref = world.closed_without_evidence()
    apply = world.site.apply

    def says_no(ref: IssueRef, writes: list[Write], *, seen: Issue | None = None) -> None:
        if any(isinstance(write, SetStage) for write in writes):
            raise ChangeRefusedError("PUT /issues/1.json: 422 Priority cannot be blank")
        apply(ref, writes)

    world.site.apply = says_no  # type: ignore[method-assign, assignment]
    world.hook(ref)
    assert world.settle()[-1].state == "parked"
    assert "Priority cannot be blank" in world.issue(ref).comments[REFUSED]
    assert "Priority cannot be blank" in world.work.parked(limit=9)[0].error


def test_a_fight_with_another_robot_is_given_up_and_said_aloud(world: World) -> None:
    ref = world.closed_without_evidence()
    turns = 0
    world.hook(ref)
    while world.settle()[-1].state != "parked":
        turns += 1
        world.does(ref, "other-robot", stage=Stage.CLOSED)
        world.hook(ref)
    assert turns == 6
    said = world.issue(ref).comments[REFUSED]
    assert "6 次" in said
    written = len(world.site.writes)
    for _ in range(5):
        world.does(ref, "other-robot", note="again")
        world.hook(ref)
        assert world.settle()[-1].state == "parked"
    assert len(world.site.writes) == written


def test_a_fight_is_taken_up_again_the_next_day(world: World) -> None:
    ref = world.closed_without_evidence()
    for _ in range(21):
        world.hook(ref)
        world.settle()
        world.does(ref, "other-robot", stage=Stage.CLOSED)
    world.clock.later(days=1)
    world.does(ref, stage=Stage.CLOSED, note="现在由我处理")
    world.hook(ref)
    world.settle()
    assert world.issue(ref).stage is Stage.IN_PROGRESS
    assert "已解决" in world.issue(ref).comments[REFUSED]


def test_a_fight_that_a_person_released_is_taken_up_at_once(world: World) -> None:
    ref = world.closed_without_evidence()
    for _ in range(7):
        world.hook(ref)
        world.settle()
        world.does(ref, "other-robot", stage=Stage.CLOSED)
    world.refusals.release(ref, at=world.clock())
    world.work.add([ref], due=world.clock())
    world.settle()
    assert world.issue(ref).stage is Stage.IN_PROGRESS
    world.does(ref, "other-robot", stage=Stage.CLOSED)
    world.hook(ref)
    assert world.settle()[-1].state != "parked", "what was before the release counts no more"


class TestFaults:
    def test_faults_are_tried_again_after_growing_pauses_and_then_parked(self, world: World) -> None:
        ref = world.closed_without_evidence()
        world.hook(ref)
        world.site.broken = DOWN
        pauses: list[float] = []
        while (result := world.drain()[0]).state == "retry":
            assert result.next_due is not None
            pauses.append((result.next_due - world.clock()).total_seconds())
            world.clock.moment = result.next_due
        assert pauses == [5.0, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600]
        assert result.state == "parked"
        assert "12 tries failed, the last: the site is down" in world.work.parked(limit=9)[0].error

    def test_an_issue_at_which_every_worker_dies_is_parked_in_the_end(self, world: World) -> None:
        ref = world.closed_without_evidence()
        world.hook(ref)
        fetch = world.site.fetch

        def dies(_: IssueRef) -> object:
            raise SystemExit("out of memory")

        world.site.fetch = dies  # type: ignore[method-assign, assignment]
        for _ in range(12):
            with pytest.raises(SystemExit):
                world.drain()
            world.work.release_leases()
        assert [result.state for result in world.drain()] == ["parked"]
        assert "a worker died" in world.work.parked(limit=9)[0].error
        world.site.fetch = fetch  # type: ignore[method-assign]
        world.hook(ref)
        assert world.drain()[0].state == "changed", "an event is a reason to try again"

    def test_what_the_site_asks_for_as_a_pause_is_kept(self, world: World) -> None:
        ref = world.closed_without_evidence()
        world.hook(ref)
        world.site.broken = TransientError("429", retry_after=77)
        result = world.drain()[0]
        assert result.next_due == world.clock() + timedelta(seconds=77)

    def test_the_work_is_done_when_the_site_is_back(self, world: World) -> None:
        ref = world.closed_without_evidence()
        world.hook(ref)
        world.site.fail_next(1)
        assert world.drain()[0].state == "retry"
        world.clock.later(seconds=6)
        assert world.drain()[0].state == "changed"

    def test_a_line_that_breaks_after_the_write_repeats_nothing_and_the_ledger_knows(
        self, world: World
    ) -> None:
        ref = world.closed_without_evidence()
        world.hook(ref)
        apply = world.site.apply

        def breaks_after(ref: IssueRef, writes: list[Write], *, seen: Issue | None = None) -> None:
            apply(ref, writes)
            world.site.fail_next(1)

        world.site.apply = breaks_after  # type: ignore[method-assign, assignment]
        assert world.drain()[0].state == "retry"
        world.clock.later(seconds=6)
        assert world.drain()[0].state == "unchanged"
        assert len(world.site.writes) == 1
        assert world.ledger.acts_since(ref, world.clock() - timedelta(hours=1)) == 1

    def test_a_fault_of_our_own_is_tried_again_and_does_not_stop_the_others(self, world: World) -> None:
        bad, good = world.closed_without_evidence(), world.closed_without_evidence()
        fetch = world.site.fetch

        def trips(ref: IssueRef) -> object:
            return fetch(ref) if ref == good else {}["no such key"]

        world.site.fetch = trips  # type: ignore[method-assign, assignment]
        world.hook(bad)
        world.hook(good)
        assert [result.state for result in world.drain()] == ["retry", "changed"]
        assert world.issue(good).stage is Stage.IN_PROGRESS

    def test_an_issue_of_a_site_that_is_not_configured_is_parked_with_the_reason(self, world: World) -> None:
        stray = IssueRef("elsewhere", "1")
        world.work.add([stray], due=world.clock())
        assert world.drain()[0].state == "parked"
        assert "'elsewhere' is not configured" in world.work.parked(limit=9)[0].error
