"""Asking for another look at an issue, as a person does who has mended something."""

import structlog

from svc_plugin.domain.model import IssueRef
from svc_plugin.web.pages.parts import PageParts

_log = structlog.get_logger(__name__)


def hinted(parts: PageParts, ref: IssueRef) -> None:
    """Let an issue be looked at now; what its site refused before is tried again."""
    parts.refusals.release(ref, at=parts.clock())
    parts.work.add([ref], due=parts.clock())
    hint_safely(parts, ref)


def hint_safely(parts: PageParts, ref: IssueRef) -> None:
    """Tell a worker of an issue that is marked as due already."""
    try:
        parts.hint(ref)
    except Exception as error:  # noqa: BLE001 -- it is marked as due: the worker's own clock finds it
        _log.warning("hint.failed", issue=str(ref), cause=type(error).__name__)
