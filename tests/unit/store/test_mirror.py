"""The mirror by kind and stage: asked narrowly, walked in parts, filled when it is older than its columns."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import svc_plugin.store
from svc_plugin.domain.vocabulary import IssueKind, Stage
from svc_plugin.store.codec import issue_to_json
from svc_plugin.store.database import Database
from svc_plugin.store.records import SqlMirror
from svc_plugin.store.tables import mirror
from svc_plugin.store.work import SqlWorkTable
from tests.builders import MONDAY, a_plan, an_issue, maintenance, ref

WORK, PAPER = IssueKind.MAINTENANCE, IssueKind.DOCUMENT


def keys(issues):
    return sorted(issue.ref.key for issue in issues)


@pytest.fixture
def filled(database: Database) -> SqlMirror:
    kept = SqlMirror(database)
    old = MONDAY - timedelta(days=40)
    for issue in (
        maintenance(Stage.IN_WORK, key="1"),
        maintenance(Stage.IN_WORK, key="2", updated_at=old),
        maintenance(Stage.DONE, key="3"),
        maintenance(Stage.IN_WORK, key="4", product="mes"),
        a_plan("service_plan", "2026", key="5"),
        an_issue(stage=None, key="6"),
    ):
        kept.put(issue, seen_at=MONDAY)
    return kept


def test_issues_are_found_by_product_kind_stage_and_change(filled):
    assert keys(filled.standing("erp", WORK, {Stage.IN_WORK})) == ["1", "2"]
    assert keys(filled.standing("erp", WORK, {Stage.IN_WORK, Stage.DONE}, since=MONDAY)) == ["1", "3"]
    assert keys(filled.standing("erp", PAPER, {Stage.APPROVED})) == ["5"]
    assert keys(filled.standing("crm", WORK, {Stage.IN_WORK})) == []


def test_references_are_named_latest_first_and_not_beyond_the_limit(filled):
    assert filled.refs_standing("erp", WORK, {Stage.IN_WORK}, limit=9) == [ref("1"), ref("2")]
    assert filled.refs_standing("erp", WORK, {Stage.IN_WORK}, limit=1) == [ref("1")]


def test_a_later_snapshot_is_found_where_it_stands_now(filled):
    filled.put(maintenance(Stage.TESTING, key="1"), seen_at=MONDAY)
    assert keys(filled.standing("erp", WORK, {Stage.IN_WORK})) == ["2"]
    assert keys(filled.standing("erp", WORK, {Stage.TESTING})) == ["1"]


def test_a_walk_meets_each_issue_once_and_counts_the_same(filled):
    assert keys(filled.walk(None)) == ["1", "2", "3", "4", "5", "6"]
    assert keys(filled.walk(MONDAY)) == ["1", "3", "4", "5", "6"]
    assert (filled.count(None), filled.count(MONDAY)) == (6, 5)


def test_whom_a_change_concerns_is_due_with_it(database):
    kept, work = SqlMirror(database), SqlWorkTable(database)
    kept.put(maintenance(Stage.IN_WORK, key="1"), seen_at=MONDAY, concerned=[ref("8"), ref("7"), ref("8")])
    assert sorted(work.due(now=MONDAY, limit=9)) == [ref("7"), ref("8")]
    kept.drop(ref("1"), at=MONDAY, concerned=[ref("9")])
    assert sorted(work.due(now=MONDAY, limit=9)) == [ref("7"), ref("8"), ref("9")]


def test_a_mirror_from_before_the_columns_is_filled_from_its_snapshots(database_url):
    database = Database(database_url)
    _migrate(database, "0001")
    issues = [maintenance(Stage.IN_WORK, key=str(number)) for number in range(1100)]
    issues += [an_issue(stage=None, key="none"), a_plan("service_plan", "2026", key="plan")]
    columns = [column for column in mirror.c if column.name not in {"kind", "stage"}]
    with database.begin() as connection:
        table = sa.table("mirror", *(sa.column(column.name) for column in columns))
        rows = [
            {
                "site": "main",
                "key": issue.ref.key,
                "product": issue.product,
                "updated_at": MONDAY.timestamp(),
                "seen_at": MONDAY.timestamp(),
                "issue": issue_to_json(issue),
            }
            for issue in issues
        ]
        connection.execute(sa.insert(table), rows)
    database.migrate()
    kept = SqlMirror(database)
    assert len(keys(kept.standing("erp", WORK, {Stage.IN_WORK}))) == 1100
    assert keys(kept.standing("erp", PAPER, {Stage.APPROVED})) == ["plan"]
    with database.begin() as connection:
        asked = sa.select(mirror.c.kind, mirror.c.stage).where(mirror.c.key == "none")
        assert tuple(connection.execute(asked).one()) == ("service_request", "")
    database.close()


def _migrate(database: Database, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", f"{svc_plugin.store.__path__[0]}/migrations")
    with database.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
