"""What pages count and keep of decisions, the same on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from svc_plugin.domain.costs import Track
from svc_plugin.domain.figures.facts import Hours, facts_of
from svc_plugin.domain.figures.window import wordless
from svc_plugin.domain.model import Issue, TimeEntry
from svc_plugin.domain.ruling import Ruling
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.store.approvals import Copy, SqlApprovals
from svc_plugin.store.board import Kept, SqlBoard, Standing
from svc_plugin.store.database import Database
from svc_plugin.store.records import SqlMirror
from tests.builders import LEADER, MONDAY, SERVICE, TODAY, an_issue, example, ref

DAY = timedelta(days=1)
BOUNDS = [MONDAY - 9 * DAY, MONDAY - DAY, MONDAY + DAY]
REQUEST = IssueKind.SERVICE_REQUEST


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    database.migrate()
    yield database
    database.close()


def keep(database: Database, issue: Issue) -> None:
    book = example()
    facts = facts_of(wordless(issue, book.registers, MONDAY), book.policies)
    SqlMirror(database).put(issue, seen_at=MONDAY, facts=facts)


def test_an_issue_is_counted_by_heading_month_age_clock_and_hours(database: Database) -> None:
    entries = (TimeEntry("1", SERVICE, TODAY, 2.0), TimeEntry("2", SERVICE, TODAY, 0.5))
    keep(database, an_issue(REQUEST, Stage.IN_PROGRESS, time_entries=entries))
    update = {Field.TASK_KIND: "patch_update", Field.ORIGIN: "M58@main/7"}
    keep(database, an_issue(IssueKind.SERVICE_TASK, Stage.OPEN, key="13", fields=update))
    board, later = SqlBoard(database), MONDAY + 30 * DAY
    assert board.spread("erp", REQUEST, BOUNDS) == [0, 1]
    assert board.spread("erp", REQUEST, BOUNDS, done=True) == [0, 0]
    assert board.ages("erp", REQUEST, BOUNDS) == [0, 1]
    assert board.headings("erp", REQUEST, BOUNDS[0], BOUNDS[-1]) == {"request": (1, 0)}
    assert board.hours("erp", Track.SERVICE, ["2026-11"]) == [Hours(SERVICE, "2026-11", 2.5)]
    assert board.standing(["erp", "mes"], later) == {"erp": Standing(1, 0, 1, 1), "mes": Standing(0, 0, 0, 0)}
    assert board.kept("erp", ["first_response"], MONDAY, later) == {"first_response": Kept(1, 0)}
    at_risk, missed, [risk] = board.risks("erp", later, limit=5)
    assert (at_risk, missed, risk.issue.ref, risk.name) == (1, 1, ref("12"), "first_response")
    [patch] = board.coverage("erp", limit=5)
    assert (patch.owner, patch.all, patch.done) == (ref("7"), 1, 0)
    SqlMirror(database).drop(ref("12"), at=MONDAY)
    assert board.standing(["erp"], later) == {"erp": Standing(0, 0, 0, 0)}
    assert board.hours("erp", Track.SERVICE, ["2026-11"]) == []


@pytest.mark.clause("M26")
def test_a_decision_is_kept_once_and_ends_when_another_stands(database: Database) -> None:
    approvals = SqlApprovals(database)
    first = Ruling(ref(), MONDAY, "CSP-erp-2027", "AB", LEADER, "agree", "")
    for _ in range(2):
        approvals.keep(ref(), first, version=1, copy="", ended_at=MONDAY)
    assert [one.ended_at for one in approvals.of_document("CSP-erp-2027")] == [None]
    second = replace(first, at=MONDAY + DAY, code="CD")
    approvals.keep(ref(), second, version=2, copy="ef", ended_at=MONDAY + DAY)
    found = approvals.of_document("CSP-erp-2027")
    assert [(one.ruling, one.version, one.copy, one.ended_at) for one in found] == [
        (second, 2, "ef", None),
        (first, 1, "", MONDAY + DAY),
    ]
    approvals.keep(ref(), None, version=0, copy="", ended_at=MONDAY + 2 * DAY)
    ends = [one.ended_at for one in approvals.of_document("CSP-erp-2027")]
    assert ends == [MONDAY + 2 * DAY, MONDAY + DAY]


def test_a_copy_waits_a_day_for_its_own_hander_in(database: Database) -> None:
    approvals = SqlApprovals(database)
    for content in (b"first", b"second"):
        approvals.hand_in(Copy(ref(), LEADER, MONDAY, "a.docx", content))
    assert approvals.handed_in(ref(), SERVICE, MONDAY) is None
    found = approvals.handed_in(ref(), LEADER, MONDAY + DAY)
    assert found
    assert found.content == b"second"
    assert approvals.handed_in(ref(), LEADER, MONDAY + DAY + timedelta(seconds=1)) is None
    approvals.forget_copy(ref(), LEADER)
    assert approvals.handed_in(ref(), LEADER, MONDAY) is None
