"""Comparing the configuration with the server: what does not fit, in sentences that say where to click."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from svc_plugin.domain.errors import SvcPluginError, UnmappedError
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, FieldType, IssueKind
from svc_plugin.sites.errors import ForbiddenError, KeyRefusedError, NotThereError
from svc_plugin.sites.jira.client import Json
from svc_plugin.sites.jira.directory import FieldInfo, IssueType
from svc_plugin.sites.jira.reader import Reader
from svc_plugin.sites.jira.search import quoted, search_page
from svc_plugin.sites.jira.settings import JiraSettings
from svc_plugin.sites.jira.values import moment
from svc_plugin.sites.jira.wording import PERMISSIONS, in_language
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
_HOOKS: Final = ("/rest/webhooks/1.0/webhook", "/rest/jira-webhook/1.0/webhooks")
_MOST_SKEW: Final = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks one site; reads only."""

    reader: Reader
    settings: JiraSettings

    def check(self) -> Sequence[str]:
        """Return what does not fit, one sentence each, nothing twice."""
        client = self.reader.client
        try:
            return list(dict.fromkeys(self._faults()))
        except KeyRefusedError as error:
            return [self._say("check.key", url=client.url, cause=error)]
        except SvcPluginError as error:
            return [self._say("check.unreachable", url=client.url, cause=error)]

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
            for kind, mapped in self.reader.mapping.kinds.items():
                yield from self._type(project, kind, mapped, types.get(mapped.issue_type), infos)
        yield from self._hook()

    def _server(self, info: Json) -> Iterator[str]:
        if info.get("serverTime"):
            skew = abs((moment(info["serverTime"]) - datetime.now(UTC)).total_seconds())
            if skew > _MOST_SKEW:
                yield self._say("check.clock", seconds=round(skew))
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

    def _link_type(self) -> Iterator[str]:
        known = self.reader.client.get("/issueLinkType")["issueLinkTypes"]
        if self.settings.link_type not in {row["name"] for row in known}:
            yield self._say("check.link_type", name=self.settings.link_type)

    def _permissions(self, project: str) -> Iterator[str]:
        names = ",".join(PERMISSIONS)
        held = self.reader.client.get("/mypermissions", projectKey=project, permissions=names)["permissions"]
        for name, label in in_language(PERMISSIONS, self.settings.language).items():
            if not held.get(name, {}).get("havePermission"):
                yield self._say("check.permission", account=self._me(), permission=label, project=project)

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
        for status in mapped.statuses.values():
            if status not in known.statuses:
                yield self._say("no_status", status=status, type=mapped.issue_type, project=project)
        own = {name: info for name, info in infos.items() if kind in FIELD_SPECS[name].kinds}
        screen = self.reader.directory.create_fields(project, known.id)
        origin = own.get(Field.ORIGIN)
        if kind in {IssueKind.MAINTENANCE, IssueKind.SERVICE_TASK} and (
            origin is None or origin.id not in screen
        ):
            yield self._say("no_origin", label=origin.name if origin else "origin", type=mapped.issue_type)
        yield from self._choices(own, screen)
        yield from self._sample(project, mapped, own)

    def _choices(self, own: Mapping[Field, FieldInfo], screen: Mapping[str, Json]) -> Iterator[str]:
        for name, info in own.items():
            offered = {
                str(one.get("value", one.get("name")))
                for one in screen.get(info.id, {}).get("allowedValues", ())
            }
            choices = self.reader.mapping.choices.get(name) or {c: c for c in FIELD_SPECS[name].choices}
            missing = [label for label in choices.values() if label not in offered]
            if offered and missing:
                yield self._say("check.choices", label=info.name, missing=", ".join(missing))

    def _sample(self, project: str, mapped: KindMapping, own: Mapping[Field, FieldInfo]) -> Iterator[str]:
        """Check the edit screen and the workflow on an issue: only there Jira shows them to everybody."""
        jql = f"project = {quoted(project)} AND issuetype = {quoted(mapped.issue_type)} ORDER BY created DESC"
        rows = search_page(self.reader.client, jql, "status").rows
        if not rows:
            yield self._say("check.no_sample", type=mapped.issue_type, project=project)
            return
        path, status = f"/issue/{rows[0]['id']}", str(rows[0]["fields"]["status"]["name"])
        screen = self.reader.client.get(f"{path}/editmeta")["fields"]
        for name, info in own.items():
            if info.id not in screen:
                yield self._say("no_field", name=name, label=info.name, type=mapped.issue_type)
        if "assignee" not in screen:
            yield self._say("no_field", name="assignee", label="Assignee", type=mapped.issue_type)
        moves: Sequence[Json] = self.reader.client.get(f"{path}/transitions")["transitions"]
        reached = {str(one["to"]["name"]) for one in moves} | {status}
        missing = [name for name in mapped.statuses.values() if name not in reached]
        if missing:
            facts = {"account": self._me(), "key": rows[0].get("key", rows[0]["id"]), "status": status}
            yield self._say("check.workflow", missing=", ".join(missing), type=mapped.issue_type, **facts)

    def _hook(self) -> Iterator[str]:
        """Look for our webhook: only administrators are shown them, to others nothing is said."""
        ours = f"/hooks/{self.settings.name}"
        for path in _HOOKS:
            try:
                hooks: Sequence[Json] = self.reader.client.get(path)
            except SvcPluginError:
                continue
            if not any(ours in str(one.get("url", "")) and one.get("enabled", True) for one in hooks):
                yield self._say("check.webhook", path=ours)
            return
