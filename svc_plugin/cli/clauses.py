"""``svc-plugin clauses``: what keeps each clause of the process here, and which tests guard it."""

import json
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

import click

from docgen.content.chapters import CHAPTERS
from svc_plugin.cli.base import FAULTS, Shell, json_option, print_json
from svc_plugin.domain.clauses import CLAUSES, Keeping
from svc_plugin.domain.keeping import Kept, kept
from svc_plugin.domain.texts import Texts
from svc_plugin.messages import load

GUARDS = "guards.json"  # written by `make trace`: tests are not shipped


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
    guards = json.loads((files("svc_plugin") / GUARDS).read_text(encoding="utf-8"))
    table = kept(settings.policy, CHAPTERS, guards)
    rows = [row for row in table if row.name in names] if names else table
    if as_json:
        print_json([_as_json(row) for row in rows])
    else:
        for row in rows:
            click.echo("\n".join(_lines(texts, row, tests=bool(names))))
        if not names:
            click.echo("\n".join(_summary(texts, table)))
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
    if row.mode:
        yield texts.say("cli.clauses.rule", rule=row.rule, mode=texts.say(f"mode.{row.mode}"))
    if row.part:
        yield texts.say("cli.clauses.part", part=row.part)
    if row.chapters:
        yield texts.say("cli.clauses.chapters", chapters=texts.listed(_headings(texts, row.chapters)))
    if row.checks:
        yield texts.say("cli.clauses.checks", checks=texts.listed(list(row.checks)))
    if row.figures:
        yield texts.say("cli.clauses.figures", figures=texts.listed(list(row.figures)))
    yield texts.say("cli.clauses.tests", count=len(row.tests))
    if tests:
        yield from (f"        {test}" for test in row.tests)


def _headings(texts: Texts, chapters: Sequence[str]) -> list[str]:
    return [_heading(texts, *chapter.split(" ", 1)) for chapter in chapters]


def _heading(texts: Texts, document: str, chapter: str) -> str:
    heading = "doc.cover.name" if chapter == "cover" else f"doc.heading.{chapter}"
    return texts.say(
        "cli.clauses.chapter", document=texts.say(f"doc.title.{document}"), heading=texts.say(heading)
    )


def _summary(texts: Texts, table: Sequence[Kept]) -> Iterator[str]:
    for keeping in Keeping:
        wanted = [row for row in table if keeping in row.clause.keeping]
        left = [row.name for row in wanted if not row.by(keeping)]
        facts = {"all": len(wanted), "kept": len(wanted) - len(left), "left": ", ".join(left) or "-"}
        yield texts.say(f"cli.clauses.sum.{keeping}", **facts)


def gaps(texts: Texts, row: Kept) -> Iterator[str]:
    """Tell what a clause lacks that is to be enforced or warned of, and what to do about it."""
    if row.unkept:
        yield texts.say("cli.clauses.unkept", clause=row.name)
    elif row.unguarded:
        yield texts.say("cli.clauses.unguarded", clause=row.name, by=row.rule or row.part)
