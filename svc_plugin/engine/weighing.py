"""Says what would be done about an issue, and does nothing: for plans, dry runs and a sync's first half."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from svc_plugin.domain.decide import decide
from svc_plugin.domain.model import Issue, IssueRef, Snapshot
from svc_plugin.domain.plan import Plan, Watch
from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.engine.looking import Looker
from svc_plugin.engine.ports import Mirror
from svc_plugin.engine.refusal import REFUSED


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was ``seen`` of an issue, and what would be done about it."""

    seen: Snapshot
    plan: Plan


@dataclass(frozen=True, slots=True)
class AtRest:
    """An issue on which there is nothing to do, as it was ``weighed``, and what was known of it before."""

    weighed: Weighed
    was: Issue | None


class Weigher:
    """Looks and decides; ``mirror`` tells what was known before."""

    def __init__(self, looker: Looker, policies: Policies | Policy, mirror: Mirror) -> None:
        self._looker = looker
        self._policies = policies
        self._mirror = mirror

    def look_at_many(self, refs: Sequence[IssueRef]) -> Mapping[IssueRef, Snapshot]:
        """Return what decisions on some of the issues would look at; see ``Looker.look_at_many``."""
        return self._looker.look_at_many(refs)

    def weigh(self, ref: IssueRef, glanced: Snapshot | None = None) -> Weighed:
        """Say what would be done, and of what that follows; ``glanced`` is out of ``look_at_many``."""
        if glanced:
            plan = decide(glanced, self._policies)
            # who watches is not read with many issues
            if not any(isinstance(change, Watch) for change in plan.changes):
                return Weighed(glanced, plan)
        seen = self._looker.look(ref)
        return Weighed(seen, decide(seen, self._policies))

    def at_rest(self, weighed: Weighed) -> AtRest | None:
        """Return what was weighed, if that will do: nothing is to be done, and nobody has looked since."""
        issue = weighed.seen.issue
        if weighed.plan or REFUSED in issue.comments:
            return None
        was = self._mirror.get(issue.ref)
        if was and was.updated_at > issue.updated_at:
            return None
        return AtRest(weighed, was)
