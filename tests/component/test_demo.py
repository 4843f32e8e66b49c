"""The demo: the whole product on a stand-in, over HTTP, with signed webhooks."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document

from svc_plugin.cli import main
from svc_plugin.cli.init import write_config
from tests.thorough import takes_minutes


@takes_minutes
def test_the_story_is_played_on_jira_and_its_documents_are_written(tmp_path: Path) -> None:
    command = ["demo", "--once", "--site", "jira", "--lang", "en", "--json", "-o", str(tmp_path)]
    done = CliRunner().invoke(main, command, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert len(told["answers"]) == 11
    kinds = {"service_plan", "service_report", "maintenance_plan", "maintenance_report"}
    assert {Path(one).stem for one in told["files"]} == {
        f"{k}-{lang}" for k in kinds for lang in ("zh", "en")
    }
    report = Document(str(tmp_path / "service_report-en.docx"))
    cells = {cell.text for table in report.tables for row in table.rows for cell in row.cells}
    assert "ERP-1" in cells


@pytest.mark.parametrize("site", ["jira", "jira-dc"])
def test_a_folder_with_a_demo_of_another_site_is_left_alone(tmp_path: Path, site: str) -> None:
    write_config(tmp_path / "config", api_key="k")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    done = CliRunner().invoke(main, ["demo", "--site", site, "--folder", str(tmp_path)])
    assert done.exit_code == 1
    assert str(tmp_path) in done.output
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
