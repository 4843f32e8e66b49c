"""How the senders of a Jira prove who they are: each of four ways, none of them optional when it is given.

Cloud and Data Center sign the body (WebSub's ``X-Hub-Signature``); a Data Center of before sends a password;
an app's own webhooks carry a JWT signed with the app's secret; an Automation rule has a header of its own.
"""

import base64
import binascii
import re

import jwt

from webhooks.delivery import Delivery, DeliveryRejectedError, Source
from webhooks.refusals import BAD_SIGNATURE, BAD_TOKEN, OTHER_METHOD, TOKEN_NOT_ALLOWED, UNSIGNED_JIRA
from webhooks.verify import TOKEN_HEADER, require_secret, signature_fits, token_fits

SIGNATURE = "x-hub-signature"
AUTHORIZATION = "authorization"
_METHOD = re.compile(r"([A-Za-z0-9-]+)=")
_LEEWAY = 60  # seconds by which clocks may differ


def authenticate(delivery: Delivery, source: Source) -> None:
    """Raise ``DeliveryRejectedError`` (401) unless there is a proof and every proof given is right."""
    require_secret(source)
    headers = delivery.headers
    scheme, _, credentials = headers.get(AUTHORIZATION, "").partition(" ")
    signature = headers.get(SIGNATURE)
    tokens = [token for token in (delivery.token, headers.get(TOKEN_HEADER)) if token is not None]
    if scheme.lower() == "basic":
        tokens.append(_password(credentials))
    if tokens and not source.allow_token:
        raise DeliveryRejectedError(TOKEN_NOT_ALLOWED)
    bearer = scheme.lower() in {"bearer", "jwt"}
    if signature is None and not tokens and not bearer:
        raise DeliveryRejectedError(UNSIGNED_JIRA)
    if signature is not None:
        _check_signature(delivery.body, signature, source)
    if not all(token_fits(one, source.secrets) for one in tokens):
        raise DeliveryRejectedError(BAD_TOKEN)
    if bearer and not _jwt_fits(credentials.strip(), source):
        raise DeliveryRejectedError(BAD_TOKEN)


def _check_signature(body: bytes, signature: str, source: Source) -> None:
    method = _METHOD.match(signature)
    if method and method[1].lower() != "sha256":
        raise DeliveryRejectedError(OTHER_METHOD, method=method[1][:20])
    if not signature_fits(body, signature, source.secrets):
        raise DeliveryRejectedError(BAD_SIGNATURE)


def _password(credentials: str) -> str:
    """Return the password of HTTP basic authentication (RFC 7617); "" when it cannot be read."""
    try:
        text = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return text.partition(":")[2]


def _jwt_fits(token: str, source: Source) -> bool:
    """Tell whether a JWT (RFC 7519) is signed with one of the secrets and has not expired."""
    return sum(_decodes(token, secret) for secret in source.secrets if secret) > 0


def _decodes(token: str, secret: str) -> bool:
    try:
        # the audience is not ours to know; only the one algorithm, or a sender could choose "none"
        jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            leeway=_LEEWAY,
            options={"require": ["exp"], "verify_aud": False},
        )
    except jwt.InvalidTokenError:
        return False
    return True
