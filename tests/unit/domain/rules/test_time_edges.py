"""Where time ends: the last moment of a target, the last day of a waiver, the move that counts."""

from datetime import timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.plan import SetField, Watch
from svc_plugin.domain.vocabulary import Field, Stage
from tests.builders import (
    FINISHED,
    LEADER,
    MAINTAINER,
    MONDAY,
    SERVICE,
    TODAY,
    an_issue,
    comment,
    corrective,
    moved,
    perfective,
    seen,
    set_by,
    stage_wanted,
    standard,
)


@pytest.mark.clause("M06")
def test_an_issue_that_was_raised_higher_is_not_lowered():
    fields = {Field.REQUEST_KIND: "complaint", Field.ESCALATION_LEVEL: "2"}
    plan = decide(seen(an_issue(fields=fields), now=MONDAY + timedelta(days=2)), standard())
    assert not [one for one in plan.changes if isinstance(one, SetField)]


@pytest.mark.clause("M06")
def test_the_leader_of_the_product_follows_what_was_raised():
    plan = decide(
        seen(an_issue(fields={Field.REQUEST_KIND: "inquiry"}), now=MONDAY + timedelta(days=1)), standard()
    )
    assert Watch(LEADER) in plan.changes


@pytest.mark.clause("M06")
def test_at_the_last_moment_the_response_is_still_in_time():
    issue = an_issue(fields={Field.REQUEST_KIND: "complaint"})
    due = MONDAY + timedelta(hours=1)
    assert not comment(decide(seen(issue, now=due), standard()), "M06")
    assert comment(decide(seen(issue, now=due + timedelta(seconds=1)), standard()), "M06")


@pytest.mark.clause("M44")
@pytest.mark.parametrize(
    ("history", "late"),
    [
        ((moved(MAINTAINER, Stage.DONE, frm=Stage.TESTING, after=timedelta(hours=2)),), False),
        ((moved(MAINTAINER, Stage.DONE, frm=Stage.TESTING, after=timedelta(days=3)),), True),
        # closed later: it was done when it was done
        ((moved(MAINTAINER, Stage.DONE, frm=Stage.TESTING, after=timedelta(hours=2)),
          moved(SERVICE, Stage.CLOSED, frm=Stage.DONE, after=timedelta(days=5))), False),
        # reopened and done again: the last time counts
        ((moved(MAINTAINER, Stage.DONE, frm=Stage.TESTING, after=timedelta(hours=2)),
          moved(SERVICE, Stage.IN_WORK, frm=Stage.DONE, after=timedelta(hours=3)),
          moved(MAINTAINER, Stage.DONE, frm=Stage.IN_WORK, after=timedelta(days=5))), True),
        # filed when it was done already
        ((), False),
    ],
)  # fmt: skip
def test_a_fault_counts_as_resolved_when_it_last_became_done(history, late):
    fields = {**FINISHED, Field.SEVERITY: "critical"}
    issue = corrective(history[-1].moved_to if history else Stage.DONE, *history, fields=fields, hours=2)
    plan = decide(seen(issue, now=MONDAY + timedelta(days=9)), standard())
    assert bool(comment(plan, "M44")) is late


@pytest.mark.clause("M44")
def test_only_corrective_maintenance_has_a_time_to_be_resolved_in():
    judged = {Field.MAINTENANCE_CLASS: "corrective"}
    for issue in (perfective(Stage.AWAITING_DECISION), an_issue(fields=judged)):
        plan = decide(seen(issue, now=MONDAY + timedelta(days=90)), standard())
        assert not [one for one in plan.findings if one.rule == "M44"]


@pytest.mark.clause("M73")
@pytest.mark.parametrize(
    ("waiver", "counts"),
    [
        ("M51 2026-11-23 最后一天", True),
        ("M51 2026-11-22 昨天到期", False),
        ("M50 别的规则", False),
        ("\nM51 有理由", True),
    ],
)
def test_a_waiver_counts_for_its_own_rule_up_to_its_last_day(waiver, counts):
    fields = {Field.VISIT_NEEDED: "", Field.WAIVER: waiver}
    issue = corrective(Stage.SCHEDULED, set_by(LEADER, Field.WAIVER, waiver), fields=fields)
    assert MONDAY.date() > TODAY
    assert (stage_wanted(decide(seen(issue), standard())) is None) is counts
