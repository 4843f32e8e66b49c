"""Searching in both editions: Cloud hands out tokens of pages, Data Center counts rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from svc_plugin.sites.jira.client import PAGE, Client, Json


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a search and where the next ones begin, None at the end."""

    rows: Sequence[Json]
    following: str | None


def search_page(client: Client, jql: str, fields: str, begin: str | None = None, *, size: int = PAGE) -> Page:
    """Read one page of ``size`` rows, fewer if Jira likes; ``fields`` are names with commas between."""
    if client.cloud:
        token = {"nextPageToken": begin} if begin else {}
        found: Json = client.get("/search/jql", jql=jql, fields=fields, maxResults=size, **token)
        return Page(found["issues"], found.get("nextPageToken"))
    return _counted(client, {"jql": jql, "fields": fields, "maxResults": size}, begin or "0")


def _counted(client: Client, query: Json, begin: str) -> Page:
    """Read a page by its offset, together with the row before it.

    When that row is another one than last time, rows have moved: the search begins again.
    """
    offset, _, last = begin.partition("/")
    found: Json = client.get("/search", startAt=int(offset) - bool(last), **query)
    rows: list[Json] = found["issues"]
    if last:
        if not rows or str(rows[0]["id"]) != last:
            return Page((), "0")
        rows = rows[1:]
    end = int(offset) + len(rows)
    return Page(rows, f"{end}/{rows[-1]['id']}" if rows and end < int(found["total"]) else None)


def search_all(client: Client, jql: str, fields: str) -> Iterator[Json]:
    """Walk a search to its end."""
    begin: str | None = None
    while True:
        page = search_page(client, jql, fields, begin)
        yield from page.rows
        begin = page.following
        if begin is None:
            return


def quoted(text: str) -> str:
    """Write a text into JQL."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def minute(moment: datetime, zone: tzinfo) -> str:
    """Write a moment into JQL: local time of the account, whole minutes, never a later one.

    An hour that a clock shows twice is begun early.
    """
    local = moment.astimezone(zone)
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        local = (moment - timedelta(hours=3)).astimezone(zone)
    return local.strftime('"%Y-%m-%d %H:%M"')
