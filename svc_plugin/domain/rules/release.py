"""M09, M56, M57, M62: work is done when it is diagnosed, tested by another person, versioned and booked."""

from collections.abc import Iterator

from svc_plugin.domain.explain import demanded
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage

_ENDED = frozenset({Stage.DONE, Stage.CLOSED})
_DIAGNOSIS = (Field.ROOT_CAUSE, Field.MEASURE)
_PROOF = (Field.TESTER, Field.TEST_EVIDENCE)
_MOST_NAMED = 10  # of the versions that there are
_VERSIONS = (Field.BASE_VERSION, Field.FIXED_VERSION, Field.CHANGE_REFS)


def fault_is_diagnosed(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Demand cause and correction of a corrective issue before it counts as done (M09)."""
    if seen.issue.value(Field.MAINTENANCE_CLASS) == "corrective":
        yield from _demand(seen, policy, "M09", _empty(seen, _DIAGNOSIS), Stage.IN_WORK)


def change_is_tested(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Demand a passed test by somebody else, with evidence, before work counts as done (M56)."""
    issue, texts = seen.issue, seen.texts
    missing = _empty(seen, _PROOF)
    if issue.value(Field.TEST_RESULT) != "passed":
        missing.insert(0, texts.say("M56.passed"))
    tester = issue.value(Field.TESTER)
    if policy.tester_differs and tester and tester in _workers(seen):
        missing.append(texts.say("M56.other", person=seen.registers.name_of(tester)))
    yield from _demand(seen, policy, "M56", missing, Stage.TESTING)


def change_is_versioned(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Demand base version, fixed version and the changed items before work counts as done (M57).

    The fixed version must be one that the site has.
    """
    missing = _empty(seen, _VERSIONS)
    fixed, known = seen.issue.value(Field.FIXED_VERSION).strip(), seen.versions
    if fixed and known is not None and fixed not in {one.name for one in known}:
        newest = [one.name for one in known[-_MOST_NAMED:]]
        names = seen.texts.listed(newest) or seen.texts.say("none")
        missing.append(seen.texts.say("M57.unknown", version=fixed, known=names))
    yield from _demand(seen, policy, "M57", missing, Stage.TESTING)


def effort_is_booked(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Demand booked hours before a maintenance issue closes: effort is to be reported (M62)."""
    booked = sum(entry.hours for entry in seen.issue.time_entries)
    missing = [] if booked > 0 else [seen.texts.say("M62.hours")]
    if seen.issue.kind is IssueKind.MAINTENANCE:
        yield from demanded(
            seen, policy, "M62", missing, gate={Stage.CLOSED}, shown_in={Stage.DONE}, back=Stage.DONE
        )


def _demand(seen: Snapshot, policy: Policy, rule: str, missing: list[str], back: Stage) -> Iterator[Finding]:
    if seen.issue.kind is IssueKind.MAINTENANCE:
        yield from demanded(seen, policy, rule, missing, gate=_ENDED, shown_in={Stage.TESTING}, back=back)


def _empty(seen: Snapshot, names: tuple[Field, ...]) -> list[str]:
    return [seen.texts.field(name) for name in names if not seen.issue.value(name).strip()]


def _workers(seen: Snapshot) -> set[str]:
    """Return who did the work: whoever moved it on from there, or is assigned when nobody did."""
    moved = {e.account for e in seen.issue.history if e.moved_from is Stage.IN_WORK and e.moved_to}
    return (moved & seen.registers.people.keys()) or {seen.issue.assignee}
