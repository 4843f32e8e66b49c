"""What ``svc-plugin clauses`` tells is so: tests, headings, keys, figures and parts are there."""

import dataclasses
import importlib
from collections.abc import Mapping
from functools import reduce
from pathlib import Path
from typing import get_args

import pytest

from docgen.content.chapters import CHAPTERS
from svc_plugin.domain.clauses import CLAUSES
from svc_plugin.domain.figures.maintenance_model import MaintenanceReport
from svc_plugin.domain.figures.service_model import ServiceReport
from svc_plugin.domain.keeping import CHECKS, FIGURES, PARTS
from svc_plugin.domain.rules import RULES
from svc_plugin.messages import LANGUAGES, load
from svc_plugin.settings.files import PolicyFile
from svc_plugin.settings.register_files import CalendarFile, CustomerFile, PersonFile, ProductFile
from tests.architecture.trace import GUARDS, as_file, guarded

SHAPES = {
    "registers/calendar.yaml": CalendarFile,
    "registers/people.yaml": PersonFile,
    "registers/products.yaml": ProductFile,
    "registers/customers.yaml": CustomerFile,
    "policies/*.yaml": PolicyFile,
}
REPORTS = {"service_report": ServiceReport, "maintenance_report": MaintenanceReport}


def test_the_shipped_list_of_tests_is_current():
    assert GUARDS.read_text(encoding="utf-8") == as_file(guarded()), "run `make trace`"


def test_every_clause_of_a_rule_is_guarded_by_a_test_beside_the_scenarios():
    direct = {
        clause for clause, tests in guarded().items() if any(not t.startswith("scenarios/") for t in tests)
    }
    assert {clause for rule in RULES for clause in rule.clauses} - direct == set()


def test_every_test_names_a_clause_of_the_process():
    assert guarded().keys() <= CLAUSES.keys()


def test_every_clause_of_the_tables_is_a_clause_of_the_process():
    named = {name for places in CHAPTERS.values() for name, _ in places}
    assert named | CHECKS.keys() | FIGURES.keys() | PARTS.keys() <= CLAUSES.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chapter_has_a_heading_and_says_the_clause(language):
    entries = load(language).entries
    for document, places in CHAPTERS.items():
        assert f"doc.title.{document}" in entries
        for clause, chapter in places:
            assert chapter == "cover" or f"doc.heading.{chapter}" in entries, chapter
            assert f"doc.clause.{clause}" in entries


def test_every_check_looks_at_a_key_of_its_file():
    for clause, checks in CHECKS.items():
        for check in checks:
            file, key = check.split(" ")
            assert key in SHAPES[file].model_fields, f"{clause}: {check}"


def test_every_figure_stands_in_its_report():
    for clause, figures in FIGURES.items():
        for figure in figures:
            report, path = figure.split(" ")
            assert reduce(_field, path.split("."), REPORTS[report]), f"{clause}: {figure}"


def _field(owner: type, name: str) -> type:
    """Return the type of a field, of its elements when it holds many."""
    hints: Mapping[str, type] = {one.name: one.type for one in dataclasses.fields(owner)}  # type: ignore[arg-type,misc]
    return (get_args(hints[name]) or (hints[name],))[0]


def test_every_part_is_a_module_of_the_product():
    for clause, part in PARTS.items():
        assert Path(importlib.import_module(part).__file__ or "").exists(), clause
