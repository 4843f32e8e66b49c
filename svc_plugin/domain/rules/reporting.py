"""M72: a report reaches the leader in time, and the leader acknowledges it with a remark."""

from collections.abc import Iterator

from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding, Watch
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.reports_due import report_due
from svc_plugin.domain.rules.approval import REPORT, REPORTS, accepted
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage


def report_reaches_the_leader(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Tell the leader of a report that is late or submitted; only the leader's own receipt counts."""
    issue = seen.issue
    product = seen.registers.products.get(issue.product)
    reports = issue.kind is IssueKind.DOCUMENT and issue.value(Field.DOCUMENT_KIND) in REPORTS
    if product is None or not reports:
        return
    due = report_due(issue.value(Field.PERIOD), policy.report_within, seen.registers.calendar)
    if issue.stage is Stage.DRAFT and due:
        fact = seen.texts.say("M72.fact.due", due=seen.texts.moment(due, seen.registers.calendar.zone))
        if seen.now > due:
            yield explained(seen, policy, "M72", fact, Watch(product.leader))
            return
        yield Finding("M72", fact, recheck_at=due)
    if issue.stage is Stage.SUBMITTED:
        leader = seen.registers.name_of(product.leader)
        yield Finding("M72", seen.texts.say("M72.fact.submitted", leader=leader), (Watch(product.leader),))
    yield from accepted(seen, policy, REPORT)
