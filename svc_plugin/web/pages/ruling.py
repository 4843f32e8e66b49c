"""Carrying a person's decision out on the site, in their own name, about the very words that they read."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from svc_plugin.domain.deciding import (
    Answer,
    answered,
    faults,
    not_theirs,
    question_of,
    unsettled,
)
from svc_plugin.domain.errors import TerminalError, TransientError
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import is_satisfied
from svc_plugin.domain.vocabulary import Field
from svc_plugin.engine.ports import Write
from svc_plugin.store.sessions import Session
from svc_plugin.web.pages.checking import change_shown
from svc_plugin.web.pages.hinting import hinted
from svc_plugin.web.pages.parts import PageParts, spoken

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a decision was not carried out: the name of a sentence, the answer's status, further words."""

    name: str
    status: int
    detail: str = ""


def hindered(parts: PageParts, seen: Snapshot, mine: Session) -> Hindrance | None:
    """Say what keeps a person from deciding on an issue on a page; None when nothing does."""
    question = question_of(seen.issue)
    if question is None:
        return Hindrance("over", 409)
    if name := not_theirs(question, seen.issue, parts.registers, mine.access.account):
        return Hindrance(name, 403)
    if name := unsettled(question, seen):
        return Hindrance(name, 409)
    if mine.site not in parts.acting or not mine.key:
        return Hindrance("no_hand", 403)
    return None


def carried_out(
    parts: PageParts, seen: Snapshot, mine: Session, answer: Answer, code: str, more: Sequence[Write] = ()
) -> Hindrance | None:
    """Write a decision by the person's own account, read it back and have the issue looked at.

    ``code`` is the check code of what the person read, ``more`` goes with the decision. None when the site
    now says what was decided.
    """
    issue, question = seen.issue, question_of(seen.issue)
    refused = hindered(parts, seen, mine)
    if refused or question is None:
        return refused
    if question.bound and code != issue.value(Field.CONTENT_HASH):
        return Hindrance("changed", 409)
    if wrong := faults(question, answer):
        return Hindrance(wrong[0], 400)
    hindrance = _written(parts, seen, mine, (*more, *answered(question, answer, code)))
    hinted(parts, issue.ref)
    if hindrance is None:
        account = mine.access.account
        _log.info("decision.written", issue=str(issue.ref), account=account, question=question.name)
    return hindrance


def _written(parts: PageParts, seen: Snapshot, mine: Session, writes: Sequence[Write]) -> Hindrance | None:
    try:
        parts.acting[mine.site].apply(mine.key, seen.issue.ref, writes)
        missing = _missing(parts, seen, writes)
    except TransientError as error:
        _log.warning("decision.failed", issue=str(seen.issue.ref), error=str(error))
        return Hindrance("down", 503)
    except TerminalError as error:
        return Hindrance("refused", 409, str(error))
    return Hindrance("partly", 409, missing) if missing else None


def _missing(parts: PageParts, seen: Snapshot, writes: Sequence[Write]) -> str:
    """Say what the site did not take, in words."""
    texts, after = spoken(), parts.reconciler.look(seen.issue.ref)
    return texts.listed(
        [change_shown(texts, seen.registers, one) for one in writes if not is_satisfied(after, one)]
    )
