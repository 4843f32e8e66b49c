"""Stands before every page: who asks, by a token that was not forged, and with which protecting headers."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import cast

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from svc_plugin.domain.errors import TransientError
from svc_plugin.engine.identity import Access
from svc_plugin.store.sessions import Session
from svc_plugin.web.pages.entry_form import typed
from svc_plugin.web.pages.parts import PageParts
from svc_plugin.web.pages.returning import LARGEST_UPLOAD

OPEN = frozenset(
    {"pages.sign_in", "pages.begin", "pages.vouched", "pages.depart", "pages.arrive"}
    | {"pages.language", "pages.static"}
)
"""What may be asked for without being signed in."""
TAKING_DOWN = frozenset(
    f"pages.{name}" for name in ("entry", "file", "drafts", "draft", "deliver", "edit_draft", "drop_draft")
)
"""Phone entry: works while the site does not answer."""
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
    _renewing: Lock = field(default_factory=Lock)

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
        if request.endpoint == "pages.file":
            return ended(401)
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
        told = signed_on(self.parts)
        if told and told.casefold() != found.access.account.casefold():
            self._close(token)  # the proxy says that somebody else sits there now
            return None
        if now - found.checked_at < _FRESH:
            return found
        try:
            key, access = self._asked(token, found, now)
        except TransientError:
            # a call is taken down as long as the session lasts: it shows the register and one's own words
            if now - found.checked_at < _PATIENCE or request.endpoint in TAKING_DOWN:
                return found
            raise
        if access is None or not admitted(self.parts, access.account, administrator=access.administrator):
            self._close(token)
            return None
        again = replace(found, key=key, access=access, checked_at=now)
        self.parts.sessions.refresh(token, again)
        return again

    def _asked(self, token: str, found: Session, now: datetime) -> tuple[str, Access | None]:
        """Ask the site anew, with a new key where the old one soon ends."""
        identity, key = self.parts.identities[found.site], found.key
        if identity.consent:
            with self._renewing:  # a renewal is taken once: the second of two requests uses the first's
                latest = self.parts.sessions.find(token, now)
                key = latest.key if latest else key
                renewed = identity.consent.renewed(key, now)
                if renewed and renewed != key:
                    self.parts.sessions.refresh(token, replace(found, key=renewed))
            if renewed is None:  # another process may have been first
                latest = self.parts.sessions.find(token, now)
                renewed = latest.key if latest and latest.key != key else ""
            key = renewed
        return key, identity.access(key) if key else None

    def _close(self, token: str) -> None:
        self.parts.sessions.close(token)
        session.pop("token", None)

    def harden(self, response: Response) -> Response:
        """Say what a page may load, and whom it tells where somebody came from."""
        response.headers.setdefault("Content-Security-Policy", POLICY)
        # forms tell where they come from to us only
        response.headers.setdefault("Referrer-Policy", "same-origin")
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


def ended(status: int) -> Response:
    """Give back what somebody typed into a form that cannot be taken any more: nothing of it is lost."""
    session["next"] = "/entry"
    return make_response(render_template("pages/ended.html", typed=typed(request.form)), status)


def signed_on(parts: PageParts) -> str:
    """Return whom a trusted proxy has authenticated; "" for anybody else's word, and while it is off."""
    if not parts.sign_on_header or (request.remote_addr or "") not in parts.trusted_proxies:
        return ""
    told = request.headers.getlist(parts.sign_on_header)
    return told[0].strip()[:100] if len(told) == 1 else ""


def administrators_only() -> None:
    """Refuse everybody but administrators of the site."""
    if not cast("Session", g.session).access.administrator:
        abort(403)
