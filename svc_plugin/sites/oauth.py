"""Authorization code with PKCE (RFC 6749, RFC 7636): the site asks the person, we get tokens for them.

Neither Redmine nor Jira gives an ID token, so there is no nonce to compare: who it is, is read from the
site with the token itself.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, cast

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from svc_plugin.domain.errors import TransientError
from svc_plugin.engine.identity import Departure

_PREFIX: Final = "oauth:"
_SOON: Final = timedelta(minutes=10)  # longer than a session goes without being checked
_TIMEOUT: Final = 15.0  # seconds
_NO_DETOUR: Final = {"allow_redirects": False}  # our secret is shown to one server only
_VERIFIER_BYTES: Final = 48  # 64 characters; the RFC wants 43 to 128


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the site gave for a person; ``ends_at`` is seconds since 1970, 0 when it did not say."""

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    ends_at: float = 0.0

    def key(self) -> str:
        """Write the tokens as a key of ``engine.identity.Identity``."""
        return _PREFIX + json.dumps([self.access, self.refresh, self.ends_at])


def tokens_of(key: str) -> Tokens | None:
    """Read the tokens from a key; None when it is of another sort."""
    if not key.startswith(_PREFIX):
        return None
    access, refresh, ends_at = json.loads(key.removeprefix(_PREFIX))
    return Tokens(str(access), str(refresh), float(ends_at))


@dataclass(frozen=True, slots=True)
class OAuth:
    """``engine.identity.Consent`` with one registered application of a site.

    ``more`` are parameters that the site wants besides the standard's on the way to it.
    """

    client_id: str
    client_secret: str = field(repr=False)
    authorize_url: str
    token_url: str
    scope: str
    more: Mapping[str, str] = field(default_factory=dict[str, str])

    def depart(self, back: str) -> Departure:
        """See ``engine.identity.Consent.depart``."""
        verifier = secrets.token_urlsafe(_VERIFIER_BYTES)
        with self._session(back) as session:
            url, state = session.create_authorization_url(
                self.authorize_url, code_verifier=verifier, **self.more
            )
        return Departure(str(url), str(state), verifier)

    def arrive(self, departure: Departure, code: str, back: str) -> str | None:
        """See ``engine.identity.Consent.arrive``."""
        with self._session(back) as session:
            more = {"code_verifier": departure.verifier, **_NO_DETOUR}
            return self._given(lambda: session.fetch_token(self.token_url, code=code, **more))

    def renewed(self, key: str, now: datetime) -> str | None:
        """See ``engine.identity.Consent.renewed``; without a refresh token a key simply ends."""
        held = tokens_of(key)
        lasts = held is None or not held.ends_at or held.ends_at - now.timestamp() > _SOON.total_seconds()
        if held is None or lasts or not held.refresh:
            return key
        with self._session("") as session:
            more = {"refresh_token": held.refresh, **_NO_DETOUR}
            return self._given(lambda: session.refresh_token(self.token_url, **more), held.refresh)

    def _session(self, back: str) -> Any:
        made: Any = OAuth2Session  # the library ships no types
        return made(
            self.client_id,
            self.client_secret,
            token_endpoint_auth_method="client_secret_post",  # noqa: S106 - the name of a method
            scope=self.scope,
            redirect_uri=back or None,
            code_challenge_method="S256",
            default_timeout=_TIMEOUT,
        )

    def _given(self, ask: Any, former: str = "") -> str | None:
        try:
            answer = cast("Mapping[str, object]", ask())
        except OAuthError:
            return None
        except (requests.RequestException, ValueError) as error:
            # the library's own words may quote the answer, and that may hold tokens
            raise TransientError(f"POST {self.token_url}: {type(error).__name__}") from error
        access, ends_at = str(answer.get("access_token") or ""), answer.get("expires_at")
        lasts = float(ends_at) if isinstance(ends_at, int | float) else 0.0
        return Tokens(access, str(answer.get("refresh_token") or former), lasts).key() if access else None
