"""Requests to one Redmine: time-outs that hold, no redirects, and only our own exceptions."""

import threading
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias, cast

import requests
from redminelib import Redmine
from redminelib.exceptions import BaseRedmineError
from requests.adapters import HTTPAdapter

from svc_plugin.domain.errors import IssueNotFoundError
from svc_plugin.domain.model import IssueRef
from svc_plugin.sites.errors import NotThereError, translated, unreadable

Json: TypeAlias = dict[str, Any]

PAGE = 100  # the most that Redmine gives in one answer


class _Strict(HTTPAdapter):
    """Bounds every request in time and turns every answer but success into an exception.

    python-redmine ignores its own time-out option and drops the answer of a failed request. A redirect
    is a failure too: following one turns a PUT into a GET and shows our key to another server.
    """

    def __init__(self, timeouts: tuple[float, float]) -> None:
        super().__init__()
        self._timeouts = timeouts

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Send with our time-outs. Raises ``requests.HTTPError`` with the answer in it."""
        options["timeout"] = self._timeouts
        response = super().send(request, *args, **options)
        if not 200 <= response.status_code < 300:
            _ = response.content  # read now: nobody else will
            raise requests.HTTPError(request=request, response=response)
        return response


class Client:
    """A thread-safe door to a Redmine's REST interface.

    ``url`` is the address of Redmine's start page, ``connect_timeout`` and ``read_timeout`` are seconds;
    the latter bounds each wait for more of an answer.
    """

    def __init__(self, url: str, api_key: str, *, connect_timeout: float, read_timeout: float) -> None:
        self.url = url.rstrip("/")
        self._key = api_key
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
            known = Redmine(self.url, key=self._key).engine
            session = cast("requests.Session", known.session)
            for scheme in ("http://", "https://"):
                session.mount(scheme, _Strict(self._timeouts))
            self._local.engine = known
        return known


@contextmanager
def naming(ref: IssueRef) -> Generator[None]:
    """Let "nothing there" about this issue be ``IssueNotFoundError``; "not for you" needs a person."""
    try:
        yield
    except NotThereError as error:
        raise IssueNotFoundError(f"{ref}: {error}") from error
