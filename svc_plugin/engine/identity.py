"""Who asks: people sign in with the account that they have on the site, as a protocol."""

from dataclasses import dataclass
from typing import Protocol

from svc_plugin.domain.model import IssueRef


@dataclass(frozen=True, slots=True)
class Access:
    """What an account may see: the ``products`` whose project the site shows it.

    An ``administrator`` is one of the site, and may see what concerns the running of the product.
    """

    account: str
    administrator: bool
    products: frozenset[str]


class Identity(Protocol):
    """Knows the accounts of one site. Raises ``TransientError`` while the site does not answer."""

    def key_of(self, account: str, password: str) -> str | None:
        """Exchange a password for the person's own key; None when the site refuses it or gives no key."""
        ...

    def access(self, key: str) -> Access | None:
        """Return what the owner of a key may see now; None when the site does not accept it any more."""
        ...

    def sees(self, key: str, ref: IssueRef) -> bool:
        """Tell whether the site shows an issue to the owner of a key."""
        ...
