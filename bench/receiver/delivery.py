"""Deliveries as Redmine 7 sends them: about 8 KB, each one different, each one signed."""

import hashlib
import hmac
import json
from dataclasses import dataclass

SECRET = "bench-secret-that-both-ends-know"
ISSUES = 200  # deliveries go round these issues: several of one issue wait at the same time, as in life
SIZE = 8_192
FIRST_NUMBER = 100_000_000_000  # all numbers have twelve digits, so that every body keeps its length
_MARK = 111_111_111_111
_ISSUE = 222_222


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Makes the request number N: its journal has the id N, its issue follows from N.

    ``head`` and ``tail`` of the request line are bound to one address; bodies differ in the journal's id,
    so that each is a new delivery.
    """

    request: bytes
    pieces: tuple[bytes, bytes, bytes]

    @classmethod
    def to(cls, port: int, path: str) -> "Deliveries":
        """Return deliveries to ``path`` of this machine."""
        text = _body()
        before, rest = text.split(str(_MARK).encode())
        between, after = rest.split(str(_ISSUE).encode())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: Redmine\r\n"
            "Content-Type: application/json\r\nContent-Length: %d\r\n"
            "X-Redmine-Signature-256: sha256=%s\r\n\r\n"
        )
        return cls(head.encode(), (before, between, after))

    def bytes_of(self, number: int) -> bytes:
        """Return the whole request number ``number``."""
        before, between, after = self.pieces
        body = b"%b%d%b%d%b" % (before, number, between, 1 + number % ISSUES, after)
        proof = hmac.digest(SECRET.encode(), body, hashlib.sha256).hex()
        return self.request % (len(body), proof.encode()) + body


def number_at() -> tuple[int, int]:
    """Return where in a stored body its number stands: offset and length in bytes."""
    return _body().index(str(_MARK).encode()), len(str(_MARK))


def _body() -> bytes:
    text = "用户在月末结账时开票失败，界面提示“税号校验未通过”；已按说明重试三次。 "
    issue = {
        "id": _ISSUE,
        "project": {"id": 3, "name": "ERP"},
        "tracker": {"id": 4, "name": "客户服务请求"},
        "status": {"id": 2, "name": "处理中", "is_closed": False},
        "priority": {"id": 2, "name": "普通"},
        "author": {"id": 7, "name": "王 芳"},
        "assigned_to": {"id": 9, "name": "刘 洋"},
        "subject": "开票失败",
        "description": "",
        "start_date": "2026-11-22",
        "done_ratio": 0,
        "is_private": False,
        "custom_fields": [
            {"id": place, "name": f"自定义字段 {place}", "value": f"值 {place}"} for place in range(1, 25)
        ],
        "created_on": "2026-11-22T01:00:00Z",
        "updated_on": "2026-11-22T02:00:00Z",
    }
    journal = {
        "id": _MARK,
        "created_on": "2026-11-22T02:00:00Z",
        "notes": "已联系客户，请看日志。",
        "user": {"id": 7, "name": "王 芳"},
        "details": [{"property": "attr", "prop_key": "status_id", "old_value": "1", "value": "2"}],
    }
    # the journal first: what follows the issue's number, which varies in length, would move
    data = {
        "type": "issue.updated",
        "timestamp": "2026-11-22T02:00:00Z",
        "data": {"journal": journal, "issue": issue},
    }
    short = SIZE - len(_encoded(data))
    issue["description"] = text * (short // len(text.encode()))
    return _encoded(data)


def _encoded(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
