"""Rates and costs held against the other registers (M71)."""

from collections.abc import Collection, Sequence
from datetime import date

from svc_plugin.domain.costs import CostLine
from svc_plugin.settings.checks import COSTS, RATES
from svc_plugin.settings.reading import Reader
from svc_plugin.settings.register_files import CostFile, RatesFile


def check_rates(reader: Reader, file: RatesFile, people: Collection[str]) -> None:
    """Refuse a rate for somebody who is not in the register."""
    for account in file.people:
        if account not in people:
            reader.fault(RATES, ("people", account), "person_unknown")


def check_costs(reader: Reader, file: Sequence[CostFile], products: Collection[str], today: date) -> None:
    """Refuse costs of unknown products and coming months, labour, and one line of a month told twice."""
    seen: set[tuple[str, ...]] = set()
    for index, cost in enumerate(file):
        if cost.product not in products:
            reader.fault(COSTS, (index, "product"), "product_unknown", known=", ".join(products))
        if cost.month > f"{today:%Y-%m}":
            reader.fault(COSTS, (index, "month"), "in_future", today=today.isoformat())
        if cost.line is CostLine.LABOUR:
            reader.fault(COSTS, (index, "line"), "cost_labour")
        line = (cost.product, cost.track, cost.month, cost.line)
        if line in seen:
            reader.fault(COSTS, (index, "line"), "doubled")
        seen.add(line)
