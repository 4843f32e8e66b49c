"""Signing in with the account of the site, signing out here and everywhere, choosing a language."""

import math
import secrets
from dataclasses import dataclass
from datetime import timedelta

import structlog
from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from svc_plugin.engine.identity import Access
from svc_plugin.store.sessions import Session
from svc_plugin.web.pages.guard import address, admitted
from svc_plugin.web.pages.parts import PageParts, present

_LONGEST = 255  # signs in an account or a password
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Signing:
    """The views around a session."""

    parts: PageParts

    def install(self, pages: Blueprint) -> None:
        """Add the views."""
        pages.add_url_rule("/sign-in", "sign_in", self.form)
        pages.add_url_rule("/sign-in", "begin", self.begin, methods=["POST"])
        pages.add_url_rule("/sign-out", "end", self.end, methods=["POST"])
        pages.add_url_rule("/sign-out-everywhere", "end_all", self.end_all, methods=["POST"])
        pages.add_url_rule("/language", "language", self.language, methods=["POST"])

    def form(self) -> ResponseReturnValue:
        """Ask who it is."""
        return self._form("", 200)

    def begin(self) -> ResponseReturnValue:
        """Open a session for whom the site knows; a wrong password and an unknown account look alike."""
        site, account = request.form.get("site", next(iter(self.parts.identities), "")), _typed("account")
        password, key = _typed("password"), _typed("key")
        if site not in self.parts.identities or not (key or (account and password)):
            return self._form("pages.sign_in.incomplete", 400)
        now, origin = self.parts.clock(), address(self.parts)
        tried = "" if key else account
        wait = self.parts.attempts.claim(tried, origin, now)
        if wait is not None:
            return self._wait(wait)
        known = self._known(site, account, password, key)
        if known is None:
            _log.warning("sign_in.refused", site=site, address=origin)
            return self._form("pages.sign_in.wrong", 403)
        access, key = known
        if not admitted(self.parts, access.account, administrator=access.administrator):
            _log.warning("sign_in.stranger", site=site, account=access.account)
            return self._form("pages.sign_in.stranger", 403)
        self.parts.attempts.forget(tried, origin)
        self._open(Session(site, access, key, opened_at=now, checked_at=now))
        _log.info("sign_in.done", site=site, account=access.account)
        return redirect(self._back(), 303)

    def _known(self, site: str, account: str, password: str, key: str) -> tuple[Access, str] | None:
        identity = self.parts.identities[site]
        own = key or identity.key_of(account, password)
        access = identity.access(own) if own else None
        return (access, own) if access and own else None

    def _open(self, opened: Session) -> None:
        former, language, goal = session.get("token"), session.get("language"), session.get("next")
        if isinstance(former, str):
            self.parts.sessions.close(former)
        session.clear()  # nothing that somebody may have planted before survives a sign-in
        token = secrets.token_urlsafe(32)
        self.parts.sessions.open(token, opened)
        session.update({"token": token, "language": language, "next": goal})

    def _back(self) -> str:
        goal = session.pop("next", None)
        local = isinstance(goal, str) and goal.startswith("/") and not goal.startswith("//")
        return str(goal) if local else url_for("pages.desk")

    def end(self) -> ResponseReturnValue:
        """End this session."""
        token = session.get("token")
        if isinstance(token, str):
            self.parts.sessions.close(token)
        session.pop("token", None)
        return redirect(url_for("pages.sign_in"), 303)

    def end_all(self) -> ResponseReturnValue:
        """End every session of the account."""
        mine = present()
        self.parts.sessions.close_all(mine.site, mine.access.account)
        session.pop("token", None)
        return redirect(url_for("pages.sign_in"), 303)

    def language(self) -> ResponseReturnValue:
        """Speak another language from now on."""
        wanted = request.form.get("language", "")
        if wanted in self.parts.texts:
            session["language"] = wanted
        return redirect(url_for("pages.desk"), 303)

    def _wait(self, wait: timedelta) -> ResponseReturnValue:
        seconds = max(1, math.ceil(wait.total_seconds()))
        answer = make_response(self._form("pages.sign_in.wait", 429, minutes=math.ceil(seconds / 60)))
        answer.headers["Retry-After"] = str(seconds)
        return answer

    def _form(self, fault: str, status: int, **facts: object) -> tuple[str, int]:
        sites = list(self.parts.identities)
        return render_template("pages/sign_in.html", fault=fault, facts=facts, sites=sites), status


def _typed(name: str) -> str:
    """Return what was typed into a field, "" for what nobody can mean."""
    text = request.form.get(name, "").strip() if name != "password" else request.form.get(name, "")
    return text if len(text) <= _LONGEST and text.isprintable() else ""
