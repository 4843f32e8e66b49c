"""Clocks of issues in any state with any history: they add up, and no order of asking changes them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from svc_plugin.domain.clocks import clocks_of
from svc_plugin.domain.clocks.proof import proof
from svc_plugin.domain.decide import decide
from svc_plugin.domain.model import Issue, Snapshot
from svc_plugin.domain.policy import Policies
from svc_plugin.domain.rules import RULES
from svc_plugin.domain.vocabulary import Stage
from svc_plugin.messages import load
from tests.builders import MONDAY, example
from tests.thorough import examples
from tests.unit.engine.test_properties import worlds

_PAUSING = {
    "first_response": (Stage.WAITING_CUSTOMER, Stage.IN_PROGRESS),
    "approval": (Stage.SUBMITTED,),
    "decision": (Stage.AWAITING_DECISION,),
    "classification": (Stage.CLASSIFIED, Stage.IN_WORK),
}


def policies() -> Policies:
    """The standard policy, and two minutes after the issues were filed one that pauses clocks."""
    first = example().policy
    second = replace(first, pauses=_PAUSING)
    return Policies(((MONDAY - timedelta(days=99), first), (MONDAY + timedelta(minutes=2), second)))


def looked_at(found: Sequence[Issue], hours: int) -> Snapshot:
    latest = max((entry.at for issue in found for entry in issue.history), default=MONDAY)
    now = max(MONDAY, latest) + timedelta(hours=hours, minutes=5)
    return Snapshot(found[0], example().registers, load("zh"), now, tuple(found[1:]))


@settings(deadline=None, max_examples=examples(150))
@given(worlds(), st.integers(0, 24 * 40))
def test_the_proof_of_every_clock_adds_up(found: tuple[Issue, ...], hours: int) -> None:
    seen = looked_at(found, hours)
    for _, clock in clocks_of(seen, policies()):
        parts = proof(clock, seen.now)
        assert sum((part.used for part in parts), timedelta()) == clock.used
        edges = [clock.started_at, *(part.ends_at for part in parts)]
        assert [part.starts_at for part in parts] == edges[:-1]
        assert edges[-1] == (clock.stopped_at or seen.now)


@settings(deadline=None, max_examples=examples(100))
@given(worlds(), st.integers(0, 24 * 40), st.randoms(use_true_random=False))
def test_the_order_in_which_rules_and_clocks_are_asked_changes_nothing(
    found: tuple[Issue, ...], hours: int, chance: Random
) -> None:
    seen, order = looked_at(found, hours), list(RULES)
    before = list(clocks_of(seen, policies()))
    plan = decide(seen, policies())
    chance.shuffle(order)
    shuffled = decide(seen, policies(), order)
    assert {repr(change) for change in shuffled.changes} == {repr(change) for change in plan.changes}
    assert shuffled.recheck_at == plan.recheck_at
    assert list(clocks_of(seen, policies())) == before
