"""Which policy a clock is measured by, and what stops it when the same thing happens twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from svc_plugin.domain.clocks import State, clocks_of, survey, survey_started
from svc_plugin.domain.model import HistoryEntry
from svc_plugin.domain.policy import Policies
from svc_plugin.domain.vocabulary import STAGES, Field, IssueKind, Stage
from tests.builders import (
    LEADER,
    MAINTAINER,
    MONDAY,
    SERVICE,
    an_issue,
    corrective,
    maintenance,
    moved,
    perfective,
    seen,
    set_by,
    standard,
)

HOUR = timedelta(hours=1)


def found(name, issue, policies=None):
    clocks = clocks_of(seen(issue, now=MONDAY + timedelta(days=30)), policies or standard())
    return {spec.name: clock for spec, clock in clocks}[name]


@pytest.mark.clause("M06")
@pytest.mark.parametrize(("changed", "target"), [(-HOUR, 3), (timedelta(0), 3), (HOUR, 1)])
def test_a_clock_is_measured_by_the_policy_in_force_at_its_start(changed, target):
    slower = replace(standard(), first_response={"default": 3 * HOUR})
    policies = Policies(((MONDAY - timedelta(days=9), standard()), (MONDAY + changed, slower)))
    issue = an_issue(fields={Field.REQUEST_KIND: "complaint"})
    assert found("first_response", issue, policies).target == target * HOUR


def a_survey(stage: Stage, *history: HistoryEntry):
    fields = {Field.TASK_KIND: "survey", Field.DUE_ON: "2026-11-27"}
    return an_issue(IssueKind.SERVICE_TASK, stage, fields=fields, history=history)


@pytest.mark.clause("M29")
def test_a_survey_that_was_reopened_is_done_when_it_was_last_closed():
    closed = moved(SERVICE, Stage.CLOSED, frm=Stage.OPEN, after=HOUR)
    reopened = moved(SERVICE, Stage.IN_PROGRESS, frm=Stage.CLOSED, after=2 * HOUR)
    again = moved(SERVICE, Stage.CLOSED, frm=Stage.IN_PROGRESS, after=5 * HOUR)
    assert found("survey", a_survey(Stage.CLOSED, closed, reopened, again)).stopped_at == MONDAY + 5 * HOUR
    assert found("survey", a_survey(Stage.IN_PROGRESS, closed, reopened)).stopped_at is None
    noted = HistoryEntry(MONDAY + 9 * HOUR, SERVICE, note="谢谢")
    assert found("survey", a_survey(Stage.CLOSED, closed, noted)).stopped_at == MONDAY + HOUR


@pytest.mark.clause("M29")
def test_a_survey_that_was_entered_when_it_was_done_took_no_time():
    clock = found("survey", a_survey(Stage.CLOSED))
    assert (clock.stopped_at, clock.used) == (MONDAY, timedelta(0))


@pytest.mark.clause("M29")
@pytest.mark.parametrize(
    ("kind", "task"), [(IssueKind.SERVICE_TASK, "visit"), (IssueKind.SERVICE_REQUEST, "survey")]
)
def test_only_a_task_that_is_a_survey_is_measured_as_one(kind, task):
    fields = {Field.TASK_KIND: task, Field.DUE_ON: "2026-11-27"}
    issue = an_issue(kind, STAGES[kind][0], fields=fields)
    assert survey_started(seen(issue)) is None
    assert survey(seen(issue), standard()) is None


@pytest.mark.clause("M54")
def test_a_decision_in_the_moment_of_the_question_answers_it():
    asked = moved(MAINTAINER, Stage.AWAITING_DECISION, frm=Stage.CLASSIFIED, after=HOUR)
    decided = set_by(LEADER, Field.DECISION, "approved", after=HOUR)
    issue = perfective(Stage.AWAITING_DECISION, asked, decided, fields={Field.DECISION: "approved"})
    assert found("decision", issue).stopped_at == MONDAY + HOUR


VISIT = set_by(MAINTAINER, Field.VISIT_NEEDED, "yes", after=HOUR)
DONE = moved(MAINTAINER, Stage.DONE, frm=Stage.TESTING, after=HOUR)
UPDATE = an_issue(
    IssueKind.SERVICE_TASK,
    Stage.OPEN,
    key="31",
    fields={Field.TASK_KIND: "patch_update", Field.ORIGIN: "M58-c@main/12"},
)


@pytest.mark.parametrize(
    ("issue", "names"),
    [
        (an_issue(fields={Field.REQUEST_KIND: "inquiry"}), {"first_response"}),
        (
            an_issue(fields={Field.REQUEST_KIND: "suggestion", Field.SUGGESTION_DECISION: "adopted"}),
            {"first_response", "thanks"},
        ),
        (an_issue(IssueKind.DOCUMENT, Stage.SUBMITTED), {"approval"}),
        (a_survey(Stage.OPEN), {"survey"}),
        (
            corrective(Stage.DONE, VISIT, DONE, fields={Field.VISIT_NEEDED: "yes", Field.BROAD_VALUE: "yes"}),
            {"classification", "resolution", "visit", "update_coverage"},
        ),
        (perfective(Stage.AWAITING_DECISION), {"classification", "decision"}),
    ],
)
def test_each_kind_of_issue_has_its_clocks_each_under_its_own_name(issue, names):
    measured = list(clocks_of(seen(issue, linked=(UPDATE,)), standard()))
    assert {clock.name for _, clock in measured} == names
    assert all(clock.name == spec.name for spec, clock in measured)


@pytest.mark.parametrize(
    ("name", "issue"),
    [
        ("first_response", an_issue(fields={Field.REQUEST_KIND: "inquiry"})),
        ("approval", an_issue(IssueKind.DOCUMENT, Stage.SUBMITTED)),
        ("classification", maintenance(Stage.REGISTERED)),
        ("decision", perfective(Stage.AWAITING_DECISION)),
        ("resolution", corrective(Stage.IN_WORK)),
    ],
)
def test_a_clock_stands_still_in_the_stages_that_the_policy_names_for_it(name, issue):
    paused = replace(standard(), pauses={name: (issue.stage,)})
    assert (found(name, issue).state, found(name, issue, paused).state) == (State.RUNNING, State.PAUSED)
