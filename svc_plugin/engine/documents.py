"""What the engine needs to know of issued documents, as a protocol."""

from typing import Protocol

from svc_plugin.domain.model import Issue, IssuedVersion, Snapshot


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
