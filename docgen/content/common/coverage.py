"""Annex A of any document: clauses in order, each with its chapter and its fact."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from docgen.content.common.money import money
from docgen.content.common.tallies import decimal
from docgen.content.pen import NOTHING, Pen
from svc_plugin.domain.figures.model import Report

Facts: TypeAlias = dict[str, dict[str, object]]


def covered(
    pen: Pen,
    places: Iterable[tuple[str, str]],
    facts: Mapping[str, dict[str, object]],
    chapters: dict[str, str],
) -> list[tuple[str, str, str]]:
    """Return clause, chapter and fact for each of ``places``: a clause and the key of its chapter."""
    return [
        (clause, chapters.get(place, NOTHING), pen.say(f"fact.{clause}", **facts.get(clause, {})))
        for clause, place in places
    ]


def cost_facts(report: Report) -> Facts:
    """Return the facts on people and money that both reports state (M17, M71)."""
    return {
        "M17": {"people": len(report.workloads)},
        "M71": {
            "hours": decimal(report.effort_total),
            "actual": money(report.costs.actual.value),
            "budget": money(report.costs.budget),
        },
    }
