"""What keeps each clause, and what counts as a gap."""

import pytest

from svc_plugin.domain.clauses import CLAUSES, Keeping
from svc_plugin.domain.keeping import Kept, kept
from svc_plugin.domain.policy import Mode, Policy
from svc_plugin.domain.rules import RULES

PLACES = {"service_report": (("M39", "requests"), ("M06", "statistics")), "service_plan": (("M06", "scope"),)}
GUARDED = {key: ["some::test"] for key in CLAUSES}


def row(name: str, *, tests=GUARDED, rules=RULES, **modes: Mode) -> Kept:
    return next(one for one in kept(Policy("p", modes=modes), PLACES, tests, rules) if one.name == name)


def test_every_clause_has_its_row_in_order():
    assert [one.name for one in kept(Policy("p"), {}, {})] == list(CLAUSES)


def test_a_clause_is_kept_by_the_rule_that_names_it_in_the_mode_of_the_policy():
    found = row("M30", M06=Mode.WARNED)
    assert (found.rule, found.mode, found.part, found.tests) == ("M06", Mode.WARNED, "", ("some::test",))
    assert row("M06").mode is Mode.ENFORCED


def test_a_clause_to_be_enforced_that_nothing_keeps_is_a_gap():
    assert row("M06", rules=()).unkept
    assert row("M03", rules=()).unkept  # W
    assert not row("M06").unkept


def test_a_clause_that_no_rule_has_to_keep_is_no_gap():
    assert not row("M16", rules=()).unkept  # C
    assert not row("M64", rules=()).unkept  # M


def test_what_a_part_of_the_product_keeps_needs_no_rule_but_a_test():
    found = row("M74", rules=())
    assert (found.part, found.rule, found.mode) == ("svc_plugin.engine.sweep", "", None)
    assert not found.unkept
    assert not found.unguarded
    assert row("M74", tests={}).unguarded


@pytest.mark.parametrize(("mode", "gap"), [(Mode.ENFORCED, True), (Mode.WARNED, True), (Mode.OFF, False)])
def test_a_rule_in_force_without_a_test_is_a_gap(mode, gap):
    assert row("M06", tests={}, M06=mode).unguarded is gap
    assert not row("M06", M06=mode).unguarded


def test_a_clause_that_nothing_keeps_is_not_called_unguarded_as_well():
    assert not row("M06", tests={}, rules=()).unguarded


@pytest.mark.parametrize(
    ("name", "keeping", "by"),
    [
        ("M06", Keeping.ENFORCED, True),
        ("M06", Keeping.WARNED, True),
        ("M74", Keeping.ENFORCED, True),
        ("M16", Keeping.ENFORCED, False),
        ("M16", Keeping.CHECKED, True),
        ("M06", Keeping.CHECKED, False),
        ("M39", Keeping.DOCUMENTED, True),
        ("M16", Keeping.DOCUMENTED, False),
        ("M64", Keeping.MEASURED, True),
        ("M16", Keeping.MEASURED, False),
    ],
)
def test_each_way_of_keeping_is_told_apart(name, keeping, by):
    assert row(name).by(keeping) is by


def test_a_clause_names_document_and_chapter():
    assert row("M39").chapters == ("service_report requests",)
    assert row("M06").chapters == ("service_report statistics", "service_plan scope")
    assert row("M16").checks == ("registers/products.yaml service_staff",)
    assert row("M17").figures == ("service_report efforts",)
    assert (row("M07").chapters, row("M07").checks, row("M07").figures) == ((), (), ())
