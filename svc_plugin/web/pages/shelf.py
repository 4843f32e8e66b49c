"""The documents of the products that a person may see: list, preview, Word."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from docgen.preview import preview
from docgen.preview.look import STYLE
from svc_plugin.documents import WORD
from svc_plugin.domain.identity import document_id
from svc_plugin.domain.vocabulary import FIELD_SPECS, STAGES, Field, IssueKind, Stage
from svc_plugin.store.documents import StoredDocument
from svc_plugin.store.sessions import Session
from svc_plugin.store.views import Wanted
from svc_plugin.web.pages.parts import PageParts, present, spoken

_MOST = 200  # versions in the list, and issues asked for their stage
_LAST_VERSION = 99_999
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
        one = f"/shelf/<name>/<int(max={_LAST_VERSION}):version>/<language>"
        pages.add_url_rule("/shelf", "shelf", self.listed)
        pages.add_url_rule(one, "document", self.show)
        pages.add_url_rule(f"{one}/preview", "preview", self.preview)
        pages.add_url_rule(f"{one}/word", "word", self.word)

    def listed(self) -> ResponseReturnValue:
        """List what was issued, the newest first."""
        mine = present()
        issued = self.parts.views.issued(mine.access.products, limit=_MOST)
        return render_template("pages/shelf.html", issued=issued, stages=self._stages(mine))

    def _stages(self, mine: Session) -> Mapping[str, Stage]:
        """Return where the issues of the documents stand, by document id."""
        wanted = Wanted(mine.site, mine.access.products, IssueKind.DOCUMENT, STAGES[IssueKind.DOCUMENT])
        found: dict[str, Stage] = {}
        for issue in self.parts.views.issues(wanted, limit=_MOST):
            kind, period = issue.value(Field.DOCUMENT_KIND), issue.value(Field.PERIOD).strip()
            if issue.stage and kind in _KINDS:
                found[document_id(kind, issue.product, period)] = issue.stage
        return found

    def show(self, name: str, version: int, language: str) -> ResponseReturnValue:
        """Show one version with its preview in a frame of its own."""
        return render_template("pages/document.html", document=self._visible(name, version, language))

    def preview(self, name: str, version: int, language: str) -> ResponseReturnValue:
        """Show the version as a page without script; a version too old for it says so."""
        stored = self._visible(name, version, language)
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
        stored = self._visible(name, version, language)
        response = make_response(stored.content)
        response.headers.set("Content-Disposition", "attachment", filename=stored.file_name)
        response.headers["Content-Type"] = WORD
        return response

    def _visible(self, name: str, version: int, language: str) -> StoredDocument:
        if not (name.isprintable() and language in self.parts.texts):
            abort(404)
        stored = self.parts.library.store.get(name, version, language)
        if stored is None or stored.product not in present().access.products:
            abort(404)
        return stored
