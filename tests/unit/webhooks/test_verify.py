"""Signatures and tokens: what proves a sender, and what never does."""

import hashlib
import hmac

import pytest

from webhooks.delivery import Delivery, DeliveryRejectedError, Source
from webhooks.verify import authenticate, signature_fits, token_fits

BODY = '{"标题": "泵漏水"}'.encode()


def sign(secret: str, body: bytes = BODY) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_the_signature_is_the_hmac_of_the_documented_test_vector():
    # RFC 4231, test case 2
    wanted = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert signature_fits(b"what do ya want for nothing?", wanted, ["Jefe"])


def test_a_signature_in_upper_case_hex_fits_too():
    prefix, digits = sign("s1").split("=")
    assert signature_fits(BODY, f"{prefix}={digits.upper()}", ["s1"])


@pytest.mark.parametrize("secret", ["old", "new"])
def test_while_a_secret_is_replaced_both_fit(secret):
    assert signature_fits(BODY, sign(secret), ["old", "new"])
    assert token_fits(secret, ["old", "new"])


def test_a_secret_that_was_removed_fits_no_more():
    assert not signature_fits(BODY, sign("old"), ["new"])
    assert not token_fits("old", ["new"])


@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_an_empty_secret_never_fits(secrets):
    assert not signature_fits(BODY, sign(""), secrets)
    assert not token_fits("", secrets)


def test_an_empty_secret_beside_a_real_one_opens_nothing():
    assert not signature_fits(BODY, sign(""), ["", "real"])
    assert not token_fits("", ["", "real"])
    assert signature_fits(BODY, sign("real"), ["", "real"])


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=",
        "sha256=00",
        sign("s1")[7:],
        sign("s1") + "0",
        sign("s1") + "\n",
        " " + sign("s1"),
        sign("s1").replace("sha256", "sha1"),
        sign("s1") + "," + sign("s1"),
        "sha256=" + "é" * 64,
        "sha256=" + "٣" * 64,  # digits, but not hex
    ],
)
def test_anything_but_the_exact_form_of_a_signature_is_refused(signature):
    assert not signature_fits(BODY, signature, ["s1"])


def test_one_changed_byte_of_the_body_breaks_the_signature():
    assert not signature_fits(BODY + b" ", sign("s1"), ["s1"])


@pytest.mark.parametrize("secret", ["密钥", "clé", "\udcff"])
def test_secrets_may_have_any_character(secret):
    assert token_fits(secret, [secret])
    assert not token_fits(secret + "x", [secret])


def verdict(delivery: Delivery, *, secrets=("s1",), allow_token=False) -> tuple[int, str]:
    try:
        authenticate(delivery, Source("main", "redmine", secrets, allow_token), ("x-a", "x-b"))
    except DeliveryRejectedError as error:
        return error.status, error.reason
    return 202, "welcome"


@pytest.mark.parametrize(
    ("delivery", "allow_token", "wanted"),
    [
        (Delivery({}, BODY), False, "unsigned"),
        (Delivery({}, BODY), True, "unsigned"),
        (Delivery({"x-a": sign("s1")}, BODY), False, "welcome"),
        (Delivery({"x-b": sign("s1")}, BODY), False, "welcome"),
        (Delivery({"x-a": sign("no")}, BODY), False, "bad_signature"),
        (Delivery({"x-a": sign("s1"), "x-b": sign("no")}, BODY), False, "bad_signature"),
        (Delivery({}, BODY, "s1"), False, "token_not_allowed"),
        (Delivery({}, BODY, "s1"), True, "welcome"),
        (Delivery({"x-svc-token": "s1"}, BODY), True, "welcome"),
        (Delivery({"x-svc-token": ""}, BODY), True, "bad_token"),
        (Delivery({"x-svc-token": "no"}, BODY, "s1"), True, "bad_token"),
        (Delivery({"x-a": sign("s1")}, BODY, "no"), True, "bad_token"),
        (Delivery({"x-a": sign("no")}, BODY, "s1"), True, "bad_signature"),
        (Delivery({"x-a": sign("s1")}, BODY, "s1"), False, "token_not_allowed"),
    ],
)
def test_there_must_be_a_proof_and_every_proof_given_must_be_right(delivery, allow_token, wanted):
    status = 202 if wanted == "welcome" else 401
    assert verdict(delivery, allow_token=allow_token) == (status, wanted)


@pytest.mark.parametrize("secrets", [(), ("",)])
def test_a_site_without_a_secret_lets_nobody_in(secrets):
    delivery = Delivery({"x-a": sign("")}, BODY, "")
    assert verdict(delivery, secrets=secrets, allow_token=True) == (401, "no_secret")


def test_neither_secret_nor_body_nor_token_shows_in_a_repr():
    shown = repr(Source("main", "redmine", ("top-secret",))) + repr(
        Delivery({"a": "hush"}, b"private", "tok")
    )
    assert not any(word in shown for word in ("top-secret", "hush", "private", "tok'"))
