"""The ladder: each step at its share of the time, for whom it names; never down, never twice, never stuck."""

from dataclasses import replace
from datetime import timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.escalation import recipients
from svc_plugin.domain.plan import Plan, PutComment, Watch
from svc_plugin.domain.policy import Ladder, Mode, Recipient, Step
from svc_plugin.domain.rules import RULES
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import (
    LEAD,
    LEADER,
    MAINTAINER,
    MONDAY,
    SERVICE,
    SUPERIOR,
    a_clock,
    an_issue,
    comment,
    corrective,
    level_wanted,
    said,
    seen,
    standard,
)
from tests.unit.domain.ladders import COMPLAINT, minutes, settled


def taken(plan: Plan) -> list[str]:
    """The steps that a plan comments on."""
    return [c.marker for c in plan.changes if isinstance(c, PutComment) and "-" in c.marker]


def watched(plan: Plan) -> set[str]:
    return {change.account for change in plan.changes if isinstance(change, Watch)}


@pytest.mark.clause("M06")
@pytest.mark.parametrize(
    ("used", "steps", "people"),
    [
        (30, [], set()),
        (31, ["M06-50"], {SERVICE}),
        (47, ["M06-50"], {SERVICE}),
        (49, ["M06-50", "M06-80"], {SERVICE, LEAD}),
    ],
)
def test_as_the_time_is_used_up_the_assignee_and_then_the_lead_are_reminded(used, steps, people):
    plan = decide(seen(an_issue(fields={Field.REQUEST_KIND: "complaint"}), now=minutes(used)), standard())
    assert taken(plan) == steps
    assert watched(plan) - {LEADER} == people  # the leader follows every complaint (M27)
    assert level_wanted(plan) == ""


@pytest.mark.clause("M06")
@pytest.mark.clause("M30")
@pytest.mark.parametrize(
    ("used", "level", "person"), [(61, "1", LEADER), (89, "1", LEADER), (91, "2", SUPERIOR)]
)
def test_past_the_target_the_leader_and_then_the_superior_hear_of_it_at_a_higher_level(used, level, person):
    plan = decide(seen(an_issue(fields=COMPLAINT), now=minutes(used)), standard())
    assert level_wanted(plan) == level
    assert person in watched(plan)
    done = settled(an_issue(fields=COMPLAINT), minutes(used), standard())
    assert done.value(Field.ESCALATION_LEVEL) == level
    assert {"M06", "M06-50", "M06-80", "M06-100"} <= done.comments.keys()


@pytest.mark.clause("M44")
@pytest.mark.clause("M52")
def test_a_fault_climbs_the_same_ladder():
    fault = corrective(Stage.IN_WORK, fields={Field.SEVERITY: "critical"})  # eight hours
    assert taken(decide(seen(fault, now=MONDAY + timedelta(hours=4)), standard())) == []
    plan = decide(seen(fault, now=MONDAY + timedelta(hours=6)), standard())
    assert taken(plan) == ["M44-50"]
    assert watched(plan) == {MAINTAINER}
    done = settled(fault, MONDAY + timedelta(days=2), standard())
    assert done.value(Field.ESCALATION_LEVEL) == "2"
    assert {LEADER, SUPERIOR} <= done.watchers


@pytest.mark.clause("M06")
def test_a_step_mentions_whom_it_names_and_says_what_is_used_and_done():
    text = comment(decide(seen(an_issue(fields=COMPLAINT), now=minutes(31)), standard()), "M06-50")
    assert f"@{SERVICE} 王芳" in text
    assert "50 %" in text
    assert "已做：请 王芳 关注本单" in text


@pytest.mark.clause("M06")
def test_a_step_is_taken_once_whoever_is_assigned_later():
    done = settled(an_issue(fields=COMPLAINT), minutes(31), standard())
    other = replace(done, assignee="wu.xia")
    assert not decide(seen(other, now=minutes(40)), standard())
    assert settled(other, minutes(49), standard()).comments["M06-50"] == done.comments["M06-50"]


@pytest.mark.clause("M06")
def test_the_next_look_is_at_the_next_step_and_comes_from_history():
    issue, looks = an_issue(fields=COMPLAINT), []
    now = minutes(1)
    while again := decide(seen(issue, now=now), standard()).recheck_at:
        looks.append((again - MONDAY).total_seconds() / 60)
        now = again + timedelta(seconds=1)
        issue = settled(issue, now, standard())
    assert looks == [30, 48, 60, 90]


@pytest.mark.clause("M06")
def test_an_answer_stops_the_ladder_and_what_was_said_stays():
    reminded = settled(an_issue(fields=COMPLAINT), minutes(31), standard())
    answered = replace(reminded, history=(said(SERVICE, "您好", after=timedelta(minutes=40)),))
    plan = decide(seen(answered, now=minutes(300)), standard())
    assert plan.changes == ()
    assert not [one for one in plan.notifications if one.marker.startswith("M06")]


@pytest.mark.clause("M06")
def test_an_issue_in_a_final_stage_takes_no_step():
    policy = replace(standard(), modes={r.id: Mode.OFF for r in RULES if r.id != "M06"})
    closed = an_issue(stage=Stage.CLOSED, fields=COMPLAINT)
    assert taken(decide(seen(closed, now=minutes(300)), policy)) == []
    assert level_wanted(decide(seen(closed, now=minutes(300)), policy)) == ""


@pytest.mark.clause("M06")
def test_the_level_is_never_lowered():
    issue = an_issue(fields={**COMPLAINT, Field.ESCALATION_LEVEL: "3"})
    assert settled(issue, minutes(300), standard()).value(Field.ESCALATION_LEVEL) == "3"


@pytest.mark.clause("M06")
def test_a_rule_that_only_warns_takes_its_steps_in_words_alone():
    warned = replace(standard(), modes={**{r.id: Mode.OFF for r in RULES}, "M06": Mode.WARNED})
    plan = decide(seen(an_issue(fields=COMPLAINT), now=minutes(61)), warned)
    assert {change.marker for change in plan.changes} == {"M06", "M06-50", "M06-80", "M06-100"}
    assert "未作任何改动" in comment(plan, "M06-100")


@pytest.mark.clause("M06")
def test_the_comment_of_a_step_does_not_keep_a_demand_from_being_settled():
    policy = replace(standard(), modes={r.id: Mode.OFF for r in RULES if r.id != "M06"})
    issue = an_issue(fields=COMPLAINT, comments={"M06": "an earlier demand"})
    plan = decide(seen(issue, now=minutes(31)), policy)
    assert taken(plan) == ["M06-50"]
    assert "已满足" in comment(plan, "M06")


def test_the_most_specific_ladder_counts():
    steps = {name: (Step(number, name),) for number, name in enumerate("abcd", 1)}
    work = IssueKind.MAINTENANCE
    policy = replace(
        standard(),
        escalation=(
            Ladder(steps["a"]),
            Ladder(steps["b"], None, "critical"),
            Ladder(steps["c"], work),
            Ladder(steps["d"], work, "critical"),
        ),
    )
    assert policy.ladder(work, "critical") == steps["d"]
    assert policy.ladder(work, "minor") == steps["c"]
    assert policy.ladder(IssueKind.DOCUMENT, "critical") == steps["b"]
    assert policy.ladder(IssueKind.DOCUMENT, "") == steps["a"]
    assert replace(policy, escalation=()).ladder(work, "critical") == ()


@pytest.mark.parametrize(
    ("to", "assignee", "people"),
    [
        (Recipient.ASSIGNEE, SERVICE, (SERVICE,)),
        (Recipient.ASSIGNEE, "", ("wang.fang", "wu.xia")),
        (Recipient.ASSIGNEE, "customer", (LEADER,)),
        (Recipient.LEAD, SERVICE, (LEAD,)),
        (Recipient.LEAD, SUPERIOR, (LEADER,)),
        (Recipient.SERVICE, SERVICE, ("wang.fang", "wu.xia")),
        (Recipient.MAINTENANCE, SERVICE, ("liu.yang", "chen.jie")),
        (Recipient.LEADER, SERVICE, (LEADER,)),
        (Recipient.SUPERIOR, SERVICE, (SUPERIOR,)),
        (Recipient.APPROVER, SERVICE, (LEADER, SUPERIOR)),
        ("yang.min", SERVICE, ("yang.min",)),
    ],
)
def test_whom_a_step_names_and_that_the_leader_stands_in_for_nobody(to, assignee, people):
    assert recipients(seen(an_issue(assignee=assignee)), to) == people


def test_a_share_of_the_time_is_reached_in_working_time():
    clock = a_clock(MONDAY, MONDAY + timedelta(hours=5, minutes=30))  # four hours, lunch
    reached = [clock.reached_at(share) - MONDAY for share in (0.5, 0.8, 1, 1.5)]
    assert reached == [
        timedelta(hours=2),
        timedelta(hours=4, minutes=42),
        timedelta(hours=5, minutes=30),
        timedelta(hours=7, minutes=30),
    ]


def test_a_target_outside_of_working_hours_is_not_reached_before_it():
    saturday = MONDAY + timedelta(days=5, hours=1)
    clock = a_clock(MONDAY, saturday)
    assert clock.reached_at(1) == saturday
    assert clock.reached_at(0.99) < saturday
