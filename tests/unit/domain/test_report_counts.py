"""How the figures of a customer service report add up, and over which months."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from svc_plugin.domain.figures.model import Figure
from svc_plugin.domain.figures.window import before, window_of
from svc_plugin.domain.model import HistoryEntry, Issue, TimeEntry
from svc_plugin.domain.vocabulary import Field, Stage
from tests.documents.company import ZONE
from tests.unit.domain.report_kit import (
    ANSWER,
    CHEN,
    CLOSING,
    LIU,
    PAPER,
    REQUEST,
    SURVEY,
    TASK,
    TRAINING,
    WANG,
    WORK,
    ZHANG,
    did,
    issue,
    ref,
    report,
    told,
)


def test_tasks_are_counted_by_kind():
    visit = issue("32", TASK, Stage.CLOSED, {Field.TASK_KIND: "visit"}, CLOSING, created="2026-10-05 09:00")
    strange = issue("33", TASK, Stage.OPEN, {Field.TASK_KIND: "party"})
    before_it = did("2026-10-20 09:00", moved_from=Stage.OPEN, moved_to=Stage.CLOSED)
    earlier = issue(
        "34", TASK, Stage.CLOSED, {Field.TASK_KIND: "visit"}, before_it, did("2026-11-03 09:00", note="谢谢"),
        created="2026-10-05 09:00",
    )  # fmt: skip
    tallies = {one.kind: one for one in report(TRAINING, SURVEY, visit, strange, earlier).task_tallies}
    assert list(tallies)[-1] == "party"
    counted = {
        kind: ([r.key for r in one.all.refs], [r.key for r in one.done.refs], [r.key for r in one.open.refs])
        for kind, one in tallies.items()
        if one.all.value
    }
    assert counted == {
        "training": (["30"], [], ["30"]),
        "survey": (["31"], ["31"], []),
        "visit": (["32", "34"], ["32"], []),
        "party": (["33"], [], ["33"]),
    }


@pytest.mark.clause("M17")
@pytest.mark.clause("M71")
def test_hours_are_added_up_by_person_most_first():
    def spent(key: str, by: str, hours: float, day: str = "2026-11-10") -> TimeEntry:
        return TimeEntry(key, by, date.fromisoformat(day), hours)

    mine = issue("1", REQUEST, Stage.REGISTERED, {}, hours=(spent("1", WANG, 1), spent("2", CHEN, 4)))
    paper = issue(
        "2", PAPER, Stage.DRAFT, {Field.DOCUMENT_KIND: "service_plan"}, hours=(spent("3", WANG, 2.5),)
    )
    other = issue(
        "3", PAPER, Stage.DRAFT, {Field.DOCUMENT_KIND: "maintenance_plan"}, hours=(spent("4", WANG, 9),)
    )
    task = issue("4", TASK, Stage.OPEN, {}, hours=(spent("5", ZHANG, 4), spent("6", WANG, 8, "2026-12-01")))
    work = issue("0", WORK, Stage.REGISTERED, {}, hours=(spent("7", LIU, 9),))
    found = report(work, mine, paper, other, task)
    assert [(one.name, one.hours) for one in found.efforts] == [
        ("陈静", Figure(4.0, (ref("1"),))),
        ("张伟", Figure(4.0, (ref("4"),))),
        ("王芳", Figure(3.5, (ref("1"), ref("2")))),
    ]
    assert found.effort_total == Figure(11.5, (ref("1"), ref("2"), ref("4")))


@pytest.mark.clause("M41")
@pytest.mark.clause("M30")
def test_requests_are_counted_by_kind_channel_customer_and_month():
    def asked(key: str, kind: str, created: str, *history: HistoryEntry, **more: str) -> Issue:
        fields = {Field.REQUEST_KIND: kind, Field.CUSTOMER: "c1", Field.CHANNEL: "email"}
        fields |= {Field(name): value for name, value in more.items()}
        stage = Stage.CLOSED if history and history[-1].moved_to is Stage.CLOSED else Stage.IN_PROGRESS
        return issue(key, REQUEST, stage, fields, *history, created=created)

    statistics = report(
        asked("1", "inquiry", "2026-11-10 09:00", ANSWER, CLOSING),
        asked("2", "inquiry", "2026-12-01 09:00", did("2026-12-01 09:30", note="您好"), customer="c2"),
        asked("3", "fault", "2026-10-12 09:00", channel="system"),
        asked("4", "fault", "2026-09-01 09:00", did("2026-09-02 09:00", moved_to=Stage.CLOSED)),
        asked("5", "fault", "2026-10-08 09:00", received_at="2026-09-29 10:00"),
        period="2026-Q4",
    ).statistics

    def shown(tally) -> list[list[str]]:
        figures = (tally.received, tally.previous, tally.late, tally.done, tally.open)
        return [[one.key for one in figure.refs] for figure in figures]

    kinds = {one.name: one for one in statistics.kinds}
    assert shown(kinds["inquiry"]) == [["1", "2"], [], [], ["1"], ["2"]]
    assert shown(kinds["fault"]) == [["3"], ["4", "5"], ["5"], [], ["5", "3"]]
    assert shown(kinds["complaint"]) == [[], [], [], [], []]
    assert shown(kinds["total"]) == [["3", "1", "2"], ["4", "5"], ["5"], ["1"], ["5", "3", "2"]]
    assert kinds["inquiry"].hours == Figure(11.5, (ref("1"),))
    assert kinds["fault"].hours.value is None
    channels = {one.name: one for one in statistics.channels}
    assert shown(channels["system"])[0] == ["3"]
    assert shown(channels["email"]) == [["1", "2"], ["4", "5"], ["5"], ["1"], ["5", "2"]]
    assert [(one.name, len(one.received.refs)) for one in statistics.customers] == [
        ("上海东方贸易有限公司", 2),
        ("苏州精密机械厂", 1),
    ]
    assert shown(statistics.customers[0])[1] == ["4", "5"]
    months = [
        (one.name, *([r.key for r in figure.refs] for figure in (one.received, one.late, one.done)))
        for one in statistics.months
    ]
    assert months == [
        ("2026-10", ["3"], ["5"], []),
        ("2026-11", ["1"], [], ["1"]),
        ("2026-12", ["2"], [], []),
    ]
    responses = {one.name: one for one in statistics.responses}
    told(
        responses["inquiry"],
        in_time=Figure(1, (ref("2"),)),
        late=Figure(1, (ref("1"),)),
        pending=Figure(0),
        rate=Figure(0.5, (ref("2"), ref("1"))),
        hours=Figure(1.0, (ref("1"), ref("2"))),
    )
    assert responses["total"].rate == Figure(1 / 3, (ref("2"), ref("3"), ref("1")))
    assert responses["complaint"].rate == Figure(None)


@pytest.mark.parametrize(
    ("period", "months", "previous"),
    [
        ("2026-01", ("2026-01",), ("2025-12",)),
        ("2026-12", ("2026-12",), ("2026-11",)),
        ("2026-Q1", ("2026-01", "2026-02", "2026-03"), ("2025-10", "2025-11", "2025-12")),
        (
            "1901",
            tuple(f"1901-{month:02}" for month in range(1, 13)),
            tuple(f"1900-{m:02}" for m in range(1, 13)),
        ),
    ],
)
def test_a_window_knows_its_months_and_as_many_before(period, months, previous):
    window = window_of(period, ZoneInfo("Asia/Shanghai"))
    assert (window.months(), before(window).months()) == (months, previous)
    assert (before(window).end, before(window).first.day) == (window.start, 1)


@pytest.mark.clause("M28")
def test_what_was_asked_for_at_the_very_start_of_a_period_belongs_to_it():
    first = issue("1", REQUEST, Stage.REGISTERED, {Field.RECEIVED_AT: "2026-11-01 00:00"})
    total = report(first).statistics.kinds[-1]
    assert (total.received.value, total.late.value) == (1, 0)


def test_among_as_many_requests_the_customer_without_a_name_stands_last():
    asked = [
        issue(key, REQUEST, Stage.REGISTERED, {Field.CUSTOMER: name})
        for key, name in (("1", ""), ("2", "c1"))
    ]
    assert [one.name for one in report(*asked).statistics.customers] == ["上海东方贸易有限公司", ""]


@pytest.mark.parametrize("period", ["1900", "1899-12"])
def test_what_no_product_is_as_old_as_is_no_period(period):
    with pytest.raises(ValueError, match="is not understood"):
        window_of(period, ZONE)


@pytest.mark.clause("M76")
@pytest.mark.parametrize(
    ("moved_from", "moved_to", "stood"),
    [
        (Stage.IN_PROGRESS, Stage.CLOSED, Stage.IN_PROGRESS),
        (None, Stage.CLOSED, None),  # from a status that is not mapped
        (Stage.IN_PROGRESS, None, Stage.IN_PROGRESS),
        (None, None, Stage.CLOSED),  # no move at all
    ],
)
def test_a_later_move_is_taken_back(moved_from, moved_to, stood):
    later = did("2026-12-01 00:00", moved_from=moved_from, moved_to=moved_to)
    (row,) = report(issue("5", REQUEST, Stage.CLOSED, {}, later)).requests
    assert row.stage is stood
