"""Requests to one Jira: time-outs that hold, short waits inside a call, only our own exceptions."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias, cast

import requests
from jira.client import TokenAuth
from jira.resilientsession import ResilientSession

from svc_plugin.domain.errors import TransientError
from svc_plugin.sites.errors import KeyRefusedError, login_refused, translated, unreadable
from svc_plugin.sites.jira.pace import Pace
from svc_plugin.sites.jira.settings import JiraSettings
from svc_plugin.sites.transport import StrictAdapter

Json: TypeAlias = dict[str, Any]

PAGE: Final = 100
API: Final = "/rest/api/2"
_MOST_RETRIES = 2
_FIRST_PAUSE = 0.5  # seconds
_LONGEST_PAUSE = 5.0  # what takes longer is waited for outside: the thread has other work
_AGENT = "svc-plugin"  # some sites' firewalls refuse the library's own name


class Client:
    """A thread-safe door to a Jira's REST interface, version 2: its texts are plain strings.

    Only what may be done twice is tried again. ``sleep`` and ``clock`` are seconds.
    """

    def __init__(
        self,
        settings: JiraSettings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.url = settings.api_url.rstrip("/")
        self.cloud = settings.cloud
        self._site = settings.name
        self._auth = (settings.email, settings.api_key)
        self._timeouts = (settings.connect_timeout, settings.read_timeout)
        self._sleep = sleep
        self._pace = Pace(clock)
        self._local = threading.local()

    def get(self, path: str, **params: object) -> Any:
        """Read from below ``/rest/api/2``, or from ``path`` itself when it begins with ``/rest/``.

        Raises what ``svc_plugin.sites.errors`` lists.
        """
        return self._repeated("GET", path, params=params)

    def ask(self, path: str, body: object) -> Any:
        """Read by POST what a question in an address is too long for."""
        return self._repeated("POST", path, json=body)

    def put(self, path: str, body: object, *, issue: str, again: bool = True) -> Any:
        """Write on an issue; ``again`` says that doing it twice does no more than once."""
        self._wait_for(issue)
        return (self._repeated if again else self._once)("PUT", path, json=body)

    def post(self, path: str, body: object, *, issue: str) -> Any:
        """Write on an issue once: what became of a broken request is seen on the issue."""
        self._wait_for(issue)
        return self._once("POST", path, json=body)

    def send(self, method: str, path: str, body: object) -> Any:
        """Ask or write what belongs to no issue, once."""
        return self._once(method, path, json=body)

    def upload(self, path: str, name: str, content: bytes, media_type: str, *, issue: str) -> Any:
        """Hang a file on an issue, once."""
        self._wait_for(issue)
        headers = {"X-Atlassian-Token": "no-check"}
        return self._once("POST", path, files={"file": (name, content, media_type)}, headers=headers)

    def pages(self, path: str, name: str, **params: object) -> Iterator[Json]:
        """Walk a list by offset, to its end; ``name`` is the key under which the rows stand."""
        offset = 0
        while True:
            answer: Json = self.get(path, startAt=offset, maxResults=PAGE, **params)
            rows = cast("list[Json]", answer[name])
            yield from rows
            offset += len(rows)
            if not rows or offset >= int(answer.get("total", offset)):
                return

    def _wait_for(self, issue: str) -> None:
        while wait := self._pace.next(issue):
            if wait > _LONGEST_PAUSE:
                raise TransientError(f"issue {issue}: too many writes in a short time", retry_after=wait)
            self._sleep(wait)

    def _repeated(self, method: str, path: str, **parts: Any) -> Any:
        for pause in _pauses():
            try:
                return self._once(method, path, **parts)
            except KeyRefusedError:
                raise
            except TransientError as error:
                wait = error.retry_after * random.uniform(1, 1.3) if error.retry_after else pause  # noqa: S311
                if wait > _LONGEST_PAUSE or isinstance(error.__cause__, requests.Timeout):
                    raise
                self._sleep(wait)
        return self._once(method, path, **parts)

    def _once(self, method: str, path: str, **parts: Any) -> Any:
        what = f"{method} {path}"
        where = f"{self.url}{path}" if path.startswith("/rest/") else f"{self.url}{API}{path}"
        try:
            answer: requests.Response = self._session().request(method, where, **parts)
            if login_refused(answer):
                raise KeyRefusedError(f"{what}: answered as to a stranger")
            return answer.json() if answer.content.strip() else None
        except requests.JSONDecodeError as error:
            raise unreadable(what) from error
        except requests.RequestException as error:
            raise translated(error, what) from error

    def _session(self) -> Any:
        """Return this thread's own session: one is not made to be shared. The library's retries are off."""
        known: Any = getattr(self._local, "session", None)
        if known is None:
            email, key = self._auth
            known = ResilientSession(timeout=self._timeouts, max_retries=0)
            # as bytes: a text would be sent in Latin-1, which knows no Chinese
            known.auth = (email.encode(), key.encode()) if email else TokenAuth(key)
            known.headers["User-Agent"] = _AGENT
            for scheme in ("http://", "https://"):
                known.mount(scheme, StrictAdapter(self._timeouts, self._site))
            self._local.session = known
        return known


def _pauses() -> Iterator[float]:
    """Give the pauses before each further try, spread so that many clients do not come back at once."""
    for number in range(_MOST_RETRIES):
        yield _FIRST_PAUSE * 2**number * random.uniform(0.7, 1.3)  # noqa: S311 - spreads retries
