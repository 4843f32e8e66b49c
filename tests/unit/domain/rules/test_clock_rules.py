"""M06, M12, M26, M36, M44, M50, M54, M58: a clock that is not kept is said on the issue and to the leader."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.plan import SetField, Watch
from svc_plugin.domain.policy import Mode
from svc_plugin.domain.rules import RULES
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.messages import load
from tests.builders import (
    LEADER,
    MAINTAINER,
    MONDAY,
    SERVICE,
    an_issue,
    comment,
    corrective,
    example,
    maintenance,
    moved,
    perfective,
    seen,
    set_by,
    standard,
)
from tests.calendars import at

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def alone(rule, mode=Mode.ENFORCED):
    """The standard policy with every other rule switched off."""
    modes = {one.id: Mode.OFF for one in RULES}
    return replace(standard(), modes={**modes, rule: mode})


def kept_until(rule, issue, due, linked=()):
    """See that the rule is silent up to ``due``, comes back by itself, and speaks to the leader after it."""
    policy = alone(rule)
    first = decide(seen(issue, now=max(e.at for e in issue.history), linked=linked), policy)
    assert first.recheck_at is not None
    assert first.recheck_at <= due
    before = decide(seen(issue, now=due, linked=linked), policy)
    after = decide(seen(issue, now=due + SECOND, linked=linked), policy)
    assert not comment(before, rule)
    assert rule.removesuffix("-clock") in comment(after, rule)
    assert due.strftime("%Y-%m-%d %H:%M") in comment(after, rule)
    assert Watch(LEADER) in after.changes
    has_level = any(isinstance(change, SetField) for change in after.changes)
    assert has_level is (issue.kind in {IssueKind.SERVICE_REQUEST, IssueKind.MAINTENANCE})


@pytest.mark.clause("M50")
def test_a_requirement_that_nobody_judges_reaches_the_leader():
    issue = maintenance(Stage.REGISTERED, history=(set_by(SERVICE, Field.SEVERITY, "major"),))
    kept_until("M50-clock", issue, at("2026-11-23 14:30"))  # four hours with lunch from 12:00 to 13:30


@pytest.mark.clause("M54")
def test_a_decision_that_is_not_made_reaches_the_leader():
    asked = moved(MAINTAINER, Stage.AWAITING_DECISION, frm=Stage.CLASSIFIED, after=HOUR)
    kept_until("M54-clock", perfective(Stage.AWAITING_DECISION, asked), at("2026-11-26 11:30"))


@pytest.mark.clause("M36")
@pytest.mark.clause("M37")
@pytest.mark.parametrize("decision", ["adopted", "not_adopted"])
def test_a_suggestion_without_thanks_reaches_the_leader(decision):
    fields = {Field.REQUEST_KIND: "suggestion", Field.SUGGESTION_DECISION: decision}
    given = set_by(SERVICE, Field.SUGGESTION_DECISION, decision, after=HOUR)
    # 16 hours from 10:00: 6.5 on Monday, 7.5 on Tuesday, two on Wednesday
    kept_until("M36-clock", an_issue(fields=fields, history=(given,)), at("2026-11-25 11:00"))


@pytest.mark.clause("M26")
@pytest.mark.clause("M48")
def test_a_plan_that_nobody_approves_reaches_the_leader():
    submitted = moved(SERVICE, Stage.SUBMITTED, frm=Stage.DRAFT, after=HOUR)
    issue = an_issue(IssueKind.DOCUMENT, Stage.SUBMITTED, history=(submitted,))
    kept_until("M26-clock", issue, at("2026-11-26 11:30"))


@pytest.mark.clause("M58")
def test_an_update_that_misses_a_customer_reaches_the_leader():
    done = moved(MAINTAINER, Stage.DONE, frm=Stage.TESTING, after=HOUR)
    broad = set_by(MAINTAINER, Field.BROAD_VALUE, "yes", after=HOUR)
    issue = corrective(Stage.DONE, done, broad, fields={Field.BROAD_VALUE: "yes"})
    fields = {Field.TASK_KIND: "patch_update", Field.ORIGIN: f"M58-c@{issue.ref}"}
    task = an_issue(IssueKind.SERVICE_TASK, Stage.OPEN, key="31", fields=fields)
    # 160 hours: 6.5 on the first day, twenty days of 7.5, 3.5 on the 22nd working day
    kept_until("M58-clock", issue, at("2026-12-22 14:00"), linked=(task,))


@pytest.mark.clause("M44")
@pytest.mark.clause("M52")
def test_a_fault_that_is_not_resolved_reaches_the_leader():
    kept_until("M44", corrective(Stage.IN_WORK, fields={Field.SEVERITY: "critical"}), at("2026-11-24 09:30"))


@pytest.mark.clause("M30")
def test_a_clock_that_stands_still_wakes_nobody_and_runs_on_when_the_customer_is_back():
    policy = replace(alone("M06"), pauses={"first_response": (Stage.WAITING_CUSTOMER,)})
    fields = {Field.REQUEST_KIND: "complaint", Field.CHANNEL: "email"}
    waits = moved("customer", Stage.WAITING_CUSTOMER, after=HOUR / 2)
    paused = an_issue(stage=Stage.WAITING_CUSTOMER, fields=fields, history=(waits,))
    plan = decide(seen(paused, now=MONDAY + timedelta(days=20)), policy)
    assert (plan.changes, plan.recheck_at) == ((), None)
    back = moved("customer", Stage.IN_PROGRESS, frm=Stage.WAITING_CUSTOMER, after=24 * HOUR)
    resumed = replace(paused, stage=Stage.IN_PROGRESS, history=(waits, back))
    due = at("2026-11-24 09:30")  # half an hour of the hour was left
    assert not comment(decide(seen(resumed, now=due), policy), "M06")
    assert comment(decide(seen(resumed, now=due + SECOND), policy), "M06")


@pytest.mark.clause("M12")
@pytest.mark.parametrize("stage", [Stage.CLASSIFIED, Stage.AWAITING_DECISION, Stage.SCHEDULED])
def test_waiting_for_resources_does_not_stop_the_clock_of_a_fault(stage):
    waits = moved(MAINTAINER, stage, after=HOUR)
    issue = corrective(stage, waits, fields={Field.SEVERITY: "critical"})
    assert comment(decide(seen(issue, now=at("2026-11-24 09:30") + SECOND), alone("M44")), "M44")


@pytest.mark.clause("M06")
def test_a_clock_that_only_warns_changes_nothing_but_its_comment():
    issue = an_issue(fields={Field.REQUEST_KIND: "complaint"})
    plan = decide(seen(issue, now=MONDAY + 3 * HOUR), alone("M06", Mode.WARNED))
    assert {type(change).__name__ for change in plan.changes} == {"PutComment"}


@pytest.mark.clause("M06")
@pytest.mark.parametrize(("language", "word"), [("zh", "客户当地"), ("en", "customer's time")])
def test_a_customer_in_another_zone_is_told_in_both(language, word):
    registers = example().registers
    known = registers.customer_named("恒通机械有限公司")
    abroad = replace(known, time_zone=ZoneInfo("Europe/Berlin"))
    issue = an_issue(fields={Field.REQUEST_KIND: "complaint"})
    looked = replace(
        seen(issue, now=MONDAY + 3 * HOUR),
        registers=replace(registers, customers={known.key: abroad}),
        texts=load(language),
    )
    text = comment(decide(looked, alone("M06")), "M06")
    assert f"{word} 2026-11-23 02:00" in text
    assert "2026-11-23 09:00" in text
    at_home = comment(decide(seen(issue, now=MONDAY + 3 * HOUR), alone("M06")), "M06")
    assert "2026-11-23 09:00" in at_home
    assert "客户当地" not in at_home
