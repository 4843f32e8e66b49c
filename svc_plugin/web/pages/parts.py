"""What the pages need, and who asks for one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from flask import g

from svc_plugin.documents.library import Library
from svc_plugin.documents.register import Register
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.texts import Texts
from svc_plugin.engine.acting import Acting
from svc_plugin.engine.identity import Identity
from svc_plugin.engine.native import NativeRecord
from svc_plugin.engine.ports import Clock
from svc_plugin.engine.reconciler import Reconciler
from svc_plugin.engine.refusal import Refusals
from svc_plugin.store.board import SqlBoard
from svc_plugin.store.drafts import SqlDrafts
from svc_plugin.store.records import SqlCursors, SqlLedger
from svc_plugin.store.sessions import Session, SqlAttempts, SqlSessions
from svc_plugin.store.views import SqlViews
from svc_plugin.store.work import SqlWorkTable


@dataclass(frozen=True, slots=True)
class PageParts:
    """What the pages need. ``identities`` are by site, ``texts`` by language, the chosen one first.

    ``native`` reads what a site keeps itself about an issue.
    """

    secret_key: str = field(repr=False)
    public_url: str
    trusted_proxies: frozenset[str]
    sign_on_header: str
    registers: Registers
    texts: Mapping[str, Texts]
    identities: Mapping[str, Identity]
    acting: Mapping[str, Acting]
    sessions: SqlSessions
    attempts: SqlAttempts
    drafts: SqlDrafts
    views: SqlViews
    board: SqlBoard
    library: Library
    register: Register
    reconciler: Reconciler
    ledger: SqlLedger
    work: SqlWorkTable
    cursors: SqlCursors
    refusals: Refusals
    hint: Callable[[IssueRef], None]
    clock: Clock
    native: Callable[[IssueRef], NativeRecord | None] = lambda _: None

    def product_name(self, key: str) -> str:
        """Name a product; one that is no longer in the register by its key."""
        product = self.registers.products.get(key)
        return product.name if product else key

    @property
    def encrypted(self) -> bool:
        """Whether people reach the pages by HTTPS."""
        return self.public_url.startswith("https://")


def present() -> Session:
    """Return the session of the request; the guard has seen to it that there is one."""
    return cast("Session", g.session)


def spoken() -> Texts:
    """Return the sentences in the language of the request."""
    return cast("Texts", g.texts)
