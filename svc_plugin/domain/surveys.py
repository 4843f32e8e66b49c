"""Surveys: which customers are asked in which period, so that in time all of them are (M29)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from svc_plugin.domain.registers import Customer, Product, Registers, Survey, SurveyEvery

_MONTHS = {SurveyEvery.MONTH: 1, SurveyEvery.QUARTER: 3, SurveyEvery.HALF_YEAR: 6, SurveyEvery.YEAR: 12}


@dataclass(frozen=True, slots=True)
class SurveyPeriod:
    """One round of a survey: ``number`` counts the rounds since the year 0; both days are included."""

    name: str
    number: int
    first: date
    due: date


def rounds(survey: Survey, start: date, end: date) -> Iterator[SurveyPeriod]:
    """Walk the rounds that are due on or after ``start`` and before ``end``, in order."""
    months = _MONTHS[survey.every]
    for number in range(start.year * 12 // months, (end.year + 1) * 12 // months):
        year, part = divmod(number, 12 // months)
        last = part * months + months
        after = date(year + last // 12, last % 12 + 1, 1)
        due = after - timedelta(days=1)
        if survey.due_day:
            due = due.replace(day=survey.due_day)
        if start <= due < end:
            name = _name(survey.every, year, part + 1)
            yield SurveyPeriod(name, number, date(year, part * months + 1, 1), due)


def _name(every: SurveyEvery, year: int, part: int) -> str:
    match every:
        case SurveyEvery.MONTH:
            return f"{year}-{part:02}"
        case SurveyEvery.QUARTER:
            return f"{year}-Q{part}"
        case SurveyEvery.HALF_YEAR:
            return f"{year}-H{part}"
        case SurveyEvery.YEAR:
            return str(year)


def in_turn(registers: Registers, product: Product, period: SurveyPeriod) -> Sequence[Customer]:
    """Return the customers who have the product when a round begins, whose turn it is first.

    Each round begins where the one before ended: all are reached after as few rounds as possible.
    """
    survey = product.survey
    having = [c for c in registers.customers.values() if registers.delivery_of(c, product.key, period.first)]
    if survey is None or not having:
        return ()
    having.sort(key=lambda customer: customer.key)
    start = period.number * survey.size(len(having)) % len(having)
    return [*having[start:], *having[:start]]
