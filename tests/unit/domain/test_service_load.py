"""What the service report tells of recording, first contact, people and money."""

from dataclasses import replace
from datetime import date

import pytest

from svc_plugin.domain.costs import CostLine
from svc_plugin.domain.figures.model import Figure
from svc_plugin.domain.figures.service_model import ServiceReport
from svc_plugin.domain.model import HistoryEntry, Issue, IssueRef, TimeEntry
from svc_plugin.domain.report import customer_service_report
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.documents.company import AFTER, POLICY, REGISTERS
from tests.documents.upkeep import local, training, visit

WANG, CHEN = "wang.fang", "chen.jing"


def a_request(key: str, registered: str, done: str = "", *, kind: str = "inquiry", **more: str) -> Issue:
    at = local(registered)
    end = (HistoryEntry(local(done), WANG, Stage.IN_PROGRESS, Stage.CLOSED),) if done else ()
    return Issue(
        ref=IssueRef("main", key),
        kind=IssueKind.SERVICE_REQUEST,
        stage=Stage.CLOSED if done else Stage.IN_PROGRESS,
        status="",
        title="要求",
        created_at=at,
        updated_at=at,
        author=WANG,
        assignee=more.pop("assignee", WANG),
        product="erp",
        fields={Field.REQUEST_KIND: kind, **{Field(name): value for name, value in more.items()}},
        history=end,
        time_entries=(TimeEntry(key, WANG, at.date(), 1.5),),
    )


def report(*issues: Issue) -> ServiceReport:
    return customer_service_report(issues, REGISTERS, POLICY, product="erp", period="2026-11", now=AFTER)


@pytest.mark.clause("M28")
def test_recording_delay_is_working_time_from_the_customers_words_to_the_record():
    at_once = a_request("1", "2026-11-10 09:00")
    over_lunch = a_request("2", "2026-11-10 14:00", received_at="2026-11-10 11:30")
    over_night = a_request("3", "2026-11-11 10:00", received_at="2026-11-10 17:00")
    found = report(at_once, over_lunch, over_night).statistics
    # 0, 1 and 2 hours
    assert (found.recording_delay.value, len(found.recording_delay.refs)) == (1.0, 3)
    assert (found.longest_delay.value, [r.key for r in found.longest_delay.refs]) == (2.0, ["3"])


@pytest.mark.clause("M28")
def test_the_longest_delay_is_that_of_the_request_that_waited_longest():
    half_an_hour = a_request("1", "2026-11-10 10:00", received_at="2026-11-10 09:30")
    at_once = a_request("2", "2026-11-10 09:00")
    assert report(half_an_hour, at_once).statistics.longest_delay == Figure(0.5, (half_an_hour.ref,))


@pytest.mark.clause("M28")
def test_a_period_without_requests_has_no_delay():
    found = report().statistics
    assert (found.recording_delay, found.longest_delay) == (Figure(None), Figure(None))


@pytest.mark.clause("M31")
def test_an_inquiry_is_answered_at_first_contact_when_it_is_done_on_the_day_it_was_received():
    found = report(
        a_request("1", "2026-11-10 09:00", "2026-11-10 17:30"),
        a_request("2", "2026-11-10 09:00", "2026-11-11 08:00"),
        a_request("3", "2026-11-10 09:00"),
        a_request("4", "2026-11-10 09:00", "2026-11-10 09:30", kind="request"),
    ).statistics
    assert [r.key for r in found.inquiries.refs] == ["1", "2", "3"]
    assert [r.key for r in found.first_contact.refs] == ["1"]


@pytest.mark.clause("M17")
def test_people_are_told_with_what_they_had_in_hand_appointed_ones_first():
    found = report(
        a_request("1", "2026-11-10 09:00", "2026-11-12 09:00", assignee=CHEN),
        a_request("2", "2026-11-10 09:00", assignee=CHEN),
        a_request("3", "2026-11-10 09:00", assignee="helper"),
    )
    loads = [(w.name, w.handled.value, w.done.value, w.open.value, w.hours.value) for w in found.workloads]
    assert loads == [("王芳", 0, 0, 0, 4.5), ("陈静", 2, 1, 1, 0), ("helper", 1, 0, 1, 0)]


@pytest.mark.clause("M17")
def test_what_nobody_has_is_no_persons_load():
    nobodys = replace(a_request("1", "2026-11-10 09:00", assignee=""), time_entries=())
    loads = report(nobodys).workloads
    assert [(w.name, w.handled.value) for w in loads] == [("王芳", 0), ("陈静", 0)]


@pytest.mark.clause("M17")
@pytest.mark.parametrize(("kind", "hours"), [("", 0), ("strange_paper", 0), ("service_plan", 1.5)])
def test_hours_on_a_document_are_those_of_its_track(kind, hours):
    issue = a_request("1", "2026-11-10 09:00", document_kind=kind)
    assert report(replace(issue, kind=IssueKind.DOCUMENT)).effort_total.value == hours


@pytest.mark.clause("M71")
def test_a_month_has_a_twelfth_of_the_years_budget_and_its_own_costs():
    found = report(a_request("1", "2026-11-10 09:00")).costs
    lines = {row.line: (row.budget, row.actual.value) for row in found.lines}
    assert lines[CostLine.LABOUR] == (4_000, 1.5 * 180)
    assert lines[CostLine.TRAVEL] == (1_000, 0)  # what was spent in October is October's
    assert lines[CostLine.OTHER] == (None, 0)
    assert found.unrated.value == 0


def test_a_task_of_maintenance_staff_is_not_told_in_the_service_report_unless_it_is_a_visit():
    found = customer_service_report(
        [visit(), training()], REGISTERS, POLICY, product="erp", period="2026-12", now=AFTER
    )
    assert [task.ref.key for task in found.tasks] == ["3201"]
    assert found.effort_total.value == 0  # the visit's hours are maintenance's
    assert date(2026, 12, 10) == found.visits[0].arrived.date()
