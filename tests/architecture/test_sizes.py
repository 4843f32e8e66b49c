"""Small rooms: what grows past a limit is divided, not excused."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("svc_plugin", "webhooks", "docgen", "bench")
MODULE, FUNCTION, RULE = 300, 40, 120


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (ROOT / folder).rglob("*.py")


def length_without_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    lines = (node.end_lineno or 0) - node.lineno + 1
    first = node.body[0]
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


def test_no_module_is_longer_than_300_lines():
    long = {
        str(path.relative_to(ROOT)): count
        for path in sources(*PRODUCT, "tests")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > MODULE
    }
    assert not long


def test_no_rule_module_is_longer_than_120_lines():
    rules = sources("svc_plugin/domain/rules")
    assert not [path.name for path in rules if len(path.read_text(encoding="utf-8").splitlines()) > RULE]


def test_no_function_is_longer_than_40_lines():
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sources(*PRODUCT)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and length_without_docstring(node) > FUNCTION
    ]
    assert not long
