"""M05, M06, M14, M30, M39: answered in time, reported on demand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.plan import IssueDocument, SetField, Watch
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import (
    BOT,
    LEADER,
    MONDAY,
    OUTSIDER,
    SERVICE,
    an_issue,
    comment,
    level_wanted,
    moved,
    said,
    seen,
    set_by,
    standard,
)


@pytest.mark.clause("M06")
def test_a_fresh_request_is_looked_at_again_when_half_of_its_time_is_used():
    plan = decide(seen(an_issue(fields={Field.REQUEST_KIND: "inquiry"})), standard())
    assert plan.recheck_at == MONDAY + timedelta(hours=2)
    assert not plan


@pytest.mark.clause("M06")
def test_without_a_ladder_a_request_is_looked_at_again_when_its_response_is_due():
    bare = replace(standard(), escalation=())
    plan = decide(seen(an_issue(fields={Field.REQUEST_KIND: "inquiry"})), bare)
    # four working hours from 09:00 with lunch from 12:00 to 13:30
    assert plan.recheck_at == MONDAY + timedelta(hours=5, minutes=30)
    assert not plan


@pytest.mark.clause("M06")
@pytest.mark.clause("M30")
def test_a_request_without_response_past_its_target_is_raised_to_the_leader():
    issue = an_issue(fields={Field.REQUEST_KIND: "complaint"})
    plan = decide(seen(issue, now=MONDAY + timedelta(hours=1, seconds=1)), standard())
    assert SetField(Field.ESCALATION_LEVEL, "1") in plan.changes
    assert Watch(LEADER) in plan.changes
    assert "M06" in comment(plan, "M06")


@pytest.mark.clause("M06")
@pytest.mark.parametrize(
    ("entry", "counts"),
    [
        (said(SERVICE, "马上看", after=timedelta(minutes=20)), True),
        (said(SERVICE, "内部", after=timedelta(minutes=20), private=True), False),
        (said("customer", "在吗", after=timedelta(minutes=20)), False),
        (said(BOT, "自动", after=timedelta(minutes=20)), False),
        (moved(SERVICE, Stage.IN_PROGRESS), True),
        (set_by(SERVICE, Field.SEVERITY, "major"), False),
    ],
)
def test_only_a_public_word_or_a_move_of_our_people_is_a_response(entry, counts):
    issue = an_issue(fields={Field.REQUEST_KIND: "complaint"}, history=(entry,))
    plan = decide(seen(issue, now=MONDAY + timedelta(hours=3)), standard())
    assert (level_wanted(plan) == "") is counts


@pytest.mark.clause("M06")
def test_a_late_response_is_kept_on_record_without_further_escalation():
    issue = an_issue(
        fields={Field.REQUEST_KIND: "complaint"}, history=(said(SERVICE, "抱歉", after=timedelta(hours=2)),)
    )
    plan = decide(seen(issue, now=MONDAY + timedelta(hours=3)), standard())
    assert "2026-11-23 11:00" in comment(plan, "M06")
    assert level_wanted(plan) == ""


@pytest.mark.clause("M06")
def test_a_call_recorded_by_service_staff_was_answered_while_it_lasted():
    issue = an_issue(fields={Field.CHANNEL: "phone"})
    assert not decide(seen(issue, now=MONDAY + timedelta(days=2)), standard())


@pytest.mark.clause("M06")
def test_the_clock_starts_when_the_customer_asked_not_when_it_was_recorded():
    issue = an_issue(
        author=OUTSIDER, fields={Field.REQUEST_KIND: "complaint", Field.RECEIVED_AT: "2026-11-20 17:30"}
    )
    plan = decide(seen(issue, now=MONDAY + timedelta(minutes=31)), standard())
    assert SetField(Field.ESCALATION_LEVEL, "1") in plan.changes


@pytest.mark.clause("M05")
def test_an_unmapped_status_is_said_on_the_issue():
    plan = decide(seen(an_issue(stage=None, status="奇怪")), standard())
    assert "奇怪" in comment(plan, "M05")


@pytest.mark.clause("M14")
@pytest.mark.clause("M25")
@pytest.mark.clause("M60")
@pytest.mark.parametrize(
    ("kind", "prefix"),
    [
        ("service_plan", "CSP"),
        ("service_report", "CSR"),
        ("maintenance_plan", "PMP"),
        ("maintenance_report", "PMR"),
    ],
)
def test_a_drafted_document_issue_gets_its_document(kind, prefix):
    fields = {Field.DOCUMENT_KIND: kind, Field.PERIOD: "2026-Q4"}
    plan = decide(seen(an_issue(IssueKind.DOCUMENT, Stage.DRAFT, fields=fields)), standard())
    assert IssueDocument(f"{prefix}-erp-2026-Q4", kind, "erp", "2026-Q4") in plan.changes


@pytest.mark.clause("M39")
def test_a_report_that_hangs_on_the_issue_is_not_written_again():
    fields = {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: "2026-Q4"}
    issue = an_issue(IssueKind.DOCUMENT, Stage.DRAFT, fields=fields, attachments=("CSR-erp-2026-Q4-v2.docx",))
    assert not decide(seen(issue), standard())


@pytest.mark.clause("M14")
@pytest.mark.parametrize("period", ["", "2026-Q5", "明年", "2026-13"])
def test_a_period_that_is_not_understood_is_explained(period):
    fields = {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: period}
    plan = decide(seen(an_issue(IssueKind.DOCUMENT, Stage.DRAFT, fields=fields)), standard())
    assert "M14" in comment(plan, "M14")
