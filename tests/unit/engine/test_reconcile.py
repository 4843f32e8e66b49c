"""One issue brought into agreement with the process, once, whatever is heard of it and how often."""

from datetime import timedelta

import pytest

from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.plan import Attach
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.ports import Write
from tests.builders import LEAD, LEADER, MAINTAINER, SERVICE, SUPERIOR
from tests.unit.engine.world import DOWN, EVIDENCE, World

REFUSED = "refused"


@pytest.fixture
def world() -> World:
    return World()


def test_three_deliveries_of_one_event_are_one_look(world: World) -> None:
    ref = world.closed_without_evidence()
    assert [world.hook(ref, "same") for _ in range(3)] == [True, False, False]
    assert [result.state for result in world.drain()] == ["changed"]
    assert world.issue(ref).stage is Stage.IN_PROGRESS
    assert "M40" in world.issue(ref).comments


def test_three_events_before_the_worker_comes_are_one_look(world: World) -> None:
    ref = world.closed_without_evidence()
    for _ in range(3):
        world.hook(ref)
    assert len(world.drain()) == 1


def test_our_own_echo_is_looked_at_and_writes_nothing(world: World) -> None:
    ref = world.closed_without_evidence()
    world.hook(ref)
    assert [result.state for result in world.settle()] == ["changed", "unchanged"]
    assert len(world.site.writes) == 1


def test_an_issue_that_is_gone_is_forgotten(world: World) -> None:
    ref = world.closed_without_evidence()
    world.hook(ref)
    world.drain()
    assert world.mirror.get(ref) is not None
    world.site.delete(ref)
    world.hook(ref)
    assert [result.state for result in world.drain()] == ["gone"]
    assert world.mirror.get(ref) is None
    assert world.work.parked(limit=9) == []


def test_a_fault_is_handed_over_once_and_comes_back_without_any_event_on_the_request(world: World) -> None:
    request = world.create(fields={Field.REQUEST_KIND: "fault", Field.CHANNEL: "phone"})
    world.hook(request)
    world.drain()
    assert world.issue(request).stage is Stage.HANDED_OVER
    (work,) = world.issue(request).links
    assert world.issue(work).assignee == MAINTAINER
    assert world.mirror.get(work) is not None, "what we made is looked at, though no event told of it"
    fields = {Field.MAINTENANCE_CLASS: "corrective", Field.CLASS_REASON: "缺陷"}
    world.does(work, MAINTAINER, stage=Stage.IN_WORK, fields=fields)
    world.does(work, MAINTAINER, stage=Stage.DONE, fields={Field.MEASURE: "补丁 5.2.1"})
    world.hook(work)
    world.drain()
    assert world.issue(request).stage is Stage.IN_PROGRESS
    assert "5.2.1" in world.issue(request).comments["M32"]
    assert len(world.site.all()) == 2


def test_what_was_made_before_the_line_broke_is_looked_at_too(world: World) -> None:
    request = world.create(fields={Field.REQUEST_KIND: "fault", Field.CHANNEL: "phone"})
    world.hook(request)
    apply = world.site.apply

    def breaks_after(ref: IssueRef, writes: list[Write], *, seen: Issue | None = None) -> None:
        apply(ref, writes)
        raise DOWN

    world.site.apply = breaks_after  # type: ignore[method-assign, assignment]
    assert [result.state for result in world.drain()] == ["retry"]
    world.site.apply = apply  # type: ignore[method-assign]
    world.clock.later(minutes=1)
    world.drain()
    (work,) = world.issue(request).links
    assert world.mirror.get(work) is not None
    assert world.issue(request).stage is Stage.HANDED_OVER


def test_issues_that_name_each_other_as_owner_do_not_go_round(world: World) -> None:
    one, two = (world.create(IssueKind.MAINTENANCE, author=MAINTAINER) for _ in range(2))
    world.does(one, MAINTAINER, fields={Field.ORIGIN: f"M32@{two}"})
    world.does(two, MAINTAINER, fields={Field.ORIGIN: f"M32@{one}"})
    own = world.create(IssueKind.MAINTENANCE, author=MAINTAINER)
    world.does(own, MAINTAINER, fields={Field.ORIGIN: f"M32@{own}"})
    for ref in (one, two, own):
        world.hook(ref)
    looks = 0
    while world.worker.work_on() is not None:
        looks += 1
        assert looks < 10


def test_a_report_is_attached_once_with_a_comment(world: World) -> None:
    fields = {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: "2026-Q4"}
    ref = world.create(IssueKind.DOCUMENT, fields=fields)
    world.hook(ref)
    world.settle()
    world.hook(ref)
    world.settle()
    issue = world.issue(ref)
    assert issue.attachments == ("CSR-erp-2026-Q4-v1.docx",)
    assert list(issue.comments) == ["document"]
    assert sum(isinstance(w, Attach) for _, writes in world.site.writes for w in writes) == 1


class TestDeadline:
    def test_each_step_comes_at_its_moment_and_once(self, world: World) -> None:
        request = world.create(author="customer", assignee=SERVICE, fields={Field.REQUEST_KIND: "inquiry"})
        world.hook(request)
        due = world.drain()[0].next_due
        taken: list[tuple[str, str]] = []
        while due is not None:
            world.clock.moment = due - timedelta(seconds=1)
            assert world.drain() == []
            before = world.issue(request).comments.keys()
            world.clock.moment = due + timedelta(seconds=1)
            due = world.drain()[0].next_due
            issue = world.issue(request)
            new = sorted(issue.comments.keys() - before)
            taken.append((" ".join(new), issue.value(Field.ESCALATION_LEVEL)))
        assert taken == [("M06-50", ""), ("M06-80", ""), ("M06 M06-100", "1"), ("M06-150", "2")]
        assert world.issue(request).watchers == {SERVICE, LEAD, LEADER, SUPERIOR}
        writes = len(world.site.writes)
        world.clock.later(days=3)
        world.hook(request)
        world.drain()
        assert len(world.site.writes) == writes

    def test_a_response_in_time_is_not_escalated(self, world: World) -> None:
        request = world.create(author="customer", fields={Field.REQUEST_KIND: "inquiry"})
        world.hook(request)
        due = world.drain()[0].next_due
        assert due is not None
        world.does(request, SERVICE, note="您好,已收到")
        world.clock.moment = due + timedelta(hours=1)
        world.drain()
        assert world.site.writes == []
        assert world.work.due(now=world.clock() + timedelta(days=9), limit=9) == []


def test_a_plan_is_only_told_when_nobody_asked_to_carry_it_out(world: World) -> None:
    ref = world.closed_without_evidence()
    plan = world.reconciler.plan(ref)
    assert {finding.rule for finding in plan.findings} == {"M40"}
    assert world.site.writes == []
    assert world.issue(ref).stage is Stage.CLOSED


def test_the_demand_is_withdrawn_when_it_is_met(world: World) -> None:
    ref = world.closed_without_evidence()
    world.hook(ref)
    world.settle()
    world.does(ref, stage=Stage.CLOSED, fields=EVIDENCE)
    world.hook(ref)
    world.settle()
    assert world.issue(ref).stage is Stage.CLOSED
    assert "谢谢" in world.issue(ref).comments["M40"]


def test_the_mirror_shows_the_issue_as_it_is_after_our_writes(world: World) -> None:
    ref = world.closed_without_evidence()
    world.hook(ref)
    world.drain()
    assert world.mirror.get(ref) == world.issue(ref)
