"""The authorization server inside a stand-in: codes for one use, PKCE, tokens that end and are renewed.

Consent needs no page: whoever the stand-in takes the browser for has consented.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from flask import Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

_CODE_LASTS: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """The one application that is registered. ``token_lasts`` is how long an access token is good."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    token_lasts: timedelta = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class _Code:
    person: str
    challenge: str
    scope: str
    until: datetime


@dataclass(frozen=True, slots=True)
class _Grant:
    person: str
    scope: str
    until: datetime


@dataclass(slots=True)
class Authority:
    """Gives codes and tokens. ``person`` names whom the browser of a request belongs to, "" for nobody."""

    client: OAuthClient
    clock: Callable[[], datetime]
    person: Callable[[], str]
    rotates: bool = True
    _codes: dict[str, _Code] = field(default_factory=dict[str, _Code])
    _tokens: dict[str, _Grant] = field(default_factory=dict[str, _Grant])
    _refreshes: dict[str, _Grant] = field(default_factory=dict[str, _Grant])

    def authorize(self) -> AnyResponse:
        """Send the browser back with a code; a wrong application or address is told here only."""
        asked = request.args
        if (asked.get("client_id"), asked.get("redirect_uri")) != (
            self.client.client_id,
            self.client.redirect_uri,
        ):
            return Response("unknown application or address", 400)
        person = self.person()
        back = {"state": asked.get("state", "")}
        if not person:
            back["error"] = "access_denied"
        elif asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
            back["error"] = "invalid_request"
        else:
            back["code"] = secrets.token_urlsafe(24)
            until = self.clock() + _CODE_LASTS
            challenge, scope = asked.get("code_challenge", ""), asked.get("scope", "")
            self._codes[back["code"]] = _Code(person, challenge, scope, until)
        return redirect(f"{self.client.redirect_uri}?{urlencode(back)}", 302)

    def token(self) -> Response:
        """Redeem a code or a refresh token."""
        form = request.form
        if (form.get("client_id"), form.get("client_secret")) != (
            self.client.client_id,
            self.client.client_secret,
        ):
            return _error("invalid_client", 401)
        if form.get("grant_type") == "authorization_code":
            return self._by_code(form)
        if form.get("grant_type") == "refresh_token":
            held = self._refreshes.get(form.get("refresh_token", ""))
            if held and self.rotates:
                del self._refreshes[form["refresh_token"]]
            return self._given(held.person, held.scope) if held else _error("invalid_grant")
        return _error("unsupported_grant_type")

    def owner(self, token: str) -> str:
        """Return whose access token this is, "" for nobody's."""
        held = self._tokens.get(token)
        return held.person if held and self.clock() < held.until else ""

    def _by_code(self, form: Mapping[str, str]) -> Response:
        held = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proved = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = form.get("redirect_uri") == self.client.redirect_uri
        if held is None or held.challenge != proved or not right or self.clock() > held.until:
            return _error("invalid_grant")
        return self._given(held.person, held.scope)

    def _given(self, person: str, scope: str) -> Response:
        access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        grant = _Grant(person, scope, self.clock() + self.client.token_lasts)
        self._tokens[access] = self._refreshes[refresh] = grant
        return jsonify(
            access_token=access,
            refresh_token=refresh,
            token_type="Bearer",  # noqa: S106 - the name of a kind
            expires_in=int(self.client.token_lasts.total_seconds()),
            scope=scope,
        )


def _error(name: str, status: int = 400) -> Response:
    answer = jsonify(error=name, error_description=f"the stand-in says {name}")
    answer.status_code = status
    return answer
