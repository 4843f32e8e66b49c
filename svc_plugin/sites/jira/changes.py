"""Walking what changed on a Jira, oldest change first, without losing what changes meanwhile."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Changed
from svc_plugin.sites.jira.client import Client, Json
from svc_plugin.sites.jira.directory import Directory
from svc_plugin.sites.jira.search import minute, quoted, search_page
from svc_plugin.sites.jira.values import moment

_START: Final = datetime(1980, 1, 1, tzinfo=UTC)
_MINUTE: Final = timedelta(minutes=1)
_ROWS: Final = 1000  # they are small: an id and a moment


@dataclass(frozen=True, slots=True)
class Walker:
    """Walks the issues of the mapped projects (``projects``: their keys) of one site."""

    name: str
    client: Client
    directory: Directory
    projects: Sequence[str]

    def changed_since(self, since: datetime | None) -> Iterator[Changed]:
        """Walk every issue changed at or after ``since`` (None: all issues), each once unless it changes.

        The search of Cloud may lag behind by seconds; who asks again from a little earlier misses nothing.
        """
        seen: set[Changed] = set()
        for changed in self._walk(since or _START) if self.projects else ():
            if changed not in seen and (since is None or changed.updated_at >= since):
                seen.add(changed)
                yield changed

    def _walk(self, since: datetime) -> Iterator[Changed]:
        """Walk by time and not by page: an issue that changes meanwhile shifts all pages after it.

        Only within one minute, which a search cannot divide, pages follow each other.
        """
        begin: str | None = None
        last = since
        while True:
            page = search_page(self.client, self._jql(since), "updated,project", begin, size=_ROWS)
            rows = [self._changed(row["id"], row["fields"]) for row in page.rows]
            yield from rows
            if page.following is None:
                return
            last = max(last, *(row.updated_at for row in rows)) if rows else last
            further = last.replace(second=0, microsecond=0)
            if further >= since.replace(second=0, microsecond=0) + _MINUTE:
                since, begin = further, None
            else:
                begin = page.following

    def _jql(self, since: datetime) -> str:
        projects = ", ".join(quoted(key) for key in self.projects)
        moment_ = minute(since, self.directory.zone())
        return f"project in ({projects}) AND updated >= {moment_} ORDER BY updated ASC, key ASC"

    def _changed(self, number: object, fields: Json) -> Changed:
        project = fields.get("project", {}).get("key", "")
        return Changed(IssueRef(self.name, str(number)), moment(fields["updated"]), project)
