import pytest
import requests

from svc_plugin.domain.errors import ChangeRefusedError, TransientError
from svc_plugin.sites.errors import KeyRefusedError, translated


def answer(status: int, headers: dict[str, str]) -> requests.HTTPError:
    response = requests.Response()
    response.status_code = status
    response.headers.update(headers)
    response._content = b""
    return requests.HTTPError(response=response)


@pytest.mark.parametrize(
    ("wait", "seconds"),
    [
        ("17", 17.0),
        ("Sun, 22 Nov 2026 10:02:00 GMT", 90.0),
        ("Sun, 22 Nov 2026 09:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
    ],
)
def test_a_wait_is_read_as_seconds_or_as_a_date(wait: str, seconds: float | None) -> None:
    date = {"Date": "Sun, 22 Nov 2026 10:00:30 GMT"}
    error = translated(answer(503, {"Retry-After": wait, **date}), "GET /x")
    assert isinstance(error, TransientError)
    assert error.retry_after == seconds


def test_a_date_without_the_answers_own_date_says_nothing() -> None:
    error = translated(answer(503, {"Retry-After": "Sun, 22 Nov 2026 10:02:00 GMT"}), "GET /x")
    assert isinstance(error, TransientError)
    assert error.retry_after is None


def test_the_request_is_named() -> None:
    assert "PUT /issues/1.json" in str(translated(answer(400, {}), "PUT /issues/1.json"))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "0.5"}, 0.5),
        ({"X-RateLimit-Reset": "2026-11-22T10:01Z"}, 30.0),
        ({"X-RateLimit-Interval-Seconds": "60", "X-RateLimit-Remaining": "0"}, 60.0),
        ({"X-RateLimit-Reset": "soon"}, None),
    ],
)
def test_a_wait_is_read_from_whatever_a_jira_tells(headers: dict[str, str], seconds: float | None) -> None:
    error = translated(answer(429, {"Date": "Sun, 22 Nov 2026 10:00:30 GMT", **headers}), "GET /x")
    assert isinstance(error, TransientError)
    assert error.retry_after == seconds


def test_jiras_own_sentences_are_told_and_nothing_else() -> None:
    given = answer(400, {"Set-Cookie": "planted-s3cret"})
    given.response._content = b'{"errorMessages": ["No."], "errors": {"customfield_10031": "is required."}}'
    error = translated(given, "POST /issue")
    assert isinstance(error, ChangeRefusedError)
    assert str(error) == "POST /issue: 400 No.; customfield_10031: is required."


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (404, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}),
        (403, {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=/login.jsp"}),
        (403, {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}),
    ],
)
def test_an_answer_as_to_a_stranger_is_about_the_key_and_not_about_the_issue(
    status: int, headers: dict[str, str]
) -> None:
    assert isinstance(translated(answer(status, headers), "GET /issue/1"), KeyRefusedError)
