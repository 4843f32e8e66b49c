"""M72: by when a report on a period is to be with the leader."""

from datetime import datetime, time, timedelta

from svc_plugin.domain.moments import period_bounds
from svc_plugin.domain.working_time import WorkCalendar, add_working


def report_due(period: str, within: timedelta | None, calendar: WorkCalendar) -> datetime | None:
    """Return the moment at which ``within`` of working time has passed since ``period`` ended.

    None without a target and for a period that is not understood. Raises ``ValueError`` when nobody works
    any more.
    """
    bounds = period_bounds(period)
    if bounds is None or within is None:
        return None
    return add_working(calendar, datetime.combine(bounds[1], time(), calendar.zone), within)
