"""The HTTP side of the receiver: read the request, store the delivery, answer, write one log line."""

import json
import logging
import math
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

import structlog
from flask import Blueprint, Response, request
from structlog.typing import FilteringBoundLogger

from svc_plugin.domain.errors import ConfigError, TransientError
from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Clock, Inbox, Notice
from svc_plugin.telemetry.metrics import count_delivery
from svc_plugin.telemetry.traces import delivery_span
from webhooks.delivery import Delivery, DeliveryRejectedError, Ignored, Parsed, Source, shown
from webhooks.jira import jira_guide, parse_jira
from webhooks.redmine import parse_redmine, redmine_guide
from webhooks.refusals import FAILED, NO_SECRET, UNAVAILABLE, UNKNOWN_SITE, Refusal
from webhooks.request_body import IncomingBody, require_plain_json
from webhooks.verify import require_secret

RETRY_AFTER: Final = 30  # seconds, when the store does not say
_JSON = json.JSONEncoder(ensure_ascii=False)  # Chinese as it is: people read answers in the sender's log


@dataclass(frozen=True, slots=True)
class Tracker:
    """How one kind of tracker is understood: its parser, and the guide for who sets it up."""

    parse: Callable[[Delivery, Source], Parsed | Ignored]
    guide: Callable[[Source], str]


TRACKERS: Final[Mapping[str, Tracker]] = MappingProxyType(
    {"redmine": Tracker(parse_redmine, redmine_guide), "jira": Tracker(parse_jira, jira_guide)}
)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one request: its log line and its answer."""

    event: str
    status: int
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    answer: Mapping[str, object] | None = None
    retry_after: int | None = None


def create_receiver(
    sources: Mapping[str, Source], inbox: Inbox, clock: Clock, *, hint: Callable[[IssueRef], None]
) -> Blueprint:
    """Build the receiver at ``/hooks/<site>`` and ``/hooks/<site>/<token>``.

    ``sources`` by site name; ``inbox`` commits before we answer; ``hint`` is told of an issue after the
    commit, and its failure costs nothing but time. Raises ``ConfigError`` for a source it cannot serve.
    """
    faults = [fault for name, source in sources.items() for fault in _faults(name, source)]
    if faults:
        raise ConfigError(faults)
    receiver = _Receiver(dict(sources), inbox, clock, hint, structlog.get_logger("webhooks").bind())
    blueprint = Blueprint("webhooks", __name__, url_prefix="/hooks")
    for rule in ("/<site>", "/<site>/<token>"):
        blueprint.add_url_rule(rule, "receive", receiver.receive, methods=["POST"], strict_slashes=False)
        blueprint.add_url_rule(rule, "guide", receiver.guide, methods=["GET"], strict_slashes=False)
    return blueprint


@dataclass(frozen=True, slots=True)
class _Receiver:
    """The views, and what they need."""

    sources: Mapping[str, Source]
    inbox: Inbox
    clock: Clock
    hint: Callable[[IssueRef], None]
    log: FilteringBoundLogger

    def receive(self, site: str, token: str | None = None) -> Response:
        """Take one delivery. ``token`` is a secret: it goes into no log and no answer."""
        body = IncomingBody(request)
        try:
            outcome = self._take(site, token, body)
        except DeliveryRejectedError as error:
            body.discard_rest()
            outcome = _rejected(error)
        except Exception as error:  # noqa: BLE001 -- the framework would log the address, and with it the token
            outcome = _failed(error)
        self._write_log(site, outcome)
        return _response(outcome)

    def guide(self, site: str, token: str | None = None) -> Response:
        """Answer senders that try the address before use (GET, HEAD), and people who open it."""
        del token  # tells nothing: a wrong one must not be found out here
        source = self.sources.get(site)
        if source is None:
            unknown = _rejected(DeliveryRejectedError(UNKNOWN_SITE))
            self._write_log(site, unknown)
            return _response(unknown)
        self._write_log(site, _Outcome("delivery.probed", 200))
        return Response(TRACKERS[source.kind].guide(source), content_type="text/plain; charset=utf-8")

    def _take(self, site: str, token: str | None, body: IncomingBody) -> _Outcome:
        source = self.sources.get(site)
        if source is None:
            raise DeliveryRejectedError(UNKNOWN_SITE)
        require_secret(source)
        require_plain_json(request)
        content, now = body.read(), self.clock()
        parsed = TRACKERS[source.kind].parse(Delivery(_headers(), content, token, now), source)
        if isinstance(parsed, Ignored):
            facts = {"reason": "not_about_an_issue", "about": shown(parsed.event)}
            return _Outcome("delivery.ignored", 204, facts)
        with delivery_span(site, parsed.delivery, {"svc.issue": f"{site}/{parsed.key}"}) as told:
            outcome = self._store(parsed, list(_notices(site, parsed, content, now)))
            told("svc.result", outcome.event)
            return outcome

    def _store(self, parsed: Parsed, notices: Sequence[Notice]) -> _Outcome:
        facts: dict[str, object] = {
            "issue": parsed.key,
            "delivery": parsed.delivery,
            "kind": str(parsed.kind),
        }
        try:
            stored = [notice.ref for notice in notices if self.inbox.accept(notice)]
        except TransientError as error:
            return _unavailable(error, facts)
        if not stored:
            return _Outcome("delivery.duplicate", 202, facts, {"stored": False})
        try:
            for ref in stored:
                self.hint(ref)
        except Exception as error:  # noqa: BLE001 -- the delivery is safe: the worker's own clock finds it
            facts["hint_failed"] = type(error).__name__
        return _Outcome("delivery.stored", 202, facts, {"stored": True})

    def _write_log(self, site: str, outcome: _Outcome) -> None:
        # An unknown name may be anything, even a token in the wrong place.
        name = site if site in self.sources else None
        count_delivery(name or "", outcome.event.removeprefix("delivery."))
        level = _level(outcome.status)
        self.log.log(level, outcome.event, site=name, status=outcome.status, **outcome.facts)


def _notices(site: str, parsed: Parsed, body: bytes, now: datetime) -> Iterator[Notice]:
    """One notice for each issue concerned; the body is kept once."""
    yield Notice(IssueRef(site, parsed.key), parsed.delivery, body, now, parsed.identifier, parsed.project)
    for key in parsed.others:
        yield Notice(IssueRef(site, key), f"{parsed.delivery}/{key}", b"", now, project=parsed.project)


def _level(status: int) -> int:
    if status >= 500:
        return logging.ERROR
    return logging.WARNING if status >= 400 else logging.INFO


def _faults(name: str, source: Source) -> list[str]:
    if source.kind not in TRACKERS:
        known = ", ".join(TRACKERS)
        zh = f"站点 {name}：kind 是 {source.kind!r}；请写 {known} 之一"
        return [f"{zh} / site {name}: kind is {source.kind!r}; write one of {known}"]
    if source.site != name:
        zh = f"站点 {name}：site 是 {source.site!r}；两者必须相同"
        return [f"{zh} / site {name}: site is {source.site!r}; the two must be the same"]
    return []


def _headers() -> Mapping[str, str]:
    # WSGI hands over each byte as one character (PEP 3333); secrets in headers are UTF-8.
    return {
        name[5:].replace("_", "-").lower(): value
        if value.isascii()
        else value.encode("latin-1", "replace").decode(errors="replace")
        for name, value in request.environ.items()
        if name.startswith("HTTP_")
    }


def _response(outcome: _Outcome) -> Response:
    if outcome.answer is None:
        return Response(status=outcome.status)
    response = Response(_JSON.encode(outcome.answer), outcome.status, content_type="application/json")
    if outcome.retry_after is not None:
        response.headers["Retry-After"] = str(outcome.retry_after)
    return response


def _answer(refusal: Refusal, facts: Mapping[str, object]) -> Mapping[str, object]:
    return {"error": {"zh": refusal.zh.format_map(facts), "en": refusal.en.format_map(facts)}}


def _rejected(error: DeliveryRejectedError) -> _Outcome:
    facts: dict[str, object] = {"reason": error.reason}
    if error.refusal is NO_SECRET:
        facts["hint"] = "为该站点配置密钥 / configure a secret for this site"
    return _Outcome("delivery.rejected", error.status, facts, _answer(error.refusal, error.facts))


def _unavailable(error: TransientError, facts: Mapping[str, object]) -> _Outcome:
    seconds = max(1, math.ceil(error.retry_after or RETRY_AFTER))
    # Only the kind of error: the text of a database's error may quote the body.
    noted = {**facts, "reason": UNAVAILABLE.name, "cause": type(error.__cause__ or error).__name__}
    answer = _answer(UNAVAILABLE, {"seconds": seconds})
    return _Outcome("delivery.unavailable", UNAVAILABLE.status, noted, answer, seconds)


def _failed(error: Exception) -> _Outcome:
    where = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    facts = {"reason": FAILED.name, "cause": type(error).__name__, "where": where}
    return _Outcome("delivery.failed", FAILED.status, facts, _answer(FAILED, {}))
