"""JSON from strangers has one reading or is refused."""

import json
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webhooks.delivery import DeliveryRejectedError
from webhooks.strict_json import MAX_DEPTH, read_object


def refusal(body: bytes) -> DeliveryRejectedError:
    with pytest.raises(DeliveryRejectedError) as caught:
        read_object(body)
    assert caught.value.status == 400
    return caught.value


def nested(levels: int) -> bytes:
    return b'{"a":' * (levels - 1) + b"{}" + b"}" * (levels - 1)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not_json"),
        (b" ", "not_json"),
        (b"hello", "not_json"),
        (b'{"a": 1', "not_json"),
        (b'{"a": 1} {}', "not_json"),
        (b"{'a': 1}", "not_json"),
        (b'{"a": 1,}', "not_json"),
        (b'{"a": "\n"}', "not_json"),
        (b'{"a": NaN}', "not_json"),
        (b'{"a": Infinity}', "not_json"),
        (b'{"a": [-Infinity]}', "not_json"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not_json"),
        (b'{"a": 1, "a": 1}', "duplicate_key"),
        (b'{"a": [{"b": 1, "c": 2, "\\u0062": 3}]}', "duplicate_key"),
        (b"[]", "not_an_object"),
        (b"null", "not_an_object"),
        (b'"{}"', "not_an_object"),
        (b"12", "not_an_object"),
        (b"\xef\xbb\xbf{}", "not_utf8"),
        ('{"a": "é"}'.encode("latin-1"), "not_utf8"),
        ('{"a": 1}'.encode("utf-16"), "not_utf8"),
        ('{"a": 1}'.encode("utf-16-le"), "not_json"),
        ('{"a": "中"}'.encode("gb18030"), "not_utf8"),
        (b'{"a": "\xed\xa0\x80"}', "not_utf8"),
        (b"\x00{}", "not_json"),
        (nested(MAX_DEPTH + 1), "too_deep"),
        (b"[" * 1_000_000, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
        (b'{"a": "' + b"[" * 1000, "not_json"),
        (b'{"a": "\\"' + b"[" * 1000, "not_json"),
        (b'{"a": "b\\', "not_json"),
    ],
)
def test_what_is_not_one_plain_object_is_refused_with_its_fault(body, reason):
    assert refusal(body).reason == reason


def test_the_deepest_allowed_nesting_is_read():
    assert read_object(nested(MAX_DEPTH)).keys() == {"a"}
    beside_others = b'{"b":[[],[]],' + nested(MAX_DEPTH)[1:]
    assert read_object(beside_others).keys() == {"a", "b"}


def test_brackets_inside_texts_are_not_nesting():
    text = '\\"[{' * 1000
    assert read_object(json.dumps({"a": text}).encode()) == {"a": text}


def test_many_brackets_side_by_side_are_not_deep():
    assert len(read_object(b'{"a":[' + b"[]," * 9999 + b"{}]}")["a"]) == 10_000


def test_a_lone_surrogate_escape_is_read_as_it_is():
    assert read_object(b'{"a": "\\ud800"}') == {"a": "\ud800"}


def test_the_answer_names_the_repeated_key_without_echoing_it_raw():
    error = refusal(b'{"\\ud800\\n": 1, "\\ud800\\n": 2}')
    assert "'\\ud800\\n'" in str(error)
    assert str(error).isascii()


def test_a_hostile_body_of_megabytes_costs_linear_time():
    started = time.perf_counter()
    for body in (b'"\\' * 1_000_000, b'"' * 2_000_001, b"\\" * 2_000_000, b"[]" * 1_000_000):
        refusal(body)
    assert time.perf_counter() - started < 4


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(), VALUES, max_size=3), st.booleans())
def test_every_proper_object_is_read_as_it_was_written(data, ascii_only):
    assert read_object(json.dumps(data, ensure_ascii=ascii_only).encode(errors="surrogatepass")) == data


@given(st.binary() | st.text(alphabet='{}[]":,\\u19ened \n').map(str.encode))
def test_no_bytes_at_all_raise_anything_but_a_refusal(body):
    with suppress(DeliveryRejectedError):
        assert isinstance(read_object(body), dict)
