"""One delivery as it arrived, what it says, and the error that refuses it. Knows no web framework."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from svc_plugin.domain.errors import SvcPluginError
from webhooks.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Source:
    """A configured site that may send deliveries.

    ``kind`` chooses the parser. ``secrets`` are all that count now, so that one can be replaced without
    losing deliveries; empty ones never count. ``allow_token`` also takes the bare secret, in the address
    or in ``X-Svc-Token``, from senders that cannot sign. A delivery that says to be older than ``max_age``
    is refused; None takes all.
    """

    site: str
    kind: str
    secrets: tuple[str, ...] = field(repr=False)
    allow_token: bool = False
    max_age: timedelta | None = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Delivery:
    """The parts of a request that parsers look at.

    ``headers`` by lower-case name, ``body`` as the bytes that came, ``token`` the last part of the address,
    ``received_at`` by our clock.
    """

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    token: str | None = field(default=None, repr=False)
    received_at: datetime | None = None


class Kind(StrEnum):
    """What happened to the issue, as far as the sender tells."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a delivery says: the issue's ``key`` on its site, and the ``delivery`` id for deduplication.

    ``identifier`` is a second such id, the sender's own, "" where it gives none. ``others`` are further
    issues that the same event concerns. ``project`` is the issue's on its site, "" when it is not told.
    """

    key: str
    delivery: str
    kind: Kind
    identifier: str = ""
    others: tuple[str, ...] = ()
    project: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A delivery in order that is about no issue; ``event`` is what the sender calls it, for the log."""

    event: str


class DeliveryRejectedError(SvcPluginError):
    """The delivery is refused; ``refusal`` says why and what to do, ``facts`` fill its sentences."""

    def __init__(self, refusal: Refusal, /, **facts: object) -> None:
        self.refusal = refusal
        self.facts = facts
        super().__init__(refusal.en.format_map(facts))

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return self.refusal.status

    @property
    def reason(self) -> str:
        """The name of the fault, for logs."""
        return self.refusal.name


def shown(value: object) -> str:
    """Write any value of a delivery so that it is safe and short in an answer."""
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
