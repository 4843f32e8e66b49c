"""How maintenance is counted: by class, source and severity, by age, and by what customers thought of it."""

from dataclasses import replace

import pytest

from svc_plugin.domain.figures.maintenance_model import DefectAge, MaintenanceStatistics
from svc_plugin.domain.figures.model import Effort, Figure, Tally
from svc_plugin.domain.model import Issue, IssueRef, origin_marker
from svc_plugin.domain.report import product_maintenance_report
from svc_plugin.domain.vocabulary import IssueKind, Stage
from tests.documents.company import AFTER, POLICY, REGISTERS
from tests.documents.upkeep import booked, local, moved, work


def ref(key: str) -> IssueRef:
    return IssueRef("main", key)


def counted(*issues: Issue, period: str = "2026-11", now=AFTER) -> MaintenanceStatistics:
    return product_maintenance_report(
        issues, REGISTERS, POLICY, product="erp", period=period, now=now
    ).statistics


def defect(key: str, created: str, done: str = "", **fields: str) -> Issue:
    given = {"maintenance_class": "corrective", "customer": "c1", "source": "customer", **fields}
    found = work(key, created, "缺陷", Stage.CLASSIFIED, **given)
    return moved(found, done, Stage.CLOSED) if done else found


def keys(figure: Figure) -> list[str]:
    return [one.key for one in figure.refs]


@pytest.mark.clause("M42")
@pytest.mark.clause("M62")
def test_each_class_source_and_customer_has_its_numbers_of_this_period_and_of_the_one_before():
    found = counted(
        defect("1", "2026-11-02 09:00", "2026-11-02 11:00"),
        defect("2", "2026-10-12 09:00"),
        defect("3", "2026-11-03 09:00", received_at="2026-10-30 09:00", source="internal", customer="c2"),
        work("4", "2026-11-04 09:00", "新", Stage.REGISTERED, source="customer", customer="c1"),
    )
    classes = {tally.name: tally for tally in found.classes}
    assert list(classes) == ["corrective", "perfective", "", "total"]
    assert classes["corrective"] == Tally(
        name="corrective",
        received=Figure(1, (ref("1"),)),
        previous=Figure(2, (ref("2"), ref("3"))),
        late=Figure(1, (ref("3"),)),
        done=Figure(1, (ref("1"),)),
        open=Figure(2, (ref("2"), ref("3"))),
        hours=Figure(2.0, (ref("1"),)),
    )
    assert keys(classes["total"].received) == ["1", "4"]
    assert {tally.name: (keys(tally.received), keys(tally.previous)) for tally in found.sources} == {
        "customer": (["1", "4"], ["2"]),
        "internal": ([], ["3"]),
    }
    assert [(t.name, keys(t.received), keys(t.previous)) for t in found.customers] == [
        ("上海东方贸易有限公司", ["1", "4"], ["2"]),
        ("苏州精密机械厂", [], ["3"]),
    ]
    assert [(m.name, keys(m.received), keys(m.late), keys(m.done)) for m in found.months] == [
        ("2026-11", ["1", "4"], ["3"], ["1"])
    ]


@pytest.mark.clause("M44")
def test_defects_of_the_period_are_judged_by_severity_and_wishes_are_not():
    found = counted(
        defect("1", "2026-11-02 09:00", "2026-11-02 11:00", severity="critical"),
        defect("2", "2026-11-02 09:00", "2026-11-06 11:00", severity="critical"),
        defect("3", "2026-11-27 17:00", severity="odd"),
        defect("4", "2026-11-02 09:00", "2026-11-02 12:00"),
        defect("5", "2026-10-12 09:00", "2026-11-02 11:00", severity="critical"),  # of the month before
        work(
            "6",
            "2026-11-02 09:00",
            "新",
            Stage.CLASSIFIED,
            maintenance_class="perfective",
            severity="critical",
        ),
    ).resolutions
    assert [tally.name for tally in found] == ["critical", "major", "normal", "minor", "odd", "", "total"]
    tallies = {tally.name: tally for tally in found}
    critical, total = tallies["critical"], tallies["total"]
    assert (keys(critical.in_time), keys(critical.late), critical.rate.value) == (["1"], ["2"], 0.5)
    assert critical.hours.value == (2 + 4 * 7.5 + 2) / 2
    assert (keys(tallies["odd"].pending), keys(tallies[""].in_time)) == (["3"], ["4"])
    assert (keys(total.in_time), keys(total.late), keys(total.pending)) == (["1", "4"], ["2"], ["3"])


@pytest.mark.clause("M42")
def test_open_defects_have_their_age_in_days_until_the_end_of_the_period_or_now():
    issues = (
        defect("1", "2026-11-20 12:00", severity="major"),
        defect("2", "2026-11-27 00:00", severity="major"),
        defect("3", "2026-11-28 00:00", "2026-11-29 00:00", severity="major"),
        defect("4", "2026-11-28 00:00"),
    )
    ages = {age.severity: age for age in counted(*issues).defects}
    assert ages["major"] == DefectAge(
        "major",
        Figure(2, (ref("1"), ref("2"))),
        Figure(7.25, (ref("1"), ref("2"))),
        Figure(10.5, (ref("1"),)),
    )
    assert ages[""].oldest_days == Figure(3.0, (ref("4"),))
    assert ages["critical"] == DefectAge("critical", Figure(0), Figure(None), Figure(None))
    sooner = {age.severity: age for age in counted(*issues, now=local("2026-11-28 12:00")).defects}
    assert sooner["major"].mean_days.value == (8 + 1.5) / 2


@pytest.mark.clause("M62")
def test_hours_stand_under_every_class_and_every_month_of_the_period():
    spent = booked(
        defect("1", "2026-10-05 09:00"), ("liu.yang", "2026-10-06", 2.0), ("liu.yang", "2026-12-31", 1.5)
    )
    found = counted(spent, period="2026-Q4")
    assert found.effort_by_class == (
        Effort("corrective", Figure(3.5, (ref("1"),))),
        Effort("perfective", Figure(0.0)),
    )
    assert found.effort_by_month == (
        Effort("2026-10", Figure(2.0, (ref("1"),))),
        Effort("2026-11", Figure(0.0)),
        Effort("2026-12", Figure(1.5, (ref("1"),))),
    )
    assert (found.capacity, counted(period="2026").capacity) == (360.0, 1440.0)


@pytest.mark.clause("M42")
def test_a_product_of_which_nobody_said_how_much_it_can_bear_has_no_capacity():
    bare = replace(REGISTERS, products={"erp": replace(REGISTERS.products["erp"], capacity_hours=None)})
    found = product_maintenance_report([], bare, POLICY, product="erp", period="2026-11", now=AFTER)
    assert found.statistics.capacity is None


@pytest.mark.clause("M64")
def test_a_request_behind_two_works_is_asked_for_its_scores_once():
    def request(key: str, product: str, service: str) -> Issue:
        found = work(
            key, "2026-11-02 09:00", "要求", Stage.IN_PROGRESS, score_product=product, score_service=service
        )
        return replace(found, kind=IssueKind.SERVICE_REQUEST)

    def became(key: str, request: str) -> Issue:
        return defect(key, "2026-11-02 09:00", origin=origin_marker("M32", ref(request)))

    found = counted(
        request("1", "5", "3"), request("2", "2", ""), request("3", "1", "1"),
        became("11", "2"), became("12", "1"), became("13", "1"), defect("14", "2026-11-02 09:00"),
    )  # fmt: skip
    assert found.score_product == Figure(3.5, (ref("1"), ref("2")))
    assert found.score_service == Figure(3.0, (ref("1"),))
