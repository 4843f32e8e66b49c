"""From changes to requests: one for all that Jira takes in one, nothing for what already is so."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never

from svc_plugin.domain.errors import UnmappedError
from svc_plugin.domain.model import Issue, IssueRef
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
from svc_plugin.sites.jira.client import Json
from svc_plugin.sites.jira.comments import comment_body, own_comments
from svc_plugin.sites.jira.linked import LinkedIssues
from svc_plugin.sites.jira.moving import Moves, Screen
from svc_plugin.sites.jira.reader import Reader
from svc_plugin.sites.jira.versions import ProductVersions
from svc_plugin.sites.jira.wiki import to_wiki
from svc_plugin.sites.notes import note_text


@dataclass(slots=True)
class _Requests:
    """What is to be sent: the id of the status to move to, fields, comments, edited ones by id, and so on."""

    move_to: str = ""
    fields: Json = field(default_factory=dict[str, object])
    notes: list[Json] = field(default_factory=list[Json])
    edits: dict[str, str] = field(default_factory=dict[str, str])
    files: list[Attach] = field(default_factory=list[Attach])
    watchers: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes to issues of one site."""

    reader: Reader
    linked: LinkedIssues
    versions: ProductVersions
    moves: Moves
    check_url: str = ""

    def apply(self, ref: IssueRef, writes: Sequence[Write], seen: Issue | None) -> None:
        """Write all of ``writes``; what already is so is left out, judged by ``seen`` if that is fresh.

        Raises ``ChangeRefusedError``, ``UnmappedError``, ``IssueNotFoundError`` or ``TransientError``.
        """
        raw = self.reader.latest.take(seen) if seen else None
        if raw is None:
            raw = self.reader.raw(ref, expand="transitions")
        requests = _Requests()
        for write in writes:
            self._collect(raw, write, requests)
        with naming(ref):
            self._send(raw, requests)

    def _collect(self, raw: Json, write: Write, to: _Requests) -> None:
        match write:
            case SetStage():
                self._stage(raw, write, to)
            case SetField(name, value):
                self._field(raw, name, value, to)
            case Assign(account):
                self._assign(raw, account, to)
            case Watch(account):
                self._watch(raw, account, to)
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
        fields = raw["fields"]
        wanted = self.reader.mapping.status_of(self.reader.kind_of(raw), write.stage)
        if fields["status"]["name"] == wanted:
            return
        project, issue_type = str(fields["project"]["key"]), str(fields["issuetype"]["name"])
        number = self.reader.directory.status_id(project, issue_type, wanted)
        if number is None:
            texts = self.reader.values.texts
            raise UnmappedError(texts.say("no_status", status=wanted, type=issue_type, project=project))
        to.move_to = number

    def _field(self, raw: Json, name: Field, value: str, to: _Requests) -> None:
        values, fields = self.reader.values, raw["fields"]
        label = self.reader.mapping.fields.get(name)
        info = self.reader.directory.field(label) if label else None
        if info is None or info.id not in fields:
            facts = {"name": name, "label": label or "-", "type": fields["issuetype"]["name"]}
            raise UnmappedError(values.texts.say("no_field", **facts))
        if values.from_site(name, info, fields[info.id]) != value:
            to.fields[info.id] = values.to_site(name, info, value, str(fields["project"]["key"]))

    def _comment(self, raw: Json, write: PutComment, to: _Requests) -> None:
        known = own_comments(self.reader.comments(raw), self.reader.directory).get(write.marker)
        link = f"{self.check_url}/{raw['id']}" if self.check_url else ""
        if known is None:
            to.notes.append(comment_body(raw, write.marker, write.text, link))
        elif not same_text(known.text, write.text):
            to.edits[known.id] = note_text(write.marker, to_wiki(write.text), link)

    def _assign(self, raw: Json, account: str, to: _Requests) -> None:
        if self.reader.directory.account(raw["fields"].get("assignee")) != account:
            to.fields["assignee"] = self.reader.values.person(account)

    def _watch(self, raw: Json, account: str, to: _Requests) -> None:
        user = self.reader.directory.user(account)
        if account not in self.reader.watching.of(raw):
            to.watchers.append(user)

    @staticmethod
    def _attach(raw: Json, write: Attach, to: _Requests) -> None:
        if write.name not in {one["filename"] for one in raw["fields"].get("attachment", ())}:
            to.files.append(write)

    def _send(self, raw: Json, requests: _Requests) -> None:
        """Send what is said first, then files, then the move: the later prove that something was done.

        What breaks off between is then done again, and nothing is done that was not said.
        """
        key = str(raw["id"])
        client, path = self.reader.client, f"/issue/{key}"
        for note in requests.notes[:-1]:
            client.post(f"{path}/comment", note, issue=key)
        for number, text in requests.edits.items():
            client.put(f"{path}/comment/{number}", {"body": text}, issue=key)
        for user in requests.watchers:
            client.post(f"{path}/watchers", user, issue=key)
            self.reader.watching.forget(key)
        move = self.moves.to(raw, requests.move_to) if requests.move_to else None
        self._write(raw, requests, requests.notes[-1:], move)

    def _write(self, raw: Json, requests: _Requests, notes: list[Json], move: Json | None) -> None:
        """Send fields and comment along with the move where its screen has them, else before it."""
        fields, client, key = requests.fields, self.reader.client, str(raw["id"])
        screen = self.moves.screen(raw, move) if move and (fields or notes) else Screen()
        along = {name: value for name, value in fields.items() if name in screen.fields}
        before = {name: value for name, value in fields.items() if name not in screen.fields}
        body = _body(before, [] if screen.comment else notes)
        if body:
            # a comment would be said again
            client.put(f"/issue/{key}", body, issue=key, again="update" not in body)
        for file in requests.files:
            client.upload(f"/issue/{key}/attachments", file.name, file.content, file.media_type, issue=key)
        if move:
            self.moves.make(raw, move, screen, _body(along, notes if screen.comment else []))


def _body(fields: Json, notes: list[Json]) -> Json:
    body: Json = {"fields": fields} if fields else {}
    if notes:
        body["update"] = {"comment": [{"add": note} for note in notes]}
    return body
