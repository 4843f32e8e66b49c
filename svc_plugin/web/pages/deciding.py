"""The page on which a leader or an approver decides: on a plan, a report, a perfective requirement."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from svc_plugin.domain.deciding import DECIDE, LONGEST_OPINION, Answer, question_of
from svc_plugin.domain.identity import document_of
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.vocabulary import Field
from svc_plugin.store.documents import StoredDocument
from svc_plugin.web.pages.parts import PageParts, present, spoken
from svc_plugin.web.pages.ruling import Hindrance, carried_out, hindered
from svc_plugin.web.pages.seeing import seen_issue


@dataclass(frozen=True, slots=True)
class Deciding:
    """The views."""

    parts: PageParts

    def install(self, pages: Blueprint) -> None:
        """Add the views."""
        pages.add_url_rule("/issues/<site>/<key>/decide", "decide", self.show)
        pages.add_url_rule("/issues/<site>/<key>/decide", "decided", self.decide, methods=["POST"])

    def show(self, site: str, key: str) -> ResponseReturnValue:
        """Show what is asked, and the form for the answer."""
        seen = seen_issue(self.parts, site, key)
        return shown(self.parts, seen, Answer("", ""), hindered(self.parts, seen, present()), status=200)

    def decide(self, site: str, key: str) -> ResponseReturnValue:
        """Write the answer on the site in the person's own name."""
        seen, answer = seen_issue(self.parts, site, key), typed_answer()
        code = request.form.get("code", "")
        hindrance = carried_out(self.parts, seen, present(), answer, code)
        if hindrance:
            return shown(self.parts, seen, answer, hindrance, status=hindrance.status)
        flash(spoken().say("decide.done"))
        return redirect(after(self.parts, seen), 303)


def typed_answer() -> Answer:
    """Return the answer that the form holds."""
    form = request.form
    return Answer(form.get("choice", ""), typed("opinion"), typed("factors"))


def typed(name: str) -> str:
    """Return a text with the line ends that sites keep; what is too long is left to be refused."""
    return request.form.get(name, "").replace("\r\n", "\n")[: LONGEST_OPINION + 1]


def shown(
    parts: PageParts, seen: Snapshot, answer: Answer, hindrance: Hindrance | None, *, status: int, **more: Any
) -> ResponseReturnValue:
    """Show the page, with what was typed and what keeps it from being done."""
    question = question_of(seen.issue)
    document = bound_document(parts, seen)
    facts = {
        "issue": seen.issue,
        "question": question,
        "answer": answer,
        "hindrance": hindrance,
        # what cannot be mended by typing needs no form
        "form": question is not None and hindered(parts, seen, present()) is None,
        "document": document,
        "code": seen.issue.value(Field.CONTENT_HASH),
        "factors": question is DECIDE,
        "longest": LONGEST_OPINION,
        "rulings": parts.register.approvals.of_document(document_of(seen.issue)) if document else (),
        **more,
    }
    return render_template("pages/decide.html", **facts), status


def bound_document(parts: PageParts, seen: Snapshot) -> StoredDocument | None:
    """Return the newest issued version of the document that an issue asks for, in the site's language."""
    issued, store = seen.issued, parts.library.store
    return store.get(issued.document_id, issued.version, seen.texts.language) if issued else None


def after(parts: PageParts, seen: Snapshot) -> str:
    """Return where to go on: to the document that was decided on, else to the issue's check page."""
    document, ref = bound_document(parts, seen), seen.issue.ref
    if document is None:
        return url_for("pages.check", site=ref.site, key=ref.key)
    return url_for(
        "pages.document", name=document.document_id, version=document.version, language=document.language
    )
