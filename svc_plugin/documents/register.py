"""What is known of issued documents: the newest, their issues, their status, copies to compare with (M65)."""

from collections.abc import Sequence
from dataclasses import dataclass

from docgen.identity import text_sha256
from docgen.readback.model import Issued
from docgen.words import short_mark
from svc_plugin.domain.identity import document_of
from svc_plugin.domain.model import Issue, IssuedVersion, Snapshot
from svc_plugin.domain.plan import attached_versions
from svc_plugin.domain.ruling import ruling_of
from svc_plugin.domain.vocabulary import STAGES, IssueKind, Stage
from svc_plugin.engine.ports import Mirror
from svc_plugin.store.approvals import SqlApprovals
from svc_plugin.store.documents import DocumentStore, FileRole, StoredDocument, StoredFile

ANNEX = "-annex"
"""What the number of a document's complete list ends with."""


@dataclass(frozen=True, slots=True)
class Register:
    """The register of issued documents, beside the issues that ask for them."""

    store: DocumentStore
    mirror: Mirror

    @property
    def approvals(self) -> SqlApprovals:
        """The decisions on the documents."""
        return self.store.approvals

    def newest(self, issue: Issue, language: str) -> IssuedVersion | None:
        """Return the newest version of the document that an issue asks for, None while there is none."""
        named = document_of(issue)
        found = self.store.newest(named, language) if named else None
        return IssuedVersion(named, found.version, check_code(found)) if found else None

    def follow(self, issue: Issue, language: str) -> None:
        """Give the version that hangs on its issue the issue's stage; what it replaced is superseded."""
        named = document_of(issue)
        attached = attached_versions(issue, named) if named else ()
        found = self.store.get(named, attached[-1], language) if attached else None
        if found and issue.stage:
            self.store.set_status(found, issue.stage, former=Stage.SUPERSEDED)

    def record(self, seen: Snapshot) -> None:
        """Keep the decision that stands on a document issue, with the signed copy that came with it (M26)."""
        issue = seen.issue
        if issue.kind is not IssueKind.DOCUMENT:
            return
        ruling = ruling_of(seen)
        attached = attached_versions(issue, ruling.document_id) if ruling else ()
        version = attached[-1] if attached else 0
        found = self.store.get(ruling.document_id, version, seen.texts.language) if ruling else None
        files = self.store.files(found) if found else ()
        signed = [f for f in files if f.role is FileRole.SIGNED and f.name in issue.attachments]
        copy = signed[-1].file_sha256 if signed else ""
        self.approvals.keep(issue.ref, ruling, version=version, copy=copy, ended_at=seen.now)

    def issues_of(self, stored: StoredDocument) -> Sequence[Issue]:
        """Return the document issues that ask for a document, as the mirror knows them."""
        stages = STAGES[IssueKind.DOCUMENT]
        papers = self.mirror.standing(stored.product, IssueKind.DOCUMENT, stages)
        return [one for one in papers if document_of(one) == stored.document_id]

    def issues(self, document_id: str, version: str) -> Sequence[Issued]:
        """Return what was handed out under a number and version, one a language, to hold a copy against."""
        if not version.isascii() or not version.isdecimal():
            return ()
        if document_id.endswith(ANNEX):
            found = self.store.in_every_language(document_id.removesuffix(ANNEX), int(version))
            annexes = (file_of(self.store, one, FileRole.ANNEX) for one in found)
            return [Issued(annex.content) for annex in annexes if annex]
        found = self.store.in_every_language(document_id, int(version))
        pdfs = ((one, file_of(self.store, one, FileRole.PDF)) for one in found)
        return [Issued(one.content, pdf.content if pdf else b"") for one, pdf in pdfs]


def check_code(stored: StoredDocument) -> str:
    """Return the code by which people compare the words of a version: on its issue, in its approval."""
    return short_mark(stored.text_sha256 or text_sha256(stored.content))


def file_of(store: DocumentStore, stored: StoredDocument, role: FileRole) -> StoredFile | None:
    """Return the further file of a version that has a role."""
    return next((one for one in store.files(stored) if one.role is role), None)
