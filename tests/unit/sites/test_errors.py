import pytest
import requests

from svc_plugin.domain.errors import TransientError
from svc_plugin.sites.errors import translated


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
