"""What other issues mean to one: gathered from the mirror, and whom a change of one concerns."""

from collections.abc import Sequence
from datetime import datetime, time

from svc_plugin.domain.model import Issue, IssueRef, ProductContext
from svc_plugin.domain.plans_in_force import PLAN_OF, approved_plan
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.resources import COMMITTED, before, commitment, month_of, scheduled_at
from svc_plugin.domain.vocabulary import FINAL_STAGES, STAGES, IssueKind, Stage
from svc_plugin.engine.ports import Mirror

_APPROVED = frozenset({Stage.APPROVED})
_MOST_FOLLOWED = 1000  # issues that one plan may call up at once; each costs a read of the site


class ContextReader:
    """Reads the context of issues from the mirror: local, by indexed columns, only what a decision needs."""

    def __init__(self, mirror: Mirror, registers: Registers) -> None:
        self._mirror = mirror
        self._registers = registers

    def of(self, issue: Issue) -> ProductContext:
        """Return what the product's other issues mean to the decision on this one."""
        if issue.kind not in PLAN_OF or issue.product not in self._registers.products:
            return ProductContext()
        papers = self._mirror.standing(issue.product, IssueKind.DOCUMENT, _APPROVED)
        plans = (approved_plan(paper, self._registers) for paper in papers)
        return ProductContext(
            plans=tuple(sorted((plan for plan in plans if plan), key=lambda plan: plan.ref)),
            commitments=before(issue, self._of_same_month(issue), self._registers.calendar.zone),
        )

    def concerned(self, was: Issue | None, now: Issue | None) -> Sequence[IssueRef]:
        """Name the issues whose decision may change because this one changed from ``was`` to ``now``."""
        return (*self._by_plan(was, now), *self._by_commitment(was, now))

    def _by_plan(self, was: Issue | None, now: Issue | None) -> Sequence[IssueRef]:
        plans = [approved_plan(one, self._registers) if one else None for one in (was, now)]
        if plans[0] == plans[1]:
            return ()
        products = {one.product for one, plan in zip((was, now), plans, strict=True) if one and plan}
        kinds = {
            kind
            for kind, wanted in PLAN_OF.items()
            for plan in plans
            if plan and plan.document_kind == wanted
        }
        found = [
            ref
            for product in sorted(products)
            for kind in sorted(kinds)
            for ref in self._mirror.refs_standing(product, kind, _under_way(kind), limit=_MOST_FOLLOWED)
        ]
        return found[:_MOST_FOLLOWED]

    def _by_commitment(self, was: Issue | None, now: Issue | None) -> Sequence[IssueRef]:
        held = commitment(now) if now else None
        # what gives its hours back takes nothing from anybody
        if now is None or held is None or held == (commitment(was) if was else None):
            return ()
        zone = self._registers.calendar.zone
        month = month_of(held.scheduled_at, zone)
        others = (commitment(other) for other in self._of_same_month(now))
        later = (o for o in others if o and (o.scheduled_at, o.ref) > (held.scheduled_at, held.ref))
        return [other.ref for other in later if month_of(other.scheduled_at, zone) == month]

    def _of_same_month(self, issue: Issue) -> Sequence[Issue]:
        at = scheduled_at(issue)
        if issue.kind is not IssueKind.MAINTENANCE or at is None:
            return ()
        zone = self._registers.calendar.zone
        # what was scheduled in a month was changed in it or later
        begin = datetime.combine(month_of(at, zone), time(), zone)
        return list(self._mirror.standing(issue.product, IssueKind.MAINTENANCE, COMMITTED, since=begin))


def _under_way(kind: IssueKind) -> frozenset[Stage]:
    return frozenset(STAGES[kind]) - FINAL_STAGES - {Stage.REGISTERED}
