"""The one verb: look at an issue as it is now, decide, write, read back, write down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

import structlog

from svc_plugin.domain.decide import decide
from svc_plugin.domain.errors import (
    ChangeRefusedError,
    IssueNotFoundError,
    TerminalError,
    TransientError,
)
from svc_plugin.domain.figures.facts import facts_of
from svc_plugin.domain.model import Issue, IssueRef, Snapshot
from svc_plugin.domain.plan import IssueDocument, Plan, PutComment, SetField, Watch, is_satisfied
from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.domain.vocabulary import Field, IssueKind
from svc_plugin.engine.documents import DocumentRegister, DocumentWriter
from svc_plugin.engine.looking import Looker, Rulebook, digest
from svc_plugin.engine.notifying import Notifier
from svc_plugin.engine.pacing import Brakes
from svc_plugin.engine.ports import Clock, Ledger, Mirror, Write
from svc_plugin.engine.refusal import Refusal, Refusals, refusal_text, refused
from svc_plugin.engine.restraint import fought, refuse_braked

REFUSED = "refused"
DOCUMENT = "document"
_SERVED_BY: Mapping[IssueKind | None, tuple[IssueKind, ...]] = MappingProxyType(
    {
        IssueKind.SERVICE_REQUEST: (IssueKind.MAINTENANCE,),
        IssueKind.MAINTENANCE: (IssueKind.SERVICE_TASK,),
        IssueKind.DOCUMENT: (IssueKind.SERVICE_TASK,),
    }
)
_ROUNDS = 4  # applying a plan leaves nothing to do; reopening, hand-over and what both bring need four looks


@dataclass(frozen=True, slots=True)
class Records:
    """Where a reconcile writes down what it saw and did.

    Without ``notifier`` nobody is told of it, without ``register`` documents keep no status, without
    ``brakes`` any number of issues is changed.
    """

    mirror: Mirror
    ledger: Ledger
    refusals: Refusals
    notifier: Notifier | None = None
    register: DocumentRegister | None = None
    brakes: Brakes | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reconcile did: the plans carried out, when to look again, which other issues to look at."""

    plans: tuple[Plan, ...] = ()
    recheck_at: datetime | None = None
    follow: tuple[IssueRef, ...] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True)
class AtRest:
    """An issue on which a glance found nothing to do: what was ``seen``, the empty plan, what was known."""

    seen: Snapshot
    plan: Plan
    was: Issue | None


class Reconciler:
    """Brings one issue into agreement with the process."""

    def __init__(
        self, looker: Looker, rulebook: Rulebook, records: Records, writer: DocumentWriter, clock: Clock
    ) -> None:
        self._looker = looker
        self._rulebook = rulebook
        self._records = records
        self._writer = writer
        self._clock = clock

    @property
    def policies(self) -> Policies | Policy:
        """The policies, each in force in its time."""
        return self._rulebook.policies

    def look(self, ref: IssueRef) -> Snapshot:
        """Return what a decision on the issue would look at, and do nothing."""
        return self._looker.look(ref)

    def look_at_many(self, refs: Sequence[IssueRef]) -> Mapping[IssueRef, Snapshot]:
        """Return what decisions on some of the issues would look at; see ``Looker.look_at_many``."""
        return self._looker.look_at_many(refs)

    def plan(self, ref: IssueRef, glanced: Snapshot | None = None) -> Plan:
        """Say what would be done, and do nothing. ``glanced`` is the issue out of ``look_at_many``."""
        plan = decide(glanced, self.policies) if glanced else None
        if plan is None or any(isinstance(change, Watch) for change in plan.changes):
            # who watches is not read with many issues
            plan = decide(self.look(ref), self.policies)
        return plan

    def at_rest(self, ref: IssueRef, seen: Snapshot | None) -> AtRest | None:
        """Return what was glanced at, if that will do: nothing is to be done, and nobody has looked since."""
        if seen is None or REFUSED in seen.issue.comments:
            return None
        was = self._records.mirror.get(ref)
        if was and was.updated_at > seen.issue.updated_at:
            return None
        plan = decide(seen, self.policies)
        return None if plan else AtRest(seen, plan, was)

    def reconcile(self, ref: IssueRef, rest: AtRest | None = None) -> Outcome:
        """Look, decide, write and read back until nothing is left to do.

        An issue that a glance found at ``rest`` is not read again; it is written down only.
        Raises ``TransientError`` when it should be tried again, ``TerminalError`` when a person must act;
        the reason then stands on the issue too, if the site takes it.
        """
        was = rest.was if rest else self._records.mirror.get(ref)
        try:
            return self._reconcile(ref, was, rest)
        except IssueNotFoundError:
            concerned = tuple(self._looker.concerned(was, None))
            follow = (*concerned, *self._owner(was)) if was else concerned
            self._records.mirror.drop(ref, at=self._clock(), concerned=follow)
            return Outcome(follow=follow, gone=True)

    def _reconcile(self, ref: IssueRef, was: Issue | None, rest: AtRest | None) -> Outcome:
        seen, plan = self._written_down(rest) if rest else self._looked(ref)
        plans: list[Plan] = []
        for _ in range(_ROUNDS):
            if not plan:
                break
            try:
                with structlog.contextvars.bound_contextvars(plan=plan.id):
                    seen = self._carry_out(seen, plan)
            except TerminalError as error:
                # what is refused keeps its deadlines
                error.recheck_at = min(filter(None, (error.recheck_at, plan.recheck_at)), default=None)
                raise
            plans.append(plan)
            plan = decide(seen, self.policies)
        if plan:
            raise TransientError("the issue was changed again and again while it was worked on")
        # only now: what people are told of has been done and was read back
        if self._records.notifier:
            self._records.notifier.keep(ref, plan.notifications)
        if self._records.register:
            self._records.register.follow(seen.issue, seen.texts.language)
        if REFUSED in seen.issue.comments:
            seen = self._withdraw_refusal(seen)
        follow = (*self._to_follow(seen), *self._looker.concerned(was, seen.issue))
        return Outcome(tuple(plans), plan.recheck_at, follow)

    def _looked(self, ref: IssueRef) -> tuple[Snapshot, Plan]:
        seen = self._look(ref)
        begun = self._records.ledger.begun(ref)
        if begun and self._say_the_rest(seen, begun.plan):
            seen = self._look(ref)
        self._settle(seen)
        return seen, decide(seen, self.policies)

    def _say_the_rest(self, seen: Snapshot, plan: Plan) -> bool:
        """Say what a plan that was cut short has not said of what it did: nobody would explain it later."""
        done = [change for change in plan.changes if is_satisfied(seen, change)]
        unsaid = [change for change in plan.changes if isinstance(change, PutComment) and change not in done]
        if not unsaid or all(isinstance(change, PutComment) for change in done):
            return False
        try:
            self._looker.site(plan.ref).apply(plan.ref, unsaid, seen=seen.issue)
        except TerminalError:
            return False
        return True

    def _written_down(self, rest: AtRest) -> tuple[Snapshot, Plan]:
        self._kept(rest.seen, rest.was)
        self._settle(rest.seen)
        return rest.seen, rest.plan

    def _look(self, ref: IssueRef) -> Snapshot:
        seen = self._looker.look(ref)
        return self._kept(seen, self._records.mirror.get(seen.issue.ref))

    def _kept(self, seen: Snapshot, was: Issue | None) -> Snapshot:
        concerned = self._looker.concerned(was, seen.issue)
        facts = facts_of(seen, self.policies)
        self._records.mirror.put(seen.issue, seen_at=seen.now, concerned=concerned, facts=facts)
        if self._records.register:
            self._records.register.record(seen)
        return seen

    def _carry_out(self, seen: Snapshot, plan: Plan) -> Snapshot:
        known = self._records.refusals.known(plan.ref)
        if known and known.digest == digest(seen.issue, plan.changes):
            raise ChangeRefusedError(known.reason)
        self._refuse_fight(seen, plan)
        refuse_braked(self._records.brakes, seen, self._clock())
        ledger, policy = self._records.ledger, self._rulebook.digest
        ledger.begin(plan, policy=policy, at=self._clock())
        try:
            writes = self._writes(seen, plan)
            self._looker.site(plan.ref).apply(plan.ref, writes, seen=seen.issue)
        except TerminalError as error:
            self._refused(self._look(plan.ref), str(error))
            raise ChangeRefusedError(str(error)) from error
        after = self._look(plan.ref)
        unmet = [write for write in writes if not is_satisfied(after, write)]
        denied = refused(seen, after, unmet, decide(after, self.policies)) if unmet else []
        if denied:
            reason = refusal_text(after, denied)
            self._refused(after, reason)
            raise ChangeRefusedError(reason)
        ledger.record(plan, policy=policy, at=self._clock())
        return after

    def _writes(self, seen: Snapshot, plan: Plan) -> list[Write]:
        writes: list[Write] = []
        for change in plan.changes:
            if isinstance(change, IssueDocument):
                language, now = seen.texts.language, self._clock()
                written = self._writer.write(change, language=language, now=now)
                writes += [written.file, *written.more, PutComment(DOCUMENT, written.comment)]
                if written.mark:
                    writes.append(SetField(Field.CONTENT_HASH, written.mark))
            else:
                writes.append(change)
        return list(dict.fromkeys(writes))

    def _refuse_fight(self, seen: Snapshot, plan: Plan) -> None:
        found = fought(self._records.ledger, self._records.refusals, plan, self._clock())
        if found:
            reason = seen.texts.say("refused.fight", count=found.count, hours=found.hours)
            self._refused(seen, reason)
            raise TerminalError(reason)

    def _settle(self, seen: Snapshot) -> None:
        """Write down how much was done of a plan that a crash or a refusal cut short."""
        begun = self._records.ledger.begun(seen.issue.ref)
        if begun:
            done = tuple(change for change in begun.plan.changes if is_satisfied(seen, change))
            self._records.ledger.record(replace(begun.plan, changes=done), policy=begun.policy, at=begun.at)

    def _refused(self, seen: Snapshot, reason: str) -> None:
        """Put the reason on the issue, if the site takes it, then remember what was refused in which state.

        In this order, and with what is still left to do: a crash in between costs one more attempt, and
        what took effect of this one is no reason for another.
        """
        self._settle(seen)
        self._try_comment(seen, PutComment(REFUSED, seen.texts.say("comment.refused", reason=reason)))
        left = decide(seen, self.policies).changes
        refusal = Refusal(digest(seen.issue, left), reason)
        self._records.refusals.remember(seen.issue.ref, refusal, at=self._clock())

    def _withdraw_refusal(self, seen: Snapshot) -> Snapshot:
        self._records.refusals.forget(seen.issue.ref)
        if self._try_comment(seen, PutComment(REFUSED, seen.texts.say("comment.refused.settled"))):
            return self._look(seen.issue.ref)
        return seen

    def _try_comment(self, seen: Snapshot, comment: PutComment) -> bool:
        if is_satisfied(seen, comment):
            return False
        try:
            self._looker.site(seen.issue.ref).apply(seen.issue.ref, [comment], seen=seen.issue)
        except TerminalError:
            return False  # the reason is kept with the parked issue as well
        return True

    def _to_follow(self, seen: Snapshot) -> tuple[IssueRef, ...]:
        """Name what was made for this issue and never looked at, and the owner whose decision it changes."""
        mirror, issue = self._records.mirror, seen.issue
        made = [one.ref for one in seen.linked if one.owner == issue.ref and mirror.get(one.ref) is None]
        return (*made, *self._owner(issue))

    def _owner(self, issue: Issue) -> tuple[IssueRef, ...]:
        """Name the issue for which this one was made, if there is one."""
        owner = issue.owner
        known = self._records.mirror.get(owner) if owner else None
        # issues that name each other must not go round: a kind is served by kinds below it only
        served = known is None or issue.kind in _SERVED_BY.get(known.kind, ())
        return (owner,) if owner and served else ()


def summary(plans: Sequence[Plan]) -> str:
    """Name the rules behind what was done, for logs."""
    return ",".join(
        dict.fromkeys(finding.rule for plan in plans for finding in plan.findings if finding.changes)
    )
