"""What the record tells otherwise now than the report that was issued (M76)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isclose

from svc_plugin.domain.figures.maintenance_model import MaintenanceReport
from svc_plugin.domain.figures.model import Correction, Figure, Report, Tally
from svc_plugin.domain.figures.service_model import ServiceReport


@dataclass(frozen=True, slots=True)
class Named:
    """One figure of a report by its kind and its heading."""

    key: str
    name: str
    figure: Figure


def corrections(issued: Report, now: Report) -> Iterator[Correction]:
    """Compare the figures of a report as it was issued with those that the record gives now."""
    before = {(named.key, named.name): named.figure for named in fixed(issued)}
    after = {(named.key, named.name): named.figure for named in fixed(now)}
    for key, name in dict.fromkeys((*before, *after)):
        old, new = before.get((key, name), Figure(0.0)), after.get((key, name), Figure(0.0))
        changed = set(old.refs) ^ set(new.refs)
        if changed or not isclose(old.value or 0.0, new.value or 0.0, abs_tol=1e-9):
            refs = tuple(sorted(changed)) or new.refs
            yield Correction(key, name, old.value, new.value, refs)


def fixed(report: Report) -> Iterator[Named]:
    """List the figures that may not change once a report was issued."""
    if isinstance(report, ServiceReport):
        yield from _tallied("request_kind", report.statistics.kinds)
    if isinstance(report, MaintenanceReport):
        yield from _tallied("maintenance_class", report.statistics.classes)
    yield from (Named("effort", effort.name, effort.hours) for effort in report.efforts)
    yield from (Named("cost", line.line, line.actual) for line in report.costs.lines)


def _tallied(word: str, tallies: Iterable[Tally]) -> Iterator[Named]:
    for tally in tallies:
        yield Named(f"{word}.received", tally.name, tally.received)
        yield Named(f"{word}.done", tally.name, tally.done)
