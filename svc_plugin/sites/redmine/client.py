"""Requests to one Redmine: time-outs that hold, no redirects, and only our own exceptions."""

import threading
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, cast

import requests
from redminelib import Redmine
from redminelib.exceptions import BaseRedmineError
from requests.auth import HTTPBasicAuth

from svc_plugin.sites.errors import translated, unreadable
from svc_plugin.sites.transport import StrictAdapter

Json: TypeAlias = dict[str, Any]
Secret: TypeAlias = str | tuple[str, str] | Mapping[str, str]
"""An API key, a login and its password, or the headers that say who asks."""

PAGE = 100  # the most that Redmine gives in one answer


class Client:
    """A thread-safe door to a Redmine's REST interface.

    ``url`` is the address of Redmine's start page;
    ``connect_timeout`` and ``read_timeout`` are seconds, the latter bounds each wait for more of an answer.
    """

    def __init__(
        self, url: str, secret: Secret, *, connect_timeout: float, read_timeout: float, site: str = ""
    ) -> None:
        self.url = url.rstrip("/")
        self._secret = secret
        self._site = site
        self._timeouts = (connect_timeout, read_timeout)
        self._local = threading.local()

    def get(self, path: str, **params: object) -> Json:
        """Read. Raises what ``svc_plugin.sites.errors`` lists."""
        return self._request("get", path, params=params)

    def send(self, method: str, path: str, body: Mapping[str, object]) -> Json:
        """Write ``body`` as JSON with ``post`` or ``put``; an empty answer is ``{}``."""
        return self._request(method, path, data=body)

    def upload(self, name: str, content: bytes) -> str:
        """Hand over a file's content; return the token with which one later request uses it."""
        answer = self._request(
            "post",
            "/uploads.json",
            params={"filename": name},
            data=content,
            headers={"Content-Type": "application/octet-stream"},
        )
        return str(answer["upload"]["token"])

    def pages(self, path: str, name: str, **params: object) -> Iterator[Json]:
        """Walk a list by offset, to its end; ``name`` is the key under which the rows stand."""
        offset = 0
        while True:
            answer = self.get(path, limit=PAGE, offset=offset, **params)
            rows = cast("list[Json]", answer[name])
            yield from rows
            # a list that Redmine does not page comes whole, whatever was asked
            if len(rows) != PAGE or offset + PAGE >= answer.get("total_count", 0):
                return
            offset += PAGE

    def _request(self, method: str, path: str, **parts: Any) -> Json:
        what = f"{method.upper()} {path}"
        try:
            answer: object = self._engine().request(method, f"{self.url}{path}", **parts)
        except requests.RequestException as error:
            raise translated(error, what) from error
        except BaseRedmineError as error:
            raise unreadable(what) from error
        return cast("Json", answer) if isinstance(answer, dict) else {}

    def _engine(self) -> Any:
        """Return this thread's own engine: a ``requests.Session`` is not made to be shared."""
        known: Any = getattr(self._local, "engine", None)
        if known is None:
            known = Redmine(self.url, key=self._secret if isinstance(self._secret, str) else None).engine
            session = cast("requests.Session", known.session)
            if isinstance(self._secret, tuple):
                # as bytes: a text would be sent in Latin-1, which knows no Chinese
                login, password = (part.encode() for part in self._secret)
                session.auth = HTTPBasicAuth(login, password)
            elif not isinstance(self._secret, str):
                session.headers.update(self._secret)
            for scheme in ("http://", "https://"):
                session.mount(scheme, StrictAdapter(self._timeouts, self._site))
            self._local.engine = known
        return known
