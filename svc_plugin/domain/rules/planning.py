"""M75: a plan precedes the work; work on a product without one in force is shown to the leader."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time

from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding, Watch
from svc_plugin.domain.plans_in_force import PLAN_OF, covered_until, next_start
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import FINAL_STAGES, Field, Stage


def plan_precedes_work(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Show the leader open work that no approved plan covers today; look again when one ends or begins."""
    issue, texts = seen.issue, seen.texts
    wanted = PLAN_OF.get(issue.kind) if issue.kind else None
    product = seen.registers.products.get(issue.product)
    if wanted is None or product is None or issue.stage in FINAL_STAGES | {None, Stage.REGISTERED}:
        return
    today = seen.registers.calendar.day_of(seen.now)
    plan, until = texts.choice(Field.DOCUMENT_KIND, wanted), covered_until(seen.context, wanted, today)
    if until:
        fact = texts.say("M75.fact.covered", plan=plan, day=until.isoformat())
        yield Finding("M75", fact, recheck_at=_start_of(seen, until))
        return
    fact = texts.say("M75.fact.missing", product=product.name, plan=plan)
    begins = next_start(seen.context, wanted, today)
    found = explained(seen, policy, "M75", fact, Watch(product.leader))
    yield replace(found, recheck_at=_start_of(seen, begins) if begins else None)


def _start_of(seen: Snapshot, day: date) -> datetime:
    return datetime.combine(day, time(), seen.registers.calendar.zone)
