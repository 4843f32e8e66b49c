"""The command line on the stand-in Redmine: what each command prints, writes and ends with."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from docx import Document

from svc_plugin.bootstrap import utc_now
from svc_plugin.cli import main
from svc_plugin.cli.init import write_config
from svc_plugin.demo.redmine_actor import RedmineActor
from svc_plugin.demo.stage import ADMIN, BOT, api_key, cast, open_redmine
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.settings import load_settings
from svc_plugin.standins.redmine import Served
from tests.builders import NOW

REQUEST, WORK = IssueKind.SERVICE_REQUEST, IssueKind.MAINTENANCE


@dataclass
class House:
    """A company on a stand-in, and its command line."""

    config: Path
    redmine: Served
    people: dict[str, RedmineActor]

    def run(self, *arguments: str) -> Result:
        # click keeps standard output and error apart; logs go to the latter
        return CliRunner().invoke(main, ["--config", str(self.config), *arguments], catch_exceptions=False)

    def status(self, number: int) -> str:
        return self.people["wang.fang"].read(number)["status"]["name"]

    def closed_too_early(self) -> int:
        person = self.people["wang.fang"]
        fields = {Field.REQUEST_KIND: "inquiry", Field.CHANNEL: "email", Field.CUSTOMER: "恒通机械有限公司"}
        number = person.create(REQUEST, "erp", "打印不出发票", fields)
        person.change(number, REQUEST, stage=Stage.CLOSED)
        return number


@pytest.fixture
def house(tmp_path) -> Iterator[House]:
    config = tmp_path / "config"
    write_config(config, api_key=api_key(BOT))
    settings = load_settings(config, {}, now=NOW)
    with open_redmine(settings, "http://127.0.0.1:9/hooks/main", 0, None) as redmine:
        main_file = config / "svc-plugin.yaml"
        main_file.write_text(main_file.read_text().replace("http://127.0.0.1:8181", redmine.url))
        keys = {account: api_key(account) for account in settings.registers.people}
        yield House(config, redmine, cast(redmine.url, settings.sites["main"].mapping, keys, api_key(ADMIN)))


def test_init_writes_a_configuration_that_loads_with_secrets_only_its_owner_reads(tmp_path):
    folder = tmp_path / "company"
    assert CliRunner().invoke(main, ["init", str(folder)]).exit_code == 0
    assert (folder / "secrets.env").stat().st_mode & 0o077 == 0
    assert len(load_settings(folder, {}, now=NOW).secret_key) > 40


def test_init_writes_nothing_into_a_folder_that_is_in_use(tmp_path):
    (tmp_path / "precious").write_text("mine")
    result = CliRunner().invoke(main, ["init", str(tmp_path)])
    assert result.exit_code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


def test_check_names_every_fault_of_the_files_and_ends_with_1(house):
    policy = house.config / "policies" / "standard.yaml"
    policy.write_text(policy.read_text().replace("complaint: 1h", "complaint: soon"))
    result = house.run("check", "--offline")
    assert result.exit_code == 1
    assert "first_response.complaint = 'soon'" in result.stderr


def test_check_names_the_days_from_which_policies_are_in_force(house):
    main_file = house.config / "svc-plugin.yaml"
    dated = "policy: [{ from: 2026-01-01, use: light }, { from: 2026-02-01, use: standard }]"
    main_file.write_text(main_file.read_text().replace("policy: standard", dated, 1))
    result = house.run("check", "--offline")
    assert result.exit_code == 0
    assert "策略 standard 自 2026-02-01 起生效" in result.stdout


def test_check_finds_the_example_company_in_order_on_its_site(house):
    for kind in IssueKind:  # fields and moves of a kind can only be read from an issue
        house.people["zhang.wei"].create(kind, "erp", "第一单", {})
    result = house.run("check", "--json")
    assert json.loads(result.stdout)["sites"] == {"main": []}
    assert result.exit_code == 0


def test_check_says_so_when_the_key_is_wrong(house):
    secrets = house.config / "secrets.env"
    secrets.write_text(secrets.read_text().replace(api_key(BOT), "wrong"))
    result = house.run("check")
    assert result.exit_code == 1
    assert "- " in result.stdout


def test_plan_says_what_would_be_done_and_writes_nothing(house):
    number = house.closed_too_early()
    result = house.run("plan", f"main/{number}", "--json")
    changes = json.loads(result.stdout)[0]["changes"]
    assert [change["change"] for change in changes] == ["SetStage", "PutComment"]
    assert house.status(number) == "已关闭"


def test_plan_of_an_unknown_site_is_one_sentence(house):
    result = house.run("plan", "elsewhere/1")
    assert result.exit_code == 1
    assert "site 'elsewhere' is not configured" in result.stderr


def test_a_dry_run_of_sync_lists_what_would_change_and_writes_nothing(house):
    number = house.closed_too_early()
    result = house.run("sync", "--dry-run")
    assert result.exit_code == 0
    assert f"main/{number}" in result.stdout
    assert house.status(number) == "已关闭"


def test_sync_puts_things_right_and_a_second_one_finds_nothing_to_do(house):
    number = house.closed_too_early()
    assert house.run("sync").exit_code == 0
    assert house.status(number) == "已登记"
    again = json.loads(house.run("sync", "--json").stdout)
    assert again["would_change"] == 0


def test_sync_refuses_to_change_too_much_unless_it_is_forced(house):
    numbers = [house.closed_too_early() for _ in range(12)]
    held = house.run("sync")
    assert held.exit_code == 3
    assert house.status(numbers[0]) == "已关闭"
    assert house.run("sync", "--force").exit_code == 0
    assert {house.status(number) for number in numbers} == {"已登记"}


def test_sync_of_a_site_that_is_down_says_so_and_ends_with_4(house):
    house.redmine.close()
    result = house.run("sync")
    assert result.exit_code == 4
    assert "main: " in result.stdout


def test_a_refused_change_is_parked_with_its_reason_and_can_be_released(house):
    number = house.people["liu.yang"].create(WORK, "erp", "改报表", {})
    house.people["liu.yang"].change(number, WORK, stage=Stage.IN_WORK)
    forbid_moves_of_the_bot(house)
    assert house.run("sync").exit_code == 4
    parked = json.loads(house.run("parked", "--json").stdout)
    assert [row["ref"] for row in parked] == [f"main/{number}"]
    assert "已登记" in parked[0]["error"]
    released = house.run("parked", "--release", f"main/{number}", "--json")
    assert json.loads(released.stdout) == []


def forbid_moves_of_the_bot(house: House) -> None:
    """Empty the workflow of the bot's role, as an administrator might by mistake."""
    site = house.redmine.app.extensions["redmine_standin"]
    bot = next(role.id for role in site.catalogue.roles.values() if role.name == "服务机器人")
    moves = {key: pairs for key, pairs in site.catalogue.moves.items() if key[0] != bot}
    object.__setattr__(site, "catalogue", replace(site.catalogue, moves=moves))


def test_documents_create_writes_the_report_and_the_same_version_again(house, tmp_path):
    number = house.closed_too_early()
    house.run("sync")
    target, now = tmp_path / "out" / "report.docx", utc_now()
    arguments = (
        "documents",
        "create",
        "service_report",
        "--product",
        "erp",
        "--period",
        str(now.astimezone(ZoneInfo("Asia/Shanghai")).year),
        "-o",
        str(target),
    )
    first = json.loads(house.run(*arguments, "--json").stdout)
    again = json.loads(house.run(*arguments, "--json").stdout)
    assert (first["version"], again["version"]) == (1, 1)
    assert first["file_sha256"] == again["file_sha256"]
    tables = Document(io.BytesIO(target.read_bytes())).tables
    assert any(row.cells[0].text == str(number) for table in tables for row in table.rows)


@pytest.mark.parametrize(
    ("product", "period", "told"),
    [("abc", "2026-Q4", "product 'abc' is not in the register"), ("erp", "soon", "period 'soon'")],
)
def test_documents_create_names_what_it_does_not_know(house, product, period, told):
    result = house.run("documents", "create", "service_report", "--product", product, "--period", period)
    assert result.exit_code == 1
    assert told in result.stderr


def test_setup_writes_script_and_blueprint_and_says_how_to_run_them(house, tmp_path):
    result = house.run("setup", "redmine", "-o", str(tmp_path / "setup"))
    assert "rails runner" in result.stdout
    blueprint = json.loads((tmp_path / "setup" / "blueprint.json").read_text())
    assert {tracker["name"] for tracker in blueprint["trackers"]} == {
        "客户要求",
        "维护要求",
        "服务任务",
        "服务文档",
    }


def test_every_command_has_help_with_an_example(house):
    for name, command in main.commands.items():
        shown = [*(f"{name} {sub}" for sub in getattr(command, "commands", {}))] or [name]
        for path in shown:
            text = house.run(*path.split(), "--help").stdout
            assert "Example:" in text, path


def asked_ten_days_ago(house):
    received = (datetime.now(UTC) - timedelta(days=10)).strftime("%Y-%m-%d %H:%M")
    fields = {Field.REQUEST_KIND: "inquiry", Field.CHANNEL: "email", Field.RECEIVED_AT: received}
    return house.people["wang.fang"].create(REQUEST, "erp", "打印不出发票", fields)


def test_clock_proves_each_clock_of_an_issue_and_writes_nothing(house):
    number = asked_ten_days_ago(house)
    told = json.loads(house.run("clock", f"main/{number}", "--json").stdout)[0]
    (found,) = told["clocks"]
    assert (found["clock"], found["rule"], found["policy"]) == ("first_response", "M06", "standard")
    assert (found["target_seconds"], found["state"]) == (4 * 3600, "running")
    assert sum(part["used_seconds"] for part in found["intervals"]) == pytest.approx(found["used_seconds"])
    assert found["intervals"][-1]["to"] == told["at"]
    assert house.status(number) == "已登记"


@pytest.mark.parametrize(
    ("language", "head", "weekend"),
    [("zh", "首次响应（M06、M30）", "周末"), ("en", "first response (M06, M30)", "weekend")],
)
def test_clock_speaks_the_language_asked_for_in_a_table(house, language, head, weekend):
    text = house.run("clock", f"main/{asked_ten_days_ago(house)}", "--lang", language).stdout
    assert head in text
    rows = [line for line in text.splitlines() if line.startswith("    20")]
    row = re.compile(r"    (\d{4}-\d\d-\d\d \d\d:\d\d  ){2}(\d+:\d\d:\d\d +){2}\S.*")
    assert [line for line in rows if not row.fullmatch(line)] == []
    assert any(line.endswith(f"  {weekend}") for line in rows)
    assert len({re.search(r"\S+( \S+)*$", line).start() for line in rows}) == 1


def test_clock_of_an_issue_without_clocks_says_so(house):
    number = house.people["wang.fang"].create(IssueKind.SERVICE_TASK, "erp", "培训", {})
    assert "没有计时" in house.run("clock", f"main/{number}").stdout
