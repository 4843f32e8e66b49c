"""Time spent: booked and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from svc_plugin.standins.jira import events, journal
from svc_plugin.standins.jira.errors import Refused
from svc_plugin.standins.jira.json_values import text, whole
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.state import Issue, Item, Worklog


def add_worklog(site: Site, person: Person, issue: Issue, data: Mapping[str, object]) -> Worklog:
    """Book time and tell the webhooks. Raises ``Refused`` (400)."""
    if not site.may(person, "WORK_ON_ISSUES", issue.project):
        raise Refused(400, "You do not have the permission to log work on this issue.")
    seconds = whole(data.get("timeSpentSeconds"), 0)
    if seconds < 60:
        raise Refused(400, errors={"timeLogged": "You must indicate the time spent working."})
    now = site.now()
    made = Worklog(
        site.state.next_id("worklog"),
        person,
        _started(data, now),
        seconds,
        text(data.get("comment")),
        now,
        now,
    )
    _booked(site, person, issue, made, gone=False)
    return made


def _started(data: Mapping[str, object], now: datetime) -> datetime:
    if "started" not in data:
        return now
    try:
        return datetime.strptime(text(data["started"]), "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC)
    except ValueError as error:
        raise Refused(400, errors={"started": f"Unable to parse date '{data['started']}'."}) from error


def drop_worklog(site: Site, person: Person, issue: Issue, worklog: Worklog) -> None:
    """Delete a booking of one's own and tell the webhooks. Raises ``Refused`` (400)."""
    if worklog.author != person:
        raise Refused(400, "You do not have the permission to delete this worklog.")
    _booked(site, person, issue, worklog, gone=True)


def _booked(site: Site, person: Person, issue: Issue, worklog: Worklog, *, gone: bool) -> None:
    before = sum(item.seconds for item in issue.worklogs)
    if gone:
        issue.worklogs.remove(worklog)
    else:
        issue.worklogs.append(worklog)
    after = sum(item.seconds for item in issue.worklogs)
    old, new = (str(one) if one else None for one in (before, after))
    items = (
        Item("timespent", "timespent", custom=False, old=(old, old), new=(new, new)),
        Item(
            "WorklogId", "WorklogId", custom=False, old=(str(worklog.id), str(worklog.id)), new=(None, None)
        ),
    )
    entry = journal.write(site, issue, person, items[: 2 if gone else 1])
    events.worklog_event(site, "deleted" if gone else "created", issue, worklog)
    event = "issue_worklog_deleted" if gone else "issue_work_logged"
    events.issue_updated(site, issue, person, entry, event)
