"""What if: judge the mirrored issues under another policy and say what would differ; nothing is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from svc_plugin.domain.clocks import clocks_of
from svc_plugin.domain.decide import decide
from svc_plugin.domain.errors import RuleConflictError
from svc_plugin.domain.model import Issue, IssueRef, Snapshot
from svc_plugin.domain.plan import Finding, SetStage
from svc_plugin.domain.policy import Mode, Policies, Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import STAGES
from svc_plugin.engine.context import ContextReader
from svc_plugin.engine.looking import linked_issues
from svc_plugin.engine.ports import Clock, Mirror


@dataclass(frozen=True, slots=True)
class Difference:
    """One issue on which the policies disagree.

    ``before`` and ``after`` are the findings that only the policy in force or only the other one makes.
    ``blocked`` and ``free``: it would be held back that is not now, or the other way round. ``breached``
    and ``kept`` are the rules whose clocks would run out, or would no longer.
    """

    ref: IssueRef
    title: str
    before: tuple[Finding, ...]
    after: tuple[Finding, ...]
    blocked: bool = False
    free: bool = False
    breached: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(slots=True)
class Replayed:
    """What a replay found; ``failed`` are issues on which rules contradict each other, with the reason."""

    looked_at: int = 0
    differences: list[Difference] = field(default_factory=list[Difference])
    failed: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class _Judged:
    findings: tuple[Finding, ...]
    blocked: bool
    breached: frozenset[str]


class Replay:
    """Judges each issue as it stands in the mirror; ``texts`` are the sentences by site."""

    def __init__(
        self, mirror: Mirror, registers: Registers, texts: Mapping[str, Texts], clock: Clock
    ) -> None:
        self._mirror = mirror
        self._registers = registers
        self._texts = texts
        self._clock = clock
        self._context = ContextReader(mirror, registers)

    def run(
        self,
        in_force: Policies | Policy,
        other: Policies | Policy,
        *,
        since: datetime | None,
        progress: Callable[[str, int, int], None],
    ) -> Replayed:
        """Compare both policies on every issue that changed at or after ``since`` (None: all)."""
        found, total, now = Replayed(), self._mirror.count(since), self._clock()
        for issue in self._mirror.walk(since):
            found.looked_at += 1
            progress("replay", found.looked_at, total)
            texts = self._texts.get(issue.ref.site)
            if texts is None:
                continue  # the site is no longer configured: nobody would look at its issues
            seen = self._seen(issue, texts, now)
            try:
                difference = _compared(issue, _judged(seen, in_force), _judged(seen, other))
            except RuleConflictError as error:
                found.failed[str(issue.ref)] = str(error)
            else:
                found.differences += [difference] if difference else []
        return found

    def _seen(self, issue: Issue, texts: Texts, now: datetime) -> Snapshot:
        return Snapshot(
            issue=issue,
            registers=self._registers,
            texts=texts,
            now=now,
            linked=linked_issues(issue, self._mirror.get),
            context=self._context.of(issue),
        )


def _judged(seen: Snapshot, policies: Policies | Policy) -> _Judged:
    findings = decide(seen, policies).findings
    moves = (change for finding in findings for change in finding.changes if isinstance(change, SetStage))
    held = any(_holds(seen.issue, move) for move in moves)
    breached = frozenset(
        spec.rule
        for spec, clock in clocks_of(seen, policies)
        if clock.breached(seen.now) and policies.at(clock.started_at).mode(spec.rule) is not Mode.OFF
    )
    return _Judged(findings, held, breached)


def _holds(issue: Issue, move: SetStage) -> bool:
    """Tell whether a wanted move keeps the issue where it stands or sends it back."""
    order = STAGES[issue.kind] if issue.kind else ()
    if issue.stage not in order or move.stage not in order:
        return False
    return order.index(move.stage) <= order.index(issue.stage)


def _compared(issue: Issue, one: _Judged, two: _Judged) -> Difference | None:
    before = tuple(finding for finding in one.findings if finding not in two.findings)
    after = tuple(finding for finding in two.findings if finding not in one.findings)
    if not (before or after) and one.breached == two.breached:
        return None
    return Difference(
        ref=issue.ref,
        title=issue.title,
        before=before,
        after=after,
        blocked=two.blocked and not one.blocked,
        free=one.blocked and not two.blocked,
        breached=tuple(sorted(two.breached - one.breached)),
        kept=tuple(sorted(one.breached - two.breached)),
    )
