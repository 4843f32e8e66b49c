"""The three senders that a Redmine may have: its own hooks (7.0), the redmine_webhook plugin, our plugin."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from webhooks.delivery import Delivery, DeliveryRejectedError, Ignored, Kind, Parsed, Source, shown
from webhooks.digests import body_digest
from webhooks.json_paths import at, text_at
from webhooks.refusals import OTHER_DELIVERY, OTHER_SENDER, WRONG_FIELD
from webhooks.strict_json import read_object
from webhooks.verify import authenticate

OWN_SIGNATURE = "x-svc-signature-256"
OWN_DELIVERY = "x-svc-delivery"
NATIVE_SIGNATURE = "x-redmine-signature-256"

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_EVENTS: Mapping[str, Kind] = {f"issue.{kind}": kind for kind in Kind}
_LAST_ID = 2**63 - 1  # bigint, the widest key a Redmine table has


def parse_redmine(delivery: Delivery, source: Source) -> Parsed | Ignored:
    """Verify and read one delivery.

    The header of the signature names the sender; who proves itself by a token is the redmine_webhook
    plugin, which cannot sign. Raises ``DeliveryRejectedError`` (400 or 401).
    """
    authenticate(delivery, source, (OWN_SIGNATURE, NATIVE_SIGNATURE))
    data = read_object(delivery.body)
    sender = _sender(delivery)
    if sender.mark not in data:
        raise DeliveryRejectedError(OTHER_SENDER, field=sender.mark, zh_sender=sender.zh, en_sender=sender.en)
    return sender.read(data, delivery)


def redmine_guide(source: Source) -> str:
    """Tell an administrator, who opened the address or whose Redmine tries it, how to set up the sender."""
    token = source.allow_token
    return "\n".join(
        [
            f"svc-plugin：Redmine 站点 {source.site} 的通知接收地址；通知用 POST 发送（application/json）。",
            "  本产品的 Redmine 插件、Redmine 7 自带的 Webhook：填写此地址和密钥。",
            *(["  redmine_webhook 插件：地址末尾加上 /<密钥>。"] if token else []),
            "",
            f"svc-plugin: receives notices of the Redmine site {source.site}, by POST (application/json).",
            "  Our plugin for Redmine, and Redmine 7's own webhooks: enter this address and the secret.",
            *(["  The redmine_webhook plugin: add /<secret> to the address."] if token else []),
            "",
        ]
    )


@dataclass(frozen=True, slots=True)
class _Sender:
    """Who sent it: ``mark`` is the name at the top of all its bodies, ``read`` understands them."""

    mark: str
    read: Callable[[Mapping[str, object], Delivery], Parsed | Ignored]
    zh: str
    en: str


def _sender(delivery: Delivery) -> _Sender:
    if OWN_SIGNATURE in delivery.headers:
        return _Sender("event", _read_own, "本产品的插件", "our plugin")
    if NATIVE_SIGNATURE in delivery.headers:
        return _Sender("type", _read_native, " Redmine 7 自带的 Webhook", "the webhooks of Redmine 7")
    return _Sender("payload", _read_plugin, " redmine_webhook 插件", "the redmine_webhook plugin")


def _read_own(data: Mapping[str, object], delivery: Delivery) -> Parsed | Ignored:
    """``{"event": "issue.updated", "delivery": "<uuid>", "issue": {"id": 12}, ...}``."""
    name = _text(data, "event")
    given = _text(data, "delivery")
    if not _UUID.fullmatch(given):
        raise _wrong("delivery", given, "小写的 UUID", "a UUID in lower case")
    if delivery.headers.get(OWN_DELIVERY) != given:
        raise DeliveryRejectedError(OTHER_DELIVERY)
    kind = _EVENTS.get(name)
    if kind is None:
        return Ignored(name)
    return Parsed(_issue_id(data, "issue.id"), given, kind, project=text_at(data, "project"))


def _read_native(data: Mapping[str, object], delivery: Delivery) -> Parsed | Ignored:
    """``{"type": "issue.updated", "timestamp": ..., "data": {"issue": {"id": 12}, ...}}``, Redmine 7.0."""
    name = _text(data, "type")
    if kind := _EVENTS.get(name):
        project = text_at(data, "data.issue.project.identifier")
        return Parsed(_issue_id(data, "data.issue.id"), _digest(delivery), kind, project=project)
    if not name.startswith("time_entry."):
        return Ignored(name)
    entry = at(data, "data.time_entry")
    if not isinstance(entry, dict):
        raise _wrong("data.time_entry", entry, "对象", "an object")
    if at(data, "data.time_entry.issue") is None:  # booked on the project as a whole
        return Ignored(name)
    return Parsed(_issue_id(data, "data.time_entry.issue.id"), _digest(delivery), Kind.UPDATED)


def _read_plugin(data: Mapping[str, object], delivery: Delivery) -> Parsed | Ignored:
    """``{"payload": {"action": "opened", "issue": {"id": 12}, ...}}``, suer/redmine_webhook 0.0.5."""
    action = _text(data, "payload.action")
    kind = Kind.CREATED if action == "opened" else Kind.UPDATED
    project = text_at(data, "payload.issue.project.identifier")
    return Parsed(_issue_id(data, "payload.issue.id"), _digest(delivery), kind, project=project)


def _digest(delivery: Delivery) -> str:
    # These senders number nothing. Equal bodies tell of equal states, so taking them for one loses nothing.
    return f"sha256:{body_digest(delivery.body)}"


def _text(data: Mapping[str, object], path: str) -> str:
    value = at(data, path)
    if not isinstance(value, str):
        raise _wrong(path, value, "文本", "a text")
    return value


def _issue_id(data: Mapping[str, object], path: str) -> str:
    value = at(data, path)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _LAST_ID:
        raise _wrong(path, value, "问题编号（正整数）", "the issue's number, a positive integer")
    return str(value)


def _wrong(path: str, value: object, zh: str, en: str) -> DeliveryRejectedError:
    return DeliveryRejectedError(WRONG_FIELD, field=path, value=shown(value), zh_wanted=zh, en_wanted=en)
