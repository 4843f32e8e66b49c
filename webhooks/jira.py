"""What a Jira sends: webhooks of Cloud and Data Center, and requests of an Automation rule.

Jira names no event in a header, and not every event names its issue: a worklog only its id, a comment of
Data Center only an address, an attachment nothing at all (the change of its issue is an event of its own).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from webhooks.delivery import Delivery, DeliveryRejectedError, Ignored, Kind, Parsed, Source, shown
from webhooks.digests import body_digest
from webhooks.jira_proof import authenticate
from webhooks.json_paths import at, text_at
from webhooks.refusals import STALE, WRONG_FIELD
from webhooks.strict_json import read_object

IDENTIFIER = "x-atlassian-webhook-identifier"

_NUMBER = re.compile(r"[1-9][0-9]{0,18}")
_IN_ADDRESS = re.compile(r"/issue/([1-9][0-9]{0,18})/")
_AHEAD = timedelta(minutes=15)  # clocks that do not quite agree
_ISSUE_EVENTS: Mapping[str, Kind] = MappingProxyType({f"jira:issue_{kind}": kind for kind in Kind})


def parse_jira(delivery: Delivery, source: Source) -> Parsed | Ignored:
    """Verify and read one delivery.

    One event sent by two registered webhooks has one body and two identifiers, a repeated one the same
    identifier: both marks are given, and either tells that the delivery is known. Raises
    ``DeliveryRejectedError`` (400 or 401).
    """
    authenticate(delivery, source)
    data = read_object(delivery.body)
    _refuse_stale(data, delivery, source)
    event = at(data, "webhookEvent")
    if event is not None and not isinstance(event, str):
        raise _wrong("webhookEvent", event, "文本", "a text")
    keys = _issues(data, event or "")
    if not keys:
        return Ignored(event or "")
    return Parsed(
        key=keys[0],
        others=tuple(keys[1:]),
        delivery=f"sha256:{body_digest(delivery.body)}",
        identifier=delivery.headers.get(IDENTIFIER, ""),
        kind=_ISSUE_EVENTS.get(event or "", Kind.UPDATED),
        project=text_at(data, "issue.fields.project.key"),
    )


def jira_guide(source: Source) -> str:
    """Tell an administrator, who opened the address, how to set up the sender."""
    token = source.allow_token
    return "\n".join(
        [
            f"svc-plugin：Jira 站点 {source.site} 的通知接收地址；通知用 POST 发送（application/json）。",
            "  在 Jira 管理“系统 → 网络钩子”中填写此地址和密钥；事件选择问题、评论、工作日志、问题链接。",
            *(["  Automation 规则“发送 Web 请求”：加上请求头 X-Svc-Token，其值为密钥。"] if token else []),
            "",
            f"svc-plugin: receives notices of the Jira site {source.site}, by POST (application/json).",
            "  In Jira administration, System, WebHooks: enter this address and the secret;",
            "  choose the events of issues, comments, worklogs and issue links.",
            *(
                ["  An Automation rule's web request: add the header X-Svc-Token with the secret."]
                if token
                else []
            ),
            "",
        ]
    )


def _issues(data: Mapping[str, object], event: str) -> list[str]:
    """Return the issues that an event concerns; a link concerns two."""
    if event.startswith("issuelink_"):
        ends = (at(data, f"issueLink.{end}IssueId") for end in ("source", "destination"))
        return [_id(end, "issueLink") for end in ends]
    if event.startswith("worklog_"):
        return [_id(at(data, "worklog.issueId"), "worklog.issueId")]
    if event.startswith("comment_") and at(data, "issue") is None:
        address = at(data, "comment.self")
        found = _IN_ADDRESS.search(address) if isinstance(address, str) else None
        if found is None:
            raise _wrong("comment.self", address, "含问题编号的地址", "an address with the issue's id")
        return [found[1]]
    if (
        event in _ISSUE_EVENTS
        or event.startswith("comment_")
        or (not event and at(data, "issue") is not None)
    ):
        return [_id(at(data, "issue.id"), "issue.id")]
    return []


def _refuse_stale(data: Mapping[str, object], delivery: Delivery, source: Source) -> None:
    """The signature holds no time, so an old delivery that somebody kept would fit for ever."""
    sent = at(data, "timestamp")
    if source.max_age is None or delivery.received_at is None or sent is None:
        return
    if not isinstance(sent, int) or isinstance(sent, bool) or not 0 < sent < 10**14:
        raise _wrong("timestamp", sent, "毫秒数", "milliseconds since 1970")
    moment = datetime.fromtimestamp(sent / 1000, UTC)
    if not delivery.received_at - source.max_age <= moment <= delivery.received_at + _AHEAD:
        limit = int(source.max_age.total_seconds() // 3600)
        raise DeliveryRejectedError(STALE, moment=moment.isoformat(timespec="seconds"), limit=limit)


def _id(value: object, path: str) -> str:
    # webhooks write ids as text, the Automation format as numbers
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not _NUMBER.fullmatch(text):
        raise _wrong(path, value, "问题编号", "the issue's id")
    return text


def _wrong(path: str, value: object, zh: str, en: str) -> DeliveryRejectedError:
    return DeliveryRejectedError(WRONG_FIELD, field=path, value=shown(value), zh_wanted=zh, en_wanted=en)
