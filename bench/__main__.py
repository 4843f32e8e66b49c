"""``python -m bench <topic>``: measure, print the table, write ``bench/results/<topic>.json``."""

import argparse
import sys
from collections.abc import Callable, Mapping

from bench.machine import description
from bench.report import Table, publish


def _receiver(*, quick: bool) -> Table:
    from bench.receiver.run import run

    return run(quick=quick)


def _decide(*, quick: bool) -> Table:
    from bench.decide import run

    return run(quick=quick)


def _docgen(*, quick: bool) -> Table:
    from bench.docgen import run

    return run(quick=quick)


def _jira_sync(*, quick: bool) -> Table:
    from bench.jira_sync import run

    return run(quick=quick)


def _pages(*, quick: bool) -> Table:
    from bench.pages.run import run

    return run(quick=quick)


def _mirror(*, quick: bool, issues: int = 0) -> Table:
    from bench.mirror.run import run

    return run(quick=quick, issues=issues)


def _reconcile(*, quick: bool) -> Table:
    from bench.reconcile.run import run

    return run(quick=quick)


def _redmine_sync(*, quick: bool, issues: int = 0) -> Table:
    from bench.redmine.sync import run

    return run(quick=quick, issues=issues)


def _redmine_answer(*, quick: bool) -> Table:
    from bench.redmine.answer import run

    return run(quick=quick)


# each topic imports what only it needs: decide runs without the peers being installed
TOPICS: Mapping[str, Callable[..., Table]] = {
    "receiver": _receiver,
    "decide": _decide,
    "docgen": _docgen,
    "jira-sync": _jira_sync,
    "pages": _pages,
    "mirror": _mirror,
    "reconcile": _reconcile,
    "redmine-sync": _redmine_sync,
    "redmine-answer": _redmine_answer,
}
SIZED = ("mirror", "redmine-sync")


def main() -> None:
    """Run the topics named on the command line, one after the other."""
    if not sys.platform.startswith("linux"):
        raise SystemExit("bench reads /proc and calls fdatasync: run it on Linux")
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("topics", nargs="+", choices=TOPICS, metavar="topic", help=", ".join(TOPICS))
    parser.add_argument(
        "--quick", action="store_true", help="one short round: does it run at all; writes no results"
    )
    sized = ", ".join(SIZED)
    parser.add_argument("--issues", type=int, default=0, help=f"fewer or more of them than usual ({sized})")
    given = parser.parse_args()
    for topic in given.topics:
        size = {"issues": given.issues} if topic in SIZED else {}
        table = TOPICS[topic](quick=given.quick, **size)
        publish(topic, table, description(), keep=not given.quick)


if __name__ == "__main__":
    main()
