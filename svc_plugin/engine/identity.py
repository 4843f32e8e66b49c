"""Who asks: people sign in with the account that they have on the site, and act there, as protocols."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.plan import EnsureIssue


@dataclass(frozen=True, slots=True)
class Access:
    """What an account may see: the ``products`` whose project the site shows it.

    An ``administrator`` is one of the site, and may see what concerns the running of the product.
    """

    account: str
    administrator: bool
    products: frozenset[str]


@dataclass(frozen=True, slots=True)
class Departure:
    """A browser that is sent to the site to be asked there: where to, and by what its return is known.

    ``state`` comes back with the browser, ``verifier`` (RFC 7636) is shown only when the code is redeemed.
    """

    url: str
    state: str
    verifier: str = field(repr=False)


class Consent(Protocol):
    """Lets the site itself ask a person who it is (OAuth 2.0). ``back`` is the address to return to.

    Raises ``TransientError`` while the site does not answer.
    """

    def depart(self, back: str) -> Departure:
        """Begin; nothing is asked of the site yet."""
        ...

    def arrive(self, departure: Departure, code: str, back: str) -> str | None:
        """Redeem what the browser brought back for the person's key; None when the site refuses it."""
        ...

    def renewed(self, key: str, now: datetime) -> str | None:
        """Return a key that lasts: the same while it does, a new one when it soon ends; None when refused."""
        ...


class Identity(Protocol):
    """Knows the accounts of one site. Raises ``TransientError`` while the site does not answer.

    A *key* is the adapter's own text for whatever the site accepts of a person. No text that a person can
    type is one before ``own_key`` or ``key_of`` has returned it.
    """

    @property
    def kind(self) -> str:
        """What sort of site it is: what to type differs (``redmine``, ``jira_cloud``, ``jira_dc``)."""
        ...

    @property
    def consent(self) -> Consent | None:
        """The way over the site's own sign-in; None where it is not set up."""
        ...

    def key_of(self, account: str, password: str) -> str | None:
        """Exchange a password for the person's own key; None when the site refuses it or gives no key."""
        ...

    def own_key(self, text: str) -> str | None:
        """Return the key for an API key or token that a person typed; None for what can be none."""
        ...

    def vouched_key(self, account: str) -> str | None:
        """Return a key for whom a trusted proxy has authenticated; None where that is not set up."""
        ...

    def access(self, key: str) -> Access | None:
        """Return what the owner of a key may see now; None when the site does not accept it any more."""
        ...

    def sees(self, key: str, ref: IssueRef) -> bool:
        """Tell whether the site shows an issue to the owner of a key."""
        ...

    def file(self, key: str, wanted: EnsureIssue) -> IssueRef:
        """See to it that one issue has the origin marker, made in the name of the key's owner; return it.

        Raises ``ChangeRefusedError`` or ``UnmappedError`` when the site does not take it from this person.
        """
        ...
