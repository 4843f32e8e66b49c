"""Hours and money: who worked how long on what, and what that and the rest cost (M17, M62, M71)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import fsum

from svc_plugin.domain.costs import CostLine, Track
from svc_plugin.domain.figures.common import track_of
from svc_plugin.domain.figures.model import CostRow, Costs, Effort, Figure, Workload
from svc_plugin.domain.figures.tallies import grouped
from svc_plugin.domain.figures.window import Window, done_at, is_open, text_of
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.registers import Contract, Registers
from svc_plugin.domain.vocabulary import Field

_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Booked:
    """One time entry with what it is added up under; ``month`` is ``2026-11``."""

    ref: IssueRef
    account: str
    month: str
    maintenance_class: str
    hours: float


def booked(issues: Iterable[Issue], registers: Registers, window: Window, track: Track) -> tuple[Booked, ...]:
    """List the hours booked within the period on one track's issues.

    What was booked on the other track's issues belongs into the other report.
    """
    return tuple(
        Booked(
            issue.ref,
            entry.account,
            f"{entry.spent_on:%Y-%m}",
            text_of(issue, Field.MAINTENANCE_CLASS),
            entry.hours,
        )
        for issue in sorted(issues, key=lambda i: i.ref)
        if track_of(issue, registers) is track
        for entry in issue.time_entries
        if window.holds_day(entry.spent_on)
    )


def total(entries: Iterable[Booked]) -> Figure:
    """Add up hours."""
    found = tuple(entries)
    return Figure(fsum(entry.hours for entry in found), tuple(dict.fromkeys(e.ref for e in found)))


def by_person(entries: Sequence[Booked], registers: Registers) -> tuple[Effort, ...]:
    """Add up by person, most hours first."""
    people = grouped(entries, lambda entry: entry.account)
    sums = {account: total(found) for account, found in people.items()}
    ranked = sorted(sums, key=lambda account: (-(sums[account].value or 0.0), account))
    return tuple(Effort(registers.name_of(account), sums[account]) for account in ranked)


def by_name(
    entries: Sequence[Booked], name_of: Callable[[Booked], str], names: Iterable[str]
) -> tuple[Effort, ...]:
    """Add up under ``names`` in their order, then under whatever else there is."""
    found = grouped(entries, name_of)
    named = tuple(names)
    others = sorted(set(found) - set(named))
    return tuple(Effort(name, total(found[name])) for name in (*named, *others))


def workloads(
    issues: Iterable[Issue],
    entries: Sequence[Booked],
    registers: Registers,
    window: Window,
    product: str,
    track: Track,
) -> tuple[Workload, ...]:
    """Tell for each appointed person, and whoever else helped, what was in hand (M17).

    ``issues`` are those of the period.
    """
    held = grouped(issues, lambda issue: issue.assignee)
    spent = grouped(entries, lambda entry: entry.account)
    staff = registers.staff_of(track, product)
    others = sorted(({*held, *spent} - {""}) - set(staff))

    def line(account: str) -> Workload:
        mine = held[account]
        done = (issue.ref for issue in mine if (at := done_at(issue)) and window.holds(at))
        return Workload(
            name=registers.name_of(account),
            handled=Figure.count(tuple(issue.ref for issue in mine)),
            done=Figure.count(tuple(done)),
            open=Figure.count(tuple(issue.ref for issue in mine if is_open(issue))),
            hours=total(spent[account]),
        )

    return tuple(line(account) for account in (*staff, *others))


def costs(
    entries: Sequence[Booked], registers: Registers, window: Window, product: str, track: Track
) -> Costs:
    """Hold what was spent against the budget: hours at their rates, and the register of costs (M71).

    A period has as many twelfths of the year's budget as it has months.
    """
    known = registers.products.get(product)
    planned: Mapping[CostLine, Decimal] = (known.budget.get(track) if known else None) or {}
    months = window.months()
    share = len(months) / _MONTHS_A_YEAR
    spent: dict[CostLine, list[float]] = defaultdict(list)
    for cost in registers.costs:
        if (cost.product, cost.track) == (product, track) and cost.month in months:
            spent[cost.line].append(float(cost.amount))
    labour, unrated = _labour(entries, registers, track)
    lines = tuple(
        CostRow(
            line,
            float(planned[line]) * share if line in planned else None,
            labour if line is CostLine.LABOUR else Figure(fsum(spent[line])),
        )
        for line in CostLine
    )
    return Costs(
        lines=lines,
        budget=fsum(row.budget for row in lines if row.budget is not None) if planned else None,
        actual=Figure(fsum(row.actual.value or 0.0 for row in lines), labour.refs),
        unrated=unrated,
        fee=_fees(registers, window, product),
    )


def _labour(entries: Sequence[Booked], registers: Registers, track: Track) -> tuple[Figure, Figure]:
    """Return what the hours cost, and the hours for which there is no rate."""
    rates = {account: registers.rate_of(account, track) for account in {e.account for e in entries}}
    rated = [entry for entry in entries if rates[entry.account] is not None]
    money = fsum(entry.hours * float(rates[entry.account] or 0) for entry in rated)
    refs = tuple(dict.fromkeys(entry.ref for entry in rated))
    return Figure(money, refs), total(entry for entry in entries if rates[entry.account] is None)


def _fees(registers: Registers, window: Window, product: str) -> float | None:
    contracts = [c for one in registers.customers.values() for c in one.contracts if c.product == product]
    return (
        fsum(_fee_within(contract, window.first, window.last) for contract in contracts)
        if contracts
        else None
    )


def _fee_within(contract: Contract, first: date, last: date) -> float:
    """Return the part of a fee that falls on the days from ``first`` to ``last``."""
    whole = contract.ends_on - contract.starts_on + timedelta(days=1)
    common = min(contract.ends_on, last) - max(contract.starts_on, first) + timedelta(days=1)
    return float(contract.fee) * max(common, timedelta()).days / whole.days
