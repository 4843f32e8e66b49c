"""What sites' answers and broken connections mean: the one place where foreign exceptions become ours.

The two families are those of ``svc_plugin.domain.errors``: what passes by itself, and what a person
must see to.
"""

import json
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import cast

import requests

from svc_plugin.domain.errors import ChangeRefusedError, SvcPluginError, TerminalError, TransientError


class NotThereError(TerminalError):
    """The site knows nothing under this address (404)."""


class ForbiddenError(ChangeRefusedError):
    """Our account may not do this (403)."""


class KeyRefusedError(TransientError):
    """The site does not accept our key (401): so for every issue until it is mended, hence waited for."""


_PASSING = frozenset({408, 409, 425, 429})  # and every 5xx
_FAMILIES: Mapping[int, type[SvcPluginError]] = MappingProxyType(
    {
        401: KeyRefusedError,
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
    return TransientError(f"{what}: {error}")


def unreadable(what: str) -> TransientError:
    """Return the error for an answer of success that is not JSON: a proxy's page, a cut connection."""
    return TransientError(f"{what}: the answer is not JSON; is the address that of the site itself?")


def _from_answer(response: requests.Response, what: str) -> SvcPluginError:
    status = response.status_code
    sentences = _sentences(response)
    message = f"{what}: {status} {'; '.join(sentences) or response.reason}"
    # 422 without a reason is Redmine's answer when somebody else saved the issue at the same moment
    if status >= 500 or status in _PASSING or (status == 422 and not sentences):
        return TransientError(message, retry_after=_retry_after(response))
    if 300 <= status < 400:
        message += f" ({response.headers.get('Location', '-')})"
    return _FAMILIES.get(status, TerminalError)(message)


def _sentences(response: requests.Response) -> Sequence[str]:
    """Return the site's own words for what is wrong: ``{"errors": [...]}``."""
    try:
        body: object = json.loads(response.content)
    except ValueError:
        return ()
    errors = cast("dict[str, object]", body).get("errors") if isinstance(body, dict) else None
    return [str(one) for one in cast("list[object]", errors)] if isinstance(errors, list) else ()


def _retry_after(response: requests.Response) -> float | None:
    """Read Retry-After (RFC 9110, 10.2.3) in seconds; a date counts from the answer's own Date."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(response.headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    return max(wait.total_seconds(), 0.0)
