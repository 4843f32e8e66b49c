"""M28, M74: when a customer asked and when that was recorded are two moments, and both are true."""

from collections.abc import Iterator

from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.moments import read_moment
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import FINAL_STAGES, Field, IssueKind
from svc_plugin.domain.working_time import elapsed_working


def request_is_recorded_soon(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Say so when a request was recorded late, or at a moment before the customer can have asked (M28).

    Every clock runs from when the customer asked, however late it was entered (M74).
    """
    issue = seen.issue
    if issue.kind is not IssueKind.SERVICE_REQUEST or issue.stage is None:
        return
    fact = _fact(seen, policy)
    # it stays on record, but nothing new is said of what is over
    if fact and (issue.stage not in FINAL_STAGES or "M28" in issue.comments):
        yield explained(seen, policy, "M28", fact)


def _fact(seen: Snapshot, policy: Policy) -> str:
    issue, texts, calendar = seen.issue, seen.texts, seen.registers.calendar
    written = issue.value(Field.RECEIVED_AT).strip()
    if not written:
        return ""
    received = read_moment(written, calendar.zone)
    if received is None:
        return texts.say("M28.fact.unread", value=written)
    recorded = issue.created_at
    moments = {
        "received": texts.moment(received, calendar.zone),
        "recorded": texts.moment(recorded, calendar.zone),
    }
    if received > recorded:
        return texts.say("M28.fact.later", **moments)
    delay = elapsed_working(calendar, received, recorded)
    if policy.recording_delay is None or delay <= policy.recording_delay:
        return ""
    limit = texts.duration(policy.recording_delay)
    return texts.say("M28.fact.delay", **moments, delay=texts.duration(delay), limit=limit)
