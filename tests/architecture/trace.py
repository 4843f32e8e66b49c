"""Writes down which tests guard each clause, so that ``svc-plugin clauses`` knows it where no tests are."""

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
GUARDS = TESTS.parent / "svc_plugin" / "guards.json"
_SCENARIOS = "scenarios/en"  # its Chinese twins say the same
_TITLE = re.compile(r"\s*Scenario(?: Outline)?: (.+)")


def guarded() -> dict[str, list[str]]:
    """Return the tests by clause, read from their marks and from the tags of scenarios."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in TESTS.rglob("test_*.py"):
        for clause, test in _marked(ast.parse(path.read_text(encoding="utf-8")).body, ()):
            found[clause].add(f"{path.relative_to(TESTS)}::{test}")
    for path in (TESTS / _SCENARIOS).glob("*.feature"):
        for clause, title in _tagged(path.read_text(encoding="utf-8").splitlines()):
            found[clause].add(f"{path.relative_to(TESTS)}::{title}")
    return {clause: sorted(tests) for clause, tests in sorted(found.items())}


def as_file(guards: dict[str, list[str]]) -> str:
    """Return what is shipped: one test a line, so that changes stay readable."""
    return json.dumps(guards, ensure_ascii=False, indent=1) + "\n"


def _marked(body: Iterable[ast.stmt], outer: Iterable[str]) -> Iterator[tuple[str, str]]:
    statements = list(body)
    assigned = (one for one in statements if isinstance(one, ast.Assign))
    whole = [one.value for one in assigned if [getattr(t, "id", "") for t in one.targets] == ["pytestmark"]]
    common = [*outer, *_clauses(whole)]
    for one in statements:
        if isinstance(one, ast.ClassDef):
            yield from _marked(one.body, [*common, *_clauses(one.decorator_list)])
        elif isinstance(one, ast.FunctionDef) and one.name.startswith("test_"):
            for clause in [*common, *_clauses(one.decorator_list)]:
                yield clause, one.name


def _clauses(expressions: Iterable[ast.expr]) -> Iterator[str]:
    """Find ``pytest.mark.clause("M54")`` anywhere within, also on one of several parameters."""
    for call in (node for expression in expressions for node in ast.walk(expression)):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "clause":
            yield from (str(value.value) for value in call.args if isinstance(value, ast.Constant))


def _tagged(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    tags: list[str] = []
    for line in lines:
        if line.lstrip().startswith("@"):
            tags += [tag.removeprefix("@") for tag in line.split()]
        elif title := _TITLE.fullmatch(line):
            yield from ((tag, title[1]) for tag in tags)
            tags = []


if __name__ == "__main__":
    GUARDS.write_text(as_file(guarded()), encoding="utf-8")
