"""``svc-plugin brake``: which sites may be changed, and letting one go on."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from svc_plugin.bootstrap import utc_now
from svc_plugin.cli import main
from svc_plugin.cli.init import write_config
from svc_plugin.domain.model import IssueRef
from svc_plugin.store.audit import AuditKind, SqlAudit, Wanted
from svc_plugin.store.database import Database
from svc_plugin.store.site_states import SqlSiteStates


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config = tmp_path / "config"
    write_config(config, api_key="key")
    return config


@pytest.fixture
def database(folder: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{folder}/var/svc-plugin.db")
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def held_at(database: Database) -> datetime:
    """Eleven issues of none that are known were to be changed."""
    states, now = SqlSiteStates(database), utc_now()
    held = [states.press(IssueRef("main", str(number)), now=now) for number in range(11)]
    assert held[-1]
    return now


def run(folder: Path, *arguments: str) -> Result:
    arguments = ("--config", str(folder), "brake", *arguments)
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_every_configured_site_is_told_of_before_anything_happened_there(folder: Path) -> None:
    result = run(folder)
    assert (result.exit_code, result.stdout) == (0, "main  未制动\n")


@pytest.mark.usefixtures("held_at")
def test_a_brake_that_holds_is_told_with_the_way_to_release_it_and_ends_with_3(folder: Path) -> None:
    result = run(folder)
    assert result.exit_code == 3
    assert "起制动：一小时内 11 单将被改动，共 0 单；用 --release main 放行" in result.stdout


def test_json_holds_the_figures(folder: Path, held_at: datetime) -> None:
    result = run(folder, "--json")
    (told,) = json.loads(result.stdout)
    assert (result.exit_code, told["site"], told["changed"], told["known"]) == (3, "main", 11, 0)
    assert datetime.fromisoformat(told["held_at"]) == held_at


@pytest.mark.usefixtures("held_at")
def test_a_release_holds_for_a_day_and_stands_in_the_audit_log(folder: Path, database: Database) -> None:
    result = run(folder, "--release", "main")
    assert result.exit_code == 0
    assert "可以改动，不计数" in result.stdout
    (state,) = SqlSiteStates(database).states(["main"])
    assert state.brake is None
    assert state.free_until
    assert timedelta(hours=23) < state.free_until - utc_now() <= timedelta(hours=24)
    (written,) = SqlAudit(database).walk(Wanted(kind=AuditKind.ADMIN))
    assert (written.entry.detail, written.entry.site) == ({"act": "release-site"}, "main")
    assert written.entry.actor.startswith("cli:")


@pytest.mark.usefixtures("held_at")
def test_one_site_that_is_not_configured_releases_none(folder: Path, database: Database) -> None:
    result = run(folder, "--release", "main", "--release", "branch")
    assert result.exit_code == 2
    assert "'branch' is not configured; known are main" in result.stderr
    assert SqlSiteStates(database).states(["main"])[0].brake
    assert not list(SqlAudit(database).walk(Wanted()))
