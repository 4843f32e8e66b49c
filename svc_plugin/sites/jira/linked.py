"""The one issue that a rule makes for another: found by its origin marker, made once, and linked."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from svc_plugin.domain.errors import TransientError, UnmappedError
from svc_plugin.domain.plan import EnsureIssue
from svc_plugin.domain.vocabulary import Field
from svc_plugin.sites.errors import ForbiddenError, NotThereError
from svc_plugin.sites.jira.client import Client, Json
from svc_plugin.sites.jira.pages import PageLinks
from svc_plugin.sites.jira.reader import Reader, linked_ends
from svc_plugin.sites.jira.search import quoted, search_all
from svc_plugin.sites.plain import subject

PROPERTY: Final = "svc-plugin"
_SEEN_BY_SEARCH: Final = 60.0  # seconds after which a new issue is found by Cloud's search


@dataclass(frozen=True, slots=True)
class LinkedIssues:
    """Finds and makes issues by origin; two threads of one process never make the same one twice.

    Cloud's search lags behind. So the link is made together with the issue where the create screen allows,
    links are looked through before the search, what this process made is remembered, and a request that
    broke off is not followed by another one before the search can know.
    """

    reader: Reader
    link_type: str
    pages: PageLinks | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _made: dict[str, str] = field(default_factory=dict[str, str])
    _origins: dict[str, str] = field(default_factory=dict[str, str])

    def ensure(self, owner: Json, wanted: EnsureIssue) -> None:
        """See to it that exactly one issue has the origin and is linked to ``owner`` (an issue's JSON).

        Raises ``UnmappedError`` when that could not be kept to one, before anything is made.
        """
        with self._lock:
            now: Json = self.reader.client.get(f"/issue/{owner['id']}", fields="issuelinks")
            ends = {str(end["id"]): end for end in linked_ends(now)}
            if self._linked(ends, wanted):
                return
            found = self._found(wanted)
            try:
                if found:
                    self._restore(found, wanted.origin)
                else:
                    found = self._create(wanted, self.reader.client, owner, ends)
                if found not in ends:
                    self._link(owner, found)
            except NotThereError as error:
                self._made.pop(wanted.origin, None)
                raise TransientError(str(error)) from error
            if self.pages:
                self.pages.put(str(owner["id"]))
                self.pages.put(found)

    def file(self, wanted: EnsureIssue, maker: Client) -> str:
        """See to it that exactly one issue has the origin, made through ``maker``; return its id.

        Its caller keeps two from asking for one origin at a time. Raises as ``ensure`` does.
        """
        return self._found(wanted) or self._create(wanted, maker)

    def _say(self, key: str, /, **facts: object) -> str:
        return self.reader.values.texts.say(key, **facts)

    def _linked(self, ends: Mapping[str, Json], wanted: EnsureIssue) -> bool:
        """Look through the issues that are linked already, but for those of another type."""
        known = self.reader.mapping.kinds.get(wanted.kind)
        for number, end in ends.items():
            fields: Json = end.get("fields") or {}
            named: Json = fields.get("issuetype") or {}
            if (
                known
                and named.get("name") in {None, known.issue_type}
                and self._origin(number) == wanted.origin
            ):
                self._restore(number, wanted.origin)
                return True
        return False

    def _origin(self, number: str) -> str:
        """Return for which origin an issue was made, "" for none or one that is not ours to see.

        Our property tells it, else the field, which people can see and edit. It never changes.
        """
        if number not in self._origins:
            try:
                raw = self._read(number)
            except (NotThereError, ForbiddenError):
                return ""
            properties: Json = raw.get("properties") or {}
            ours: Json = properties.get(PROPERTY) or {}
            self._origins[number] = str(ours.get("origin") or self._written(raw))
        return self._origins[number]

    def _restore(self, number: str, origin: str) -> None:
        """Write the origin again where it is missing: people may take it out, a broken request forget it."""
        info, raw = self.reader.directory.field(self._label()), self._read(number)
        if self._written(raw) != origin:
            self.reader.client.put(f"/issue/{number}", {"fields": {info.id: origin}}, issue=number)
        if PROPERTY not in (raw.get("properties") or {}):
            path = f"/issue/{number}/properties/{PROPERTY}"
            self.reader.client.put(path, {"origin": origin}, issue=number)

    def _read(self, number: str) -> Json:
        info = self.reader.directory.field(self._label())
        raw: Json = self.reader.client.get(f"/issue/{number}", fields=info.id, properties=PROPERTY)
        return raw

    def _written(self, raw: Json) -> str:
        return str(raw["fields"].get(self.reader.directory.field(self._label()).id) or "")

    def _label(self) -> str:
        label = self.reader.mapping.fields.get(Field.ORIGIN)
        if label is None:
            raise UnmappedError(self._say("no_origin", label="origin", type="-"))
        return label

    def _found(self, wanted: EnsureIssue) -> str | None:
        """Return the issue with this origin, the eldest of several; every hit of the search is looked at."""
        if wanted.origin in self._made:
            return self._made[wanted.origin]
        info = self.reader.directory.field(self._label())
        number = info.id.removeprefix("customfield_")
        # the search of texts finds words: quotes inside keep them together, the value itself decides
        jql = f"cf[{number}] ~ {quoted(quoted(wanted.origin))} ORDER BY created ASC"
        rows = search_all(self.reader.client, jql, info.id)
        hits = {str(row["id"]) for row in rows if row["fields"].get(info.id) == wanted.origin}
        found = sorted(hits, key=int)
        if len(found) > 1:
            structlog.get_logger(__name__).warning("origin.doubled", origin=wanted.origin, keys=found)
        return found[0] if found else None

    def _place(self, wanted: EnsureIssue) -> tuple[str, str]:
        """Return project and id of the issue type for what is to be made."""
        project = self.reader.mapping.projects.get(wanted.product, "")
        known = self.reader.mapping.kinds.get(wanted.kind)
        name = known.issue_type if known else str(wanted.kind)
        try:
            types = self.reader.directory.types(project, fresh=True) if project else None
        except (NotThereError, ForbiddenError):
            types = None
        if types is None:
            raise UnmappedError(self._say("no_project", product=wanted.product, project=project or "-"))
        if name not in types:
            raise UnmappedError(self._say("no_type", type=name, project=project))
        return project, types[name].id

    def _create(
        self,
        wanted: EnsureIssue,
        maker: Client,
        owner: Json | None = None,
        ends: dict[str, Json] | None = None,
    ) -> str:
        project, type_id = self._place(wanted)
        screen = self.reader.directory.create_fields(project, type_id)
        now, late = self._fields(wanted, project, screen)
        body: Json = {
            "fields": {
                "project": {"key": project},
                "issuetype": {"id": type_id},
                "summary": subject(wanted.title),
                **now,
            },
            "properties": [{"key": PROPERTY, "value": {"origin": wanted.origin}}],
        }
        linked = owner is not None and "issuelinks" in screen
        if owner is not None and linked:
            add = {"type": {"name": self.link_type}, "outwardIssue": {"key": str(owner["key"])}}
            body["update"] = {"issuelinks": [{"add": add}]}
        try:
            made = str(maker.post("/issue", body, issue=str(owner["id"]) if owner else "")["id"])
        except TransientError as error:
            wait = max(error.retry_after or 0.0, _SEEN_BY_SEARCH)
            raise TransientError(str(error), retry_after=wait) from error
        self._made[wanted.origin] = made
        self._origins[made] = wanted.origin
        if ends is not None and linked:
            ends[made] = {"id": made}
        if late:
            self.reader.client.put(f"/issue/{made}", {"fields": late}, issue=made)
        return made

    def _fields(self, wanted: EnsureIssue, project: str, screen: Mapping[str, Json]) -> Sequence[Json]:
        """Return the fields that the create screen takes, and the others. The origin must be on it."""
        values, late, now = self.reader.values, dict[str, object](), dict[str, object]()
        for name, value in ((Field.ORIGIN, wanted.origin), *wanted.fields):
            label = self.reader.mapping.fields.get(name)
            if label is not None:
                info = self.reader.directory.field(label)
                place = now if info.id in screen else late
                place[info.id] = values.to_site(name, info, value, project)
        origin = self.reader.directory.field(self._label())
        if origin.id not in now:
            known = self.reader.mapping.kinds[wanted.kind].issue_type
            raise UnmappedError(self._say("no_origin", label=origin.name, type=known))
        if wanted.description:
            (now if "description" in screen else late)["description"] = wanted.description
        if wanted.assignee:
            (now if "assignee" in screen else late)["assignee"] = values.person(wanted.assignee)
        return now, late

    def _link(self, owner: Json, number: str) -> None:
        """Link the two. Jira answers a link that is there already with success and keeps one."""
        body = {
            "type": {"name": self.link_type},
            "inwardIssue": {"id": number},
            "outwardIssue": {"id": str(owner["id"])},
        }
        self.reader.client.post("/issueLink", body, issue=str(owner["id"]))
