"""M33, M34, M51: for a fault at a customer's, a visit is decided on, made a task of, and kept in time."""

from collections.abc import Iterator

from svc_plugin.domain.clocks import visit
from svc_plugin.domain.escalation import clock_is_kept
from svc_plugin.domain.explain import demanded
from svc_plugin.domain.model import Snapshot, origin_marker
from svc_plugin.domain.moments import read_moment
from svc_plugin.domain.plan import EnsureIssue, Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.rules.classification import is_classified
from svc_plugin.domain.visits import VISIT_TASK, due_at, in_the_city, is_on_site
from svc_plugin.domain.vocabulary import FINAL_STAGES, Field, IssueKind, Stage

_STARTED = frozenset({Stage.SCHEDULED, Stage.IN_WORK, Stage.TESTING, Stage.DONE, Stage.CLOSED})
_COPIED = (Field.CUSTOMER, Field.CONTACT, Field.VISIT_AT, Field.VISIT_AGREED_WITH, Field.TRAVEL_NOTE)


def visit_is_decided(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Demand the decision on a visit before corrective work for a customer starts (M51).

    A customer elsewhere must have agreed to the time, and the travel be thought of (M34).
    """
    issue, texts = seen.issue, seen.texts
    if not is_on_site(issue):
        return
    wanted = [Field.VISIT_NEEDED]
    if issue.value(Field.VISIT_NEEDED) == "yes":
        wanted.append(Field.VISIT_AT)
        if not in_the_city(seen):
            wanted += [Field.VISIT_AGREED_WITH, Field.TRAVEL_NOTE]
    missing = [texts.field(name) for name in wanted if not _given(seen, name)]
    yield from demanded(
        seen, policy, "M51", missing, gate=_STARTED, shown_in={Stage.CLASSIFIED}, back=Stage.CLASSIFIED
    )


def _given(seen: Snapshot, name: Field) -> bool:
    value = seen.issue.value(name).strip()
    if name is Field.VISIT_AT:  # a time that nobody can read is none
        return read_moment(value, seen.registers.calendar.zone) is not None
    return bool(value)


def visit_has_its_task(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Have one task for a visit whose time is known, for a maintainer in the customer's city (M33, M34)."""
    issue, texts = seen.issue, seen.texts
    product = seen.registers.products.get(issue.product)
    due = due_at(seen, policy)
    if product is None or due is None or issue.stage in FINAL_STAGES or not is_classified(seen):
        return
    person = (*in_the_city(seen), *product.maintenance_staff)[0]
    copied = tuple((name, issue.value(name)) for name in _COPIED if issue.value(name))
    day = seen.registers.calendar.day_of(due).isoformat()
    customer = issue.value(Field.CUSTOMER)
    task = EnsureIssue(
        origin=origin_marker(VISIT_TASK, issue.ref),
        kind=IssueKind.SERVICE_TASK,
        product=issue.product,
        title=texts.say("M33-task.title", customer=customer, title=issue.title),
        description=texts.say("M33-task.description", key=issue.shown, title=issue.title),
        fields=((Field.TASK_KIND, "visit"), (Field.DUE_ON, day), *copied),
        assignee=person,
    )
    fact = texts.say("M33-task.fact", customer=customer, person=seen.registers.name_of(person), day=day)
    yield Finding("M33-task", fact, (task,))


def visit_is_in_time(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Watch the visit's clock: the same day in the same city, elsewhere at the time agreed (M33, M34)."""
    clock = visit(seen, policy) if is_classified(seen) else None
    if clock:
        yield from clock_is_kept(seen, policy, "M33", clock)
