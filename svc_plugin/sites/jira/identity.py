"""People of one Jira: password or token (Data Center), API token or Atlassian's sign-in (Cloud)."""

import json
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

import requests

from svc_plugin.domain.errors import TransientError
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.plan import EnsureIssue
from svc_plugin.engine.identity import Access, Consent
from svc_plugin.engine.ports import Write
from svc_plugin.sites.errors import ForbiddenError, KeyRefusedError, NotThereError, translated
from svc_plugin.sites.jira.client import Client, Json
from svc_plugin.sites.jira.linked import LinkedIssues
from svc_plugin.sites.jira.moving import Moves
from svc_plugin.sites.jira.reader import connect
from svc_plugin.sites.jira.settings import JiraSettings
from svc_plugin.sites.jira.versions import ProductVersions
from svc_plugin.sites.jira.writer import Writer
from svc_plugin.sites.oauth import OAuth, tokens_of
from svc_plugin.sites.transport import StrictAdapter

SCOPE: Final = "read:jira-user read:jira-work write:jira-work offline_access"
"""What the 3LO app must have been given: classic scopes of Jira's platform."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9+/=_.~-]{1,500}")
_ISSUE: Final = re.compile(r"[1-9][0-9]{0,18}")
_BASIC: Final = "basic:"


@dataclass(frozen=True, slots=True)
class CloudOAuth:
    """An app of Atlassian's developer console; ``auth_url`` and ``gateway_url`` are Atlassian's own."""

    client_id: str
    client_secret: str = field(repr=False)
    auth_url: str = "https://auth.atlassian.com"
    gateway_url: str = "https://api.atlassian.com"

    def consent(self) -> OAuth:
        """Return the way over Atlassian's sign-in. It does not document PKCE; sending it does no harm."""
        return OAuth(
            self.client_id,
            self.client_secret,
            f"{self.auth_url}/authorize",
            f"{self.auth_url}/oauth/token",
            SCOPE,
            {"audience": "api.atlassian.com", "prompt": "consent"},
        )


@dataclass(frozen=True, slots=True)
class JiraIdentity:
    """``engine.identity.Identity`` on Jira; every request is made in the person's own name.

    ``oauth`` is for Cloud only, None for none.
    """

    settings: JiraSettings
    oauth: CloudOAuth | None = None
    _linked: LinkedIssues = field(init=False, repr=False)
    _doors: dict[str, str] = field(init=False, repr=False, default_factory=dict[str, str])
    _lock: threading.Lock = field(init=False, repr=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        made = LinkedIssues(connect(self.settings), self.settings.link_type)
        object.__setattr__(self, "_linked", made)

    @property
    def kind(self) -> str:
        """See ``engine.identity.Identity.kind``."""
        return "jira_cloud" if self.settings.cloud else "jira_dc"

    @property
    def consent(self) -> Consent | None:
        """See ``engine.identity.Identity.consent``."""
        return self.oauth.consent() if self.oauth and self.settings.cloud else None

    def key_of(self, account: str, password: str) -> str | None:
        """See ``engine.identity.Identity.key_of``. Jira gives no key for a password: the pair is the key."""
        key = _BASIC + json.dumps([account, password])
        return key if ":" not in account and self.access(key) else None

    def own_key(self, text: str) -> str | None:
        """See ``engine.identity.Identity.own_key``: a personal access token. Cloud's need an address too."""
        return text if _TOKEN.fullmatch(text) and not self.settings.cloud else None

    def vouched_key(self, account: str) -> str | None:
        """See ``engine.identity.Identity.vouched_key``: Jira lets nobody act as another."""
        return None

    def access(self, key: str) -> Access | None:
        """See ``engine.identity.Identity.access``."""
        try:
            client = self._client(key)
            if client is None:
                return None
            user: Json = client.get("/myself")
            allowed: Json = client.get("/mypermissions", permissions="ADMINISTER")["permissions"]
            shown = {str(row["key"]) for row in self._projects(client)}
        except (KeyRefusedError, ForbiddenError, NotThereError):
            return None
        projects = self.settings.mapping.projects
        return Access(
            account=self._linked.reader.directory.account(user),
            administrator=allowed.get("ADMINISTER", {}).get("havePermission") is True,
            products=frozenset(product for product, project in projects.items() if project in shown),
        )

    def sees(self, key: str, ref: IssueRef) -> bool:
        """See ``engine.identity.Identity.sees``."""
        if _ISSUE.fullmatch(ref.key) is None:
            return False
        try:
            client = self._client(key)
            if client is None:
                return False
            client.get(f"/issue/{ref.key}", fields="summary")
        except (KeyRefusedError, ForbiddenError, NotThereError):
            return False
        return True

    def file(self, key: str, wanted: EnsureIssue) -> IssueRef:
        """See ``engine.identity.Identity.file``."""
        client = self._client(key)
        if client is None:
            raise KeyRefusedError("POST /issue: there is no key to make it with")
        return IssueRef(self.settings.name, self._linked.file(wanted, client))

    def apply(self, key: str, ref: IssueRef, writes: Sequence[Write]) -> None:
        """See ``engine.acting.Acting.apply``; which moves there are, Jira tells each person for themself."""
        client = self._client(key)
        if client is None:
            raise KeyRefusedError(f"PUT /issue/{ref.key}: there is no key to write it with")
        # names and numbers are those that our own account knows; the issue is read and written by the person
        reader = replace(self._linked.reader, client=client)
        linked = LinkedIssues(reader, self.settings.link_type)
        versions = ProductVersions(reader, reader.browse_url)
        Writer(reader, linked, versions, Moves(client)).apply(ref, writes, None)

    def _projects(self, client: Client) -> Iterator[Json]:
        if self.settings.cloud:
            yield from client.pages("/project/search", "values")
        else:
            yield from client.get("/project")

    def _client(self, key: str) -> Client | None:
        """Return a door with the person's key; None for what is no key, or opens another Jira only.

        Without a name: what a site refuses a person is no fault of the site.
        """
        if tokens := tokens_of(key):
            door = self._door(tokens.access)
            mine = replace(self.settings, name="", api_url=door, email="", api_key=tokens.access)
            return Client(mine) if door else None
        if key.startswith(_BASIC):
            account, secret = cast("list[str]", json.loads(key.removeprefix(_BASIC)))
            return Client(replace(self.settings, name="", email=account, api_key=secret)) if account else None
        mine = replace(self.settings, name="", email="", api_key=key)
        return Client(mine) if self.own_key(key) else None

    def _door(self, token: str) -> str:
        """Return the gateway's address of our Jira, "" when the token is not good for it."""
        ours, oauth = self.settings.browse_url.rstrip("/"), self.oauth
        if oauth is None or ours in self._doors:
            return self._doors.get(ours, "")
        for row in _resources(f"{oauth.gateway_url}/oauth/token/accessible-resources", token):
            if str(row.get("url", "")).rstrip("/") == ours:
                with self._lock:
                    self._doors[ours] = f"{oauth.gateway_url}/ex/jira/{row['id']}"
        return self._doors.get(ours, "")


def _resources(url: str, token: str) -> list[Json]:
    with requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, StrictAdapter((5.0, 15.0)))
        try:
            found: Any = session.get(url, headers={"Authorization": f"Bearer {token}"}).json()
        except requests.RequestException as error:
            raise translated(error, "GET accessible-resources") from error
    if not isinstance(found, list):
        raise TransientError("GET accessible-resources: the answer is no list")
    return cast("list[Json]", found)
