"""M31: an inquiry is answered at once, by service staff or by a technician whom they ask."""

from collections.abc import Iterator
from datetime import datetime

from svc_plugin.domain.clocks import received_at
from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding, Watch
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import FINAL_STAGES, Field, IssueKind, Role, Stage
from svc_plugin.domain.working_time import add_working, end_of_working_day

_ANSWERED = FINAL_STAGES | {Stage.ANSWERED}


def inquiry_finds_its_answer(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Let the technician who was asked follow the request; have one asked for a late inquiry."""
    issue, texts = seen.issue, seen.texts
    if issue.kind is not IssueKind.SERVICE_REQUEST or issue.stage is None or _is_answered(seen):
        return
    asked = issue.value(Field.TECHNICIAN_ASKED)
    if asked:
        person = seen.registers.name_of(asked)
        if seen.registers.acts_as(asked, Role.TECHNICIAN, issue.product):
            yield Finding("M31", texts.say("M31.fact.asked", person=person), (Watch(asked),))
        else:
            yield explained(seen, policy, "M31", texts.say("M31.fact.role", person=person))
    elif issue.value(Field.REQUEST_KIND) == "inquiry":
        due = _due(seen, policy)
        fact = texts.say("M31.fact.due", due=texts.moment(due, seen.registers.calendar.zone))
        late = seen.now > due
        yield explained(seen, policy, "M31", fact) if late else Finding("M31", fact, recheck_at=due)


def _is_answered(seen: Snapshot) -> bool:
    return seen.issue.stage in _ANSWERED or bool(seen.issue.value(Field.ANSWER).strip())


def _due(seen: Snapshot, policy: Policy) -> datetime:
    calendar, started = seen.registers.calendar, received_at(seen.issue, seen.registers)
    if policy.consult_within is None:
        return end_of_working_day(calendar, started)
    return add_working(calendar, started, policy.consult_within)
