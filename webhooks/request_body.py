"""Reading the body of a request: what it must call itself, how long it may be, whether all of it came."""

from flask import Request
from werkzeug.wsgi import get_input_stream

from webhooks.delivery import DeliveryRejectedError, shown
from webhooks.refusals import CONTENT_ENCODING, CONTENT_TYPE, TOO_LARGE, TRUNCATED

MAX_BODY = 25_000_000  # bytes; Jira drops what is larger itself
_BLOCK = 65_536


def require_plain_json(request: Request) -> None:
    """Raise ``DeliveryRejectedError`` (415) unless the body says it is JSON in UTF-8, not compressed."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset not in {"utf-8", "utf8"}:
        raise DeliveryRejectedError(CONTENT_TYPE, value=shown(request.headers.get("Content-Type", "")))
    encoding = request.headers.get("Content-Encoding", "identity")
    if encoding.lower() != "identity":
        raise DeliveryRejectedError(CONTENT_ENCODING, value=shown(encoding))


def read_body(request: Request) -> bytes:
    """Read the whole body, at most ``MAX_BODY`` bytes, whatever the application's own limit is.

    Raises ``DeliveryRejectedError``: 413 when it is announced or turns out longer, 400 when it ends early.
    """
    announced = request.content_length
    if announced is not None and announced > MAX_BODY:
        raise DeliveryRejectedError(TOO_LARGE, limit=MAX_BODY)
    stream = get_input_stream(request.environ)
    body = bytearray()
    try:
        while len(body) <= MAX_BODY and (block := stream.read(_BLOCK)):
            body += block
    except Exception as error:  # each server has errors of its own for a broken connection
        raise DeliveryRejectedError(TRUNCATED) from error
    if len(body) > MAX_BODY:
        raise DeliveryRejectedError(TOO_LARGE, limit=MAX_BODY)
    # Some servers end the stream without a word when the sender goes away.
    if announced is not None and len(body) != announced:
        raise DeliveryRejectedError(TRUNCATED)
    return bytes(body)
