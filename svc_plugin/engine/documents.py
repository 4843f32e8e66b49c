"""Who writes documents, and what the engine needs to know of issued ones, as protocols."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from svc_plugin.domain.model import Issue, IssuedVersion, Snapshot
from svc_plugin.domain.plan import Attach, IssueDocument


class DocumentRegister(Protocol):
    """What is known of issued documents."""

    def newest(self, issue: Issue, language: str) -> IssuedVersion | None:
        """Return the newest version of the document that an issue asks for, None while there is none."""
        ...

    def follow(self, issue: Issue, language: str) -> None:
        """Write down to which stage its issue has brought the document that hangs on it (M65)."""
        ...

    def record(self, seen: Snapshot) -> None:
        """Write down the decision that stands on a document issue, and that a former one ended (M26)."""
        ...


@dataclass(frozen=True, slots=True)
class Written:
    """A document for the tracker: the file, and what the issue is to say of it (with the download link).

    ``mark`` is the check code of its words, "" for one without; ``more`` are files that belong to it.
    """

    file: Attach
    comment: str
    mark: str = ""
    more: tuple[Attach, ...] = ()


class DocumentWriter(Protocol):
    """Writes a document, keeps it for good, and links to it."""

    def write(self, wanted: IssueDocument, *, language: str, now: datetime) -> Written:
        """Return the version that is wanted; else the newest if it says the same, else a new one."""
        ...
