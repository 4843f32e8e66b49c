"""Why a request is refused, in the shape in which Jira says it."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):  # noqa: N818 - it is an answer, not a failure of ours
    """The request ends with ``status`` and Jira's error collection."""

    def __init__(
        self,
        status: int,
        *messages: str,
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {messages} {errors or {}}")
        self.status = status
        self.messages = messages
        self.errors = errors or {}
        self.headers = headers or {}


class Unknown(Exception):  # noqa: N818 - it is an answer, not a failure of ours
    """Asked for something that a Jira may know and this stand-in does not: 501 naming it."""


def missing_issue() -> Refused:
    """The answer for an issue that is not there or not for the asker to see: Jira tells no difference."""
    return Refused(404, "Issue does not exist or you do not have permission to see it.")


def invalid(field: str, message: str) -> Refused:
    """The answer (400) for a bad value of one field."""
    return Refused(400, errors={field: message})


def only(data: Mapping[str, object], *known: str, where: str) -> None:
    """Raise ``Unknown`` when ``data`` has a key that the stand-in does not understand."""
    for key in data:
        if key not in known:
            raise Unknown(f"{where}: {key!r}")
