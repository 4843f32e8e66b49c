"""Stands before every page: who asks, by a token that was not forged, and with which protecting headers."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

from flask import Blueprint, Response, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from svc_plugin.domain.errors import TransientError
from svc_plugin.store.sessions import Session
from svc_plugin.web.pages.parts import PageParts
from svc_plugin.web.pages.returning import LARGEST_UPLOAD

OPEN = frozenset({"pages.sign_in", "pages.begin", "pages.language", "pages.static"})
"""What may be asked for without being signed in."""
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FRESH = timedelta(minutes=5)  # how long what the site said of an account is believed
_PATIENCE = timedelta(minutes=30)  # how long while the site does not answer
_LARGEST_FORM = 65_536  # bytes
LARGEST = {"pages.hand_in": LARGEST_UPLOAD}
"""Of which views a request may be larger, in bytes."""
_LONGEST_PATH = 500  # of an address to come back to; it is kept in the cookie


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuses before a view is reached: what is not named as open needs a session."""

    parts: PageParts
    csrf: CSRFProtect

    def install(self, pages: Blueprint) -> None:
        """Stand before and behind every view of the pages."""
        pages.before_request(self.let_in)
        pages.after_request(self.harden)

    def let_in(self) -> ResponseReturnValue | None:
        """Let a request pass, or send it to the sign-in."""
        request.max_content_length = LARGEST.get(request.endpoint or "", _LARGEST_FORM)
        texts = self.parts.texts
        g.texts = texts.get(str(session.get("language"))) or next(iter(texts.values()))
        if request.method == "POST":
            self.csrf.protect()
        if request.endpoint == "pages.static":
            return None
        g.session = self._session()
        if g.session is not None or request.endpoint in OPEN:
            return None
        if request.method == "GET" and len(request.path) < _LONGEST_PATH:
            session["next"] = request.path
        return redirect(url_for("pages.sign_in"), 303)

    def _session(self) -> Session | None:
        token = session.get("token")
        found = self.parts.sessions.find(token, self.parts.clock()) if isinstance(token, str) else None
        if found is None or not isinstance(token, str):
            session.pop("token", None)
            return None
        now = self.parts.clock()
        if now - found.checked_at < _FRESH:
            return found
        try:
            access = self.parts.identities[found.site].access(found.key)
        except TransientError:
            if now - found.checked_at < _PATIENCE:
                return found
            raise
        if access is None or not admitted(self.parts, access.account, administrator=access.administrator):
            self.parts.sessions.close(token)
            session.pop("token", None)
            return None
        self.parts.sessions.refresh(token, access, at=now)
        return replace(found, access=access, checked_at=now)

    def harden(self, response: Response) -> Response:
        """Keep answers out of caches and foreign frames."""
        headers = response.headers
        if request.endpoint != "pages.static":
            headers["Cache-Control"] = "no-store"
        headers.setdefault("Content-Security-Policy", POLICY)
        # forms tell where they come from to us only
        headers.setdefault("Referrer-Policy", "same-origin")
        if self.parts.encrypted:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        return response


def admitted(parts: PageParts, account: str, *, administrator: bool) -> bool:
    """Tell whether an account may sign in at all: people of the register, and who runs the site."""
    return administrator or account in parts.registers.people


def address(parts: PageParts) -> str:
    """Return where the request came from; a trusted proxy is believed, nobody else."""
    direct = request.remote_addr or ""
    if direct in parts.trusted_proxies:
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        return told[:100] or direct
    return direct


def administrators_only() -> None:
    """Refuse everybody but administrators of the site."""
    if not cast("Session", g.session).access.administrator:
        abort(403)
