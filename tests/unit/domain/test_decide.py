"""The decision as a whole: order does not matter, contradictions are refused, modes silence themselves."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svc_plugin.domain.decide import decide
from svc_plugin.domain.errors import RuleConflictError
from svc_plugin.domain.plan import Assign, Finding, PutComment, SetField, SetStage, Watch
from svc_plugin.domain.policy import Mode
from svc_plugin.domain.rules import RULES, Rule
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import (
    an_issue,
    comment,
    corrective,
    maintenance,
    perfective,
    seen,
    stage_wanted,
    standard,
)


def wanting(name: str, *changes: object) -> Rule:
    return Rule(name, (name,), lambda _seen, _policy: [Finding(name, "?", changes)])


TROUBLED = [
    maintenance(Stage.CLOSED),
    corrective(Stage.REJECTED),
    perfective(Stage.CLOSED),
    an_issue(stage=Stage.CLOSED, fields={Field.REQUEST_KIND: "complaint"}),
    an_issue(fields={Field.REQUEST_KIND: "fault"}),
    an_issue(stage=None),
]


@given(st.permutations(RULES), st.sampled_from(TROUBLED))
def test_the_order_of_the_rules_does_not_matter(rules, issue):
    usual, shuffled = decide(seen(issue), standard()), decide(seen(issue), standard(), rules)
    assert set(usual.changes) == set(shuffled.changes)
    assert usual.recheck_at == shuffled.recheck_at


def test_two_rules_that_want_different_values_are_refused():
    rules = [wanting("A", SetField(Field.SEVERITY, "major")), wanting("B", SetField(Field.SEVERITY, "minor"))]
    with pytest.raises(RuleConflictError, match="severity"):
        decide(seen(an_issue()), standard(), rules)


def test_two_rules_that_want_the_same_are_one_change():
    rules = [wanting("A", SetField(Field.SEVERITY, "major")), wanting("B", SetField(Field.SEVERITY, "major"))]
    assert decide(seen(an_issue()), standard(), rules).changes == (SetField(Field.SEVERITY, "major"),)


def test_of_several_moves_the_one_furthest_back_wins():
    rules = [wanting("A", SetStage(Stage.TESTING)), wanting("B", SetStage(Stage.CLASSIFIED))]
    plan = decide(seen(maintenance(Stage.CLOSED)), standard(), rules)
    assert stage_wanted(plan) is Stage.CLASSIFIED


def test_an_issue_of_a_project_that_serves_no_product_is_left_alone():
    plan = decide(seen(maintenance(Stage.CLOSED, product="")), standard())
    assert (plan.findings, plan.changes) == ((), ())


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
@pytest.mark.parametrize("issue", TROUBLED)
def test_a_rule_that_only_warns_comments_and_claims_no_deed(rule, issue):
    policy = replace(standard(), modes={other.id: Mode.OFF for other in RULES if other.id != rule})
    warned = replace(policy, modes={**policy.modes, rule: Mode.WARNED})
    plan = decide(seen(issue), warned)
    assert all(isinstance(change, PutComment) for change in plan.changes)
    if text := comment(plan, rule):
        assert "未作任何改动" in text
        assert "未作任何改动" not in comment(decide(seen(issue), policy), rule)


@pytest.mark.parametrize("issue", TROUBLED)
def test_what_is_switched_off_finds_nothing(issue):
    off = replace(standard(), modes={rule.id: Mode.OFF for rule in RULES})
    assert decide(seen(issue), off).findings == ()


@pytest.mark.parametrize("issue", TROUBLED)
@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_two_policies_that_differ_in_one_rule_differ_only_in_its_findings(issue, rule):
    without = replace(standard(), modes={rule: Mode.OFF})
    everything = [f for f in decide(seen(issue), standard()).findings if f.rule != rule]
    assert everything == list(decide(seen(issue), without).findings)


def test_kinds_that_nobody_mapped_are_left_alone():
    issue = replace(an_issue(stage=None), kind=None)
    assert decide(seen(issue), standard()).findings == ()
    assert issue.kind not in set(IssueKind)


def test_two_rules_that_want_different_assignees_or_words_are_refused():
    for one, other in ((Assign("a"), Assign("b")), (PutComment("A", "x"), PutComment("A", "y"))):
        with pytest.raises(RuleConflictError):
            decide(seen(an_issue()), standard(), [wanting("A", one), wanting("B", other)])


def test_two_rules_may_have_different_people_follow_and_say_their_own():
    wanted = (Watch("a"), PutComment("A", "x"), Watch("b"), PutComment("B", "y"), Assign("c"))
    rules = [wanting("A", *wanted[:2]), wanting("B", *wanted[2:])]
    assert decide(seen(an_issue()), standard(), rules).changes == wanted


def test_the_stage_furthest_back_is_so_in_the_order_of_its_kind():
    rules = [wanting("A", SetStage(Stage.CLOSED)), wanting("B", SetStage(Stage.TESTING))]
    assert stage_wanted(decide(seen(maintenance(Stage.CONVERTED)), standard(), rules)) is Stage.TESTING


def test_a_stage_of_another_kind_gives_way_to_one_of_the_issues_own():
    rules = [wanting("A", SetStage(Stage.DRAFT)), wanting("B", SetStage(Stage.TESTING))]
    assert stage_wanted(decide(seen(maintenance(Stage.CLOSED)), standard(), rules)) is Stage.TESTING


def test_an_issue_of_no_kind_still_has_one_stage_that_wins():
    issue = replace(an_issue(stage=None), kind=None)
    rules = [wanting("A", SetStage(Stage.CLOSED)), wanting("B", SetStage(Stage.REGISTERED))]
    assert stage_wanted(decide(seen(issue), standard(), rules)) is Stage.REGISTERED
