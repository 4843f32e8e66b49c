"""The documents of the products that a person may see: list, preview, decisions, Word, PDF."""

import base64
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from docgen.office import OfficeError, find_office
from docgen.preview import preview
from docgen.preview.look import STYLE
from docgen.readback.model import RefusedError
from svc_plugin.documents.library import WORD
from svc_plugin.documents.pdf import pdf_to_sign
from svc_plugin.documents.register import check_code, file_of
from svc_plugin.domain.deciding import asked_of
from svc_plugin.domain.identity import document_id
from svc_plugin.domain.vocabulary import FIELD_SPECS, STAGES, Field, IssueKind, Stage
from svc_plugin.store.documents import FileRole, StoredDocument
from svc_plugin.store.views import Wanted
from svc_plugin.web.pages.admin_parts import asked_number
from svc_plugin.web.pages.parts import PageParts, present, spoken

_LISTED = 50  # versions on a page of the list
_MOST = 100  # issues asked for their stage, the latest changed
LAST_VERSION = 99_999
_KINDS = FIELD_SPECS[Field.DOCUMENT_KIND].choices
_STYLE = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
PREVIEW_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE}'; frame-ancestors 'self'; sandbox"
"""No script, no other origin, and just this one style sheet."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The views. A document of a product that a person may not see is not there for them."""

    parts: PageParts

    def install(self, pages: Blueprint) -> None:
        """Add the views."""
        one = f"/shelf/<name>/<int(max={LAST_VERSION}):version>/<language>"
        pages.add_url_rule("/shelf", "shelf", self.listed)
        pages.add_url_rule(one, "document", self.show)
        pages.add_url_rule(f"{one}/preview", "preview", self.preview)
        pages.add_url_rule(f"{one}/word", "word", self.word)
        pages.add_url_rule(f"{one}/pdf", "pdf", self.pdf)
        make = partial(self.make_pdf, turn=Lock())
        pages.add_url_rule(f"{one}/pdf", "make_pdf", make, methods=["POST"])

    def listed(self) -> ResponseReturnValue:
        """List what was issued, the newest first, a page at a time."""
        mine, page = present(), asked_number("page") or 1
        first = (page - 1) * _LISTED
        found = self.parts.views.issued(mine.access.products, limit=_LISTED + 1, offset=first)
        issued = found[:_LISTED]
        return render_template(
            "pages/shelf.html",
            issued=issued,
            newest=self.parts.views.newest({one.document_id for one in issued}),
            stages=self._stages(mine.site, {one.product for one in issued}),
            page=page,
            more=len(found) > _LISTED,
        )

    def _stages(self, site: str, products: Collection[str]) -> Mapping[str, Stage]:
        """Return where the issues of some products' documents stand, by document id."""
        wanted = Wanted(site, products, IssueKind.DOCUMENT, STAGES[IssueKind.DOCUMENT])
        found: dict[str, Stage] = {}
        for issue in self.parts.views.issues(wanted, limit=_MOST, newest=True):
            kind, period = issue.value(Field.DOCUMENT_KIND), issue.value(Field.PERIOD).strip()
            if issue.stage and kind in _KINDS:
                found[document_id(kind, issue.product, period)] = issue.stage
        return found

    def show(self, name: str, version: int, language: str) -> ResponseReturnValue:
        """Show one version with its preview in a frame of its own."""
        stored, mine = visible_document(self.parts, name, version, language), present()
        register, registers = self.parts.register, self.parts.registers
        issues = register.issues_of(stored)
        asking = (one for one in issues if asked_of(one, registers, mine.access.account))
        return render_template(
            "pages/document.html",
            document=stored,
            code=check_code(stored),
            issues=issues,
            asking=next(asking, None),
            versions=register.store.numbers(name, language),
            rulings=register.approvals.of_document(name),
            pdf=file_of(register.store, stored, FileRole.PDF) is not None,
            office=_has_office(),
        )

    def preview(self, name: str, version: int, language: str) -> ResponseReturnValue:
        """Show the version as a page without script; a version too old for it says so."""
        stored = visible_document(self.parts, name, version, language)
        found = self.parts.library.rebuilt(stored)
        if found is None:
            return make_response(render_template("pages/no_preview.html"), 200)
        return Response(
            preview(found, spoken()),
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": PREVIEW_POLICY},
        )

    def word(self, name: str, version: int, language: str) -> ResponseReturnValue:
        """Send the file as it was issued, byte for byte."""
        stored = visible_document(self.parts, name, version, language)
        response = make_response(stored.content)
        response.headers.set("Content-Disposition", "attachment", filename=stored.file_name)
        response.headers["Content-Type"] = WORD
        return response

    def pdf(self, name: str, version: int, language: str) -> ResponseReturnValue:
        """Send the PDF that was made of a version."""
        stored = visible_document(self.parts, name, version, language)
        kept = file_of(self.parts.register.store, stored, FileRole.PDF)
        if kept is None:
            abort(404)
        response = make_response(kept.content)
        response.headers.set("Content-Disposition", "attachment", filename=kept.name)
        response.headers["Content-Type"] = kept.media_type
        return response

    def make_pdf(self, name: str, version: int, language: str, *, turn: Lock) -> ResponseReturnValue:
        """Make the PDF of a version, one at a time: it takes LibreOffice seconds."""
        stored, texts = visible_document(self.parts, name, version, language), spoken()
        if turn.acquire(blocking=False):
            try:
                pdf_to_sign(self.parts.register.store, stored)
                flash(texts.say("document.pdf.made"))
            except OfficeError as error:
                flash(error.said(texts))
            except RefusedError as error:
                flash(error.remark.said(texts))
            finally:
                turn.release()
        else:
            flash(texts.say("document.pdf.busy"))
        return redirect(url_for("pages.document", name=name, version=version, language=language), 303)


def visible_document(parts: PageParts, name: str, version: int, language: str) -> StoredDocument:
    """Return an issued version; "not found" for one of a product that the person may not see."""
    if not (name.isprintable() and language in parts.texts):
        abort(404)
    stored = parts.library.store.get(name, version, language)
    if stored is None or stored.product not in present().access.products:
        abort(404)
    return stored


def _has_office() -> bool:
    try:
        find_office()
    except OfficeError:
        return False
    return True
