"""Opening a session, whichever way somebody proved who it is; and the form that asks for it."""

import math
import secrets
from dataclasses import dataclass
from datetime import timedelta

import structlog
from flask import make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from svc_plugin.store.sessions import Session
from svc_plugin.web.pages.guard import address, admitted, signed_on
from svc_plugin.web.pages.parts import PageParts

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Opening:
    """What every way to sign in ends with."""

    parts: PageParts

    def claimed(self, tried: str) -> ResponseReturnValue | None:
        """Count one more try with an account, "" for none; return the refusal when there were too many."""
        wait = self.parts.attempts.claim(tried, address(self.parts), self.parts.clock())
        return self._wait(wait) if wait is not None else None

    def enter(self, site: str, key: str | None, tried: str = "") -> ResponseReturnValue:
        """Open a session for the owner of a key, None for a key that the site did not give."""
        origin, now = address(self.parts), self.parts.clock()
        access = self.parts.identities[site].access(key) if key else None
        if access is None or not key:
            _log.warning("sign_in.refused", site=site, address=origin)
            return self.form("pages.sign_in.wrong", 403)
        if not admitted(self.parts, access.account, administrator=access.administrator):
            _log.warning("sign_in.stranger", site=site, account=access.account)
            return self.form("pages.sign_in.stranger", 403)
        self.parts.attempts.forget(tried, origin)
        self._open(Session(site, access, key, opened_at=now, checked_at=now))
        _log.info("sign_in.done", site=site, account=access.account)
        return redirect(self._back(), 303)

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

    def _wait(self, wait: timedelta) -> ResponseReturnValue:
        seconds = max(1, math.ceil(wait.total_seconds()))
        answer = make_response(self.form("pages.sign_in.wait", 429, minutes=math.ceil(seconds / 60)))
        answer.headers["Retry-After"] = str(seconds)
        return answer

    def form(self, fault: str, status: int, **facts: object) -> tuple[str, int]:
        """Ask who it is; ``fault`` names the sentence on what went wrong before, "" for none."""
        identities = self.parts.identities
        page = render_template(
            "pages/sign_in.html",
            fault=fault,
            facts=facts,
            sites=list(identities),
            kinds=sorted({one.kind for one in identities.values()}),
            consents=[name for name, one in identities.items() if one.consent],
            vouched=vouched_for(self.parts),
        )
        return page, status


def vouched_for(parts: PageParts) -> tuple[str, str] | None:
    """Return the site and the account that a trusted proxy vouches for; None when it vouches for nobody."""
    told = signed_on(parts)
    known = (name for name, one in parts.identities.items() if told and one.vouched_key(told))
    site = next(known, None)
    return (site, told) if site else None
