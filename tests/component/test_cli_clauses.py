"""``svc-plugin clauses``: the table, one clause with its tests, and what it ends with."""

import json

import pytest
from click.testing import CliRunner, Result

from svc_plugin.cli import main
from svc_plugin.cli.clauses import gaps
from svc_plugin.domain.clauses import CLAUSES
from svc_plugin.domain.keeping import kept
from svc_plugin.messages import load
from tests.architecture.trace import guarded
from tests.builders import CONFIG, standard


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(CONFIG), "clauses", *arguments], catch_exceptions=False)


def test_the_table_has_every_clause_and_ends_with_1_when_one_is_not_kept():
    wanting = [row.name for row in kept(standard(), {}, guarded()) if row.unkept or row.unguarded]
    result = run()
    assert [line[:3] for line in result.stdout.splitlines() if line[:3] in CLAUSES] == list(CLAUSES)
    assert [line[:3] for line in result.stderr.splitlines()] == wanting
    assert result.exit_code == bool(wanting)


def test_a_clause_is_told_with_rule_mode_chapter_figure_and_every_test():
    result = run("M06")
    assert result.exit_code == 0
    for told in (
        "规则 M06：执行",
        "《客户服务报告》统计",
        "service_report statistics.responses",
        *guarded()["M06"],
    ):
        assert told in result.stdout
    assert "M07" not in result.stdout


def test_as_json_a_row_has_what_keeps_the_clause():
    (row,) = json.loads(run("M16", "--json").stdout)
    assert (row["clause"], row["keeping"], row["rule"], row["mode"]) == ("M16", "C", "", "")
    assert row["checks"] == ["registers/products.yaml service_staff"]
    assert row["tests"] == guarded()["M16"]


def test_a_clause_that_does_not_exist_is_refused():
    result = run("M77")
    assert result.exit_code == 2
    assert "'M77': write M01 to M76" in result.stderr


@pytest.mark.parametrize(("language", "remedy"), [("zh", "人工把关"), ("en", "see to it by hand")])
def test_a_clause_that_nothing_keeps_is_named_with_its_remedy(language, remedy):
    unkept = next(row for row in kept(standard(), {}, {}, rules=()) if row.name == "M54")
    (sentence,) = gaps(load(language), unkept)
    assert sentence.startswith("M54 ")
    assert remedy in sentence


@pytest.mark.parametrize(("language", "remedy"), [("zh", "标注一个"), ("en", "Mark a test")])
def test_a_rule_without_a_test_is_named_with_its_remedy(language, remedy):
    unguarded = next(row for row in kept(standard(), {}, {}) if row.name == "M30")
    (sentence,) = gaps(load(language), unguarded)
    assert "M06" in sentence
    assert remedy in sentence
    assert '@pytest.mark.clause("M30")' in sentence
