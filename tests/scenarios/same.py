"""``python -m tests.scenarios.same``: every scenario in every world and both languages, as one table.

A row is a step of the process (``-v``: a scenario), a column a world: how many plays led to the same as the
first of them did, and how many to something else. Ends with 1 when there is such a play.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pytest_bdd.feature import get_features
from pytest_bdd.parser import Feature

from tests.scenarios.conftest import NEEDED
from tests.scenarios.record import Record, Records, first_difference
from tests.thorough import ASKED

HERE = Path(__file__).parent
FEATURES = sorted(path.stem for path in (HERE / "zh").glob("*.feature"))
ROOT = HERE.parent.parent
WORLDS = {
    "memory": "memory",
    "standin": "Redmine",
    "jira-cloud": "Jira Cloud",
    "jira-dc": "Jira DC",
    "real_redmine": "real Redmine",
}
Cells = Counter[str]
_HARMLESS = "ignore::pytest.PytestAssertRewriteWarning"  # this module has imported its plugin already


def main(arguments: list[str]) -> int:
    """Play, print the table and what differs; 0 when nothing does and every play went well."""
    os.environ[ASKED] = "1"
    with TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        asked = [
            "-q",
            "-rs",
            "-n",
            "2",
            "-p",
            "no:cacheprovider",
            "-W",
            _HARMLESS,
            f"--basetemp={run}",
            str(HERE),
        ]
        asked += [] if os.environ.get(NEEDED[0]) else ["-m", "not real_redmine"]
        ended = pytest.main([*asked, "-k", "not same_documents and not ends_alike"])
        records = Records(run / "scenarios")
        sys.stdout.writelines(f"{line}\n" for line in table(records, each="-v" in arguments))
        differing = list(differences(records))
    sys.stdout.writelines(f"≠ {line}\n" for line in differing)
    return int(bool(differing) or ended != pytest.ExitCode.OK)


def table(records: Records, *, each: bool) -> Iterator[str]:
    """The lines of the table; ``each`` has one for every scenario."""
    worlds = [world for world in WORLDS if any(_plays(records, world))]
    yield _line("", "scenarios", "decisions", *(WORLDS[world] for world in worlds))
    total = Cells()
    for name in FEATURES:
        titles, row = list(feature("zh", name).scenarios), Cells()
        for place, told in records.of(name).items():
            cells = _cells(told)
            row += cells
            if each:
                yield _row(f"  {place + 1:>2} {titles[place]}", cells, worlds)
        yield _row(name, row, worlds)
        total += row
    yield _row("", total, worlds)


def feature(language: str, name: str) -> Feature:
    return get_features([str(HERE / language / f"{name}.feature")])[0]


def differences(records: Records) -> Iterator[str]:
    """The first thing in which two plays of a scenario differ."""
    for name in FEATURES:
        for place, told in records.of(name).items():
            if len(set(map(repr, told.values()))) > 1:
                yield f"{name} {place + 1}: {first_difference(told)}"


def _plays(records: Records, world: str) -> Iterator[str]:
    return (
        key for name in FEATURES for told in records.of(name).values() for key in told if _of(key) == world
    )


def _of(play: str) -> str:
    return play.partition(",")[0]


def _cells(told: Mapping[str, Record]) -> Cells:
    first = next(record for key, record in sorted(told.items(), key=lambda one: _of(one[0]) != "memory"))
    cells = Cells(scenarios=1, decisions=sum(len(_changes(facts)) for facts in first.values()))
    for key, record in told.items():
        cells[_of(key) if record == first else f"{_of(key)} ≠"] += 1
    return cells


def _changes(facts: Mapping[str, object]) -> list[object]:
    changes = facts["changes"]
    assert isinstance(changes, list)
    return changes


def _row(name: str, cells: Cells, worlds: Iterable[str]) -> str:
    told = (f"{cells[world]} = {cells[f'{world} ≠']} ≠" for world in worlds)
    return _line(name, str(cells["scenarios"]), str(cells["decisions"]), *told)


def _line(name: str, *cells: str) -> str:
    return f"{name:<26}" + "".join(f"{cell:>14}" for cell in cells)


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
