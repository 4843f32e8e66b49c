"""Proofs that a delivery comes from who knows the secret. All comparisons take constant time."""

import hmac
import re
from collections.abc import Iterable

from webhooks.delivery import Delivery, DeliveryRejectedError, Source
from webhooks.digests import body_proof
from webhooks.refusals import BAD_SIGNATURE, BAD_TOKEN, NO_SECRET, TOKEN_NOT_ALLOWED, UNSIGNED

TOKEN_HEADER = "x-svc-token"  # noqa: S105 -- the name of a header
_SIGNATURE = re.compile(r"sha256=([0-9a-fA-F]{64})")


def signature_fits(body: bytes, signature: str, secrets: Iterable[str]) -> bool:
    """Tell whether ``signature`` is ``sha256=`` and the hex HMAC-SHA256 (RFC 2104) of ``body``.

    Any of ``secrets`` will do. An empty secret never fits: everyone knows it.
    """
    match = _SIGNATURE.fullmatch(signature)
    if match is None:
        return False
    given = bytes.fromhex(match[1])
    return _any_equal(given, (body_proof(key, body) for key in _keys(secrets)))


def token_fits(token: str, secrets: Iterable[str]) -> bool:
    """Tell whether ``token`` is one of ``secrets``. An empty secret never fits."""
    return _any_equal(token.encode(errors="surrogatepass"), _keys(secrets))


def require_secret(source: Source) -> None:
    """Refuse everything (401) for a site without a secret."""
    if not any(source.secrets):
        raise DeliveryRejectedError(NO_SECRET)


def authenticate(delivery: Delivery, source: Source, signatures: Iterable[str]) -> None:
    """Raise ``DeliveryRejectedError`` (401) unless there is a proof and every proof given is right.

    ``signatures`` names the headers that hold one, in lower case.
    """
    require_secret(source)
    headers = delivery.headers
    given = [headers[name] for name in signatures if name in headers]
    tokens = [token for token in (delivery.token, headers.get(TOKEN_HEADER)) if token is not None]
    if tokens and not source.allow_token:
        raise DeliveryRejectedError(TOKEN_NOT_ALLOWED)
    if not (given or tokens):
        raise DeliveryRejectedError(UNSIGNED)
    if not all(signature_fits(delivery.body, one, source.secrets) for one in given):
        raise DeliveryRejectedError(BAD_SIGNATURE)
    if not all(token_fits(one, source.secrets) for one in tokens):
        raise DeliveryRejectedError(BAD_TOKEN)


def _keys(secrets: Iterable[str]) -> list[bytes]:
    return [secret.encode(errors="surrogatepass") for secret in secrets if secret]


def _any_equal(given: bytes, wanted: Iterable[bytes]) -> bool:
    # All are compared: stopping at the first hit would tell which secret fitted.
    return sum(hmac.compare_digest(given, one) for one in wanted) > 0
