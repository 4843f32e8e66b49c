"""A signed copy that comes back: handed in, read, its differences shown, confirmed by the approver."""

from dataclasses import dataclass
from pathlib import PurePath

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from docgen.identity import file_sha256
from docgen.readback import read_back
from docgen.readback.container import LARGEST_FILE
from docgen.readback.model import Medium, RefusedError, Returned, TextState
from svc_plugin.documents.verification import version_of
from svc_plugin.domain.deciding import APPROVE, Answer, question_of
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Attach
from svc_plugin.store.approvals import Copy
from svc_plugin.store.documents import FileRole, StoredDocument, StoredFile
from svc_plugin.web.pages.deciding import after, bound_document, shown, typed_answer
from svc_plugin.web.pages.parts import PageParts, present, spoken
from svc_plugin.web.pages.ruling import Hindrance, carried_out, hindered
from svc_plugin.web.pages.seeing import seen_issue

LARGEST_UPLOAD = LARGEST_FILE + 65_536
"""Bytes of a request that hands a copy in: the file, and the form around it."""
_LONGEST_NAME = 120
_MEDIA = {
    b"PK\x03\x04": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    b"%PDF": ("pdf", "application/pdf"),
    b"\x89PNG": ("png", "image/png"),
    b"\xff\xd8\xff": ("jpg", "image/jpeg"),
}


@dataclass(frozen=True, slots=True)
class Returning:
    """The views."""

    parts: PageParts

    def install(self, pages: Blueprint) -> None:
        """Add the views."""
        one = "/issues/<site>/<key>/copy"
        pages.add_url_rule(one, "copy", self.show)
        pages.add_url_rule(one, "hand_in", self.hand_in, methods=["POST"])
        pages.add_url_rule(f"{one}/confirm", "confirm", self.confirm, methods=["POST"])

    def hand_in(self, site: str, key: str) -> ResponseReturnValue:
        """Take a copy; it waits until the person confirms what was read."""
        seen, mine = seen_issue(self.parts, site, key), present()
        sent = request.files.get("copy")
        content = sent.read(LARGEST_FILE + 1) if sent else b""
        hindrance = self._barred(seen)
        if hindrance is None and not content:
            hindrance = Hindrance("no_file", 400)
        if hindrance is None:
            try:
                read_back(content, self.parts.register.issues)
            except RefusedError as error:
                hindrance = Hindrance("unread", 400, error.remark.said(spoken()))
        if hindrance:
            return shown(self.parts, seen, Answer("", ""), hindrance, status=hindrance.status)
        name = PurePath(sent.filename or "").name[:_LONGEST_NAME] if sent else ""
        copy = Copy(seen.issue.ref, mine.access.account, self.parts.clock(), name, content)
        self.parts.register.approvals.hand_in(copy)
        return redirect(url_for("pages.copy", site=site, key=key), 303)

    def show(self, site: str, key: str) -> ResponseReturnValue:
        """Show what the copy says, where it differs, and the form that it fills in advance."""
        seen = seen_issue(self.parts, site, key)
        copy = self._handed_in(seen)
        if copy is None:
            return redirect(url_for("pages.decide", site=site, key=key), 303)
        read = read_back(copy.content, self.parts.register.issues)
        told = read.answers
        return self._shown(seen, copy, read, Answer(told.decision, told.opinion), self._barred(seen), 200)

    def confirm(self, site: str, key: str) -> ResponseReturnValue:
        """Decide as the copy says, in the person's own name, and put the copy on the issue."""
        seen, mine, answer = seen_issue(self.parts, site, key), present(), typed_answer()
        copy = self._handed_in(seen)
        if copy is None or file_sha256(copy.content) != request.form.get("copy"):
            gone = Hindrance("copy_gone", 409)
            return shown(self.parts, seen, answer, gone, status=gone.status)
        read = read_back(copy.content, self.parts.register.issues)
        hindrance = self._barred(seen) or unfit(self.parts, seen, read)
        document = bound_document(self.parts, seen)
        if hindrance is None and document:
            signed = _signed(document, copy)
            # first the register: a copy that hangs on the issue must not be missing in it
            self.parts.library.store.add_file(document, signed)
            attach = Attach(signed.name, signed.content, signed.media_type)
            code = request.form.get("code", "")
            hindrance = carried_out(self.parts, seen, mine, answer, code, [attach])
        if hindrance:
            return self._shown(seen, copy, read, answer, hindrance, hindrance.status)
        self.parts.register.approvals.forget_copy(seen.issue.ref, mine.access.account)
        flash(spoken().say("decide.done"))
        return redirect(after(self.parts, seen), 303)

    def _handed_in(self, seen: Snapshot) -> Copy | None:
        approvals, account = self.parts.register.approvals, present().access.account
        return approvals.handed_in(seen.issue.ref, account, self.parts.clock())

    def _barred(self, seen: Snapshot) -> Hindrance | None:
        if question_of(seen.issue) not in (None, APPROVE):
            abort(404)  # only plans have a block to sign
        return hindered(self.parts, seen, present())

    def _shown(
        self,
        seen: Snapshot,
        copy: Copy,
        read: Returned,
        answer: Answer,
        hindrance: Hindrance | None,
        status: int,
    ) -> ResponseReturnValue:
        wrong = unfit(self.parts, seen, read)
        told = {"copy": copy, "read": read, "unfit": wrong, "digest": file_sha256(copy.content)}
        return shown(self.parts, seen, answer, hindrance, status=status, **told)


def unfit(parts: PageParts, seen: Snapshot, read: Returned) -> Hindrance | None:
    """Say why a copy cannot stand for an approval of what the issue asks to approve; None when it can."""
    bound = bound_document(parts, seen)
    try:
        theirs = version_of(parts.register, read)
    except RefusedError:
        theirs = None
    if bound is None or theirs is None or not _says_the_same(bound, theirs):
        return Hindrance("another", 409)
    if read.text is TextState.ALTERED:
        return Hindrance("altered", 409)
    if read.medium is Medium.SIGNED_PDF and not all(one.intact and one.whole for one in read.signatures):
        return Hindrance("broken_signature", 409)
    return None


def _says_the_same(one: StoredDocument, other: StoredDocument) -> bool:
    """Tell whether two versions are one, in whichever language."""
    return (one.document_id, one.data_sha256) == (other.document_id, other.data_sha256)


def _signed(document: StoredDocument, copy: Copy) -> StoredFile:
    digest = file_sha256(copy.content)
    kinds = (kind for start, kind in _MEDIA.items() if copy.content.startswith(start))
    extension, media_type = next(kinds, ("bin", "application/octet-stream"))
    name = f"{document.document_id}-v{document.version}-signed-{digest[:8]}.{extension}"
    return StoredFile(name, FileRole.SIGNED, media_type, digest, copy.content)
