"""What became of a simulated world: each issue by name, so that two worlds of one seed can be compared."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from svc_plugin.domain.decide import decide
from svc_plugin.domain.errors import SvcPluginError
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.vocabulary import Field
from svc_plugin.engine.ports import Backlog
from svc_plugin.engine.reconciler import Reconciler
from svc_plugin.engine.refusal import REFUSED
from tests.faults.simulation.faults import FaultySite

_YEAR = timedelta(days=365)


@dataclass
class Ending:
    """What a world looks like in the end: each issue by name, what is left to do, and what it took.

    ``issue_years`` is for how long each issue was watched after it had been filed, at most one year.
    """

    issues: Counter[str]
    states: dict[str, str]
    left: list[str]
    backlog: Backlog
    issue_years: float
    met: Counter[str] = field(default_factory=Counter[str])
    events: int = 0
    delivered: int = 0
    looks: int = 0
    requests: int = 0
    lied: bool = False
    unexplained: list[str] = field(default_factory=list[str])


def ending_of(site: FaultySite, reconciler: Reconciler, backlog: Backlog, until: datetime) -> Ending:
    """Look at each issue once more, by the product's own eyes; nothing is written."""
    issues = site.all()
    names = {issue.ref: _name(issue, site) for issue in issues}
    left: list[str] = []
    for issue in issues:
        try:
            if decide(reconciler.look(issue.ref), reconciler.policies):
                left.append(names[issue.ref])
        except SvcPluginError as error:
            left.append(f"{names[issue.ref]}: {error}")
    return Ending(
        issues=Counter(names.values()),
        states={names[issue.ref]: _state(issue, names) for issue in issues},
        left=left,
        backlog=backlog,
        issue_years=sum(max(timedelta(), min(until - one.created_at, _YEAR)) / _YEAR for one in issues),
    )


def _name(issue: Issue, site: FaultySite) -> str:
    """Name an issue by what it is for: the numbers of two worlds differ."""
    origin = issue.value(Field.ORIGIN)
    if not origin:
        return issue.title
    rule, _, ref = origin.partition("@")
    parent = site.known(IssueRef("main", ref.partition("/")[2].partition("#")[0]))
    return f"{rule} of {_name(parent, site)}"


def _state(issue: Issue, names: dict[IssueRef, str]) -> str:
    """Say what people see of an issue and what counts, without moments and numbers."""
    fields = {name: value for name, value in sorted(issue.fields.items()) if name is not Field.ORIGIN}
    linked = sorted(names[ref] for ref in issue.links)
    said = sorted(marker for marker in issue.comments if marker != REFUSED)
    return repr(
        (issue.kind, issue.stage, issue.product, issue.assignee, fields, linked, said,
         sorted(issue.watchers), issue.attachments)
    )  # fmt: skip
