"""`svc-plugin registers` on a company of its own: what it prints, writes and ends with."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from svc_plugin.cli import main
from svc_plugin.settings import load_settings
from tests.builders import CONFIG, NOW

CUSTOMERS = "registers/customers.yaml"
NEW = (
    "客户编号,客户名称,城市,产品,版本,交付日期\nfuyuan,富源农业,武汉,mes,3.1,2026-05-06\nhengtong,,上海,,,\n"
)
BAD = "客户编号,客户名称,城市\nfuyuan,富源农业,武汉\nlaoshan,崂山饮料,\nhengtong,瑞丰食品股份有限公司,\n"


@pytest.fixture
def folder(tmp_path) -> Path:
    shutil.copytree(CONFIG, tmp_path / "config")
    return tmp_path / "config"


def run(folder: Path, *arguments: object) -> Result:
    words = ["--config", str(folder), "registers", *map(str, arguments)]
    return CliRunner().invoke(main, words, catch_exceptions=False)


def csv_file(folder: Path, text: str) -> Path:
    path = folder.parent / "list.csv"
    path.write_bytes(text.encode("gb18030"))
    return path


def test_import_adds_and_changes_customers_and_the_company_is_still_in_order(folder):
    before = (folder / CUSTOMERS).read_text(encoding="utf-8")
    result = run(folder, "import", "customers", csv_file(folder, NEW))
    assert result.exit_code == 0, result.stderr
    assert "新增 1，更改 1，未变 11" in result.stdout
    customers = load_settings(folder, {}, now=NOW).registers.customers
    assert (customers["fuyuan"].name, customers["hengtong"].city) == ("富源农业", "上海")
    assert customers["fuyuan"].deliveries[0].version == "3.1"
    after = (folder / CUSTOMERS).read_text(encoding="utf-8")
    assert after.startswith(before.replace("city: 北京", "city: 上海", 1))
    assert len(after.splitlines()) == len(before.splitlines()) + 5


def test_a_second_import_of_the_same_finds_nothing_to_do_and_writes_nothing(folder):
    source = csv_file(folder, NEW)
    run(folder, "import", "customers", source)
    written = (folder / CUSTOMERS).stat().st_mtime_ns
    result = run(folder, "import", "customers", source)
    assert "新增 0，更改 0，未变 13" in result.stdout
    assert (folder / CUSTOMERS).stat().st_mtime_ns == written


def test_a_dry_run_prints_what_would_be_done_and_writes_nothing(folder):
    before = (folder / CUSTOMERS).read_bytes()
    result = run(folder, "import", "customers", csv_file(folder, NEW), "--dry-run")
    assert "+ 新增 fuyuan" in result.stdout
    assert "~ 更改 hengtong：city：'北京' → '上海'" in result.stdout
    assert "试运行" in result.stdout
    assert (folder / CUSTOMERS).read_bytes() == before


def test_a_dry_run_as_json_tells_the_same(folder):
    result = run(folder, "import", "customers", csv_file(folder, NEW), "--dry-run", "--json")
    told = json.loads(result.stdout)
    assert (told["dry_run"], told["added"], told["unchanged"], told["faults"]) == (True, ["fuyuan"], 11, [])
    assert told["changed"] == [{"key": "hengtong", "place": "city", "old": "'北京'", "new": "'上海'"}]


def test_one_bad_row_refuses_all_and_every_bad_row_is_told(folder):
    before = (folder / CUSTOMERS).read_bytes()
    result = run(folder, "import", "customers", csv_file(folder, BAD))
    assert result.exit_code == 1
    assert "list.csv:3: 城市 = '': 缺少这一项，请补上" in result.stderr
    assert "有 1 处错误，未作任何改动" in result.stderr
    assert (folder / CUSTOMERS).read_bytes() == before


def test_faults_as_json_name_line_column_and_value(folder):
    result = run(folder, "import", "customers", csv_file(folder, BAD), "--json")
    assert result.exit_code == 1
    fault = json.loads(result.stdout)["faults"][0]
    assert (fault["file"], fault["line"], fault["column"], fault["value"]) == ("list.csv", 3, "城市", "''")


@pytest.mark.parametrize("which", ["customers", "people"])
def test_what_export_writes_is_read_back_without_a_change(folder, which):
    target = folder.parent / "export.csv"
    assert run(folder, "export", which, "-o", target).exit_code == 0
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    result = run(folder, "import", which, target, "--dry-run", "--json")
    told = json.loads(result.stdout)
    assert (told["added"], told["changed"], told["faults"]) == ([], [], [])


def test_export_without_a_file_prints_and_disarms_formulas(folder):
    path = folder / CUSTOMERS
    text = path.read_text(encoding="utf-8").replace("name: 李建国", "name: =HYPERLINK(1)", 1)
    path.write_text(text, encoding="utf-8")
    result = run(folder, "export", "customers")
    assert '"\'=HYPERLINK(1)"' in result.stdout
    assert result.stdout.startswith('"客户编号","客户名称"')


def test_schemas_are_written_where_asked(folder, tmp_path):
    result = run(folder, "schemas", "-o", tmp_path / "schemas")
    assert result.exit_code == 0
    written = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "schemas").iterdir()}
    assert written == {path.name: path.read_text(encoding="utf-8") for path in (CONFIG / "schemas").iterdir()}
