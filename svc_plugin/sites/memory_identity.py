"""People of a site in memory, for simulations and tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from svc_plugin.domain.errors import ChangeRefusedError, IssueNotFoundError, TransientError
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.plan import EnsureIssue
from svc_plugin.engine.identity import Access, Consent
from svc_plugin.sites.memory import MemorySite


@dataclass(slots=True)
class MemoryIdentity:
    """``engine.identity.Identity`` on a ``MemorySite``: ``people`` may see these products, by account.

    A password is the account's name, a key is ``key:`` and that name. ``after_filing`` runs when an issue
    was made and before the caller learns of it: what it raises is an answer that was lost.
    """

    site: MemorySite
    people: Mapping[str, Access]
    down: bool = False
    after_filing: Callable[[], None] = field(default=lambda: None)

    @property
    def kind(self) -> str:
        """See ``engine.identity.Identity.kind``."""
        return "memory"

    @property
    def consent(self) -> Consent | None:
        """See ``engine.identity.Identity.consent``."""
        return None

    def key_of(self, account: str, password: str) -> str | None:
        """See ``engine.identity.Identity.key_of``."""
        self._answer()
        return f"key:{account}" if password == account in self.people else None

    def own_key(self, text: str) -> str | None:
        """See ``engine.identity.Identity.own_key``."""
        return None

    def vouched_key(self, account: str) -> str | None:
        """See ``engine.identity.Identity.vouched_key``."""
        return None

    def access(self, key: str) -> Access | None:
        """See ``engine.identity.Identity.access``."""
        self._answer()
        return self.people.get(key.removeprefix("key:"))

    def sees(self, key: str, ref: IssueRef) -> bool:
        """See ``engine.identity.Identity.sees``."""
        access = self.access(key)
        try:
            return access is not None and self.site.fetch(ref).product in access.products
        except IssueNotFoundError:
            return False

    def file(self, key: str, wanted: EnsureIssue) -> IssueRef:
        """See ``engine.identity.Identity.file``."""
        access = self.access(key)
        if access is None or wanted.product not in access.products:
            raise ChangeRefusedError(f"site {self.site.name}: not this person's project")
        found = self.site.file(wanted, author=access.account)
        self.after_filing()
        return found

    def _answer(self) -> None:
        if self.down:
            raise TransientError(f"site {self.site.name}: made to be down")
