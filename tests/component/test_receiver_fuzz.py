"""No input at all makes the receiver fail, and nothing unsigned is ever stored."""

import copy
import json
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.component.receiver_kit import SECRET, UUID, a_receiver, native, own, signature
from tests.thorough import examples
from webhooks.redmine import NATIVE_SIGNATURE, OWN_DELIVERY, OWN_SIGNATURE

VALID = [
    json.loads(own()[0]),
    {"type": "issue.updated", "timestamp": "2026-11-22T08:00:00Z", "data": {"issue": {"id": 12}}},
    {"type": "time_entry.created", "data": {"time_entry": {"id": 5, "issue": {"id": 12}}}},
    {"payload": {"action": "opened", "issue": {"id": 12}, "journal": None, "url": "x"}},
]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=2**63, max_value=10**4200),
    st.floats(),
    st.text(),
    st.text(st.characters(categories=["Cs"]), min_size=1),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(), st.integers(), max_size=2),
    st.integers(0, 200).map(lambda depth: json.loads("[" * depth + "]" * depth or "0")),
)
PATHS = st.one_of(
    st.sampled_from(
        ["/hooks/main", "/hooks/old", "/hooks/open", f"/hooks/old/{SECRET}", f"/hooks/main/{SECRET}"]
    ),
    st.binary(max_size=20).map(lambda raw: "/hooks/old/" + quote(raw)),
    st.binary(max_size=20).map(lambda raw: "/hooks/" + quote(raw)),
)
NAMES = st.sampled_from(
    [
        *("X-Svc-Signature-256", "X-Redmine-Signature-256", "X-Svc-Delivery", "X-Svc-Token", "Content-Type"),
        *("Content-Encoding", "Content-Length", "Transfer-Encoding", "Accept", "Host", "Cookie", "Range"),
    ]
)
VALUES = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=80
)
FUZZ = settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A valid body with something odd at any place, or missing there."""
    body = copy.deepcopy(draw(st.sampled_from(VALID)))
    spot = body
    while True:
        name = draw(st.sampled_from(sorted(spot)))
        if isinstance(spot[name], dict) and draw(st.booleans()):
            spot = spot[name]
            continue
        if draw(st.integers(0, 5)):
            spot[name] = draw(ODD)
        else:
            del spot[name]
        return json.dumps(body).encode()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A valid body with some bytes replaced, or cut off."""
    body = json.dumps(draw(st.sampled_from(VALID))).encode()
    start = draw(st.integers(0, len(body)))
    rest = draw(st.sampled_from([b"", body[start:], body[start + 1 :]]))
    return body[:start] + draw(st.binary(max_size=4)) + rest


BODIES = st.one_of(
    st.binary(), mutated(), damaged(), st.sampled_from(VALID).map(lambda v: json.dumps(v).encode())
)


@FUZZ
@given(PATHS, BODIES, st.lists(st.tuples(NAMES, VALUES), max_size=5))
def test_no_path_header_or_body_makes_it_fail_and_nothing_unsigned_is_stored(path, body, headers):
    receiver = a_receiver()
    answer, lines = receiver.send(path, body, headers=headers)
    assert answer.status_code < 500
    if not path.startswith(f"/hooks/old/{SECRET}"):
        assert not receiver.inbox.stored
    assert len(lines) <= 1  # none when the address is none of ours, such as /hooks/a/b/c
    assert SECRET not in str(lines)


@FUZZ
@given(
    BODIES, st.sampled_from([OWN_SIGNATURE, NATIVE_SIGNATURE, "token"]), st.sampled_from([UUID, "x", None])
)
def test_whatever_a_known_sender_sends_is_stored_ignored_or_refused(body, proof, delivery):
    receiver = a_receiver()
    headers = {} if proof == "token" else {proof: signature(body)}
    if delivery is not None:
        headers[OWN_DELIVERY] = delivery
    path = f"/hooks/old/{SECRET}" if proof == "token" else "/hooks/old"
    answer, (line,) = receiver.send(path, body, headers=headers)
    assert (answer.status_code, line["event"]) in {
        (202, "delivery.stored"),
        (204, "delivery.ignored"),
        (400, "delivery.rejected"),
    }
    assert len(receiver.inbox.stored) == (answer.status_code == 202)
    for notice in receiver.inbox.stored:
        assert 0 < int(notice.ref.key) < 2**63
        assert notice.delivery.isascii()


@FUZZ
@given(st.sampled_from(VALID[:3]), st.data())
def test_a_signature_off_by_one_digit_stores_nothing(valid, data):
    body = json.dumps(valid).encode()
    (name, good), *_ = native(body).items()
    at = data.draw(st.integers(7, len(good) - 1))
    digit = data.draw(st.sampled_from([d for d in "0123456789abcdef" if d != good[at]]))
    receiver = a_receiver()
    answer, (line,) = receiver.send("/hooks/main", body, headers={name: good[:at] + digit + good[at + 1 :]})
    assert (answer.status_code, line["reason"]) == (401, "bad_signature")
    assert not receiver.inbox.stored
