"""Steps that give an issue away, and several clocks on one issue: the furthest step wins."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svc_plugin.domain.decide import decide
from svc_plugin.domain.escalation import clock_is_kept
from svc_plugin.domain.plan import Assign, PutComment
from svc_plugin.domain.policy import Recipient, Step
from svc_plugin.domain.rules import RULES, Rule
from svc_plugin.domain.vocabulary import Field
from tests.builders import LEADER, MONDAY, SERVICE, SUPERIOR, a_clock, an_issue, seen
from tests.thorough import examples
from tests.unit.domain.ladders import COMPLAINT, laddered, minutes, settled


def watching(rule: str, begun: float, target: float = 60) -> Rule:
    """A clock of ``target`` minutes that began ``begun`` minutes before Monday's opening hour."""
    start = MONDAY + timedelta(minutes=-begun)
    clock = a_clock(start, start + timedelta(minutes=target))
    return Rule(rule, (rule,), lambda seen, policy: clock_is_kept(seen, policy, rule, clock))


@pytest.mark.clause("M52")
def test_a_step_may_give_the_issue_to_somebody_once():
    policy = laddered(Step(100, "leader", 1, assign=True))
    first = decide(seen(an_issue(fields=COMPLAINT), now=minutes(61)), policy)
    assert Assign(LEADER, rank=100) in first.changes
    # the comment waits until the site has done it
    assert "M06-100" not in [c.marker for c in first.changes if isinstance(c, PutComment)]
    done = settled(an_issue(fields=COMPLAINT), minutes(61), policy)
    assert done.assignee == LEADER
    assert "本单交给 张伟" in done.comments["M06-100"]
    passed_on = replace(done, assignee=SERVICE)
    assert not decide(seen(passed_on, now=minutes(70)), policy)


RECIPIENTS = st.sampled_from([*Recipient, "li.na"])
RUNGS = st.lists(
    st.tuples(st.integers(1, 200), RECIPIENTS, st.integers(0, 4), st.booleans()),
    min_size=1,
    max_size=5,
    unique_by=lambda rung: rung[0],
)
SPANS = st.tuples(st.integers(10, 400), st.integers(0, 900))  # minutes of a target, and since it began
MOVING = {Recipient.ASSIGNEE, Recipient.LEAD}


@pytest.mark.clause("M52")
def test_of_two_clocks_the_one_further_up_decides_who_gets_the_issue():
    policy = laddered(Step(100, "leader", 1, assign=True), Step(150, "superior", 2, assign=True))
    near, far = watching("M06", begun=0), watching("M44", begun=-60, target=200)
    # M06 is at 175 %, M44 has just begun
    issue = settled(an_issue(), minutes(105), policy, [near, far])
    assert issue.assignee == SUPERIOR
    assert {"M06-100", "M06-150"} <= issue.comments.keys()
    assert "本单交给 张伟" not in issue.comments["M06-100"]
    # whom the superior gave it to keeps it, although the other clock now reaches the leader's step
    passed_on = replace(issue, assignee=SERVICE)
    later = settled(passed_on, minutes(300), policy, [far])
    assert "M44-100" in later.comments
    assert "M44-150" not in later.comments
    assert later.assignee == SERVICE


@settings(deadline=None, max_examples=examples(150))
@given(
    st.tuples(*[st.tuples(st.integers(10, 400), st.integers(0, 900))] * 2),
    RUNGS,
    st.sampled_from(["", SERVICE]),
)
def test_two_breached_clocks_never_contradict_each_other_and_settle_at_every_moment(clocks, rungs, assignee):
    ladder = (Step(at, to, level, given and to not in MOVING) for at, to, level, given in sorted(rungs))
    policy = laddered(*ladder)
    rules = [rule for rule in RULES if rule.id == "M18"]
    for name, (target, begun) in zip(("M06", "M44"), clocks, strict=True):
        rules.append(watching(name, begun, target))
    issue, said, level = an_issue(assignee=assignee), {}, 0
    for passed in (0, 60, 200, 700, 3000):
        issue = settled(issue, minutes(passed), policy, rules)
        steps = {marker: text for marker, text in issue.comments.items() if "-" in marker}
        assert said.items() <= steps.items()  # nothing that was said is said again or changed
        raised = int(issue.value(Field.ESCALATION_LEVEL) or 0)
        assert raised >= level
        said, level = steps, raised
    assert len(said) == 2 * len(policy.escalation[0].steps)
    assert level == max(step.level for step in policy.escalation[0].steps)
