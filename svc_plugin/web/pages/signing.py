"""Signing in with the account of the site, signing out here and everywhere, choosing a language."""

import hmac
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from svc_plugin.engine.identity import Consent, Departure
from svc_plugin.web.pages.opening import Opening, vouched_for
from svc_plugin.web.pages.parts import PageParts, present

_LONGEST = 500  # signs in an account, a password or a token
_LONGEST_CODE = 4096
_PATIENCE = 600  # seconds in which somebody comes back from the site


@dataclass(frozen=True, slots=True)
class Signing:
    """The views around a session."""

    parts: PageParts

    def install(self, pages: Blueprint) -> None:
        """Add the views."""
        pages.add_url_rule("/sign-in", "sign_in", self.form)
        pages.add_url_rule("/sign-in", "begin", self.begin, methods=["POST"])
        pages.add_url_rule("/sign-in/proxy", "vouched", self.vouched, methods=["POST"])
        pages.add_url_rule("/sign-in/over/<site>", "depart", self.depart)
        pages.add_url_rule("/sign-in/back", "arrive", self.arrive)
        pages.add_url_rule("/sign-out", "end", self.end, methods=["POST"])
        pages.add_url_rule("/sign-out-everywhere", "end_all", self.end_all, methods=["POST"])
        pages.add_url_rule("/language", "language", self.language, methods=["POST"])

    def form(self) -> ResponseReturnValue:
        """Ask who it is."""
        return Opening(self.parts).form("", 200)

    def begin(self) -> ResponseReturnValue:
        """Open a session for whom the site knows; a wrong password and an unknown account look alike."""
        opening = Opening(self.parts)
        site, account = request.form.get("site", next(iter(self.parts.identities), "")), _typed("account")
        password, own = _typed("password"), _typed("key")
        if site not in self.parts.identities or not (own or (account and password)):
            return opening.form("pages.sign_in.incomplete", 400)
        tried = "" if own else account
        if refusal := opening.claimed(tried):
            return refusal
        identity = self.parts.identities[site]
        return opening.enter(
            site, identity.own_key(own) if own else identity.key_of(account, password), tried
        )

    def vouched(self) -> ResponseReturnValue:
        """Open a session for whom a trusted proxy has authenticated."""
        found = vouched_for(self.parts)
        if found is None:
            abort(403)
        site, account = found
        opening = Opening(self.parts)
        refusal = opening.claimed(account)
        return refusal or opening.enter(site, self.parts.identities[site].vouched_key(account), account)

    def depart(self, site: str) -> ResponseReturnValue:
        """Send the browser to the site's own sign-in."""
        departure = self._consent(site).depart(self._return_address())
        session["away"] = {
            "site": site,
            "state": departure.state,
            "verifier": departure.verifier,
            "at": self.parts.clock().timestamp(),
        }
        return redirect(departure.url, 303)

    def arrive(self) -> ResponseReturnValue:
        """Take the browser back: only the one that was sent, once, and soon."""
        opening, away = Opening(self.parts), session.pop("away", None)
        state, code = request.args.get("state", ""), request.args.get("code", "")
        if not isinstance(away, dict) or not state:
            return opening.form("sign_on.lost", 400)
        sent = cast("dict[str, object]", away)
        known = hmac.compare_digest(str(sent.get("state")).encode(), state.encode())
        late = self.parts.clock().timestamp() - float(str(sent.get("at"))) > _PATIENCE
        if not known or late or len(code) > _LONGEST_CODE:
            return opening.form("sign_on.lost", 400)
        if not code:
            return opening.form("sign_on.declined", 403)
        if refusal := opening.claimed(""):
            return refusal
        site, departure = str(sent["site"]), Departure("", state, str(sent["verifier"]))
        return opening.enter(site, self._consent(site).arrive(departure, code, self._return_address()))

    def _consent(self, site: str) -> Consent:
        identity = self.parts.identities.get(site)
        if identity is None or identity.consent is None:
            abort(404)
        return identity.consent

    def _return_address(self) -> str:
        # what is registered with the site; the host that a request names proves nothing
        return f"{self.parts.public_url}{url_for('pages.arrive')}"

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


def _typed(name: str) -> str:
    """Return what was typed into a field, "" for what nobody can mean."""
    text = request.form.get(name, "").strip() if name != "password" else request.form.get(name, "")
    return text if len(text) <= _LONGEST and text.isprintable() else ""
