"""What starts and what stops each clock, on hand-made histories."""

from dataclasses import replace
from datetime import timedelta

import pytest

from svc_plugin.domain.clocks import CLOCKS, State, clocks_of
from svc_plugin.domain.model import FieldChange, HistoryEntry, origin_marker
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import Customer
from svc_plugin.domain.rules import RULES
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.messages import load
from tests.builders import (
    LEADER,
    MAINTAINER,
    MONDAY,
    OUTSIDER,
    SERVICE,
    a_clock,
    an_issue,
    corrective,
    maintenance,
    moved,
    perfective,
    ref,
    seen,
    set_by,
    standard,
)
from tests.calendars import BERLIN, SHANGHAI, at

HOUR = timedelta(hours=1)
LATER = MONDAY + timedelta(days=30)


def clock(name, issue, *, now=LATER, policy=None, linked=()):
    looked = seen(issue, now=now, linked=tuple(linked))
    return {spec.name: one for spec, one in clocks_of(looked, policy or standard())}.get(name)


def judged(by, value, old="", hours=1):
    change = FieldChange(Field.MAINTENANCE_CLASS, old, value)
    return HistoryEntry(MONDAY + hours * HOUR, by, changes=(change,))


def changed(to):
    return judged(MAINTAINER, to, "corrective" if to == "perfective" else "perfective", hours=3)


def work(value, *history):
    return maintenance(Stage.REGISTERED, fields={Field.MAINTENANCE_CLASS: value}, history=history)


@pytest.mark.clause("M50")
@pytest.mark.parametrize(
    ("issue", "stopped"),
    [
        (work("corrective", judged(MAINTAINER, "corrective", hours=2)), 2),
        (work("perfective", judged(MAINTAINER, "corrective"), changed("perfective")), 1),
        (work("corrective", judged(SERVICE, "perfective"), changed("corrective")), 3),
        (work("corrective", judged(SERVICE, "corrective")), None),
        (work("", judged(MAINTAINER, "corrective"), judged(MAINTAINER, "", "corrective", 2)), None),
        (work(""), None),
    ],
    ids=["judged", "changed later", "an outsider first", "an outsider only", "taken back", "never"],
)
def test_the_first_judgement_by_maintenance_staff_stops_the_clock_while_one_stands(issue, stopped):
    found = clock("classification", issue)
    assert found.stopped_at == (None if stopped is None else MONDAY + stopped * HOUR)
    assert found.started_at == MONDAY


@pytest.mark.clause("M50")
def test_a_class_given_at_creation_by_a_maintainer_is_a_judgement():
    issue = maintenance(Stage.REGISTERED, author=MAINTAINER, fields={Field.MAINTENANCE_CLASS: "corrective"})
    assert clock("classification", issue).stopped_at == MONDAY
    later = replace(issue, fields={Field.MAINTENANCE_CLASS: "perfective"}, history=(changed("perfective"),))
    assert clock("classification", later).stopped_at == MONDAY


def asked(*more, stage=Stage.AWAITING_DECISION, **fields):
    put = moved(MAINTAINER, Stage.AWAITING_DECISION, frm=Stage.CLASSIFIED, after=HOUR)
    return perfective(stage, put, *more, fields={Field[name]: value for name, value in fields.items()})


def decided(by, value="approved", hours=2):
    return set_by(by, Field.DECISION, value, after=hours * HOUR)


@pytest.mark.clause("M54")
def test_the_leaders_own_decision_stops_the_clock_and_nobody_elses():
    assert clock("decision", asked(decided(LEADER), DECISION="approved")).stopped_at == MONDAY + 2 * HOUR
    assert clock("decision", asked(decided(OUTSIDER), DECISION="approved")).stopped_at is None


@pytest.mark.clause("M54")
def test_the_decision_is_due_in_working_time_after_it_was_asked_for():
    # 24 hours from Monday 10:00: 6.5 on that day, 7.5 on Tuesday and on Wednesday, 2.5 on Thursday
    assert clock("decision", asked()).due_at == at("2026-11-26 11:30")


@pytest.mark.clause("M54")
def test_moving_out_and_being_sent_back_does_not_start_the_decision_anew():
    out = moved(MAINTAINER, Stage.IN_WORK, frm=Stage.AWAITING_DECISION, after=3 * HOUR)
    back = moved("svc-bot", Stage.AWAITING_DECISION, frm=Stage.IN_WORK, after=4 * HOUR)
    assert clock("decision", asked(out, back)).started_at == MONDAY + HOUR
    small = asked(out, stage=Stage.IN_WORK)
    assert clock("decision", small).stopped_at == MONDAY + 3 * HOUR


@pytest.mark.clause("M54")
def test_a_second_question_has_a_clock_of_its_own():
    emptied = HistoryEntry(MONDAY + 5 * HOUR, LEADER, changes=(FieldChange(Field.DECISION, "declined", ""),))
    again = moved(MAINTAINER, Stage.AWAITING_DECISION, frm=Stage.CLASSIFIED, after=30 * HOUR)
    away = moved(LEADER, Stage.CLASSIFIED, frm=Stage.AWAITING_DECISION, after=4 * HOUR)
    found = clock("decision", asked(decided(LEADER, "declined"), away, emptied, again))
    assert (found.started_at, found.stopped_at) == (MONDAY + 30 * HOUR, None)


@pytest.mark.clause("M54")
def test_an_earlier_decision_does_not_answer_a_later_question():
    away = moved(LEADER, Stage.CLASSIFIED, frm=Stage.AWAITING_DECISION, after=4 * HOUR)
    again = moved(MAINTAINER, Stage.AWAITING_DECISION, frm=Stage.CLASSIFIED, after=30 * HOUR)
    found = clock("decision", asked(decided(LEADER), away, again, DECISION="approved"))
    assert (found.started_at, found.stopped_at) == (MONDAY + 30 * HOUR, None)


def suggestion(thanks="", decided_by_hours=1):
    given = set_by(SERVICE, Field.SUGGESTION_DECISION, "adopted", after=decided_by_hours * HOUR)
    fields = {Field.REQUEST_KIND: "suggestion", Field.SUGGESTION_DECISION: "adopted"}
    return an_issue(fields={**fields, Field.THANKS_SENT_ON: thanks}, history=(given,))


@pytest.mark.clause("M36")
@pytest.mark.parametrize(("thanks", "hours"), [("2026-11-23", 0), ("2026-11-24", 6.5), ("2026-11-30", 36.5)])
def test_thanks_stop_their_clock_when_their_day_begins(thanks, hours):
    found = clock("thanks", suggestion(thanks))
    assert found.started_at == MONDAY + HOUR
    assert (found.state, found.used) == (State.CLOSED, hours * HOUR)
    assert found.stopped_at == max(at(thanks), MONDAY + HOUR)  # never before the clock began


@pytest.mark.clause("M36")
def test_a_pause_that_began_before_its_clock_counts_from_the_clocks_start():
    policy = replace(standard(), pauses={"thanks": (Stage.REGISTERED,)})
    found = clock("thanks", suggestion(), policy=policy)
    assert (found.state, found.used, found.pauses[0].since) == (State.PAUSED, timedelta(), MONDAY + HOUR)


def test_only_the_first_response_follows_the_customers_own_hours():
    abroad = Customer("c", "恒通机械有限公司", "", time_zone=BERLIN)
    looked = seen(suggestion(), now=LATER)
    looked = replace(looked, registers=replace(looked.registers, customers={"c": abroad}))
    found = clocks_of(looked, replace(standard(), customer_hours=True))
    assert {spec.name: one.calendar.zone for spec, one in found} == {
        "first_response": BERLIN,
        "thanks": SHANGHAI,
    }


@pytest.mark.clause("M06")
def test_what_is_due_at_the_moment_a_pause_begins_is_not_put_off():
    policy = replace(standard(), pauses={"first_response": (Stage.WAITING_CUSTOMER,)})
    waits = moved("customer", Stage.WAITING_CUSTOMER, after=HOUR)
    back = moved("customer", Stage.IN_PROGRESS, frm=Stage.WAITING_CUSTOMER, after=2 * HOUR)
    fields = {Field.REQUEST_KIND: "complaint"}
    issue = an_issue(stage=Stage.IN_PROGRESS, fields=fields, history=(waits, back))
    assert clock("first_response", issue, policy=policy).due_at == MONDAY + HOUR


@pytest.mark.clause("M37")
def test_thanks_that_are_only_planned_stop_nothing():
    assert clock("thanks", suggestion("2026-11-25"), now=MONDAY + 30 * HOUR).state is State.RUNNING
    undecided = {Field.REQUEST_KIND: "suggestion", Field.SUGGESTION_DECISION: "open"}
    assert clock("thanks", an_issue(fields=undecided)) is None


APPROVER = LEADER  # who holds both roles in the example company


def paper(stage, *moves, author=SERVICE):
    names = [Stage.DRAFT, *(to for _, to in moves)]
    history = tuple(
        moved(by, to, frm=names[number], after=(number + 1) * HOUR) for number, (by, to) in enumerate(moves)
    )
    return an_issue(IssueKind.DOCUMENT, stage, history=history, author=author)


@pytest.mark.clause("M26")
@pytest.mark.clause("M48")
@pytest.mark.parametrize(
    ("moves", "started", "stopped"),
    [
        ([(SERVICE, Stage.SUBMITTED)], 1, None),
        ([(SERVICE, Stage.SUBMITTED), (APPROVER, Stage.APPROVED)], 1, 2),
        ([(SERVICE, Stage.SUBMITTED), (APPROVER, Stage.REJECTED)], 1, 2),
        ([(SERVICE, Stage.SUBMITTED), (SERVICE, Stage.DRAFT), (SERVICE, Stage.SUBMITTED)], 3, None),
        ([(SERVICE, Stage.SUBMITTED), (MAINTAINER, Stage.APPROVED), ("svc-bot", Stage.SUBMITTED)], 1, None),
        ([(SERVICE, Stage.SUBMITTED), (APPROVER, Stage.APPROVED), (SERVICE, Stage.SUBMITTED)], 3, None),
    ],
    ids=["waits", "approved", "rejected", "drafted again", "approved by an outsider", "submitted again"],
)
def test_a_submission_waits_until_it_is_decided_on_by_who_may(moves, started, stopped):
    found = clock("approval", paper(moves[-1][1], *moves))
    assert found.started_at == MONDAY + started * HOUR
    assert found.stopped_at == (MONDAY + stopped * HOUR if stopped else None)


@pytest.mark.clause("M26")
def test_an_author_who_approves_their_own_plan_does_not_start_the_clock_anew():
    moves = [(APPROVER, Stage.SUBMITTED), (APPROVER, Stage.APPROVED), ("svc-bot", Stage.SUBMITTED)]
    assert clock("approval", paper(Stage.SUBMITTED, *moves, author=APPROVER)).started_at == MONDAY + HOUR


def test_shares_of_a_target_are_reached_in_working_time_and_beyond_it_from_the_due_moment_on():
    visit = a_clock(at("2026-11-23 09:00"), at("2026-11-24 00:00"))  # 7.5 hours of work, due at midnight
    shares = [visit.reached_at(share) for share in (0.4, 0.8, 1.0, 1.2)]
    assert shares == [at(f"2026-11-{text}") for text in ("23 12:00", "23 16:30", "24 00:00", "24 10:30")]


def test_shares_of_a_target_leave_out_the_pauses():
    policy = replace(standard(), pauses={"first_response": (Stage.WAITING_CUSTOMER,)})
    moves = [
        moved("customer", to, frm=frm, after=hours * HOUR)
        for hours, frm, to in (
            (0.5, Stage.REGISTERED, Stage.WAITING_CUSTOMER),
            (1, Stage.WAITING_CUSTOMER, Stage.IN_PROGRESS),
            (1.75, Stage.IN_PROGRESS, Stage.WAITING_CUSTOMER),
            (2, Stage.WAITING_CUSTOMER, Stage.IN_PROGRESS),
        )
    ]
    issue = an_issue(stage=Stage.IN_PROGRESS, fields={Field.REQUEST_KIND: "complaint"}, history=tuple(moves))
    found = clock("first_response", issue, policy=policy)  # one hour from 09:00, without 09:30 to 10:00
    shares = [found.reached_at(share) for share in (0.5, 0.75, 1.0, 1.5)]
    assert shares == [at(f"2026-11-23 {text}") for text in ("09:30", "10:15", "10:30", "11:15")]


def update(key, *, closed_after=None, owner="12"):
    history = (moved(SERVICE, Stage.CLOSED, frm=Stage.OPEN, after=closed_after),) if closed_after else ()
    fields = {Field.TASK_KIND: "patch_update", Field.ORIGIN: origin_marker(f"M58-{key}", ref(owner))}
    stage = Stage.CLOSED if closed_after else Stage.OPEN
    return an_issue(IssueKind.SERVICE_TASK, stage, key=key, fields=fields, history=history)


@pytest.mark.clause("M58")
@pytest.mark.parametrize(
    ("tasks", "stopped"),
    [
        ([update("21", closed_after=5 * HOUR), update("22", closed_after=7 * HOUR)], 7),
        ([update("21", closed_after=5 * HOUR), update("22")], None),
        ([update("21", closed_after=5 * HOUR), update("22", owner="99")], 5),
    ],
    ids=["all", "one is open", "another issue's task"],
)
def test_the_last_customers_update_stops_the_clock_of_coverage(tasks, stopped):
    done = moved(MAINTAINER, Stage.DONE, frm=Stage.TESTING, after=2 * HOUR)
    broad = set_by(MAINTAINER, Field.BROAD_VALUE, "yes", after=3 * HOUR)
    issue = corrective(Stage.DONE, done, broad, fields={Field.BROAD_VALUE: "yes"})
    for order in (tasks, tasks[::-1]):
        found = clock("update_coverage", issue, linked=order)
        assert found.started_at == MONDAY + 3 * HOUR
        assert found.stopped_at == (MONDAY + stopped * HOUR if stopped else None)
    assert clock("update_coverage", issue) is None


def test_no_clock_runs_without_a_target():
    issues = [asked(), suggestion(), paper(Stage.SUBMITTED, (SERVICE, Stage.SUBMITTED)), work("corrective")]
    assert [list(clocks_of(seen(one), Policy("nothing"))) for one in issues] == [[], [], [], []]


def test_every_clock_has_a_rule_and_a_name_of_its_own():
    assert len({spec.rule for spec in CLOCKS}) == len({spec.name for spec in CLOCKS}) == len(CLOCKS)
    assert {spec.rule for spec in CLOCKS} <= {rule.id for rule in RULES}
    for language in ("zh", "en"):
        assert len({load(language).say(f"clock.{spec.name}") for spec in CLOCKS}) == len(CLOCKS)
