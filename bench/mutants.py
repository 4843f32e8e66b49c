"""``python -m bench.mutants``: how many small changes to the pure core do its fast tests notice?

Runs mutmut over ``svc_plugin/domain`` (``[tool.mutmut]`` in pyproject.toml) on one core and writes
``bench/results/mutants.md`` and ``.json``. A change that leaves the product as it was cannot be noticed: those that
are known stand with their reason in ``bench/same_mutants.toml``. What a run that was ended early has not tried is
counted as such, neither noticed nor not.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.machine import description
from bench.report import RESULTS

GOAL = 0.9
_SAME = Path(__file__).parent / "same_mutants.toml"
_MUTMUT = Path(sys.executable).with_name("mutmut")
_NOTICED = frozenset({"killed", "timeout", "segfault"})  # a change that never ends or crashes is noticed too
_NOT_TRIED = "not checked"
_LINE = re.compile(r"\s+(?P<name>\S+): (?P<status>.+)")
_NAME = re.compile(r"(?P<module>.+)\.x_?(?:ǁ(?P<owner>\w+)ǁ)?(?P<function>\w+)__mutmut_\d+")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small change: where, what happened to it, and, when it was not noticed, what it was."""

    name: str
    status: str
    was: str = ""
    became: str = ""

    @property
    def noticed(self) -> bool:
        return self.status in _NOTICED

    @property
    def tried(self) -> bool:
        return self.status != _NOT_TRIED

    @property
    def module(self) -> str:
        return self._part("module").removeprefix("svc_plugin.domain.")

    @property
    def function(self) -> str:
        owner, function = self._part("owner"), self._part("function")
        return ".".join(part for part in (self.module, owner, function) if part)

    def _part(self, which: str) -> str:
        found = _NAME.fullmatch(self.name)
        assert found, self.name
        return found[which] or ""


def _mutmut(*arguments: str, capture: bool = True) -> str:
    command = ["nice", "-n", "10", str(_MUTMUT), *arguments]
    done = subprocess.run(command, check=False, text=True, stdout=subprocess.PIPE if capture else None)
    return done.stdout or ""


def _mutants() -> list[Mutant]:
    lines = (_LINE.fullmatch(line) for line in _mutmut("results", "--all", "true").splitlines())
    found = [Mutant(line["name"], line["status"]) for line in lines if line]
    return [_shown(one) if one.tried and not one.noticed else one for one in found]


def _shown(mutant: Mutant) -> Mutant:
    lines = _mutmut("show", mutant.name).splitlines()
    was = [line[1:].strip() for line in lines if re.match(r"-(?!--)", line)]
    became = [line[1:].strip() for line in lines if re.match(r"\+(?!\+\+)", line)]
    return Mutant(mutant.name, mutant.status, " ".join(was), " ".join(became))


def _reasons() -> Mapping[tuple[str, str, str], str]:
    entries = tomllib.loads(_SAME.read_text(encoding="utf-8"))["same"]
    return {(one["function"], one["was"], one["became"]): one["why"] for one in entries}


@dataclass(frozen=True, slots=True)
class Outcome:
    """All changes; those that ``change_nothing`` have a reason, by their names."""

    mutants: Sequence[Mutant]
    change_nothing: Mapping[str, str]

    @property
    def left(self) -> list[Mutant]:
        found = (one for one in self.mutants if one.tried and not one.noticed)
        return [one for one in found if one.name not in self.change_nothing]

    @property
    def not_tried(self) -> int:
        return sum(not one.tried for one in self.mutants)

    @property
    def counted(self) -> int:
        return len(self.mutants) - len(self.change_nothing) - self.not_tried

    @property
    def share(self) -> float:
        return 1 - len(self.left) / max(self.counted, 1)

    def figure(self) -> str:
        noticed = self.counted - len(self.left)
        return (
            f"{noticed} of {self.counted} changes noticed, {self.share:.1%} (goal {GOAL:.0%}); "
            f"{len(self.left)} not noticed, {len(self.change_nothing)} more change nothing, "
            f"{self.not_tried} not tried."
        )

    def entries(self) -> list[dict[str, object]]:
        counts = {
            "changes": len(self.mutants),
            "tried": len(self.mutants) - self.not_tried,
            "noticed": self.counted - len(self.left),
            "not noticed": len(self.left),
            "change nothing": len(self.change_nothing),
        }
        share = {
            "name": "share noticed", "value": round(self.share, 4), "unit": "",
            "goal": f">= {GOAL:g}", "met": self.share >= GOAL,
        }  # fmt: skip
        rows = (
            {"name": name, "value": n, "unit": "changes", "goal": None, "met": None}
            for name, n in counts.items()
        )
        return [share, *rows]


def _outcome(mutants: Sequence[Mutant]) -> Outcome:
    reasons = _reasons()
    left = (one for one in mutants if one.tried and not one.noticed)
    found = ((one, reasons.get((one.function, one.was, one.became))) for one in left)
    return Outcome(mutants, {one.name: why for one, why in found if why})


def _page(outcome: Outcome) -> str:
    same = [one for one in outcome.mutants if one.name in outcome.change_nothing]
    parts = [
        "# mutants",
        description(),
        outcome.figure(),
        "\n".join(_table(outcome.mutants, same)),
        f"## Not noticed ({len(outcome.left)})",
        "\n".join(_listed(outcome.left)) or "None.",
        f"## Changes that change nothing ({len(same)})",
        "\n".join(_listed(same, outcome.change_nothing)) or "None.",
    ]
    return "\n\n".join(parts) + "\n"


def _table(mutants: Sequence[Mutant], same: Sequence[Mutant]) -> Iterable[str]:
    every = Counter(one.module for one in mutants)
    noticed = Counter(one.module for one in mutants if one.noticed)
    equal = Counter(one.module for one in same)
    waiting = Counter(one.module for one in mutants if not one.tried)
    yield "| module | changes | noticed | not noticed | change nothing | not tried |"
    yield "|---|---|---|---|---|---|"
    for module in sorted(every):
        left = every[module] - noticed[module] - equal[module] - waiting[module]
        counts = (every[module], noticed[module], left, equal[module], waiting[module])
        yield f"| {module} | {' | '.join(str(count) for count in counts)} |"


def _listed(mutants: Iterable[Mutant], why: Mapping[str, str] | None = None) -> Iterable[str]:
    for one in mutants:
        reason = f": {why[one.name]}" if why else "" if one.status == "survived" else f" ({one.status})"
        yield f"- `{one.function}`{reason}\n  - `{one.was}`\n  - `{one.became}`"


def main() -> int:
    """Run all again, or report on the run that is there; fail below the goal."""
    parser = argparse.ArgumentParser(prog="python -m bench.mutants", description=__doc__)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--report", action="store_true", help="report on the last run only")
    how.add_argument("--resume", action="store_true", help="go on with what the last run has not tried")
    given = parser.parse_args()
    if not given.report:
        if not given.resume:
            shutil.rmtree("mutants", ignore_errors=True)  # results outlive changes of tests there
        _mutmut("run", "--max-children", "1", capture=False)
    outcome = _outcome(_mutants())
    (RESULTS / "mutants.md").write_text(_page(outcome), encoding="utf-8")
    (RESULTS / "mutants.json").write_text(json.dumps(outcome.entries(), indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(outcome.figure() + "\n")
    return outcome.share < GOAL


if __name__ == "__main__":
    sys.exit(main())
