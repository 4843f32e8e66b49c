"""Writes documents from the mirror, keeps every version, and hands them to the tracker (M14, M65)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from docgen.content.service_report import build as build_service_report
from docgen.identity import content_sha256, data_sha256, file_sha256
from docgen.model import Front, Revision
from docgen.writer import write
from svc_plugin.domain.errors import TerminalError
from svc_plugin.domain.identity import document_id
from svc_plugin.domain.moments import period_bounds
from svc_plugin.domain.plan import Attach, IssueDocument
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.report import customer_service_report
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import Field, Stage
from svc_plugin.engine.ports import Mirror, Written
from svc_plugin.links import DocumentKey, Links
from svc_plugin.store.documents import DocumentStore, StoredDocument

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = ("service_report",)


@dataclass(frozen=True, slots=True)
class Library:
    """Every issued document, and the way to a new one. ``texts`` are by language."""

    store: DocumentStore
    mirror: Mirror
    registers: Registers
    policy: Policy
    texts: Mapping[str, Texts]
    links: Callable[[], Links]

    def create(self, wanted: IssueDocument, *, language: str, now: datetime) -> StoredDocument:
        """Return the newest version when the data behind it is the same, else write the next one.

        Raises ``TerminalError`` for a product, period or kind that is not known.
        """
        self._refuse_unknown(wanted)
        issues = list(self.mirror.of_product(wanted.product))
        report = customer_service_report(
            issues, self.registers, self.policy, product=wanted.product, period=wanted.period, now=now
        )
        earlier = self.store.versions(wanted.document_id, language)
        data = data_sha256(report)
        if earlier and earlier[-1].data_sha256 == data:
            return earlier[-1]
        version = len(earlier) + 1
        texts = self.texts[language]
        front = self._front(wanted, [*(one.created_at for one in earlier), now], texts)
        content = write(build_service_report(report, self.registers, texts, front))
        stored = StoredDocument(
            document_id=wanted.document_id,
            version=version,
            language=language,
            kind=wanted.document_kind,
            product=wanted.product,
            period=wanted.period,
            created_at=now,
            title=texts.choice(Field.DOCUMENT_KIND, wanted.document_kind),
            file_sha256=file_sha256(content),
            content_sha256=content_sha256(content),
            data_sha256=data,
            content=content,
        )
        self.store.put(stored)
        return stored

    def write(self, wanted: IssueDocument, *, language: str, now: datetime) -> Written:
        """Write the document for its issue: the file to attach, and the comment with the link."""
        document = self.create(wanted, language=language, now=now)
        links, texts = self.links(), self.texts[language]
        key = DocumentKey(document.document_id, document.version, document.language)
        comment = texts.say(
            "comment.document",
            title=document.title,
            document=document.document_id,
            version=document.version,
            expires=texts.moment(now + links.age, self.registers.calendar.zone),
            link=links.to_document(key),
        )
        return Written(Attach(document.file_name, document.content, WORD), comment)

    def _front(self, wanted: IssueDocument, written_at: Sequence[datetime], texts: Texts) -> Front:
        """Describe the version that is written last of ``written_at``, with the history of all of them."""
        product = self.registers.products[wanted.product]
        author = self.registers.name_of(product.service_staff[0])
        days = [moment.astimezone(self.registers.calendar.zone).date() for moment in written_at]
        notes = [texts.say("document.first"), *(texts.say("document.again") for _ in days[1:])]
        history = zip(days, notes, strict=True)
        revisions = (Revision(str(n), day, author, note) for n, (day, note) in enumerate(history, 1))
        return Front(
            document_id=wanted.document_id,
            version=str(len(days)),
            author=author,
            day=days[-1],
            status=texts.stage(Stage.DRAFT),
            revisions=tuple(revisions),
        )

    def _refuse_unknown(self, wanted: IssueDocument) -> None:
        if wanted.document_kind not in KINDS:
            raise TerminalError(
                f"document kind '{wanted.document_kind}' is not written yet; use {', '.join(KINDS)}"
            )
        if wanted.product not in self.registers.products:
            known = ", ".join(self.registers.products)
            raise TerminalError(f"product '{wanted.product}' is not in the register; known are {known}")
        if period_bounds(wanted.period) is None:
            raise TerminalError(f"period '{wanted.period}' is not understood; write 2026, 2026-Q4 or 2026-11")


def wanted_document(kind: str, product: str, period: str) -> IssueDocument:
    """Name the document of a kind for a product and a period."""
    return IssueDocument(document_id(kind, product, period), kind, product, period)
