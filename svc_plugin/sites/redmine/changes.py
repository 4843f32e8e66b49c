"""Walking what changed on a Redmine, oldest change first, without losing what changes meanwhile."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Changed
from svc_plugin.sites.redmine.client import PAGE, Client, Json
from svc_plugin.sites.redmine.directory import Directory
from svc_plugin.sites.redmine.reader import moment

_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Walker:
    """Walks the issues of the mapped projects (``projects``: their identifiers) of one site."""

    name: str
    client: Client
    directory: Directory
    projects: Sequence[str]

    def changed_since(self, since: datetime | None) -> Iterator[Changed]:
        """Walk every issue changed, or booked hours on, at or after ``since`` (None: all issues).

        Redmine keeps fractions of seconds that it does not show: its answer may begin up to a second
        early. Hours that are edited long after they were booked are not seen (Redmine cannot be asked).
        """
        known = (self.directory.project(key) for key in self.projects)
        numbers = [project.id for project in known if project]
        walks = [self._issues(number, since or _START) for number in numbers]
        hours = self._hours(frozenset(numbers), since) if since else ()
        seen: set[Changed] = set()
        for changed in heapq.merge(*walks, hours, key=lambda one: one.updated_at):
            if changed not in seen:
                seen.add(changed)
                yield changed

    def _issues(self, project: int, since: datetime) -> Iterator[Changed]:
        """Walk by time and not by page: an issue that changes meanwhile shifts all pages after it."""
        offset = 0
        while True:
            rows = self._page(project, since, offset)
            for row in rows:
                yield self._changed(row["id"], row)
            if len(rows) < PAGE:
                return
            latest = moment(rows[-1]["updated_on"])
            # a whole page of one second can only be walked on by page
            offset = offset + PAGE if latest <= since else 0
            since = max(since, latest)

    def _page(self, project: int, since: datetime, offset: int) -> Sequence[Json]:
        rows: Sequence[Json] = self.client.get(
            "/issues.json",
            project_id=project,
            subproject_id="!*",
            status_id="*",
            updated_on=f">={since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            sort="updated_on:asc,id:asc",
            limit=PAGE,
            offset=offset,
        )["issues"]
        return rows

    def _hours(self, projects: frozenset[int], since: datetime) -> Sequence[Changed]:
        """Find hours booked since then: they do not touch their issue, and cannot be asked for by moment."""
        found: list[Changed] = []
        # Redmine shows whole seconds: one that began before ``since`` may have ended after it
        since = since.replace(microsecond=0)
        for row in self.client.pages("/time_entries.json", "time_entries", sort="created_on:desc"):
            if moment(row["updated_on"]) >= since and "issue" in row and row["project"]["id"] in projects:
                found.append(self._changed(row["issue"]["id"], row))
            if moment(row["created_on"]) < since:
                break
        return sorted(found, key=lambda one: (one.updated_at, one.ref))

    def _changed(self, number: int, row: Json) -> Changed:
        project = self.directory.project(str(row["project"]["id"]))
        name = project.identifier if project else ""
        return Changed(IssueRef(self.name, str(number)), moment(row["updated_on"]), name)
