"""What people are told beside an issue, and what the comment of a step says, word for word."""

from dataclasses import replace
from datetime import timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.plan import Notification, SetField, Watch
from svc_plugin.domain.policy import Step
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import (
    LEADER,
    MONDAY,
    SERVICE,
    SUPERIOR,
    a_plan,
    an_issue,
    comment,
    moved,
    seen,
    set_by,
    under,
)
from tests.unit.domain.ladders import COMPLAINT, laddered, minutes, settled


@pytest.mark.clause("M27")
def test_the_leader_is_told_of_a_complaint_from_when_it_was_called_one():
    named = set_by(SERVICE, Field.REQUEST_KIND, "complaint", after=timedelta(minutes=3))
    issue = an_issue(fields=COMPLAINT, history=(named,), url="https://main/issues/12")
    (told,) = decide(seen(issue), under(M06="off")).notifications
    said = seen(issue).texts
    assert told == Notification(
        "M27",
        (LEADER,),
        said.say("M27.clause"),
        f"#12 发票抬头\n{said.say('M27.fact', leader='张伟')}\nhttps://main/issues/12",
        MONDAY + timedelta(minutes=3),
    )


@pytest.mark.clause("M06")
def test_a_step_that_was_taken_is_told_to_whom_it_names_with_the_moment_it_was_reached():
    policy = laddered(Step(50, "assignee"), Step(150, "approver", 2))
    done = settled(an_issue(fields=COMPLAINT), minutes(95), policy)
    texts = seen(done).texts
    fact = texts.say("M06.fact.running", started="2026-11-23 09:00", due="2026-11-23 10:00")
    told = [one for one in decide(seen(done, now=minutes(99)), policy).notifications if one.marker != "M27"]
    assert told == [
        Notification(
            f"M06-{share}",
            people,
            f"{texts.say('M06.clause')}：时限已用 {share} %",
            f"#12 发票抬头\n{fact}",
            minutes(after),
        )
        for share, people, after in ((50, (SERVICE,), 30), (150, (LEADER, SUPERIOR), 90))
    ]


@pytest.mark.clause("M06")
def test_the_comment_of_a_step_says_whom_it_names_what_is_found_done_and_to_do():
    policy = laddered(Step(100, "approver", 2, assign=True))
    done = settled(an_issue(fields=COMPLAINT), minutes(61), policy)
    texts = seen(done).texts
    assert done.comments["M06-100"] == texts.say(
        "comment.step",
        told=f"{texts.say('M06.clause')}：时限已用 100 %",
        people="@zhang.wei 张伟、@zhou.hao 周浩",
        fact=texts.say("M06.fact.running", started="2026-11-23 09:00", due="2026-11-23 10:00"),
        done="请 张伟、周浩 关注本单、升级级别至少为 2、本单交给 张伟。",
        remedy=texts.say("M06.remedy"),
    )
    assert done.assignee == LEADER


@pytest.mark.clause("M26")
def test_what_has_no_level_is_not_raised_and_the_comment_does_not_say_so():
    policy = laddered(Step(100, "approver", 2))
    paper = replace(
        a_plan("service_plan", "2026"),
        stage=Stage.SUBMITTED,
        history=(moved(SERVICE, Stage.SUBMITTED, frm=Stage.DRAFT, after=timedelta(0)),),
    )
    plan = decide(seen(paper, now=MONDAY + timedelta(days=9)), policy)
    assert paper.kind is IssueKind.DOCUMENT
    assert not [change for change in plan.changes if isinstance(change, SetField)]
    assert {Watch(LEADER), Watch(SUPERIOR)} <= set(plan.changes)
    assert "已做：请 张伟、周浩 关注本单。" in comment(plan, "M26-clock-100")


@pytest.mark.clause("M06")
@pytest.mark.parametrize(
    ("before", "raised"), [("", True), ("0", True), ("1", True), ("2", False), ("3", False), ("x", True)]
)
def test_a_step_raises_what_is_lower_than_its_level(before, raised):
    issue = an_issue(fields={**COMPLAINT, Field.ESCALATION_LEVEL: before})
    plan = decide(seen(issue, now=minutes(61)), laddered(Step(100, "leader", 2)))
    assert (SetField(Field.ESCALATION_LEVEL, "2") in plan.changes) is raised


@pytest.mark.clause("M06")
def test_a_step_is_reached_after_its_moment_and_the_next_look_is_at_the_moment_itself():
    policy = laddered(Step(50, "assignee"), Step(100, "leader"))
    at_half = decide(seen(an_issue(fields=COMPLAINT), now=minutes(30)), policy)
    assert (comment(at_half, "M06-50"), at_half.recheck_at) == ("", minutes(30))
    after = decide(seen(an_issue(fields=COMPLAINT), now=minutes(30) + timedelta(seconds=1)), policy)
    assert comment(after, "M06-50")
    assert after.recheck_at == minutes(60)
    assert decide(seen(an_issue(fields=COMPLAINT), now=minutes(61)), policy).recheck_at is None
