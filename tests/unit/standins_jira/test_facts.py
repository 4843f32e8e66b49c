"""The table of claims lists what the stand-in answers, and the checks let pass what it says they do."""

from collections import defaultdict
from pathlib import Path

from tests.contract.jira_spec import DEVIATIONS
from tests.unit.standins_jira.kit import V2, Jira

FACTS = (Path(__file__).parents[3] / "docs" / "jira-facts.md").read_text(encoding="utf-8")
MARKS = ("spec", "doc", "capture", "third", "run", "guess")


def rows(heading: str) -> list[list[str]]:
    part = FACTS.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")][2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_route_of_the_stand_in_stands_in_the_table() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    rules = Jira("cloud").app.url_map.iter_rules()
    for rule in (one for one in rules if not one.endpoint.startswith("pages.")):
        found[rule.rule.removeprefix(V2)] |= (rule.methods or set()) - {"HEAD", "OPTIONS"}
    told = {row[0].strip("`"): set(row[1].split()) for row in rows("What the stand-in answers")}
    assert told == dict(found)


def test_every_claim_names_its_basis() -> None:
    headings = (
        "Reading",
        "Searching",
        "Writing",
        "Who asks",
        "Setting up",
        "Webhooks",
        "What the stand-in answers",
    )
    for heading in headings:
        assert len(rows(heading)) >= 5
        for row in rows(heading):
            assert any(mark in row[-1] for mark in MARKS), row


def test_every_deviation_that_the_checks_let_pass_is_told() -> None:
    assert len(DEVIATIONS) + 2 == len(rows("Where Jira's description and Jira differ"))


def test_it_is_said_plainly_that_no_live_jira_was_tried() -> None:
    assert "**None of it was ever tried on a live Jira**" in FACTS
