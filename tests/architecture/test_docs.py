"""What the documentation lists is what the code has."""

from pathlib import Path

from svc_plugin.cli import main
from svc_plugin.domain.clauses import CLAUSES
from svc_plugin.domain.rules import RULES
from svc_plugin.settings.files import MainFile, PolicyFile

DOCS = Path(__file__).parents[2] / "docs"


def cells(name: str) -> dict[str, list[str]]:
    lines = (DOCS / name).read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| M")]
    return {row[0]: row for row in rows}


def test_every_rule_stands_in_the_table_with_its_clauses():
    table = cells("rules.md")
    served = {rule.id: " ".join(rule.clauses) for rule in RULES}
    assert served == {name: row[1] for name, row in table.items()}


def test_every_soft_rule_is_said_to_be_one():
    table = cells("rules.md")
    soft = {rule.id for rule in RULES if rule.soft}
    assert soft == {name for name, row in table.items() if "soft" in row[-1]}


def test_every_setting_is_documented():
    text = (DOCS / "configuration.md").read_text(encoding="utf-8")
    keys = {*MainFile.model_fields, *PolicyFile.model_fields}
    assert {key for key in keys if f"`{key}" not in text} == set()


def test_every_command_is_documented_in_both_languages():
    for name in ("operations.md", "operations.zh.md"):
        text = (DOCS / name).read_text(encoding="utf-8")
        assert {command for command in main.commands if f"`{command}" not in text} == set(), name


def test_every_clause_of_a_rule_is_a_clause_of_the_process():
    assert {clause for rule in RULES for clause in rule.clauses} <= CLAUSES.keys()
    assert len(CLAUSES) == 76
