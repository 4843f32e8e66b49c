"""People of one Redmine: they sign in with password or API key; Redmine says what they see."""

import re
from dataclasses import dataclass

from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.identity import Access
from svc_plugin.sites.errors import ForbiddenError, KeyRefusedError, NotThereError
from svc_plugin.sites.redmine.client import Client
from svc_plugin.sites.redmine.settings import RedmineSettings

_KEY = re.compile(r"[!-~]{1,100}")  # Redmine's have 40 letters and digits


@dataclass(frozen=True, slots=True)
class RedmineIdentity:
    """``engine.identity.Identity`` on Redmine; every request is made in the person's own name."""

    settings: RedmineSettings

    def key_of(self, account: str, password: str) -> str | None:
        """See ``engine.identity.Identity.key_of``; with two-factor sign-in Redmine takes no password here."""
        try:
            user = self._client((account, password)).get("/users/current.json")["user"]
        except (KeyRefusedError, ForbiddenError):
            return None
        return str(user.get("api_key") or "") or None

    def access(self, key: str) -> Access | None:
        """See ``engine.identity.Identity.access``."""
        if not _is_key(key):
            return None
        client = self._client(key)
        try:
            user = client.get("/users/current.json")["user"]
            shown = {str(row["identifier"]) for row in client.pages("/projects.json", "projects")}
        except (KeyRefusedError, ForbiddenError):
            return None
        projects = self.settings.mapping.projects
        return Access(
            account=str(user["login"]),
            administrator=user.get("admin") is True,
            products=frozenset(product for product, project in projects.items() if project in shown),
        )

    def sees(self, key: str, ref: IssueRef) -> bool:
        """See ``engine.identity.Identity.sees``."""
        if not (_is_key(key) and ref.key.isascii() and ref.key.isdecimal()):
            return False
        try:
            self._client(key).get(f"/issues/{ref.key}.json")
        except (KeyRefusedError, ForbiddenError, NotThereError):
            return False
        return True

    def _client(self, secret: str | tuple[str, str]) -> Client:
        settings = self.settings
        return Client(
            settings.url,
            secret,
            connect_timeout=settings.connect_timeout,
            read_timeout=settings.read_timeout,
        )


def _is_key(text: str) -> bool:
    """Tell whether a text can be a key at all: what goes into a header must not break it."""
    return _KEY.fullmatch(text) is not None
