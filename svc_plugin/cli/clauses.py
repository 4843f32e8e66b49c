"""``svc-plugin clauses``: what keeps each clause of the process here, and which tests guard it."""

from collections.abc import Iterator
from typing import Any

import click

from svc_plugin.cli.base import FAULTS, Shell, json_option, print_json
from svc_plugin.coverage import clause_table, gaps, summary, told
from svc_plugin.domain.clauses import CLAUSES
from svc_plugin.domain.keeping import Kept
from svc_plugin.domain.texts import Texts
from svc_plugin.messages import load


@click.command()
@click.argument("names", nargs=-1, metavar="[CLAUSE]...")
@json_option
@click.pass_obj
def clauses(shell: Shell, names: tuple[str, ...], *, as_json: bool) -> None:
    """列出流程条款 M01–M76 各由什么执行、检查、写入文档、度量，由哪些测试守护；有缺口时退出码为 1。

    List the clauses of the process: the rule that keeps each and its mode under the policy in force, the
    chapter, check and figure that serve it, and its tests. Given clauses are told with every test by name.
    Ends with 1 when a clause that is to be enforced or warned of is kept by nothing, or guarded by no test.

    \b
    Example: svc-plugin clauses M06 M54
    """
    if unknown := [name for name in names if name not in CLAUSES]:
        raise click.BadParameter(f"'{unknown[0]}': write M01 to M76")
    settings = shell.settings()
    texts = load(settings.language)
    table = clause_table(settings.policy)
    rows = [row for row in table if row.name in names] if names else table
    if as_json:
        print_json([_as_json(row) for row in rows])
    else:
        for row in rows:
            click.echo("\n".join(_lines(texts, row, tests=bool(names))))
        if not names:
            click.echo("\n".join(summary(texts, table)))
    found = [gap for row in rows for gap in gaps(texts, row)]
    for gap in found:
        click.echo(gap, err=True)
    if found:
        raise click.exceptions.Exit(FAULTS)


def _as_json(row: Kept) -> dict[str, Any]:
    return {
        "clause": row.name,
        "words": row.clause.words,
        "keeping": "".join(row.clause.keeping),
        "rule": row.rule,
        "mode": str(row.mode or ""),
        "part": row.part,
        "chapters": row.chapters,
        "checks": row.checks,
        "figures": row.figures,
        "tests": row.tests,
    }


def _lines(texts: Texts, row: Kept, *, tests: bool) -> Iterator[str]:
    yield f"{row.name}  {''.join(row.clause.keeping):<3}  {row.clause.words}"
    yield from told(texts, row)
    if tests:
        yield from (f"        {test}" for test in row.tests)
