"""Comparing the configuration with the server: what does not fit, in sentences that say where to click."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from svc_plugin.domain.errors import SvcPluginError
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, FieldType, IssueKind
from svc_plugin.sites.errors import ForbiddenError, KeyRefusedError
from svc_plugin.sites.mapping import KindMapping
from svc_plugin.sites.redmine.blueprint import FORMATS
from svc_plugin.sites.redmine.client import Json
from svc_plugin.sites.redmine.directory import Project
from svc_plugin.sites.redmine.reader import Reader
from svc_plugin.sites.redmine.values import BUILT_IN
from svc_plugin.sites.redmine.wording import PERMISSIONS, in_language


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks one site; reads only.

    Formats and choices of fields are shown to administrators alone: with another key they stay unchecked.
    """

    reader: Reader

    def check(self) -> Sequence[str]:
        """Return what does not fit, one sentence each, nothing twice."""
        client = self.reader.client
        try:
            user: Json = client.get("/users/current.json", include="memberships")["user"]
            return list(dict.fromkeys(self._faults(user)))
        except KeyRefusedError:
            return [self._say("check.key", url=client.url)]
        except SvcPluginError as error:
            return [self._say("check.unreachable", url=client.url, cause=error)]

    def _say(self, key: str, /, **facts: object) -> str:
        return self.reader.values.texts.say(key, **facts)

    def _faults(self, user: Json) -> Iterator[str]:
        if user.get("admin"):
            yield self._say("check.admin", account=user["login"])
        yield from self._names()
        yield from self._definitions()
        samples: dict[IssueKind, Json] = {}
        blind = False
        for name, identifier in self.reader.mapping.projects.items():
            project = self.reader.directory.reread_project(identifier)
            if project is None:
                yield self._say("no_project", product=name, project=identifier)
                continue
            roles = self._roles(user, project)
            yield from self._permissions(user, project, roles)
            admin = bool(user.get("admin"))
            if admin or "view_issues" in _held(roles):  # from others Redmine hides a project's trackers too
                yield from self._trackers_of(project, samples)
            blind |= not (admin or ("view_issues" in _held(roles) and _is_all(roles, "issues_visibility")))
        yield from self._samples(user, samples, blind=blind)

    def _names(self) -> Iterator[str]:
        rows = self.reader.client.get("/trackers.json")["trackers"]
        trackers: Mapping[str, Json] = {str(one["name"]): one for one in rows}
        for kind, mapped in self.reader.mapping.kinds.items():
            if mapped.issue_type not in trackers:
                yield self._say("check.tracker", tracker=mapped.issue_type)
            else:
                yield from self._own_fields(kind, trackers[mapped.issue_type])
            for status in mapped.statuses.values():
                if self.reader.directory.status_id(status) is None:
                    yield self._say("no_status", status=status)

    def _own_fields(self, kind: IssueKind, tracker: Json) -> Iterator[str]:
        """Check that Redmine's own fields are switched on where we use them: it drops the others silently."""
        enabled = tracker.get("enabled_standard_fields")
        for name in BUILT_IN:
            own = self.reader.values.built_in(name)
            if own and enabled is not None and kind in FIELD_SPECS[name].kinds and own[1] not in enabled:
                yield self._say("check.own_field", name=name, field=own[1], tracker=tracker["name"])

    def _definitions(self) -> Iterator[str]:
        try:
            rows: Sequence[Json] = self.reader.client.get("/custom_fields.json")["custom_fields"]
        except ForbiddenError:
            return
        defined = {str(row["name"]): row for row in rows if row.get("customized_type", "issue") == "issue"}
        for name, label in self.reader.mapping.fields.items():
            if label in defined:
                yield from self._definition(name, defined[label])
            else:
                trackers = ", ".join(self._trackers(FIELD_SPECS[name].kinds))
                yield self._say("no_field", name=name, label=label, tracker=trackers)

    def _definition(self, name: Field, row: Json) -> Iterator[str]:
        kind, label, found = FIELD_SPECS[name].type, row["name"], row["field_format"]
        if found not in FORMATS[kind]:
            yield self._say("check.format", label=label, found=found, wanted=FORMATS[kind][0])
        if kind is FieldType.CHOICE and found == "list":
            offered = {str(one["value"]) for one in row.get("possible_values", ())}
            labels = (self.reader.mapping.to_site(name, choice) for choice in FIELD_SPECS[name].choices)
            missing = [one for one in labels if one not in offered]
            if missing:
                yield self._say("check.choices", label=label, missing=", ".join(missing))
        if name is Field.ORIGIN and not row.get("is_filter"):
            yield self._say("no_filter", label=label)

    def _trackers(self, kinds: Sequence[IssueKind]) -> Sequence[str]:
        mapped = self.reader.mapping.kinds
        return [mapped[kind].issue_type for kind in kinds if kind in mapped]

    def _roles(self, user: Json, project: Project) -> Sequence[Json]:
        mine = (one for one in user.get("memberships", ()) if one["project"]["id"] == project.id)
        numbers = [role["id"] for member in mine for role in member["roles"]]
        return [self.reader.client.get(f"/roles/{number}.json")["role"] for number in numbers]

    def _permissions(self, user: Json, project: Project, roles: Sequence[Json]) -> Iterator[str]:
        if user.get("admin"):
            return
        facts = {"account": user["login"], "project": project.identifier}
        if not roles:
            yield self._say("check.member", **facts)
            return
        held = _held(roles)
        for permission, label in in_language(PERMISSIONS, self.reader.values.texts.language).items():
            if permission not in held:
                yield self._say("check.permission", permission=label, **facts)
        yield from self._visibility(roles, facts)

    def _visibility(self, roles: Sequence[Json], facts: Mapping[str, object]) -> Iterator[str]:
        for key, what in (("issues_visibility", "check.issues"), ("time_entries_visibility", "check.hours")):
            if not _is_all(roles, key):
                yield self._say("check.visibility", what=self._say(what), **facts)

    def _trackers_of(self, project: Project, samples: dict[IssueKind, Json]) -> Iterator[str]:
        """Check the trackers of a project; keep an issue of each kind that has none yet in ``samples``."""
        for kind, mapped in self.reader.mapping.kinds.items():
            if mapped.issue_type not in project.trackers:
                yield self._say("no_tracker", tracker=mapped.issue_type, project=project.identifier)
            elif kind not in samples:
                sample = self.reader.sample(project.trackers[mapped.issue_type], project.id)
                if sample:
                    samples[kind] = sample

    def _samples(self, user: Json, samples: Mapping[IssueKind, Json], *, blind: bool) -> Iterator[str]:
        """Check fields and workflow on issues: only there they are shown to everybody.

        Who may not see all issues of a project, ``blind``, cannot say that there are none.
        """
        kinds = self.reader.mapping.kinds
        unseen = [mapped.issue_type for kind, mapped in kinds.items() if kind not in samples]
        if unseen and not blind:
            yield self._say("check.no_sample", trackers=", ".join(unseen))
        for kind, sample in samples.items():
            shown = {str(one["name"]) for one in sample.get("custom_fields", ())}
            for name, label in self.reader.mapping.fields.items():
                if kind in FIELD_SPECS[name].kinds and label not in shown:
                    yield self._say("no_field", name=name, label=label, tracker=kinds[kind].issue_type)
            yield from self._workflow(user, sample, kinds[kind])

    def _workflow(self, user: Json, sample: Json, mapped: KindMapping) -> Iterator[str]:
        path = f"/issues/{sample['id']}.json"
        allowed = self.reader.client.get(path, include="allowed_statuses")["issue"]["allowed_statuses"]
        others = {str(one["name"]) for one in allowed} - {str(sample["status"]["name"])}
        if others.isdisjoint(mapped.statuses.values()):
            facts = {"account": user["login"], "tracker": mapped.issue_type, "key": sample["id"]}
            yield self._say("check.workflow", **facts)


def _held(roles: Sequence[Json]) -> set[str]:
    return {str(permission) for role in roles for permission in role["permissions"]}


def _is_all(roles: Sequence[Json], visibility: str) -> bool:
    return any(role.get(visibility, "all") == "all" for role in roles)
