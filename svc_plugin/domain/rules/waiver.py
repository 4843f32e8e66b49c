"""M73: a waiver counts for a soft rule, by the leader, with a reason, until its day; people see why not."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from svc_plugin.domain.evidence import Act, last_set
from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import FINAL_STAGES, Field
from svc_plugin.domain.waivers import Waiver, is_by_leader, read_waivers, today


def waivers_count(seen: Snapshot, policy: Policy, soft: Mapping[str, bool]) -> Iterator[Finding]:
    """Say of each waiver that does not count why not; look again when one runs out.

    ``soft`` tells of every rule by id whether it may be waived.
    """
    act = last_set(seen.issue, Field.WAIVER)
    if act is None or (seen.issue.stage in FINAL_STAGES and "M73" not in seen.issue.comments):
        return
    faults = _faults(seen, act, soft)
    if faults:
        yield explained(seen, policy, "M73", "\n".join(faults))
    for one in read_waivers(act.value):
        if one.until and today(seen) <= one.until < date.max:
            fact = seen.texts.say("M73.fact.until", line=one.line)
            yield Finding("M73", fact, recheck_at=_after(seen, one.until))


def _faults(seen: Snapshot, act: Act, soft: Mapping[str, bool]) -> list[str]:
    if not is_by_leader(seen, act):
        product = seen.registers.products.get(seen.issue.product)
        names = {
            "person": seen.registers.name_of(act.account),
            "leader": seen.registers.name_of(product.leader) if product else "?",
        }
        return [seen.texts.say("M73.fact.person", **names)]
    keys = ((one, _fault(seen, one, soft)) for one in read_waivers(act.value))
    return [seen.texts.say(f"M73.fact.{key}", line=one.line) for one, key in keys if key]


def _fault(seen: Snapshot, one: Waiver, soft: Mapping[str, bool]) -> str:
    if one.rule not in soft:
        return "unknown"
    if not soft[one.rule]:
        return "hard"
    if not one.reason:
        return "reason"
    return "expired" if one.is_expired(today(seen)) else ""


def _after(seen: Snapshot, day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), seen.registers.calendar.zone)
