"""Writes documents from the mirror, keeps every version, and hands them to the tracker (M14, M65)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from docgen.company.faults import Fault, RefusedTemplateError
from docgen.company.template import Template, write_in
from docgen.content import maintenance_plan, maintenance_report, service_plan, service_report
from docgen.content.annexes import Annex
from docgen.identity import canonical_json, content_sha256, data_sha256, file_sha256, stated_text_sha256
from docgen.model import Document, Front, Revision
from docgen.writer import template_identity, write
from svc_plugin import __version__
from svc_plugin.documents.register import ANNEX, check_code, file_of
from svc_plugin.documents.sidecar import beside
from svc_plugin.domain.costs import Track
from svc_plugin.domain.errors import TerminalError
from svc_plugin.domain.figures.maintenance_model import MaintenanceReport
from svc_plugin.domain.figures.plan_model import WorkPlan
from svc_plugin.domain.figures.service_model import ServiceReport
from svc_plugin.domain.figures.window import span_of, window_of
from svc_plugin.domain.identity import document_id
from svc_plugin.domain.moments import period_before, period_bounds
from svc_plugin.domain.plan import Attach, IssueDocument
from svc_plugin.domain.planning import work_plan
from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.report import customer_service_report, product_maintenance_report
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import Field, Stage
from svc_plugin.engine.documents import Written
from svc_plugin.engine.ports import Mirror
from svc_plugin.links import DocumentKey, Links
from svc_plugin.store.codec import maintenance_report_from_json, service_report_from_json, work_plan_from_json
from svc_plugin.store.documents import DocumentStore, FileRole, StoredDocument, StoredFile

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Content: TypeAlias = WorkPlan | ServiceReport | MaintenanceReport
ANNEX_ABOVE = 500  # rows of a report's list that are read; what is longer is an annex of its own
KINDS = ("service_plan", "service_report", "maintenance_plan", "maintenance_report")


def _no_template(_kind: str, _language: str) -> Template | None:
    return None


@dataclass(frozen=True, slots=True)
class Library:
    """Every issued document, and the way to a new one. ``texts`` are by language.

    ``template_for`` gives a company's own template for a kind of document and a language, if it has one.
    """

    store: DocumentStore
    mirror: Mirror
    registers: Registers
    policies: Policies | Policy
    texts: Mapping[str, Texts]
    links: Callable[[], Links]
    policy_digest: str = ""
    annex_above: int = ANNEX_ABOVE
    template_for: Callable[[str, str], Template | None] = _no_template

    def create(self, wanted: IssueDocument, *, language: str, now: datetime) -> StoredDocument:
        """Return the newest version when the data behind it is the same, else write the next one.

        A report that was issued after its period had ended stays as it is in every language: what the
        record tells otherwise later is listed in the next report (M76). Raises ``TerminalError`` for a
        product, period or kind that is not known, and for a template that cannot be used.
        """
        self._refuse_unknown(wanted)
        found = self._content(wanted, now)
        earlier = self.store.versions(wanted.document_id, language)
        data = data_sha256(found)
        if earlier and earlier[-1].data_sha256 == data:
            return earlier[-1]
        version = len(earlier) + 1
        texts = self.texts[language]
        front = self._front(wanted, [*(one.created_at for one in earlier), now], texts)
        annex = self._annex(found, texts, front)
        document = document_of(found, self.registers, texts, front, _told_of(found, annex))
        template = self.template_for(wanted.document_kind, language)
        content = self._file(document, template, texts)
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
            data=canonical_json(found),
            text_sha256=stated_text_sha256(content),
            policy=self.policy_digest,
            template=template.sha256 if template else template_identity(),
            generator=f"svc-plugin {__version__}",
        )
        self.store.put(stored, beside(stored, document.figures, annex))
        return stored

    def _file(self, document: Document, template: Template | None, texts: Texts) -> bytes:
        if template is None:
            return write(document)
        written = write_in(template, document)
        if isinstance(written, Fault):
            raise RefusedTemplateError(template.name, [written], texts)
        return written

    def draft(self, wanted: IssueDocument, *, language: str, now: datetime) -> Document:
        """Return the document as ``create`` would write it now, and keep nothing. Raises as it does."""
        self._refuse_unknown(wanted)
        earlier, texts = self.store.versions(wanted.document_id, language), self.texts[language]
        found = self._content(wanted, now)
        known = bool(earlier) and earlier[-1].data_sha256 == data_sha256(found)
        front = self._front(wanted, [*(one.created_at for one in earlier), *(() if known else (now,))], texts)
        annex = _told_of(found, self._annex(found, texts, front))
        return document_of(found, self.registers, texts, front, annex)

    def recount(self, stored: StoredDocument) -> tuple[Document, Content]:
        """Return an issued document and the data behind it as the record tells them today (M65).

        Clocks stand where they stood when it was issued: only what was changed since makes a difference.
        """
        wanted = wanted_document(stored.kind, stored.product, stored.period)
        found = self._content(wanted, stored.created_at, frozen=False)
        texts = self.texts[stored.language]
        front = self._front(wanted, [stored.created_at], texts)
        return document_of(found, self.registers, texts, front), found

    def _annex(self, found: Content, texts: Texts, front: Front) -> StoredFile | None:
        """Return the file with the complete list of a long report, None for any other document."""
        if isinstance(found, WorkPlan) or not 0 < self.annex_above < len(listed(found)):
            return None
        named = replace(front, document_id=f"{front.document_id}{ANNEX}")
        content = write(_full_list(found, self.registers, texts, named))
        name = f"{front.document_id}-v{front.version}{ANNEX}.docx"
        return StoredFile(name, FileRole.ANNEX, WORD, file_sha256(content), content)

    def _content(self, wanted: IssueDocument, now: datetime, *, frozen: bool = True) -> Content:
        """Return what a document says: a plan as things stand, a report as it was issued or would be now.

        Without ``frozen`` a report is counted again, whatever was issued.
        """
        kind, product, period = wanted.document_kind, wanted.product, wanted.period
        track, planned = track_of(kind), kind.endswith("_plan")
        if frozen and not planned and (issued := self._issued(track, product, period)):
            return issued
        since, until = span_of(period, self.registers.calendar.zone)
        told = list(self.mirror.reported(product, since, None if planned else until))
        known = told, self.registers, self.policies
        before = self._issued(track, product, period_before(period))
        if planned:
            return work_plan(*known, track=track, product=product, period=period, now=now, last=before)
        if track is Track.SERVICE:
            last = before if isinstance(before, ServiceReport) else None
            return customer_service_report(*known, product=product, period=period, now=now, issued=last)
        former = before if isinstance(before, MaintenanceReport) else None
        return product_maintenance_report(*known, product=product, period=period, now=now, issued=former)

    def _issued(self, track: Track, product: str, period: str) -> ServiceReport | MaintenanceReport | None:
        """Return the report on a period as it was issued first after it, None when it was not."""
        end = window_of(period, self.registers.calendar.zone).end
        found = self.store.first_since(document_id(f"{track}_report", product, period), end)
        if found is None:
            return None
        read = service_report_from_json if track is Track.SERVICE else maintenance_report_from_json
        return read(found.data)

    def rebuilt(self, stored: StoredDocument) -> Document | None:
        """Return the model of an issued version, from its own figures; None when they were not kept.

        Names that the registers have changed since are those of today: the file alone is what was issued.
        """
        if not stored.data:
            return None
        wanted = IssueDocument(stored.document_id, stored.kind, stored.product, stored.period)
        earlier = self.store.versions(stored.document_id, stored.language)
        written_at = [one.created_at for one in earlier if one.version <= stored.version]
        texts = self.texts[stored.language]
        return document_of(
            _content_from_json(stored), self.registers, texts, self._front(wanted, written_at, texts)
        )

    def write(self, wanted: IssueDocument, *, language: str, now: datetime) -> Written:
        """Write the document for its issue: the files to attach, and the comment with the link.

        Raises ``TerminalError`` for a version that was never issued.
        """
        document = self._wanted(wanted, language, now)
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
        annex = file_of(self.store, document, FileRole.ANNEX)
        return Written(
            Attach(document.file_name, document.content, WORD),
            comment,
            check_code(document),
            (Attach(annex.name, annex.content, annex.media_type),) if annex else (),
        )

    def _wanted(self, wanted: IssueDocument, language: str, now: datetime) -> StoredDocument:
        if not wanted.version:
            return self.create(wanted, language=language, now=now)
        found = self.store.get(wanted.document_id, wanted.version, language)
        if found is None:
            raise TerminalError(f"{wanted.document_id} has no version {wanted.version} in '{language}'")
        return found

    def _front(self, wanted: IssueDocument, written_at: Sequence[datetime], texts: Texts) -> Front:
        """Describe the version that is written last of ``written_at``, with the history of all of them."""
        staff = self.registers.staff_of(track_of(wanted.document_kind), wanted.product)
        author = self.registers.name_of(staff[0])
        days = [self.registers.calendar.day_of(moment) for moment in written_at]
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
                f"document kind '{wanted.document_kind}' is not one of ours; use {', '.join(KINDS)}"
            )
        if wanted.product not in self.registers.products:
            known = ", ".join(self.registers.products)
            raise TerminalError(f"product '{wanted.product}' is not in the register; known are {known}")
        if period_bounds(wanted.period) is None:
            raise TerminalError(f"period '{wanted.period}' is not understood; write 2026, 2026-Q4 or 2026-11")


def listed(report: ServiceReport | MaintenanceReport) -> Sequence[object]:
    """Return the rows of a report's complete list."""
    return report.requests if isinstance(report, ServiceReport) else report.works


def _told_of(found: Content, annex: StoredFile | None) -> Annex | None:
    if annex is None or isinstance(found, WorkPlan):
        return None
    return Annex(annex.name, annex.file_sha256, len(listed(found)))


def _full_list(
    report: ServiceReport | MaintenanceReport, registers: Registers, texts: Texts, front: Front
) -> Document:
    if isinstance(report, ServiceReport):
        return service_report.full_list(report, registers, texts, front)
    return maintenance_report.full_list(report, registers, texts, front)


def document_of(
    found: Content, registers: Registers, texts: Texts, front: Front, annex: Annex | None = None
) -> Document:
    """Return what was found as a document in the language of ``texts``."""
    match found:
        case ServiceReport():
            return service_report.build(found, registers, texts, front, annex=annex)
        case MaintenanceReport():
            return maintenance_report.build(found, registers, texts, front, annex=annex)
        case WorkPlan(track=Track.SERVICE):
            return service_plan.build(found, registers, texts, front)
        case WorkPlan():
            return maintenance_plan.build(found, registers, texts, front)


def _content_from_json(stored: StoredDocument) -> Content:
    if stored.kind.endswith("_plan"):
        return work_plan_from_json(stored.data)
    service = track_of(stored.kind) is Track.SERVICE
    return service_report_from_json(stored.data) if service else maintenance_report_from_json(stored.data)


def track_of(kind: str) -> Track:
    """Return the track that a kind of document belongs to."""
    return Track(kind.partition("_")[0])


def wanted_document(kind: str, product: str, period: str) -> IssueDocument:
    """Name the document of a kind for a product and a period."""
    return IssueDocument(document_id(kind, product, period), kind, product, period)
