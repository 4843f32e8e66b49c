"""M11, M13: what is too big is a new project by the leader's word; a decision names what it weighed."""

from collections.abc import Iterator

from svc_plugin.domain.evidence import last_moved, last_set
from svc_plugin.domain.explain import demanded, explained
from svc_plugin.domain.model import ProductVersion, Snapshot, origin_marker
from svc_plugin.domain.moments import read_number
from svc_plugin.domain.plan import EnsureVersion, Finding, SetField, SetStage
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.rules.closing import reopened_to
from svc_plugin.domain.vocabulary import FINAL_STAGES, Field, IssueKind, Role, Stage

_LONGEST_NAME = 60  # of a version; Redmine takes no more
_NOT_MADE = frozenset({Stage.REJECTED, Stage.CONVERTED})
_WEIGHED = (Field.DECISION_OPINION, Field.DECISION_FACTORS)


def big_change_becomes_a_project(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Propose a new project for a big perfective change; only the leader may convert it (M11).

    What the leader has converted has its version, which the issue names.
    """
    issue = seen.issue
    perfective = issue.value(Field.MAINTENANCE_CLASS) == "perfective"
    if issue.kind is not IssueKind.MAINTENANCE or not perfective:
        return
    estimate = read_number(issue.value(Field.ESTIMATE_HOURS)) or 0
    if issue.stage is Stage.CONVERTED:
        yield _converted(seen, policy)
    elif (
        policy.new_project_hours and estimate >= policy.new_project_hours and issue.stage not in FINAL_STAGES
    ):
        fact = seen.texts.say("M11.fact.big", estimate=f"{estimate:g}", limit=f"{policy.new_project_hours:g}")
        yield explained(seen, policy, "M11", fact)


def _converted(seen: Snapshot, policy: Policy) -> Finding:
    issue, texts = seen.issue, seen.texts
    if not _by_leader(seen):
        back = SetStage(Stage.AWAITING_DECISION)
        return explained(seen, policy, "M11", texts.say("M11.fact.person"), back)
    version = _version_of(seen)
    if version:
        fact = texts.say("M11.fact.converted", version=version.name, url=version.url)
        return explained(seen, policy, "M11", fact, SetField(Field.FIXED_VERSION, version.name))
    ending = f" {issue.shown}"
    name = " ".join(issue.title.split())[: _LONGEST_NAME - len(ending)].rstrip() + ending
    wanted = EnsureVersion(
        origin=origin_marker("M11", issue.ref),
        product=issue.product,
        name=name,
        description=texts.say("M11.description", key=issue.shown, title=issue.title),
    )
    return explained(seen, policy, "M11", texts.say("M11.fact.version", version=name), wanted)


def _version_of(seen: Snapshot) -> ProductVersion | None:
    """Return the version that the issue names or that was made for it, should its name have changed."""
    named, origin = seen.issue.value(Field.FIXED_VERSION), origin_marker("M11", seen.issue.ref)
    found = [one for one in seen.versions or () if one.name == named or one.origin == origin]
    return min(found, key=lambda one: one.name != named, default=None)


def refusal_is_explained(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Demand an explanation to the customer before a request closes whose change is not made (M11, M54)."""
    issue, work = seen.issue, seen.made("M32")
    if issue.kind is not IssueKind.SERVICE_REQUEST or work is None or work.stage not in _NOT_MADE:
        return
    given = issue.value(Field.EXPLANATION).strip()
    yield from demanded(
        seen,
        policy,
        "M54-explanation",
        [] if given else [seen.texts.field(Field.EXPLANATION)],
        gate={Stage.CLOSED},
        shown_in={Stage.IN_PROGRESS, Stage.ANSWERED},
        back=reopened_to(seen, issue.kind),
    )


def decision_is_reasoned(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Ask for opinion and factors (strategy, finance, resources) of a decision that has been made (M13)."""
    issue, texts = seen.issue, seen.texts
    if issue.kind is not IssueKind.MAINTENANCE or last_set(issue, Field.DECISION) is None:
        return
    missing = [texts.field(name) for name in _WEIGHED if not issue.value(name).strip()]
    if missing:
        yield explained(seen, policy, "M13", texts.say("fact.missing", missing=texts.listed(missing)))


def _by_leader(seen: Snapshot) -> bool:
    mover = last_moved(seen.issue, Stage.CONVERTED).account
    return seen.registers.acts_as(mover, Role.LEADER, seen.issue.product)
