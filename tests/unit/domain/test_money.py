"""What hours, travel and contracts come to within a period, and from which issues (M03, M71)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from svc_plugin.domain.costs import Cost, CostLine, Rates, Track
from svc_plugin.domain.figures.effort import booked, by_name, by_person, costs
from svc_plugin.domain.figures.model import CostRow, Costs, Effort, Figure
from svc_plugin.domain.figures.window import window_of
from svc_plugin.domain.model import Issue, IssueRef, TimeEntry
from svc_plugin.domain.registers import Contract, Customer, Registers
from svc_plugin.domain.vocabulary import Role, Stage
from tests.documents.company import REGISTERS, ZONE
from tests.documents.upkeep import LIU, ZHAO, work

PEOPLE = {Role.SERVICE: Decimal(10), Role.MAINTENANCE: Decimal(20), Role.TECHNICIAN: Decimal(30)}


def ref(key: str) -> IssueRef:
    return IssueRef("main", key)


@pytest.mark.clause("M71")
@pytest.mark.parametrize(
    ("roles", "track", "rate"),
    [
        ({Role.SERVICE, Role.MAINTENANCE}, Track.SERVICE, 10),
        ({Role.SERVICE, Role.MAINTENANCE}, Track.MAINTENANCE, 20),
        ({Role.MAINTENANCE, Role.TECHNICIAN}, Track.SERVICE, 20),
        ({Role.TECHNICIAN}, Track.SERVICE, 30),
        ({Role.LEADER}, Track.SERVICE, None),
        (set(), Track.MAINTENANCE, None),
    ],
)
def test_of_several_roles_that_of_the_track_sets_the_rate(roles, track, rate):
    assert Rates({}, PEOPLE).of("somebody", roles, track) == rate
    assert Rates({"somebody": Decimal(7)}, PEOPLE).of("somebody", roles, track) == 7
    assert Rates({"another": Decimal(7)}, PEOPLE).of("somebody", roles, track) == rate


def spent(key: str, *entries: tuple[str, str, float], **fields: str) -> Issue:
    made = work(key, "2026-11-02 09:00", "要求", Stage.IN_WORK, **fields)
    found = (
        TimeEntry(f"{key}-{n}", who, date.fromisoformat(day), h) for n, (who, day, h) in enumerate(entries)
    )
    return replace(made, time_entries=tuple(found))


WORKS = (
    spent("2", (ZHAO, "2026-11-30", 3), (LIU, "2026-11-01", 2), maintenance_class="corrective"),
    spent("1", (LIU, "2026-11-10", 1.5), (LIU, "2026-10-31", 8), (LIU, "2026-12-01", 8)),
)


def entries(track: Track = Track.MAINTENANCE, period: str = "2026-11"):
    return booked(WORKS, REGISTERS, window_of(period, ZONE), track)


@pytest.mark.clause("M62")
def test_hours_of_the_period_are_listed_by_issue_and_added_up_by_person_and_class():
    assert [(e.ref.key, e.account, e.month, e.maintenance_class, e.hours) for e in entries()] == [
        ("1", LIU, "2026-11", "", 1.5),
        ("2", ZHAO, "2026-11", "corrective", 3),
        ("2", LIU, "2026-11", "corrective", 2),
    ]
    assert entries(Track.SERVICE) == ()
    assert by_person(entries(), REGISTERS) == (
        Effort("刘洋", Figure(3.5, (ref("1"), ref("2")))),
        Effort("赵磊", Figure(3.0, (ref("2"),))),
    )
    assert by_name(entries(), lambda e: e.maintenance_class, ("perfective", "corrective")) == (
        Effort("perfective", Figure(0.0)),
        Effort("corrective", Figure(5.0, (ref("2"),))),
        Effort("", Figure(1.5, (ref("1"),))),
    )


@pytest.mark.clause("M62")
def test_of_as_many_hours_the_accounts_stand_in_order():
    day = "2026-11-10"
    same = (spent("1", ("b", day, 1), ("a", day, 1), ("c", day, 2), ("e", day, 0.5), ("d", day, 0)),)
    found = by_person(booked(same, REGISTERS, window_of("2026-11", ZONE), Track.MAINTENANCE), REGISTERS)
    assert [one.name for one in found] == ["c", "a", "b", "e", "d"]


def of_the_register(*lines: tuple[str, Track, str, CostLine, str]) -> Registers:
    found = tuple(
        Cost(product, track, month, line, Decimal(amount)) for product, track, month, line, amount in lines
    )
    return replace(REGISTERS, costs=found)


@pytest.mark.clause("M71")
def test_each_line_stands_with_its_budget_and_what_was_spent_on_it():
    registers = of_the_register(
        ("erp", Track.MAINTENANCE, "2026-11", CostLine.TRAVEL, "100.25"),
        ("erp", Track.MAINTENANCE, "2026-11", CostLine.TRAVEL, "50"),
        ("erp", Track.MAINTENANCE, "2026-11", CostLine.OTHER, "7"),
        ("erp", Track.MAINTENANCE, "2026-12", CostLine.TRAVEL, "999"),
        ("erp", Track.SERVICE, "2026-11", CostLine.TRAVEL, "999"),
        ("crm", Track.MAINTENANCE, "2026-11", CostLine.TRAVEL, "999"),
    )
    found = costs(entries(), registers, window_of("2026-11", ZONE), "erp", Track.MAINTENANCE)
    labour = Figure(3.5 * 300, (ref("1"), ref("2")))
    assert found == Costs(
        lines=(
            CostRow(CostLine.LABOUR, 8_000.0, labour),
            CostRow(CostLine.TRAVEL, 2_000.0, Figure(150.25)),
            CostRow(CostLine.COMMUNICATION, None, Figure(0.0)),
            CostRow(CostLine.TRAINING, None, Figure(0.0)),
            CostRow(CostLine.TEST_ENVIRONMENT, 1_000.0, Figure(0.0)),
            CostRow(CostLine.OTHER, None, Figure(7.0)),
        ),
        budget=11_000.0,
        actual=Figure(3.5 * 300 + 157.25, (ref("1"), ref("2"))),
        unrated=Figure(3.0, (ref("2"),)),
        fee=pytest.approx(30 * 100),
    )


@pytest.mark.clause("M71")
def test_who_works_for_nothing_has_a_rate():
    registers = replace(REGISTERS, rates=Rates({LIU: Decimal(0), ZHAO: Decimal(100)}))
    found = costs(entries(), registers, window_of("2026-11", ZONE), "erp", Track.MAINTENANCE)
    assert (found.actual.value, found.unrated.value) == (1240 + 300, 0)


@pytest.mark.clause("M71")
def test_without_a_budget_nothing_is_planned():
    found = costs(entries(), REGISTERS, window_of("2026-11", ZONE), "unheard", Track.MAINTENANCE)
    assert (found.budget, found.fee, {row.budget for row in found.lines}) == (None, None, {None})
    assert found.actual.value == 3.5 * 300


def fee(period: str, *contracts: tuple[str, str, str, int]) -> float | None:
    agreed = tuple(
        Contract(product, "", date.fromisoformat(first), date.fromisoformat(last), Decimal(amount), "")
        for product, first, last, amount in contracts
    )
    registers = replace(REGISTERS, customers={"c": Customer("c", "c", "", contracts=agreed)})
    return costs((), registers, window_of(period, ZONE), "erp", Track.SERVICE).fee


@pytest.mark.clause("M03")
@pytest.mark.parametrize(
    ("period", "contracts", "amount"),
    [
        ("2026-11", [("erp", "2026-11-01", "2026-11-30", 900)], 900),
        ("2026-11", [("erp", "2026-11-30", "2026-12-29", 900)], 30),
        ("2026-11", [("erp", "2026-10-03", "2026-11-01", 900)], 30),
        ("2026-11", [("erp", "2026-12-01", "2026-12-30", 900)], 0),
        ("2026-11", [("erp", "2026-01-01", "2026-10-31", 900)], 0),
        ("2026", [("erp", "2026-01-01", "2026-12-31", 365), ("erp", "2026-03-01", "2026-03-01", 9)], 374),
        ("2026-11", [("crm", "2026-11-01", "2026-11-30", 900)], None),
    ],
)
def test_a_fee_is_spread_evenly_over_the_days_of_its_contract(period, contracts, amount):
    assert fee(period, *contracts) == (None if amount is None else pytest.approx(amount))
