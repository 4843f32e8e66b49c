"""What happened is judged by the policy of its time: clocks by their start, the rest by the present stage."""

from dataclasses import replace
from datetime import timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.policy import Mode, Policies
from svc_plugin.domain.report import customer_service_report
from svc_plugin.domain.rules import RULES
from svc_plugin.domain.vocabulary import Field, Stage
from tests.builders import (
    MONDAY,
    SERVICE,
    an_issue,
    comment,
    example,
    moved,
    said,
    seen,
    stage_wanted,
    standard,
)
from tests.calendars import at

NOON = at("2026-11-23 12:00")  # the second policy begins
OFF = {rule.id: Mode.OFF for rule in RULES}


def only(rule, **more):
    return replace(standard(), modes={**OFF, rule: Mode.ENFORCED}, **more)


def response(hours, name="p"):
    return replace(only("M06", first_response={"default": timedelta(hours=hours)}), name=name)


@pytest.mark.clause("M06")
@pytest.mark.parametrize(
    ("asked", "due"),
    [("2026-11-23 11:30", "2026-11-23 17:00"), ("2026-11-23 12:00", "2026-11-23 14:30")],
    ids=["before", "from its first moment on"],
)
def test_a_clock_is_judged_by_the_policy_in_force_when_it_started(asked, due):
    policies = Policies(((at("2026-01-01"), response(4)), (NOON, response(1))))
    taken = moved("customer", Stage.IN_PROGRESS, after=timedelta(hours=3, minutes=30))  # no response of ours
    issue = an_issue(stage=Stage.IN_PROGRESS, created_at=at(asked), history=(taken,))
    assert not comment(decide(seen(issue, now=at(due)), policies), "M06")
    assert comment(decide(seen(issue, now=at(due) + timedelta(seconds=1)), policies), "M06")


@pytest.mark.clause("M40")
@pytest.mark.parametrize(("closed", "sent_back"), [(-1, False), (0, True)])
def test_a_stage_is_judged_by_the_policy_in_force_when_it_was_entered(closed, sent_back):
    policies = Policies(((at("2026-01-01"), only("M40", closing={})), (NOON, only("M40"))))
    after = NOON - MONDAY + timedelta(minutes=closed)
    issue = an_issue(stage=Stage.CLOSED, history=(moved(SERVICE, Stage.CLOSED, after=after),))
    plan = decide(seen(issue, now=NOON + timedelta(days=9)), policies)
    assert (stage_wanted(plan) is not None) is sent_back


@pytest.mark.clause("M40")
def test_an_issue_that_never_moved_is_judged_by_the_policy_of_its_creation():
    policies = Policies(((at("2026-01-01"), only("M40", closing={})), (NOON, only("M40"))))
    for created, sent_back in ((NOON - timedelta(hours=1), False), (NOON, True)):
        issue = an_issue(stage=Stage.CLOSED, created_at=created)
        plan = decide(seen(issue, now=NOON + timedelta(days=9)), policies)
        assert (stage_wanted(plan) is not None) is sent_back


def test_what_happened_before_the_first_policy_is_judged_by_the_first():
    policies = Policies(((NOON, response(1, "first")), (NOON + timedelta(days=1), response(2, "second"))))
    assert policies.at(NOON - timedelta(days=999)).name == "first"


def test_one_policy_alone_was_always_in_force():
    alone = response(1)
    issue = an_issue()
    for later in (timedelta(), timedelta(hours=3)):
        looked = seen(issue, now=MONDAY + later)
        assert decide(looked, alone) == decide(looked, Policies(((NOON, alone),)))


def test_a_report_judges_each_request_by_the_policy_in_force_when_it_was_asked():
    policies = Policies(((at("2026-01-01"), response(4)), (NOON, response(1))))
    answered = said(SERVICE, "您好", after=timedelta(hours=8))  # 17:00
    early = an_issue(key="1", created_at=at("2026-11-23 11:30"), history=(answered,))
    late = an_issue(key="2", created_at=at("2026-11-23 13:30"), history=(answered,))
    fields = {Field.CHANNEL: "email"}
    found = customer_service_report(
        [replace(one, fields=fields) for one in (early, late)],
        example().registers,
        policies,
        product="erp",
        period="2026-11",
        now=at("2026-12-01"),
    )
    assert [row.response.in_time for row in found.requests] == [True, False]
