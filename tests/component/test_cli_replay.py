"""``svc-plugin replay``: the table, the JSON, and that nothing is written."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from svc_plugin.bootstrap import utc_now
from svc_plugin.cli import main
from svc_plugin.cli.init import write_config
from svc_plugin.domain.vocabulary import Stage
from svc_plugin.store.database import Database
from svc_plugin.store.records import SqlMirror
from svc_plugin.store.tables import metadata
from tests.builders import MONDAY, an_issue, perfective


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config = tmp_path / "config"
    write_config(config, api_key="key")
    database = opened(config)
    database.migrate()
    mirror, now = SqlMirror(database), utc_now()  # the command looks at the clock: nothing may be overdue
    mirror.put(an_issue(stage=Stage.CLOSED, title="月报", created_at=now, updated_at=now), seen_at=now)
    mirror.put(perfective(Stage.SCHEDULED, key="13", updated_at=MONDAY.replace(year=2025)), seen_at=now)
    mirror.put(replace(an_issue(key="14", created_at=now, updated_at=now), product=""), seen_at=now)
    database.close()
    return config


def opened(folder: Path) -> Database:
    return Database(f"sqlite:///{folder}/var/svc-plugin.db")


def contents(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    database = opened(folder)
    with database.begin() as connection:
        found = {
            name: [tuple(row) for row in connection.execute(sa.select(table))]
            for name, table in metadata.tables.items()
        }
    database.close()
    return found


def run(folder: Path, *arguments: str) -> Result:
    arguments = ("--config", str(folder), "replay", *arguments)
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_it_says_what_would_differ_and_writes_nothing(folder):
    before = contents(folder)
    result = run(folder, "--policy", "light")
    assert result.exit_code == 0
    assert (
        "按策略 light 重新判断了 3 单（现行策略 standard）：2 单的判断不同。未作任何改动。" in result.stdout
    )
    assert "新拦下 0 单，新放行 2 单，新超时 0 单" in result.stdout
    assert "main/12  月报  新放行" in result.stdout
    assert "  - M40  还缺少：" in result.stdout
    assert contents(folder) == before


def test_it_speaks_the_companys_language(folder):
    main_file = folder / "svc-plugin.yaml"
    main_file.write_text(main_file.read_text().replace("language: zh", "language: en", 1))
    assert (
        "3 issues judged under policy light (in force: standard)" in run(folder, "--policy", "light").stdout
    )


def test_json_holds_the_figures_and_every_difference(folder):
    found = json.loads(run(folder, "--policy", "light", "--since", "2026-01-01", "--json").stdout)
    assert (found["looked_at"], found["different"], found["free"], found["blocked"]) == (2, 1, 1, 0)
    (one,) = found["differences"]
    assert (one["ref"], one["free"], [f["rule"] for f in one["before"]]) == ("main/12", True, ["M40"])


def test_a_policy_may_be_a_file_anywhere(folder, tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text("rules: { M40: off, M54: off }\n")
    assert "重新判断了 3 单" in run(folder, "--policy", str(file)).stdout


@pytest.mark.parametrize(
    ("text", "told"),
    [("rules: { M99: off }\n", "ours.yaml:1: rules.M99 = 'off'"), (None, "ours.yaml: ")],
)
def test_a_policy_with_faults_or_none_at_all_ends_with_1(folder, tmp_path, text, told):
    file = tmp_path / "ours.yaml"
    if text:
        file.write_text(text)
    result = run(folder, "--policy", str(file))
    assert result.exit_code == 1
    assert told in result.stderr


def test_an_unknown_name_is_looked_for_among_the_policies(folder):
    result = run(folder, "--policy", "strict")
    assert result.exit_code == 1
    assert "policies/strict.yaml" in result.stderr
