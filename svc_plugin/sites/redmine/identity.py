"""People of one Redmine: they sign in with password, API key or over Redmine; it says what they see."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from svc_plugin.domain.errors import TerminalError
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.plan import EnsureIssue
from svc_plugin.engine.identity import Access, Consent
from svc_plugin.engine.ports import Write
from svc_plugin.sites.errors import ForbiddenError, KeyRefusedError, NotThereError
from svc_plugin.sites.oauth import OAuth, tokens_of
from svc_plugin.sites.redmine.client import Client, Secret
from svc_plugin.sites.redmine.linked import LinkedIssues
from svc_plugin.sites.redmine.settings import RedmineSettings
from svc_plugin.sites.redmine.site import reader_of
from svc_plugin.sites.redmine.versions import ProductVersions
from svc_plugin.sites.redmine.writer import Writer

SCOPE: Final = "view_project view_issues add_issues edit_issues add_issue_notes"
"""What the application registered in Redmine 6.1 must be allowed: names of its permissions."""
_KEY: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")  # Redmine's have 40 letters and digits; never a colon
_LOGIN: Final = re.compile(r"[A-Za-z0-9_.@-]{1,60}")  # what Redmine allows as one
_VOUCHED: Final = "vouched:"


@dataclass(frozen=True, slots=True)
class RedmineIdentity:
    """``engine.identity.Identity`` on Redmine; every request is made in the person's own name.

    ``oauth`` is the application registered in Redmine, None for none. ``switch_key`` is an administrator's
    API key, with which Redmine lets us act as another; "" where no proxy authenticates people.
    """

    settings: RedmineSettings
    oauth: OAuth | None = None
    switch_key: str = field(default="", repr=False)
    _linked: LinkedIssues = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_linked", LinkedIssues(reader_of(self.settings)))

    @property
    def kind(self) -> str:
        """See ``engine.identity.Identity.kind``."""
        return "redmine"

    @property
    def consent(self) -> Consent | None:
        """See ``engine.identity.Identity.consent``; Redmine has it from 6.1 on."""
        return self.oauth

    def key_of(self, account: str, password: str) -> str | None:
        """See ``engine.identity.Identity.key_of``; with two-factor sign-in Redmine takes no password here."""
        try:
            user = self._client((account, password)).get("/users/current.json")["user"]
        except (KeyRefusedError, ForbiddenError):
            return None
        return self.own_key(str(user.get("api_key") or ""))

    def own_key(self, text: str) -> str | None:
        """See ``engine.identity.Identity.own_key``: what goes into a header must not break it."""
        return text if _KEY.fullmatch(text) else None

    def vouched_key(self, account: str) -> str | None:
        """See ``engine.identity.Identity.vouched_key``."""
        return f"{_VOUCHED}{account}" if self.switch_key and _LOGIN.fullmatch(account) else None

    def access(self, key: str) -> Access | None:
        """See ``engine.identity.Identity.access``."""
        secret = self._secret(key)
        if secret is None:
            return None
        client = self._client(secret)
        try:
            user = client.get("/users/current.json")["user"]
            shown = {str(row["identifier"]) for row in client.pages("/projects.json", "projects")}
        except (KeyRefusedError, ForbiddenError):
            return None
        except TerminalError:
            if key.startswith(_VOUCHED):
                return None  # 412: Redmine has no such account
            raise
        account = str(user["login"])
        if key.startswith(_VOUCHED) and account.casefold() != key.removeprefix(_VOUCHED).casefold():
            return None  # Redmine ignores the wish to act as another when the key is no administrator's
        projects = self.settings.mapping.projects
        return Access(
            account=account,
            administrator=user.get("admin") is True,
            products=frozenset(product for product, project in projects.items() if project in shown),
        )

    def sees(self, key: str, ref: IssueRef) -> bool:
        """See ``engine.identity.Identity.sees``."""
        secret = self._secret(key)
        if secret is None or not (ref.key.isascii() and ref.key.isdecimal()):
            return False
        try:
            self._client(secret).get(f"/issues/{ref.key}.json")
        except (KeyRefusedError, ForbiddenError, NotThereError):
            return False
        return True

    def file(self, key: str, wanted: EnsureIssue) -> IssueRef:
        """See ``engine.identity.Identity.file``."""
        secret = self._secret(key)
        if secret is None:
            raise KeyRefusedError("POST /issues.json: there is no key to make it with")
        return IssueRef(self.settings.name, str(self._linked.file(wanted, self._client(secret))))

    def apply(self, key: str, ref: IssueRef, writes: Sequence[Write]) -> None:
        """See ``engine.acting.Acting.apply``; what the person may not do, Redmine silently leaves out."""
        secret = self._secret(key)
        if secret is None:
            raise KeyRefusedError(f"PUT /issues/{ref.key}.json: there is no key to write it with")
        # names and numbers are those that our own account knows; the issue is read and written by the person
        reader = replace(self._linked.reader, client=self._client(secret))
        Writer(reader, LinkedIssues(reader), ProductVersions(reader)).apply(ref, writes)

    def _secret(self, key: str) -> Secret | None:
        if tokens := tokens_of(key):
            return {"Authorization": f"Bearer {tokens.access}"}
        if key.startswith(_VOUCHED):
            login = key.removeprefix(_VOUCHED)
            named = {"X-Redmine-API-Key": self.switch_key, "X-Redmine-Switch-User": login}
            return named if self.vouched_key(login) else None
        return self.own_key(key)

    def _client(self, secret: Secret) -> Client:
        settings = self.settings
        return Client(
            settings.url,
            secret,
            connect_timeout=settings.connect_timeout,
            read_timeout=settings.read_timeout,
        )
