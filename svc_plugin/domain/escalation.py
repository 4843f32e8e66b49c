"""The escalation ladder: what is done as a clock's target is used up, for every clock alike.

Rule 13 of the process design. A step has the people whom it names follow the issue, and its comment is the
record of it: a step whose comment stands is over. Where it raises or assigns the issue, the comment waits
until the site has done so; a site that refuses is then asked again, and the refusal is told.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from svc_plugin.domain.clocks import Clock, State
from svc_plugin.domain.explain import explained, moment_shown, notified
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.moments import read_number
from svc_plugin.domain.plan import Assign, Change, Finding, PutComment, SetField, Watch
from svc_plugin.domain.policy import Mode, Policy, Recipient, Step
from svc_plugin.domain.vocabulary import FIELD_SPECS, FINAL_STAGES, Field, IssueKind, Role


def clock_is_kept(seen: Snapshot, policy: Policy, rule: str, clock: Clock) -> Iterator[Finding]:
    """Climb the ladder while the clock of ``rule`` runs, and keep on record that its target was missed.

    A clock that was stopped and an issue in a final stage take no further step; what was said stays.
    """
    issue, fact = seen.issue, _fact(seen, rule, clock)
    if clock.breached(seen.now):
        yield explained(seen, policy, rule, fact)
    if clock.stopped_at is not None:
        return
    over = issue.stage in FINAL_STAGES or issue.product not in seen.registers.products
    ladder = () if over else policy.ladder(issue.kind, issue.value(Field.SEVERITY))
    moments = {step: clock.reached_at(step.at / 100) for step in ladder}
    reached = [step for step in ladder if moments[step] < clock.ends_at(seen.now)]
    for step in reached:
        yield _taken(seen, policy, rule, fact, step, ladder, moments[step])
    ahead = [moment for moment in (clock.due_at, *moments.values()) if moment >= seen.now]
    if ahead and clock.state is State.RUNNING:
        yield Finding(rule, fact, recheck_at=min(ahead))


def recipients(seen: Snapshot, to: str) -> tuple[str, ...]:
    """Return the accounts that a step names; where there is nobody, the product's leader stands in."""
    named = tuple(account for account in _named(seen, to) if account in seen.registers.people)
    return named or (seen.registers.products[seen.issue.product].leader,)


def _named(seen: Snapshot, to: str) -> tuple[str, ...]:
    registers = seen.registers
    product = registers.products[seen.issue.product]
    maintenance = seen.issue.kind is IssueKind.MAINTENANCE
    staff = product.maintenance_staff if maintenance else product.service_staff
    people: dict[str, tuple[str, ...]] = {
        Recipient.ASSIGNEE: (seen.issue.assignee,) if seen.issue.assignee else staff,
        Recipient.LEAD: (registers.lead_of(seen.issue.assignee),),
        Recipient.SERVICE: product.service_staff,
        Recipient.MAINTENANCE: product.maintenance_staff,
        Recipient.LEADER: (product.leader,),
        Recipient.SUPERIOR: (registers.lead_of(product.leader),),
        Recipient.APPROVER: tuple(p.account for p in registers.people.values() if Role.APPROVER in p.roles),
    }
    return people.get(to, (to,))


def _taken(
    seen: Snapshot, policy: Policy, rule: str, fact: str, step: Step, ladder: Sequence[Step], at: datetime
) -> Finding:
    marker, people, told = f"{rule}-{step.at}", recipients(seen, step.to), _used(seen, rule, step)
    if marker in seen.issue.comments:
        return Finding(rule, told, notifications=(notified(seen, marker, people, told, fact, at),))
    first: list[Change] = [*_raised(seen, step), *_assigned(seen, step, ladder)]
    changes: list[Change] = [*first, *(Watch(account) for account in people)]
    warned = policy.mode(rule) is Mode.WARNED
    if warned or not first:
        done = seen.texts.say("comment.warned") if warned else _done(seen, step, people)
        changes.append(PutComment(marker, _comment(seen, rule, told, fact, done, people)))
    return Finding(rule, told, tuple(changes))


def _assigned(seen: Snapshot, step: Step, ladder: Sequence[Step]) -> tuple[Assign, ...]:
    """Give the issue to whom the step names, unless a further step, also of another clock, went beyond it."""
    if not step.assign:
        return ()
    from_here = [other for other in ladder if other.assign and other.at >= step.at]
    holders = {recipients(seen, other.to)[0] for other in from_here}
    beyond = {str(other.at) for other in from_here} - {str(step.at)}
    said = {marker.rpartition("-")[2] for marker in seen.issue.comments}
    if seen.issue.assignee in holders or beyond & said:
        return ()
    return (Assign(recipients(seen, step.to)[0], rank=step.at),)


def _raised(seen: Snapshot, step: Step) -> tuple[SetField, ...]:
    before = read_number(seen.issue.value(Field.ESCALATION_LEVEL)) or 0
    wanted = _level(seen, step)
    return (SetField(Field.ESCALATION_LEVEL, str(wanted)),) if wanted > before else ()


def _level(seen: Snapshot, step: Step) -> int:
    return step.level if seen.issue.kind in FIELD_SPECS[Field.ESCALATION_LEVEL].kinds else 0


def _used(seen: Snapshot, rule: str, step: Step) -> str:
    return seen.texts.say("fact.step", clause=seen.texts.say(f"{rule}.clause"), share=step.at)


def _done(seen: Snapshot, step: Step, people: Sequence[str]) -> str:
    texts, names = seen.texts, [seen.registers.name_of(account) for account in people]
    done = [texts.say("step.done.watch", people=texts.listed(names))]
    if level := _level(seen, step):
        done.append(texts.say("step.done.level", level=level))
    if step.assign and seen.issue.assignee == people[0]:
        done.append(texts.say("step.done.assign", person=names[0]))
    return texts.say("step.done", done=texts.listed(done))


def _comment(seen: Snapshot, rule: str, told: str, fact: str, done: str, people: Sequence[str]) -> str:
    texts = seen.texts
    mentions = [texts.mention(account, seen.registers.name_of(account)) for account in people]
    return texts.say(
        "comment.step",
        told=told,
        people=texts.listed(mentions),
        fact=fact,
        done=done,
        remedy=texts.say(f"{rule}.remedy"),
    )


def _fact(seen: Snapshot, rule: str, clock: Clock) -> str:
    texts = seen.texts
    times = {"started": moment_shown(seen, clock.started_at), "due": moment_shown(seen, clock.due_at)}
    if clock.stopped_at is None:
        return texts.say(f"{rule}.fact.running", **times)
    stopped = moment_shown(seen, clock.stopped_at)
    return texts.say(f"{rule}.fact.stopped", **times, stopped=stopped, used=texts.duration(clock.used))
