"""Rendering: the frame of every page, its language, and who acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlencode, urlsplit

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from svc_plugin.standins.desk.texts import words_of
from svc_plugin.standins.desk.views import Choices, linked

LANGUAGE: Final = "lang"
COOKIE: Final = "acting_as"


def chinese() -> bool:
    """Whether this browser reads Chinese."""
    return (request.args.get(LANGUAGE) or request.cookies.get(LANGUAGE, "")) != "en"


def words(own: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """All words of this browser's language, a tracker's ``own`` among them."""
    return words_of(own, chinese=chinese())


def page(
    template: str,
    own: Mapping[str, tuple[str, str]],
    people: Choices,
    person: str,
    clock: Callable[[], datetime],
    status: int = 200,
    **content: object,
) -> Response:
    """A page as ``person`` sees it, one of ``people`` (id, name); "" when there is nobody."""

    def local(when: datetime) -> str:
        return when.astimezone(clock().tzinfo).strftime("%Y-%m-%d %H:%M")

    html = render_template(
        f"desk/{template}",
        t=words(own),
        chinese=chinese(),
        people=people,
        person=person,
        linked=linked,
        local=local,
        other_url=_with_language("en" if chinese() else "zh"),
        here=request.full_path.rstrip("?"),
        **content,
    )
    answer = make_response(html, status)
    answer.set_cookie(LANGUAGE, "zh" if chinese() else "en", samesite="Lax", httponly=True)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    return answer


def _with_language(language: str) -> str:
    others = [(name, value) for name, value in request.args.items(multi=True) if name != LANGUAGE]
    return f"{request.path}?{urlencode([*others, (LANGUAGE, language)])}"


def from_elsewhere() -> bool:
    """Whether another site sent this form: it must not act as the person chosen here."""
    origin = request.headers.get("Origin")
    return request.method == "POST" and origin not in {None, request.host_url.rstrip("/")}


def switched(known: Choices) -> AnyResponse:
    """Remember who acts, then go back to the page one came from."""
    target = urlsplit(request.form.get("back", "/"))
    path = "/" + target.path.lstrip("/\\")
    answer = redirect(f"{path}?{target.query}" if target.query else path, 303)
    if request.form.get("user") in {value for value, _ in known}:
        answer.set_cookie(COOKIE, request.form["user"], samesite="Lax", httponly=True)
    return answer
