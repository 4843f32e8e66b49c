"""From changes to requests: one PUT for all that Redmine takes in one, nothing for what already is so."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never

from svc_plugin.domain.errors import UnmappedError
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.plan import (
    Assign,
    Attach,
    EnsureIssue,
    EnsureVersion,
    PutComment,
    SetField,
    SetStage,
    Watch,
    same_text,
)
from svc_plugin.domain.vocabulary import Field
from svc_plugin.engine.ports import Write
from svc_plugin.sites.errors import naming
from svc_plugin.sites.notes import note_text
from svc_plugin.sites.redmine.client import Json
from svc_plugin.sites.redmine.comments import own_comments
from svc_plugin.sites.redmine.linked import LinkedIssues
from svc_plugin.sites.redmine.reader import Reader
from svc_plugin.sites.redmine.versions import ProductVersions


@dataclass(slots=True)
class _Requests:
    """What is to be sent: attributes of the PUT, notes (each needs a PUT), edited journals, watchers."""

    attributes: Json = field(default_factory=dict[str, object])
    custom: list[Json] = field(default_factory=list[Json])
    uploads: list[Json] = field(default_factory=list[Json])
    notes: list[str] = field(default_factory=list[str])
    edits: dict[int, str] = field(default_factory=dict[int, str])
    watchers: list[int] = field(default_factory=list[int])

    def puts(self) -> list[Json]:
        """Return the bodies of the PUTs on the issue; the first note goes with everything else."""
        first = dict(self.attributes)
        if self.custom:
            first["custom_fields"] = self.custom
        if self.uploads:
            first["uploads"] = self.uploads
        if self.notes:
            first["notes"] = self.notes[0]
        # an empty PUT changes nothing, yet Redmine 5.0 would call the issue updated
        return [*([first] if first else []), *({"notes": note} for note in self.notes[1:])]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes to issues of one site."""

    reader: Reader
    linked: LinkedIssues
    versions: ProductVersions
    check_url: str = ""

    def apply(self, ref: IssueRef, writes: Sequence[Write]) -> None:
        """Write all of ``writes``; what already is so is left out.

        Raises ``ChangeRefusedError``, ``UnmappedError``, ``IssueNotFoundError`` or ``TransientError``.
        """
        raw = self.reader.raw(ref)
        requests = _Requests()
        for write in writes:
            self._collect(raw, write, requests)
        self._send(ref, requests)

    def _collect(self, raw: Json, write: Write, to: _Requests) -> None:
        match write:
            case SetStage():
                self._stage(raw, write, to)
            case SetField(name, value):
                self._field(raw, name, value, to)
            case Assign(account):
                self._assign(raw, account, to)
            case Watch(account):
                number = self.reader.values.user(account, raw["project"]["id"])
                if number not in {user["id"] for user in raw.get("watchers", ())}:
                    to.watchers.append(number)
            case PutComment():
                self._comment(raw, write, to)
            case Attach():
                self._attach(raw, write, to)
            case EnsureIssue():
                self.linked.ensure(raw, write)
            case EnsureVersion():
                self.versions.ensure(write)
            case _:
                assert_never(write)

    def _stage(self, raw: Json, write: SetStage, to: _Requests) -> None:
        wanted = self.reader.mapping.status_of(self.reader.kind_of(raw), write.stage)
        if raw["status"]["name"] == wanted:
            return
        number = self.reader.directory.status_id(wanted)
        if number is None:
            raise UnmappedError(self.reader.values.texts.say("no_status", status=wanted))
        to.attributes["status_id"] = number

    def _field(self, raw: Json, name: Field, value: str, to: _Requests) -> None:
        values, project = self.reader.values, int(raw["project"]["id"])
        if dict(values.of_issue(raw)).get(name, "") == value:
            return
        stored = values.to_site(name, value, project)
        own = values.built_in(name)
        if own:
            to.attributes[own[1]] = stored
        else:
            to.custom.append({"id": self._number(raw, name), "value": stored})

    def _number(self, raw: Json, name: Field) -> int:
        label = self.reader.mapping.fields.get(name)
        for one in raw.get("custom_fields", ()):
            if one["name"] == label:
                return int(one["id"])
        # Redmine would answer 204 and drop the value
        tracker = raw["tracker"]["name"]
        raise UnmappedError(
            self.reader.values.texts.say("no_field", name=name, label=label or "-", tracker=tracker)
        )

    def _assign(self, raw: Json, account: str, to: _Requests) -> None:
        values = self.reader.values
        number = values.user(account, raw["project"]["id"]) if account else None
        if raw.get("assigned_to", {}).get("id") != number:
            to.attributes["assigned_to_id"] = number or ""

    def _comment(self, raw: Json, write: PutComment, to: _Requests) -> None:
        known = own_comments(raw, self.reader.directory.me()).get(write.marker)
        link = f"{self.check_url}/{raw['id']}" if self.check_url else ""
        note = note_text(write.marker, write.text, link)
        if known is None:
            to.notes.append(note)
        elif not same_text(known.text, write.text):
            to.edits[known.journal] = note

    def _attach(self, raw: Json, write: Attach, to: _Requests) -> None:
        if write.name in {one["filename"] for one in raw.get("attachments", ())}:
            return
        token = self.reader.client.upload(write.name, write.content)
        to.uploads.append({"token": token, "filename": write.name, "content_type": write.media_type})

    def _send(self, ref: IssueRef, requests: _Requests) -> None:
        client, path = self.reader.client, f"/issues/{ref.key}"
        # watchers first: who is to follow the issue is told of the note, and the note comes last
        for number in requests.watchers:
            client.send("post", f"{path}/watchers.json", {"user_id": number})
        for body in requests.puts():
            with naming(ref):
                client.send("put", f"{path}.json", {"issue": body})
        for journal, note in requests.edits.items():
            client.send("put", f"/journals/{journal}.json", {"journal": {"notes": note}})
