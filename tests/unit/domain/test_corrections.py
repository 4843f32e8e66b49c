"""An issued report stays; what the record tells otherwise is told in the next one (M76)."""

from dataclasses import replace
from datetime import date

import pytest

from svc_plugin.domain.figures.corrections import corrections
from svc_plugin.domain.figures.model import Edit, Effort, Figure
from svc_plugin.domain.model import FieldChange, HistoryEntry, Issue, IssueRef, TimeEntry
from svc_plugin.domain.report import customer_service_report, product_maintenance_report
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.documents.company import POLICY, REGISTERS
from tests.documents.upkeep import LIU, ZHAO, local, work

NOVEMBER, DECEMBER = local("2026-11-03 09:00"), local("2026-12-03 09:00")


def maintenance(*issues: Issue, period="2026-11", now=DECEMBER, issued=None):
    return product_maintenance_report(
        issues, REGISTERS, POLICY, product="erp", period=period, now=now, issued=issued
    )


def service(*issues: Issue, period="2026-11", now=DECEMBER, issued=None):
    return customer_service_report(
        issues, REGISTERS, POLICY, product="erp", period=period, now=now, issued=issued
    )


def a_defect(key: str = "1", **more: str) -> Issue:
    return work(key, "2026-10-12 09:00", "缺陷", Stage.CLASSIFIED, maintenance_class="corrective", **more)


def spent(issue: Issue, *hours: float) -> Issue:
    entries = tuple(TimeEntry(str(n), LIU, date(2026, 10, 20), h) for n, h in enumerate(hours))
    return replace(issue, time_entries=entries)


def told(report) -> list[tuple[str, str, float, float, list[str]]]:
    return [(c.key, c.name, c.before, c.after, [r.key for r in c.refs]) for c in report.corrections]


@pytest.mark.clause("M76")
def test_hours_booked_after_the_report_was_issued_are_a_correction_of_effort_and_cost():
    issued = maintenance(spent(a_defect(), 4.0), period="2026-10", now=NOVEMBER)
    found = maintenance(spent(a_defect(), 4.0, 1.5), issued=issued)
    assert found.corrected == "2026-10"
    assert told(found) == [("effort", "刘洋", 4.0, 5.5, ["1"]), ("cost", "labour", 1200.0, 1650.0, ["1"])]


@pytest.mark.clause("M76")
def test_a_requirement_entered_late_is_a_correction_of_the_numbers():
    issued = maintenance(a_defect(), period="2026-10", now=NOVEMBER)
    late = replace(a_defect("2"), created_at=local("2026-11-05 09:00"), history=())
    late = replace(late, fields={**late.fields, Field.RECEIVED_AT: "2026-10-30 15:00"})
    found = told(maintenance(a_defect(), late, issued=issued))
    assert found == [
        ("maintenance_class.received", "corrective", 1, 2, ["2"]),
        ("maintenance_class.received", "total", 1, 2, ["2"]),
    ]


@pytest.mark.clause("M76")
def test_a_record_that_says_the_same_has_no_corrections():
    issued = maintenance(spent(a_defect(), 4.0), period="2026-10", now=NOVEMBER)
    found = maintenance(spent(a_defect(), 4.0), issued=issued)
    assert (found.corrected, found.corrections) == ("2026-10", ())


def test_without_an_issued_report_nothing_is_compared():
    found = maintenance(a_defect())
    assert (found.corrected, found.corrections) == ("", ())


def a_request(*history: HistoryEntry, kind: str) -> Issue:
    at = local("2026-10-12 09:00")
    fields = {Field.REQUEST_KIND: kind, Field.CUSTOMER: "c1", Field.CHANNEL: "phone"}
    return Issue(
        ref=a_defect().ref, kind=IssueKind.SERVICE_REQUEST, stage=Stage.REGISTERED, status="", title="要求",
        created_at=at, updated_at=at, author="wang.fang", product="erp", fields=fields, history=history,
    )  # fmt: skip


def edited(text: str, old: str, new: str, field: Field = Field.REQUEST_KIND) -> HistoryEntry:
    return HistoryEntry(local(text), "wang.fang", changes=(FieldChange(field, old, new),))


@pytest.mark.clause("M76")
def test_a_kind_changed_after_the_period_is_named_in_the_next_report_and_not_counted_in_the_old_one():
    changed = edited("2026-11-05 10:00", "inquiry", "fault")
    before = service(a_request(kind="inquiry"), period="2026-10", now=NOVEMBER)
    after = service(a_request(changed, kind="fault"), period="2026-10")
    assert after == before
    edits = service(a_request(changed, kind="fault"), issued=before).edits
    assert [(e.field, e.old, e.new, e.by) for e in edits] == [
        (Field.REQUEST_KIND, "inquiry", "fault", "王芳")
    ]


@pytest.mark.clause("M76")
def test_every_edit_of_an_earlier_issue_is_told_with_who_made_it_and_when():
    def asked(key: str, created: str, *history: HistoryEntry):
        return replace(
            a_request(*history, kind="fault"),
            ref=IssueRef("main", key),
            created_at=local(created),
            history=history,
        )

    first, last = "2026-11-01 00:00", "2026-11-30 23:59"
    found = service(
        asked("1", first, edited(last, "inquiry", "fault")),  # of this period
        asked(
            "3", "2026-10-31 23:59", edited(last, "email", "phone", Field.CHANNEL), edited(last, "a", " a ")
        ),
        asked("2", "2026-10-12 09:00", edited(first, "inquiry", "fault")),
    ).edits
    assert found == (
        Edit(IssueRef("main", "2"), "要求", Field.REQUEST_KIND, "inquiry", "fault", "王芳", local(first)),
        Edit(IssueRef("main", "3"), "要求", Field.CHANNEL, "email", "phone", "王芳", local(last)),
    )


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(edited("2026-11-05 10:00", "", "fault"), id="filled in"),
        pytest.param(edited("2026-11-05 10:00", "慢", "好", Field.MEASURE), id="not counted under"),
        pytest.param(edited("2026-12-01 10:00", "inquiry", "fault"), id="after this period"),
        pytest.param(edited("2026-10-31 23:59", "inquiry", "fault"), id="before this period"),
    ],
)
def test_what_is_no_correction_of_an_earlier_period_is_not_listed(entry):
    assert service(a_request(entry, kind="fault")).edits == ()


@pytest.mark.clause("M76")
def test_a_heading_that_is_new_or_gone_counts_as_nothing_on_the_other_side():
    issued = maintenance(spent(a_defect(), 4.0), period="2026-10", now=NOVEMBER)
    (entry,) = spent(a_defect(), 4.0).time_entries
    other = replace(a_defect(), time_entries=(replace(entry, account=ZHAO),))
    assert told(maintenance(other, issued=issued)) == [
        ("effort", "刘洋", 4.0, 0.0, ["1"]),
        ("cost", "labour", 1200.0, 0.0, ["1"]),
        ("effort", "赵磊", 0.0, 4.0, ["1"]),
    ]


@pytest.mark.clause("M76")
def test_half_an_hour_is_a_correction_and_what_no_clock_can_show_is_none():
    issued = maintenance(a_defect(), period="2026-10", now=NOVEMBER)

    def booked(hours: float):
        return replace(issued, efforts=(Effort("刘洋", Figure(hours, (a_defect().ref,))),))

    assert [c.after for c in corrections(booked(4.0), booked(4.5))] == [4.5]
    assert list(corrections(booked(0.0), booked(1e-12))) == []


@pytest.mark.clause("M76")
def test_a_request_that_was_entered_late_corrects_what_was_received_and_done():
    issued = service(period="2026-10", now=NOVEMBER)
    done = HistoryEntry(local("2026-10-30 16:00"), "wang.fang", Stage.REGISTERED, Stage.CLOSED)
    late = replace(a_request(done, kind="inquiry"), stage=Stage.CLOSED)
    found = told(service(late, issued=issued))
    assert found == [
        ("request_kind.received", "inquiry", 0, 1, ["1"]),
        ("request_kind.done", "inquiry", 0, 1, ["1"]),
        ("request_kind.received", "total", 0, 1, ["1"]),
        ("request_kind.done", "total", 0, 1, ["1"]),
    ]
    work_done = maintenance(
        replace(a_defect(), stage=Stage.CLOSED, history=(done,)),
        issued=maintenance(period="2026-10", now=NOVEMBER),
    )
    assert ("maintenance_class.done", "corrective", 0, 1, ["1"]) in told(work_done)
