"""Prints which clause is enforced by which rule and guarded by which test; fails on an unguarded one."""

import re
import sys
from collections import defaultdict
from pathlib import Path

from svc_plugin.domain.rules import RULES

TESTS = Path(__file__).parents[1]
_MARK = re.compile(r'@pytest\.mark\.clause\("(M\d\d)"\)')
_TEST = re.compile(r"def (test_\w+)")


def guarded() -> dict[str, list[str]]:
    """Return the tests by clause, read from their marks."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        marks: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if mark := _MARK.search(line):
                marks.append(mark[1])
            elif test := _TEST.search(line):
                for clause in marks:
                    found[clause].append(f"{path.relative_to(TESTS)}::{test[1]}")
                marks = []
    return found


def unguarded() -> list[str]:
    """Return the clauses that a rule claims to enforce and no test guards."""
    tests = guarded()
    return sorted({clause for rule in RULES for clause in rule.clauses} - tests.keys())


def main() -> int:
    """Print the table."""
    tests = guarded()
    for rule in RULES:
        for clause in rule.clauses:
            sys.stdout.write(f"{clause}  rule {rule.id}  {rule.check.__name__}\n")
            sys.stdout.writelines(f"      {test}\n" for test in tests.get(clause, ["NO TEST"]))
    return bool(unguarded())


if __name__ == "__main__":
    sys.exit(main())
