"""What keeps each clause of the process here, told alike by the command line and the pages."""

import json
from collections.abc import Iterator, Sequence
from importlib.resources import files

from docgen.content.chapters import CHAPTERS
from svc_plugin.domain.clauses import Keeping
from svc_plugin.domain.keeping import Kept, kept
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.texts import Texts

GUARDS = "guards.json"  # written by `make trace`: tests are not shipped


def clause_table(policy: Policy) -> Sequence[Kept]:
    """Return every clause with what keeps it under a policy, and the tests that guard it."""
    guards = json.loads((files("svc_plugin") / GUARDS).read_text(encoding="utf-8"))
    return kept(policy, CHAPTERS, guards)


def told(texts: Texts, row: Kept) -> Iterator[str]:
    """Tell what keeps one clause, a line each."""
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


def summary(texts: Texts, table: Sequence[Kept]) -> Iterator[str]:
    """Count the clauses kept by each means, and name those that are not."""
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


def _headings(texts: Texts, chapters: Sequence[str]) -> list[str]:
    return [_heading(texts, *chapter.split(" ", 1)) for chapter in chapters]


def _heading(texts: Texts, document: str, chapter: str) -> str:
    heading = "doc.cover.name" if chapter == "cover" else f"doc.heading.{chapter}"
    return texts.say(
        "cli.clauses.chapter", document=texts.say(f"doc.title.{document}"), heading=texts.say(heading)
    )
