"""Reading the body of a request: what it must call itself, how long it may be, whether all of it came."""

from contextlib import suppress
from functools import lru_cache
from typing import IO, Final

from flask import Request
from werkzeug.http import parse_options_header
from werkzeug.wsgi import get_input_stream

from webhooks.delivery import DeliveryRejectedError, shown
from webhooks.refusals import CONTENT_ENCODING, CONTENT_TYPE, TOO_LARGE, TRUNCATED

MAX_BODY: Final = 25_000_000  # bytes; Jira itself drops what is larger
_BLOCK: Final = 65_536


def require_plain_json(request: Request) -> None:
    """Raise ``DeliveryRejectedError`` (415) unless the body says it is JSON in UTF-8, not compressed."""
    content_type: str = request.environ.get("CONTENT_TYPE", "")
    if not _is_plain_json(content_type):
        raise DeliveryRejectedError(CONTENT_TYPE, value=shown(content_type))
    encoding: str = request.environ.get("HTTP_CONTENT_ENCODING", "identity")
    if encoding.lower() != "identity":
        raise DeliveryRejectedError(CONTENT_ENCODING, value=shown(encoding))


@lru_cache(64)
def _is_plain_json(content_type: str) -> bool:
    mimetype, parameters = parse_options_header(content_type)
    charset = parameters.get("charset", "utf-8").lower()
    return mimetype.lower() == "application/json" and charset in {"utf-8", "utf8"}


class IncomingBody:
    """The body of one request, read at most once and whatever the application's own limit is."""

    def __init__(self, request: Request) -> None:
        self._announced = request.content_length
        # what is announced is counted here; without that the library knows whether the server ends the stream
        self._stream: IO[bytes] = (
            get_input_stream(request.environ) if self._announced is None else request.environ["wsgi.input"]
        )
        self._left = 3 * MAX_BODY if self._announced is None else self._announced

    def read(self) -> bytes:
        """Return the whole body, at most ``MAX_BODY`` bytes.

        Raises ``DeliveryRejectedError``: 413 when it is or will be longer, 400 when it ends early.
        """
        if self._announced is not None and self._announced > MAX_BODY:
            raise DeliveryRejectedError(TOO_LARGE, limit=MAX_BODY)
        body = bytearray()
        try:
            while len(body) <= MAX_BODY and (block := self._next()):
                body += block
        except Exception as error:  # each server has errors of its own for a broken connection
            raise DeliveryRejectedError(TRUNCATED) from error
        if len(body) > MAX_BODY:
            raise DeliveryRejectedError(TOO_LARGE, limit=MAX_BODY)
        # Some servers end the stream without a word when the sender goes away.
        if self._announced is not None and len(body) != self._announced:
            raise DeliveryRejectedError(TRUNCATED)
        return bytes(body)

    def discard_rest(self) -> None:
        """Throw away what was not read, up to twice ``MAX_BODY``.

        A server that closes while the sender still writes breaks the connection: the sender would never
        see the answer that tells what is wrong.
        """
        thrown = 0
        with suppress(Exception):  # the sender may be gone; the answer is the same
            while thrown < 2 * MAX_BODY and (block := self._next()):
                thrown += len(block)

    def _next(self) -> bytes:
        """Read on, never beyond what was announced: some servers would wait there for ever."""
        block = self._stream.read(min(_BLOCK, self._left)) if self._left else b""
        self._left -= len(block)
        return block
