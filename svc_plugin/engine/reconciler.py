"""The one verb: look at an issue as it is now, decide, write, read back, write down."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime

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
from svc_plugin.domain.plan import (
    Change,
    IssueDocument,
    Plan,
    PutComment,
    SetField,
    attached_versions,
    is_satisfied,
)
from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.domain.vocabulary import Field
from svc_plugin.engine.documents import DocumentRegister, DocumentWriter
from svc_plugin.engine.following import owner_of, to_follow
from svc_plugin.engine.looking import Looker, Rulebook, digest
from svc_plugin.engine.notifying import Notifier
from svc_plugin.engine.pacing import Brakes
from svc_plugin.engine.ports import Begun, Clock, Ledger, Mirror, Write
from svc_plugin.engine.refusal import REFUSED, Refusal, Refusals, refusal_text, refused
from svc_plugin.engine.restraint import fought, refuse_braked
from svc_plugin.engine.weighing import AtRest, Weigher

DOCUMENT = "document"
_ROUNDS = 4  # applying a plan leaves nothing to do; reopening, hand-over and what both bring need four looks


@dataclass(frozen=True, slots=True)
class Records:
    """Where a reconcile writes down what it saw and did.

    Without ``notifier`` nobody is told of it, without ``register`` documents keep no status, without
    ``brakes`` any number of issues is changed. What is read and written inside ``together`` takes one
    transaction; only one part of it may write.
    """

    mirror: Mirror
    ledger: Ledger
    refusals: Refusals
    notifier: Notifier | None = None
    register: DocumentRegister | None = None
    brakes: Brakes | None = None
    together: Callable[[], AbstractContextManager[None]] = nullcontext


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reconcile did: the plans carried out, when to look again, which other issues to look at."""

    plans: tuple[Plan, ...] = ()
    recheck_at: datetime | None = None
    follow: tuple[IssueRef, ...] = ()
    gone: bool = False


class Reconciler:
    """Brings one issue into agreement with the process."""

    def __init__(
        self, looker: Looker, rulebook: Rulebook, records: Records, writer: DocumentWriter, clock: Clock
    ) -> None:
        self.weigher = Weigher(looker, rulebook.policies, records.mirror)
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

    def plan(self, ref: IssueRef) -> Plan:
        """Say what would be done, and do nothing."""
        return self.weigher.weigh(ref).plan

    def reconcile(self, ref: IssueRef, rest: AtRest | None = None) -> Outcome:
        """Look, decide, write and read back until nothing is left to do.

        An issue that was found at ``rest`` is not read again; it is written down only.
        Raises ``TransientError`` when it should be tried again, ``TerminalError`` when a person must act;
        the reason then stands on the issue too, if the site takes it.
        """
        try:
            return self._reconcile(ref, rest)
        except IssueNotFoundError:
            was = self._records.mirror.get(ref)
            concerned = tuple(self._looker.concerned(was, None))
            follow = (*concerned, *owner_of(self._records.mirror, was)) if was else concerned
            self._records.mirror.drop(ref, at=self._clock(), concerned=follow)
            return Outcome(follow=follow, gone=True)

    def _reconcile(self, ref: IssueRef, rest: AtRest | None) -> Outcome:
        seen, plan, was = self._written_down(rest) if rest else self._looked(ref)
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
        follow = (*to_follow(self._records.mirror, seen), *self._looker.concerned(was, seen.issue))
        return Outcome(tuple(plans), plan.recheck_at, follow)

    def _looked(self, ref: IssueRef) -> tuple[Snapshot, Plan, Issue | None]:
        """Look for the first time; what was known before comes with it."""
        seen = self._looker.look(ref)
        with self._records.together():
            was, begun = self._records.mirror.get(ref), self._records.ledger.begun(ref)
            self._keep(seen, was)
        self._record(seen)
        if begun and self._say_the_rest(seen, begun.plan):
            seen = self._look(ref)
        self._settle(seen, begun)
        return seen, decide(seen, self.policies), was

    def _say_the_rest(self, seen: Snapshot, plan: Plan) -> bool:
        """Say what a plan that was cut short has not said of what it did: nobody would explain it later."""
        done = [change for change in plan.changes if is_satisfied(seen, change)]
        if all(isinstance(change, PutComment) for change in done):
            return False
        try:
            # what is still wanted is said when it has been done: a step whose comment stands counts as taken
            wanted = {
                one.marker for one in decide(seen, self.policies).changes if isinstance(one, PutComment)
            }
            said = [one for one in plan.changes if isinstance(one, PutComment) and one.marker not in wanted]
            unsaid = [one for one in (*said, *self._handed_out(seen, done)) if not is_satisfied(seen, one)]
            if unsaid:
                self._looker.site(plan.ref).apply(plan.ref, unsaid, seen=seen.issue)
        except TerminalError:
            return False
        return bool(unsaid)

    def _handed_out(self, seen: Snapshot, done: Sequence[Change]) -> Iterator[Write]:
        """Return what belongs to the documents that hang on the issue: the other files, and the comment."""
        for change in done:
            if isinstance(change, IssueDocument):
                version = attached_versions(seen.issue, change.document_id)[-1]
                written = self._written(seen, replace(change, version=version))
                # the check code is for a rule to say: what was approved without one stays approved
                yield from (one for one in written if not isinstance(one, SetField))

    def _written_down(self, rest: AtRest) -> tuple[Snapshot, Plan, Issue | None]:
        seen = rest.weighed.seen
        self._keep(seen, rest.was)
        self._record(seen)
        self._settle(seen, self._records.ledger.begun(seen.issue.ref))
        return seen, rest.weighed.plan, rest.was

    def _look(self, ref: IssueRef) -> Snapshot:
        seen = self._looker.look(ref)
        with self._records.together():
            self._keep(seen, self._records.mirror.get(ref))
        self._record(seen)
        return seen

    def _keep(self, seen: Snapshot, was: Issue | None) -> None:
        concerned = self._looker.concerned(was, seen.issue)
        facts = facts_of(seen, self.policies)
        self._records.mirror.put(seen.issue, seen_at=seen.now, concerned=concerned, facts=facts)

    def _record(self, seen: Snapshot) -> None:
        if self._records.register:
            self._records.register.record(seen)

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
        parts = (self._written(seen, c) if isinstance(c, IssueDocument) else [c] for c in plan.changes)
        return list(dict.fromkeys(write for part in parts for write in part))

    def _written(self, seen: Snapshot, wanted: IssueDocument) -> list[Write]:
        written = self._writer.write(wanted, language=seen.texts.language, now=self._clock())
        mark = [SetField(Field.CONTENT_HASH, written.mark)] if written.mark else []
        return [written.file, *written.more, PutComment(DOCUMENT, written.comment), *mark]

    def _refuse_fight(self, seen: Snapshot, plan: Plan) -> None:
        found = fought(self._records.ledger, self._records.refusals, plan, self._clock())
        if found:
            reason = seen.texts.say("refused.fight", count=found.count, hours=found.hours)
            self._refused(seen, reason)
            raise TerminalError(reason)

    def _settle(self, seen: Snapshot, begun: Begun | None) -> None:
        """Write down how much was done of a plan that a crash or a refusal cut short."""
        if begun:
            done = tuple(change for change in begun.plan.changes if is_satisfied(seen, change))
            self._records.ledger.record(replace(begun.plan, changes=done), policy=begun.policy, at=begun.at)

    def _refused(self, seen: Snapshot, reason: str) -> None:
        """Put the reason on the issue, if the site takes it, then remember what was refused in which state.

        In this order, and with what is still left to do: a crash in between costs one more attempt, and
        what took effect of this one is no reason for another.
        """
        self._settle(seen, self._records.ledger.begun(seen.issue.ref))
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
