"""What sites' answers and broken connections mean: the one place where foreign exceptions become ours.

The two families are those of ``svc_plugin.domain.errors``: what passes by itself, and what a person
must see to.
"""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import cast

import requests

from svc_plugin.domain.errors import (
    ChangeRefusedError,
    IssueNotFoundError,
    SvcPluginError,
    TerminalError,
    TransientError,
)
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.moments import read_number


class NotThereError(TerminalError):
    """The site knows nothing under this address (404)."""


class ForbiddenError(ChangeRefusedError):
    """Our account may not do this (403)."""


class KeyRefusedError(TransientError):
    """The site does not accept our key (401): so for every issue until it is mended, hence waited for."""


_WHOLE_SITE = frozenset({429, 502, 503, 504})
_PASSING = frozenset({408, 409, 425, 429})  # and every 5xx
_STRANGER = ("AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED")
_FAMILIES: Mapping[int, type[SvcPluginError]] = MappingProxyType(
    {
        400: ChangeRefusedError,
        403: ForbiddenError,
        404: NotThereError,
        413: ChangeRefusedError,
        422: ChangeRefusedError,
    }
)


def translated(error: requests.RequestException, what: str) -> SvcPluginError:
    """Return our exception for one of ``requests``; ``what`` names the request, e.g. ``GET /issues/1.json``.

    An ``HTTPError`` must carry its response with the body already read.
    """
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return _from_answer(error.response, what)
    if isinstance(error, ValueError) and not isinstance(error, requests.JSONDecodeError):
        return TerminalError(f"{what}: {error}")  # requests' InvalidURL, MissingSchema, InvalidSchema
    # an answer that does not end in time may be one heavy issue's; who cannot connect need not try others
    whole = isinstance(error, requests.ConnectionError | requests.ConnectTimeout)
    return TransientError(f"{what}: {error}", site_wide=whole)


def unreadable(what: str) -> TransientError:
    """Return the error for an answer of success that is not JSON: a proxy's page, a cut connection."""
    return TransientError(f"{what}: the answer is not JSON; is the address that of the site itself?")


@contextmanager
def naming(ref: IssueRef) -> Generator[None]:
    """Let "nothing there" about this issue be ``IssueNotFoundError``; "not for you" needs a person."""
    try:
        yield
    except NotThereError as error:
        raise IssueNotFoundError(f"{ref}: {error}") from error


def login_refused(response: requests.Response) -> bool:
    """Tell whether a Jira took the request for that of a stranger, or wants a person to sign in first.

    It says so in a header, and may answer like to a stranger: 200 with less, or 404.
    """
    reason = response.headers.get("X-Seraph-LoginReason", "").upper()
    return any(word in reason for word in _STRANGER) or "X-Authentication-Denied-Reason" in response.headers


def _from_answer(response: requests.Response, what: str) -> SvcPluginError:
    status = response.status_code
    sentences = _sentences(response)
    message = f"{what}: {status} {'; '.join(sentences) or response.reason}"
    if login_refused(response):
        return KeyRefusedError(message, retry_after=_retry_after(response), site_wide=True)
    # 422 without a reason is Redmine's answer when somebody else saved the issue at the same moment
    if status >= 500 or status in _PASSING or (status == 422 and not sentences):
        return TransientError(message, retry_after=_retry_after(response), site_wide=status in _WHOLE_SITE)
    if 300 <= status < 400:
        message += f" ({response.headers.get('Location', '-')})"
    if status == 401:
        return KeyRefusedError(message, site_wide=True)
    return _FAMILIES.get(status, TerminalError)(message)


def _sentences(response: requests.Response) -> Sequence[str]:
    """Return the site's own words for what is wrong.

    Redmine: ``{"errors": [...]}``. Jira: ``{"errorMessages": [...], "errors": {field: ...}}``, a gateway
    before it ``{"message": ...}``.
    """
    try:
        body: object = json.loads(response.content)
    except ValueError:
        return ()
    if not isinstance(body, dict):
        return ()
    found = cast("dict[str, object]", body)
    said = [found[name] for name in ("errorMessages", "errorMessage", "message", "errors") if found.get(name)]
    return [sentence for part in said for sentence in _flat(part)]


def _flat(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (f"{name}: {said}" for name, said in cast("dict[str, object]", part).items())
    elif isinstance(part, list):
        yield from (str(one) for one in cast("list[object]", part))
    else:
        yield str(part)


def _retry_after(response: requests.Response) -> float | None:
    """Read how many seconds to wait, None when the answer does not tell.

    Retry-After (RFC 9110, 10.2.3) is seconds or a date; a date counts from the answer's own Date. Jira
    Cloud may tell the moment of reset instead, Data Center how often its bucket is filled.
    """
    headers = response.headers
    text = headers.get("Retry-After", "").strip()
    seconds = read_number(text)
    if seconds is not None:
        return max(seconds, 0.0)
    answered = _moment(headers.get("Date", ""))
    for told in (text, headers.get("X-RateLimit-Reset", "")):
        until = _moment(told)
        if until and answered:
            return max((until - answered).total_seconds(), 0.0)
    return read_number(headers.get("X-RateLimit-Interval-Seconds", ""))


def _moment(text: str) -> datetime | None:
    """Read a date of HTTP or of ISO 8601, None when it is neither."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text)
        except (TypeError, ValueError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
