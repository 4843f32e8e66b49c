"""Dates and moments as people type them into a tracker's fields."""

from datetime import date, datetime, tzinfo

_FIRST_YEAR, _LAST_YEAR = 1900, 9998


def read_moment(text: str, zone: tzinfo) -> datetime | None:
    """Read ``2026-11-22 09:30`` (in ``zone``) or ISO 8601 with an offset; None when it is neither.

    A moment before 1900 or after 9998 is a slip of the pen, and no arithmetic is done on it.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def read_day(text: str) -> date | None:
    """Read a day like ``2026-11-22``; None when it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def read_number(text: str) -> float | None:
    """Read a finite number; None when the text is none."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def period_bounds(period: str) -> tuple[date, date] | None:
    """Return the first day of a period and the first day after it; None when it is not understood.

    Periods are a year ``2026``, a quarter ``2026-Q4`` or a month ``2026-11``.
    """
    year_text, dash, part = period.strip().partition("-")
    if not (year_text.isdecimal() and len(year_text) == 4 and 1 <= int(year_text) <= _LAST_YEAR):
        return None
    year = int(year_text)
    if not dash:
        return date(year, 1, 1), date(year + 1, 1, 1)
    if part[:1] == "Q" and part[1:] in {"1", "2", "3", "4"}:
        return _months(year, 3 * int(part[1:]) - 2, 3)
    if part.isdecimal() and len(part) == 2 and 1 <= int(part) <= 12:
        return _months(year, int(part), 1)
    return None


def period_before(period: str) -> str:
    """Return the period of the same kind that ends where ``period`` begins, "" when it is not understood."""
    bounds = period_bounds(period)
    if bounds is None:
        return ""
    first, after = bounds
    months = (after.year - first.year) * 12 + after.month - first.month
    start = first.year * 12 + first.month - 1 - months
    year, month = start // 12, start % 12 + 1
    if months == 12:
        return f"{year:04}"
    return f"{year:04}-Q{(month + 2) // 3}" if months == 3 else f"{year:04}-{month:02}"


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    after = first + count
    return date(year, first, 1), date(year + (after > 12), (after - 1) % 12 + 1, 1)
