"""Visits to a customer's workplace: who goes, and by when (M33, M34)."""

from datetime import datetime

from svc_plugin.domain.evidence import last_set
from svc_plugin.domain.model import Issue, Snapshot
from svc_plugin.domain.moments import read_moment
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import Field, IssueKind
from svc_plugin.domain.working_time import next_day_opens

VISIT_TASK = "M33"  # the rule in the origin marker of a visit's task


def is_on_site(issue: Issue) -> bool:
    """Tell whether this is a fault at a customer's: only then a visit has to be decided on (M51)."""
    corrective = issue.value(Field.MAINTENANCE_CLASS) == "corrective"
    internal = issue.value(Field.SOURCE) == "internal"
    return issue.kind is IssueKind.MAINTENANCE and corrective and not internal


def in_the_city(seen: Snapshot) -> tuple[str, ...]:
    """Return the product's maintainers who work in the customer's city, in order of appointment (M33)."""
    customer = seen.registers.customer_named(seen.issue.value(Field.CUSTOMER))
    return seen.registers.same_city(customer, seen.issue.product) if customer else ()


def due_at(seen: Snapshot, policy: Policy) -> datetime | None:
    """Return when somebody must have arrived; None while no visit is wanted or its time is not agreed.

    In the customer's city that is the end of the working day on which the visit was decided; what is
    decided after ``policy.visit_cut_off``, or on a free day, is due when the next working day begins.
    Elsewhere it is the time agreed with the customer (M34).
    """
    issue, calendar = seen.issue, seen.registers.calendar
    decided = last_set(issue, Field.VISIT_NEEDED)
    if not is_on_site(issue) or decided is None or decided.value != "yes":
        return None
    if not in_the_city(seen):
        agreed = issue.value(Field.VISIT_AGREED_WITH).strip()
        return read_moment(issue.value(Field.VISIT_AT), calendar.zone) if agreed else None
    local = decided.at.astimezone(calendar.zone)
    hours = calendar.intervals(local.date())
    if hours and local.time() < policy.visit_cut_off and decided.at < hours[-1][1]:
        return hours[-1][1]
    return next_day_opens(calendar, local.date())
