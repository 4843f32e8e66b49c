"""What a customer service report counts, and as of when."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from svc_plugin.domain.figures.service_model import ServiceReport
from svc_plugin.domain.model import FieldChange, HistoryEntry, Issue, IssueRef, TimeEntry, origin_marker
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.report import customer_service_report
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.documents.company import POLICY, REGISTERS, ZONE

WANG, LIU, ZHANG = "wang.fang", "liu.yang", "zhang.wei"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def moved(text: str, to: Stage, *, frm: Stage = Stage.IN_PROGRESS, by: str = WANG) -> HistoryEntry:
    return HistoryEntry(at(text), by, moved_from=frm, moved_to=to)


def an_issue(key: str = "1", created: str = "2026-11-10 09:00", **more: object) -> Issue:
    given: dict[str, object] = {
        "kind": IssueKind.SERVICE_REQUEST,
        "stage": Stage.REGISTERED,
        "status": "新建",
        "title": "要求",
        "product": "erp",
        "fields": {Field.REQUEST_KIND: "request", Field.CUSTOMER: "c1", Field.CHANNEL: "system"},
        **more,
    }
    return Issue(IssueRef("main", key), created_at=at(created), updated_at=at(created), **given)  # type: ignore[arg-type]


def closed(key: str, created: str, done: str, **more: object) -> Issue:
    history = (moved(done, Stage.CLOSED),)
    return an_issue(key, created, stage=Stage.CLOSED, history=history, **more)


def report(*issues: Issue, period: str = "2026-11", now: str = "2026-12-05 09:00") -> ServiceReport:
    return customer_service_report(issues, REGISTERS, POLICY, product="erp", period=period, now=at(now))


def keys(rows) -> list[str]:
    return [row.ref.key for row in rows]


@pytest.mark.clause("M39")
@pytest.mark.parametrize(
    ("issue", "told"),
    [
        pytest.param(an_issue(created="2026-11-30 23:59"), True, id="registered on the last minute"),
        pytest.param(an_issue(created="2026-12-01 00:00"), False, id="registered a minute later"),
        pytest.param(an_issue(created="2026-08-01 09:00"), True, id="open since long"),
        pytest.param(closed("1", "2026-10-01 09:00", "2026-11-01 00:00"), True, id="closed at its start"),
        pytest.param(closed("1", "2026-10-01 09:00", "2026-10-31 23:59"), False, id="closed before"),
        pytest.param(closed("1", "2026-10-01 09:00", "2026-12-02 09:00"), True, id="closed after"),
        pytest.param(an_issue(kind=None), False, id="of an unmapped type"),
        pytest.param(an_issue(product="crm"), False, id="of another product"),
    ],
)  # fmt: skip
def test_a_request_is_told_when_it_was_touched_in_the_period_or_open_at_its_end(issue, told):
    assert bool(report(issue).requests) is told


def test_a_comment_in_the_period_brings_an_old_request_back():
    old = closed("1", "2026-08-01 09:00", "2026-08-02 09:00")
    said = HistoryEntry(at("2026-11-11 09:00"), "customer", note="又出现了")
    assert keys(
        report(an_issue("1", "2026-08-01 09:00", stage=Stage.CLOSED, history=(*old.history, said))).requests
    ) == ["1"]


def test_days_are_those_of_the_company_wherever_the_moment_was_written():
    utc = datetime(2026, 10, 31, 16, 30, tzinfo=ZoneInfo("UTC"))  # half past midnight on 1 November there
    issue = an_issue(fields={Field.RECEIVED_AT: utc.isoformat(), Field.REQUEST_KIND: "request"})
    assert report(issue).statistics.kinds[-1].received.value == 1


@pytest.mark.clause("M76")
def test_what_happened_after_the_period_does_not_change_its_report():
    before = an_issue(fields={Field.REQUEST_KIND: "request", Field.MEASURE: "初步处理"})
    after = an_issue(
        stage=Stage.CLOSED,
        fields={Field.REQUEST_KIND: "fault", Field.MEASURE: "改写", Field.WAIVER: "不计"},
        history=(
            HistoryEntry(
                at("2026-12-01 00:00"),
                WANG,
                Stage.REGISTERED,
                Stage.IN_PROGRESS,
                (
                    FieldChange(Field.REQUEST_KIND, "request", "fault"),
                    FieldChange(Field.MEASURE, "初步处理", "再处理"),
                    FieldChange(Field.WAIVER, "", "不计"),
                ),
            ),
            HistoryEntry(
                at("2026-12-02 09:00"), WANG, changes=(FieldChange(Field.MEASURE, "再处理", "改写"),)
            ),
            moved("2026-12-03 09:00", Stage.CLOSED),
        ),
    )
    assert report(after) == report(before, now="2026-12-01 00:00")


def test_a_running_period_is_told_as_it_stands_now():
    issue = an_issue(fields={Field.REQUEST_KIND: "inquiry"})  # target 1 h, registered at 9:00
    assert report(issue, now="2026-11-10 09:30").requests[0].response.in_time is None
    assert report(issue, now="2026-11-10 10:30").requests[0].response.in_time is False


@pytest.mark.clause("M06")
def test_the_response_is_measured_in_working_time_against_its_target():
    answered = moved("2026-11-10 13:40", Stage.IN_PROGRESS, frm=Stage.REGISTERED)
    row = report(an_issue(stage=Stage.IN_PROGRESS, history=(answered,))).requests[0]
    # 9:00 to 13:40 with lunch from 12:00 to 13:30: 3 h 10 min of the 4 h allowed
    assert (row.response.used, row.response.in_time) == (timedelta(hours=3, minutes=10), True)
    fault = an_issue(stage=Stage.IN_PROGRESS, history=(answered,), fields={Field.REQUEST_KIND: "fault"})
    assert report(fault).requests[0].response.in_time is False


def test_a_request_that_ended_without_a_response_has_missed_it():
    by_staff = closed("1", "2026-11-10 09:00", "2026-11-10 09:20", fields={Field.REQUEST_KIND: "request"})
    stranger = HistoryEntry(at("2026-11-10 09:20"), "robot", Stage.REGISTERED, Stage.CLOSED)
    by_stranger = an_issue(stage=Stage.CLOSED, history=(stranger,))
    told = [report(issue, now="2026-11-10 09:30").requests[0].response for issue in (by_staff, by_stranger)]
    assert [(r.at, r.in_time) for r in told] == [(at("2026-11-10 09:20"), True), (None, False)]


def test_without_a_target_a_response_is_measured_but_not_judged():
    answered = moved("2026-11-10 10:00", Stage.IN_PROGRESS, frm=Stage.REGISTERED)
    issues = [an_issue(stage=Stage.IN_PROGRESS, history=(answered,))]
    told = customer_service_report(
        issues, REGISTERS, Policy("no targets"), product="erp", period="2026-11", now=at("2026-12-05 09:00")
    )
    response = told.requests[0].response
    assert (response.at, response.used, response.in_time) == (answered.at, timedelta(hours=1), None)


def test_a_reopened_request_is_open_and_was_done_when_it_was_closed_last():
    closing, reopening = moved("2026-11-11 09:00", Stage.CLOSED), moved(
        "2026-11-12 09:00", Stage.IN_PROGRESS, frm=Stage.CLOSED
    )  # fmt: skip
    again = moved("2026-11-13 09:00", Stage.CLOSED)
    still = report(an_issue(stage=Stage.IN_PROGRESS, history=(closing, reopening))).requests[0]
    assert (still.open, still.done_at) == (True, None)
    ended = report(an_issue(stage=Stage.CLOSED, history=(closing, reopening, again))).requests[0]
    assert (ended.open, ended.done_at) == (False, at("2026-11-13 09:00"))


def test_the_first_moment_of_a_period_belongs_to_it_and_not_to_the_one_before():
    total = report(an_issue(created="2026-11-01 00:00")).statistics.kinds[-1]
    assert (total.received.value, total.previous.value) == (1, 0)


@pytest.mark.clause("M28")
@pytest.mark.clause("M41")
def test_a_late_entry_counts_for_the_period_before_and_is_named_in_this_one():
    late = an_issue(fields={Field.RECEIVED_AT: "2026-10-30 15:00", Field.REQUEST_KIND: "request"})
    total = report(late).statistics.kinds[-1]
    assert (total.received.value, total.previous.value, total.late.value) == (0, 1, 1)


@pytest.mark.clause("M41")
def test_every_figure_names_the_issues_it_was_counted_from():
    numbers = count(1)
    issues = [an_issue(str(next(numbers)), f"2026-11-{day:02} 09:00") for day in range(2, 12)]
    issues += [
        closed(str(next(numbers)), "2026-10-10 09:00", f"2026-11-{day:02} 09:00") for day in range(2, 5)
    ]
    statistics = report(*issues).statistics
    for tally in (*statistics.kinds, *statistics.customers, *statistics.channels):
        for figure in (tally.received, tally.previous, tally.late, tally.done, tally.open):
            assert figure.value == len(figure.refs) == len(set(figure.refs))
    whole = statistics.kinds[-1]
    assert (whole.received.value, whole.previous.value, whole.done.value, whole.open.value) == (10, 3, 3, 10)


def test_values_outside_the_vocabulary_are_counted_under_their_own_name():
    odd = an_issue("1", fields={Field.REQUEST_KIND: "wish", Field.CUSTOMER: "没有登记的公司"})
    bare = an_issue("2", fields={})
    statistics = report(odd, bare).statistics
    assert [t.name for t in statistics.kinds][-3:] == ["wish", "", "total"]
    assert {t.name for t in statistics.customers} == {"没有登记的公司", ""}


@pytest.mark.parametrize(
    ("period", "previous"), [("2026-11", "2026-10-15"), ("2026-Q1", "2025-10-15"), ("2026", "2025-01-15")]
)
def test_the_period_before_has_the_same_length(period, previous):
    old = closed("1", f"{previous} 09:00", f"{previous} 10:00")
    assert report(old, period=period).statistics.kinds[-1].previous.value == 1


@pytest.mark.parametrize("period", ["", "2026-13", "上季度", "0001"])
def test_a_period_that_is_not_understood_is_refused(period):
    with pytest.raises(ValueError, match="write 2026"):
        report(period=period)


@pytest.mark.clause("M71")
def test_hours_are_counted_by_the_day_they_were_spent_and_not_for_maintenance():
    entries = (
        TimeEntry("1", WANG, date(2026, 11, 1), 1.5),
        TimeEntry("2", WANG, date(2026, 11, 30), 2.0),
        TimeEntry("3", WANG, date(2026, 12, 1), 8.0),
    )
    mine = an_issue("1", time_entries=entries)
    work = an_issue(
        "2", kind=IssueKind.MAINTENANCE, time_entries=(TimeEntry("4", LIU, date(2026, 11, 3), 6.0),)
    )
    told = report(mine, work)
    assert [(e.name, e.hours.value) for e in told.efforts] == [("王芳", 3.5)]
    assert told.effort_total.refs == (IssueRef("main", "1"),)


@pytest.mark.clause("M32")
def test_of_two_maintenance_issues_for_one_fault_the_elder_is_named():
    fault = an_issue("1", fields={Field.REQUEST_KIND: "fault"})
    marker = {Field.ORIGIN: origin_marker("M32", fault.ref)}
    works = [
        an_issue(key, created, kind=IssueKind.MAINTENANCE, fields=marker)
        for key, created in (("8", "2026-11-10 10:00"), ("9", "2026-11-10 09:30"))
    ]
    assert [over.work.key for over in report(fault, *works).handovers] == ["9"]


AGREED = {"customer": "c3", "visit_at": "2026-11-12 10:00"}


def a_visit(**fields: str) -> Issue:
    given = {Field.TASK_KIND: "visit", Field.CUSTOMER: "c1"} | {Field(k): v for k, v in fields.items()}
    return an_issue("5", kind=IssueKind.SERVICE_TASK, stage=Stage.OPEN, fields=given, assignee=LIU)


@pytest.mark.clause("M33")
@pytest.mark.clause("M34")
@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        pytest.param({"arrived_at": "2026-11-10 23:00"}, True, id="same city, same day"),
        pytest.param({"arrived_at": "2026-11-11 08:00"}, False, id="same city, next day"),
        pytest.param({}, None, id="nobody there yet"),
        pytest.param({"customer": "c3", "arrived_at": "2026-11-10 10:00"}, None, id="elsewhere"),
        pytest.param(AGREED | {"arrived_at": "2026-11-12 10:00"}, True, id="as agreed"),
        pytest.param(AGREED | {"arrived_at": "2026-11-12 10:01"}, False, id="too late"),
    ],
)  # fmt: skip
def test_a_visit_is_due_the_same_working_day_in_the_same_city_else_as_agreed(fields, kept):
    assert report(a_visit(**fields)).visits[0].kept is kept


def test_a_visit_asked_for_on_friday_evening_is_due_on_monday():
    asked = an_issue("1", "2026-11-06 19:00")
    visit = a_visit(origin=origin_marker("M33", asked.ref), arrived_at="2026-11-09 17:00")
    assert report(asked, visit).visits[0].kept is True


@pytest.mark.clause("M64")
def test_scores_come_from_surveys_and_from_closed_requests():
    survey = an_issue(
        "5", kind=IssueKind.SERVICE_TASK, stage=Stage.CLOSED,
        fields={Field.TASK_KIND: "survey", Field.SCORE_PRODUCT: "4", Field.SCORE_SERVICE: "很好"},
    )  # fmt: skip
    rated = closed("1", "2026-11-02 09:00", "2026-11-03 09:00", fields={Field.SCORE_PRODUCT: "5"})
    before = replace(survey, ref=IssueRef("main", "6"), created_at=at("2026-10-05 09:00"))
    statistics = report(survey, rated, before).statistics
    assert (statistics.score_product.value, len(statistics.score_product.refs)) == (4.5, 2)
    assert statistics.score_service.value is None


@pytest.mark.clause("M73")
def test_a_waiver_names_who_granted_it():
    granted = HistoryEntry(at("2026-11-12 09:00"), ZHANG, changes=(FieldChange(Field.WAIVER, "", "顺延"),))
    waiver = report(an_issue(fields={Field.WAIVER: "顺延"}, history=(granted,))).waivers[0]
    assert (waiver.by, waiver.text, waiver.at) == ("张伟", "顺延", granted.at)


@pytest.mark.clause("M75")
def test_the_plan_of_the_year_covers_its_quarters():
    def a_plan(key: str, period: str) -> Issue:
        fields = {Field.DOCUMENT_KIND: "service_plan", Field.PERIOD: period}
        return an_issue(key, "2026-01-05 09:00", kind=IssueKind.DOCUMENT, stage=Stage.APPROVED, fields=fields)

    plans = report(
        a_plan("1", "2026"), a_plan("2", "2026-Q3"), a_plan("3", "2026-11"), a_plan("4", "?")
    ).plans
    assert keys(plans) == ["1", "3"]
