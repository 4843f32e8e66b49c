"""From Jira's JSON to the issue of the domain, with the history it can prove."""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from svc_plugin.domain.errors import IssueNotFoundError
from svc_plugin.domain.model import Issue, IssueRef, TimeEntry
from svc_plugin.domain.vocabulary import IssueKind
from svc_plugin.sites.errors import ForbiddenError, naming
from svc_plugin.sites.jira.client import Client, Json
from svc_plugin.sites.jira.comments import own_comments
from svc_plugin.sites.jira.directory import Directory
from svc_plugin.sites.jira.history import History
from svc_plugin.sites.jira.settings import JiraSettings
from svc_plugin.sites.jira.values import Values, moment
from svc_plugin.sites.jira.wording import wording
from svc_plugin.sites.mapping import SiteMapping
from svc_plugin.sites.plain import lines

_FIELDS: Final = (
    *("summary", "description", "issuetype", "status", "project", "creator", "assignee", "created"),
    *("updated", "comment", "worklog", "attachment", "issuelinks", "watches"),
)
_MOST_WATCHED: Final = 2000
_MOST_LATEST: Final = 100
_FRESH: Final = 5.0  # seconds
_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*-[1-9][0-9]*")


def linked_ends(raw: Json) -> Sequence[Json]:
    """Return the issues at the other ends of an issue's links: their ids, keys and a few fields."""
    links: Sequence[Json] = raw["fields"].get("issuelinks", ())
    return [link.get("outwardIssue") or link["inwardIssue"] for link in links]


class Watching:
    """Who watches an issue, asked again only when the number of the others changes: it comes with the issue.

    Whether we do is told too: Jira makes those who write watchers.
    """

    def __init__(self, client: Client, directory: Directory) -> None:
        self._client = client
        self._directory = directory
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[int, frozenset[str]]] = OrderedDict()

    def of(self, raw: Json) -> frozenset[str]:
        """Return the accounts that watch an issue."""
        others, ours = self._counted(raw)
        key = str(raw["id"])
        with self._lock:
            known, accounts = self._known.get(key, (0, frozenset[str]()))
        if known != others:
            accounts = self._read(key)
            with self._lock:
                self._known[key] = (others, accounts)
                while len(self._known) > _MOST_WATCHED:
                    self._known.popitem(last=False)
        return accounts | ours if others else ours

    def known(self, raw: Json) -> frozenset[str]:
        """Return those who are known to watch an issue, without asking."""
        _, ours = self._counted(raw)
        with self._lock:
            return self._known.get(str(raw["id"]), (0, frozenset[str]()))[1] | ours

    def _counted(self, raw: Json) -> tuple[int, frozenset[str]]:
        """Return how many others watch an issue, and our own account if it does."""
        watches: Json = raw["fields"].get("watches") or {}
        count = int(watches.get("watchCount", 0))
        if not watches.get("isWatching"):
            return count, frozenset()
        return count - 1, frozenset({self._directory.account(self._directory.myself())})

    def forget(self, key: str) -> None:
        """Ask again next time."""
        with self._lock:
            self._known.pop(key, None)

    def _read(self, key: str) -> frozenset[str]:
        try:
            rows: Sequence[Json] = self._client.get(f"/issue/{key}/watchers").get("watchers", ())
        except ForbiddenError:
            return frozenset()
        return frozenset(self._directory.account(row) for row in rows if not self._directory.is_me(row))


class Latest:
    """The JSON behind issues that were just read: who decides on one and writes at once need not read again.

    Each serves one write, and only for a few seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[float, Issue, Json]] = OrderedDict()

    def keep(self, issue: Issue, raw: Json) -> None:
        """Remember what an issue was made from."""
        with self._lock:
            self._known[issue.ref.key] = (self._clock(), issue, raw)
            self._known.move_to_end(issue.ref.key)
            while len(self._known) > _MOST_LATEST:
                self._known.popitem(last=False)

    def take(self, seen: Issue) -> Json | None:
        """Return the JSON behind this very issue, once; None when it was read too long ago."""
        with self._lock:
            at, issue, raw = self._known.pop(seen.ref.key, (0.0, None, None))
        return raw if issue is seen and self._clock() - at <= _FRESH else None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads issues of one site, called ``name``: one request where Jira gives the whole issue in one."""

    name: str
    browse_url: str
    client: Client
    directory: Directory
    mapping: SiteMapping
    values: Values
    watching: Watching
    latest: Latest

    def raw(self, ref: IssueRef, *, expand: str) -> Json:
        """Read an issue's JSON. Raises ``IssueNotFoundError`` or ``TransientError``."""
        if not ref.key.isdecimal():
            raise self._other_name(ref)
        with naming(ref):
            found: Json = self.client.get(f"/issue/{ref.key}", fields=",".join(self.fields()), expand=expand)
        return found

    def fields(self) -> Sequence[str]:
        """Return the ids of the fields that an issue is made from."""
        return [*_FIELDS, *sorted({info.id for info in self.values.infos().values()})]

    def _other_name(self, ref: IssueRef) -> IssueNotFoundError:
        """Say by which id a key such as ``ERP-12`` goes: keys change when issues move, ids stay."""
        if not _KEY.fullmatch(ref.key):
            return IssueNotFoundError(f"{ref}: this is no id of an issue of Jira, such as 10012")
        with naming(ref):
            found: Json = self.client.get(f"/issue/{ref.key}", fields="summary")
        return IssueNotFoundError(f"{ref}: write {ref.site}/{found['id']}, its id, which stays when it moves")

    def kind_of(self, raw: Json) -> IssueKind | None:
        """Return the kind that the issue's type stands for."""
        return self.mapping.kind_of(str(raw["fields"]["issuetype"]["name"]))

    def comments(self, raw: Json) -> list[Json]:
        """Return all comments: Jira sends the first ones with the issue."""
        return self._whole(raw["fields"]["comment"], "comments", f"/issue/{raw['id']}/comment")

    def issue(self, ref: IssueRef) -> Issue:
        """Read an issue whole. Raises ``IssueNotFoundError`` or ``TransientError``."""
        raw = self.raw(ref, expand="changelog,transitions")
        issue = self.made(raw, self._changes(raw), self.watching.of(raw))
        self.latest.keep(issue, raw)
        return issue

    def made(self, raw: Json, changes: Sequence[Json], watchers: frozenset[str]) -> Issue:
        """Return the issue that Jira's JSON stands for, with its whole changelog."""
        fields, account = raw["fields"], self.directory.account
        kind = self.kind_of(raw)
        comments = self.comments(raw)
        status = str(fields["status"]["name"])
        project: Json = fields["project"]
        return Issue(
            ref=IssueRef(self.name, str(raw["id"])),
            kind=kind,
            stage=self.mapping.stage_of(kind, status),
            status=status,
            title=str(fields["summary"]),
            created_at=moment(fields["created"]),
            updated_at=moment(fields["updated"]),
            author=account(fields.get("creator")),
            assignee=account(fields.get("assignee")),
            product=self.mapping.product_of(str(project["key"])),
            description=lines(fields.get("description")),
            fields=dict(self.values.of_issue(raw)),
            comments={m: one.text for m, one in own_comments(comments, self.directory).items()},
            history=History(self.values, raw, kind).entries(changes, comments),
            links=frozenset(IssueRef(self.name, str(end["id"])) for end in linked_ends(raw)),
            watchers=watchers,
            attachments=tuple(str(one["filename"]) for one in fields.get("attachment", ())),
            time_entries=tuple(self._time_entry(one) for one in self._worklogs(raw)),
            url=f"{self.browse_url}/browse/{raw['key']}",
            label=str(raw["key"]),
        )

    def _changes(self, raw: Json) -> list[Json]:
        """Return the whole changelog: Cloud sends the latest of a long one with the issue."""
        log: Json = raw["changelog"]
        rows = cast("list[Json]", log["histories"])
        if len(rows) >= int(log.get("total", len(rows))):
            return rows
        return list(self.client.pages(f"/issue/{raw['id']}/changelog", "values"))

    def _whole(self, part: Json, name: str, path: str) -> list[Json]:
        rows = cast("list[Json]", part[name])
        if len(rows) >= int(part.get("total", len(rows))):
            return rows
        return list(self.client.pages(path, name))

    def _worklogs(self, raw: Json) -> Sequence[Json]:
        rows = self._whole(raw["fields"]["worklog"], "worklogs", f"/issue/{raw['id']}/worklog")
        return sorted(rows, key=lambda row: (moment(row["started"]), int(row["id"])))

    def _time_entry(self, row: Json) -> TimeEntry:
        """Read booked hours. Jira has no activities: the first line of what was said of the work is ours."""
        said = "" if row.get("visibility") else lines(row.get("comment")).strip()
        return TimeEntry(
            id=str(row["id"]),
            account=self.directory.account(row.get("author")),
            spent_on=_day(row["started"]),
            hours=round(int(row["timeSpentSeconds"]) / 3600, 4),
            activity=said.partition("\n")[0],
        )


def _day(started: object) -> date:
    """Return the day in the offset in which it was written down."""
    return moment(started).date()


def connect(settings: JiraSettings, sleep: Callable[[float], None] = time.sleep) -> Reader:
    """Return a reader of a configured Jira; nothing is asked of it yet."""
    texts = wording(settings.language)
    client = Client(settings, sleep=sleep)
    directory = Directory(client, settings, texts)
    values = Values(settings.mapping, directory, settings.zone, texts)
    watching, url = Watching(client, directory), settings.browse_url.rstrip("/")
    return Reader(settings.name, url, client, directory, settings.mapping, values, watching, Latest())
