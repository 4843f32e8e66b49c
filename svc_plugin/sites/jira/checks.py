"""Comparing the configuration with the server: what does not fit, in sentences that say where to click."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from svc_plugin.domain.errors import SvcPluginError, UnmappedError
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, FieldType, IssueKind
from svc_plugin.engine.examining import SiteCheck
from svc_plugin.sites.errors import ForbiddenError, KeyRefusedError, NotThereError
from svc_plugin.sites.jira import hooks
from svc_plugin.sites.jira.client import PAGE, Json
from svc_plugin.sites.jira.directory import FieldInfo, IssueType
from svc_plugin.sites.jira.marker import keeper_of
from svc_plugin.sites.jira.reader import Reader
from svc_plugin.sites.jira.search import quoted, search_page
from svc_plugin.sites.jira.settings import JiraSettings
from svc_plugin.sites.jira.values import moment
from svc_plugin.sites.jira.wording import permissions
from svc_plugin.sites.mapping import KindMapping

# the types of Jira's fields that can hold a type of ours; the first is the usual one
TYPES: Final[Mapping[FieldType, tuple[str, ...]]] = MappingProxyType(
    {
        FieldType.LINE: ("string", "version", "option"),
        FieldType.TEXT: ("string",),
        FieldType.CHOICE: ("option", "string", "priority"),
        FieldType.DATE: ("date",),
        FieldType.MOMENT: ("datetime", "string"),
        FieldType.NUMBER: ("number",),
        FieldType.YES_NO: ("option",),
        FieldType.PERSON: ("user",),
    }
)
_MOST_SKEW: Final = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks one site, once; reads only. ``notes`` are what is in order, and what could not be looked at."""

    reader: Reader
    settings: JiraSettings
    notes: list[str] = field(default_factory=list[str])

    def examine(self) -> SiteCheck:
        """Return what does not fit, one sentence each, nothing twice, and the notes."""
        client, faults = self.reader.client, dict[str, None]()
        try:
            for fault in self._faults():
                faults[fault] = None
        except KeyRefusedError as error:
            faults[self._say("check.key", url=client.url, cause=error)] = None
        except SvcPluginError as error:
            faults[self._say("check.unreachable", url=client.url, cause=error)] = None
        return SiteCheck(tuple(faults), tuple(self.notes))

    def _note(self, key: str, /, **facts: object) -> None:
        self.notes.append(self._say(f"ok.{key}", **facts))

    def _say(self, key: str, /, **facts: object) -> str:
        return self.reader.values.texts.say(key, **facts)

    def _faults(self) -> Iterator[str]:
        info: Json = self.reader.client.get("/serverInfo")
        if (info.get("deploymentType") == "Cloud") != self.settings.cloud:
            # the other edition's addresses would only look like faults of their own
            yield self._say("check.edition", found=info.get("deploymentType", "?"))
            return
        yield from self._server(info)
        yield from self._people()
        infos = dict[Field, FieldInfo]()
        yield from self._fields(infos)
        yield from self._link_type()
        for product, project in self.reader.mapping.projects.items():
            try:
                types = self.reader.directory.types(project, fresh=True)
            except (NotThereError, ForbiddenError):
                yield self._say("no_project", product=product, project=project)
                continue
            yield from self._permissions(project)
            yield from self._keeper(project)
            for kind, mapped in self.reader.mapping.kinds.items():
                yield from self._type(project, kind, mapped, types.get(mapped.issue_type), infos)
        yield from self._hook(info)

    def _server(self, info: Json) -> Iterator[str]:
        facts = {"edition": info.get("deploymentType", "?"), "version": info.get("version", "?")}
        self._note("server", url=self.reader.client.url, **facts)
        self._note(
            "me", account=self._me(), id=self.reader.directory.myself()[self.reader.directory.person_key]
        )
        if info.get("serverTime"):
            skew = abs((moment(info["serverTime"]) - datetime.now(UTC)).total_seconds())
            if skew > _MOST_SKEW:
                yield self._say("check.clock", seconds=round(skew))
            else:
                self._note("clock", seconds=round(skew))
        mine = self.reader.client.get("/mypermissions", permissions="ADMINISTER")["permissions"]
        if mine["ADMINISTER"]["havePermission"]:
            yield self._say("check.admin", account=self._me())

    def _me(self) -> str:
        me = self.reader.directory.myself()
        return str(me.get("displayName") or me.get(self.reader.directory.person_key))

    def _people(self) -> Iterator[str]:
        for account in sorted(self.settings.people):
            try:
                self.reader.directory.user(account)
            except UnmappedError as error:
                yield str(error)

    def _fields(self, infos: dict[Field, FieldInfo]) -> Iterator[str]:
        """Check every mapped field, and keep those that can be told in ``infos``."""
        directory = self.reader.directory
        for name, label in self.reader.mapping.fields.items():
            try:
                infos[name] = directory.field(label)
            except UnmappedError as error:
                yield str(error)
                continue
            info, wanted = infos[name], TYPES[FIELD_SPECS[name].type]
            if info.element not in wanted:
                yield self._say("check.format", label=info.name, found=info.element, wanted=wanted[0])
            if not self.settings.cloud and directory.same_named(info.name) > 1:
                yield self._say("check.namesake", label=info.name)
        self._note("fields", count=len(infos))

    def _link_type(self) -> Iterator[str]:
        known = self.reader.client.get("/issueLinkType")["issueLinkTypes"]
        if self.settings.link_type not in {row["name"] for row in known}:
            yield self._say("check.link_type", name=self.settings.link_type)
        else:
            self._note("link_type", name=self.settings.link_type)

    def _permissions(self, project: str) -> Iterator[str]:
        wanted = permissions(self.settings.language, makes_versions=self.settings.makes_versions)
        names = ",".join(wanted)
        held = self.reader.client.get("/mypermissions", projectKey=project, permissions=names)["permissions"]
        missing = [label for name, label in wanted.items() if not held.get(name, {}).get("havePermission")]
        for label in missing:
            yield self._say("check.permission", account=self._me(), permission=label, project=project)
        self._note("permissions", project=project, held=len(wanted) - len(missing), wanted=len(wanted))

    def _keeper(self, project: str) -> Iterator[str]:
        """Look whether another installation of ours works on the project."""
        keeper = keeper_of(self.reader.client, project)
        if keeper and self.settings.public_url and keeper != self.settings.public_url:
            yield self._say("check.kept", project=project, keeper=keeper)

    def _type(
        self,
        project: str,
        kind: IssueKind,
        mapped: KindMapping,
        known: IssueType | None,
        infos: Mapping[Field, FieldInfo],
    ) -> Iterator[str]:
        if known is None:
            yield self._say("no_type", type=mapped.issue_type, project=project)
            return
        used = tuple(status for status in mapped.statuses.values() if status in known.statuses)
        for status in mapped.statuses.values():
            if status not in used:
                yield self._say("no_status", status=status, type=mapped.issue_type, project=project)
        counts = {"found": len(used), "wanted": len(mapped.statuses)}
        self._note("type", project=project, type=mapped.issue_type, **counts)
        own = {name: info for name, info in infos.items() if kind in FIELD_SPECS[name].kinds}
        screen = self.reader.directory.create_fields(project, known.id)
        origin = own.get(Field.ORIGIN)
        if kind in {IssueKind.MAINTENANCE, IssueKind.SERVICE_TASK} and (
            origin is None or origin.id not in screen
        ):
            yield self._say("no_origin", label=origin.name if origin else "origin", type=mapped.issue_type)
        yield from self._choices(own, screen)
        yield from self._issues(project, mapped, own, used)

    def _choices(self, own: Mapping[Field, FieldInfo], screen: Mapping[str, Json]) -> Iterator[str]:
        for name, info in own.items():
            offered = {
                str(one.get("value", one.get("name")))
                for one in screen.get(info.id, {}).get("allowedValues", ())
            }
            missing = [label for label in self.reader.values.options(name) if label not in offered]
            if offered and missing:
                yield self._say("check.choices", label=info.name, missing=", ".join(missing))

    def _issues(
        self, project: str, mapped: KindMapping, own: Mapping[Field, FieldInfo], statuses: Sequence[str]
    ) -> Iterator[str]:
        """Check the edit screen and the workflow on issues: only there Jira shows them to everybody."""
        kind = f"project = {quoted(project)} AND issuetype = {quoted(mapped.issue_type)}"
        rows = self._newest(kind)
        if not rows:
            yield self._say("check.no_sample", type=mapped.issue_type, project=project)
            return
        yield from self._screen(rows[0], mapped, own)
        samples = {str(row["fields"]["status"]["name"]): row for row in reversed(rows)}
        for status in statuses if len(rows) >= PAGE else ():
            if status not in samples and (older := self._newest(f"{kind} AND status = {quoted(status)}")):
                samples[status] = older[0]
        yield from self._workflow(mapped, {one: samples[one] for one in statuses if one in samples})
        unseen = [status for status in statuses if status not in samples]
        if unseen:
            self._note("unseen", type=mapped.issue_type, statuses=", ".join(unseen))

    def _newest(self, jql: str) -> Sequence[Json]:
        return search_page(self.reader.client, f"{jql} ORDER BY created DESC", "status").rows

    def _screen(self, row: Json, mapped: KindMapping, own: Mapping[Field, FieldInfo]) -> Iterator[str]:
        screen = self.reader.client.get(f"/issue/{row['id']}/editmeta")["fields"]
        self._note("screen", type=mapped.issue_type, key=_key(row))
        for name, info in own.items():
            if info.id not in screen:
                yield self._say("no_field", name=name, label=info.name, type=mapped.issue_type)
        if "assignee" not in screen:
            yield self._say("no_field", name="assignee", label="Assignee", type=mapped.issue_type)

    def _workflow(self, mapped: KindMapping, samples: Mapping[str, Json]) -> Iterator[str]:
        """Check from each status that has an issue that all the others are reached."""
        free: dict[str, str] = {}
        for status, row in samples.items():
            moves: Sequence[Json] = self.reader.client.get(f"/issue/{row['id']}/transitions")["transitions"]
            reached = {str(one["to"]["name"]) for one in moves} | {status}
            missing = [name for name in mapped.statuses.values() if name not in reached]
            if missing:
                facts = {"account": self._me(), "key": _key(row), "status": status}
                told = ", ".join(missing)
                yield self._say("check.workflow", missing=told, type=mapped.issue_type, **facts)
            else:
                free[status] = _key(row)
        if free:
            facts = {"statuses": ", ".join(free), "keys": ", ".join(free.values())}
            self._note("workflow", type=mapped.issue_type, **facts)

    def _hook(self, info: Json) -> Iterator[str]:
        """Look for our webhook, which only administrators are shown."""
        ours = f"{self.settings.public_url}/hooks/{self.settings.name}"
        try:
            found = hooks.ours_of(self.reader.client.get(hooks.place(info)), ours)
        except (ForbiddenError, NotThereError, KeyRefusedError):
            self._note("webhook.hidden", path=ours)
            return
        if found is None:
            yield self._say("check.webhook", path=ours)
            return
        faults = hooks.faults_of(found)
        for fault, facts in faults.items():
            yield self._say(f"check.webhook.{fault}", path=ours, missing=facts)
        if not faults:
            self._note("webhook", url=ours)
        if not self.settings.cloud:
            self._note("webhook.unsigned")


def _key(row: Json) -> str:
    return str(row.get("key", row["id"]))
