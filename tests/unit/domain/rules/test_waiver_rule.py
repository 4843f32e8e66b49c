"""M73: people see why a waiver does not count."""

from datetime import UTC, date, datetime

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.rules import RULES
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.domain.waivers import Waiver, read_waivers
from tests.builders import (
    LEADER,
    SERVICE,
    an_issue,
    comment,
    corrective,
    seen,
    set_by,
    stage_wanted,
    standard,
    under,
)


def waiving(text: str, *, by: str = LEADER, stage: Stage = Stage.SCHEDULED, **more: object):
    """A fault of which nobody has decided whether somebody visits, with a waiver."""
    fields = {Field.VISIT_NEEDED: "", Field.WAIVER: text}
    return corrective(stage, set_by(by, Field.WAIVER, text), fields=fields, **more)


@pytest.mark.clause("M73")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("M99 客户停产", "“M99 客户停产”不算数：开头不是规则编号"),
        ("客户停产", "“客户停产”不算数：开头不是规则编号"),
        ("M50 太急", "“M50 太急”不算数：该规则不可例外"),
        ("M51", "“M51”不算数：没有理由"),
        ("M51 2026-12-31", "“M51 2026-12-31”不算数：没有理由"),
        ("M51 2026-11-22 客户停产", "“M51 2026-11-22 客户停产”不再算数"),
    ],
)
def test_a_line_that_does_not_count_is_told_with_its_reason(text, told):
    plan = decide(seen(waiving(text)), standard())
    assert told in comment(plan, "M73")
    assert stage_wanted(plan) is Stage.CLASSIFIED  # M51 stands


@pytest.mark.clause("M73")
@pytest.mark.parametrize(
    "text",
    ["M51 客户停产", "M51 2026-11-23 客户停产", "M51\t2026-12-31  客户停产", "\n M51 9999-12-31 永远 \n"],
)
def test_a_line_that_counts_sets_the_rule_aside_in_silence(text):
    plan = decide(seen(waiving(text)), standard())
    assert not comment(plan, "M73")
    assert stage_wanted(plan) is None


@pytest.mark.clause("M73")
@pytest.mark.parametrize("by", [SERVICE, "zhou.hao"])
def test_in_another_hand_no_line_counts(by):
    plan = decide(seen(waiving("M51 客户停产", by=by)), standard())
    text = comment(plan, "M73")
    assert seen(an_issue()).registers.name_of(by) in text
    assert "张伟" in text
    assert stage_wanted(plan) is Stage.CLASSIFIED


@pytest.mark.clause("M73")
def test_every_line_is_told_of_and_those_that_count_still_do():
    plan = decide(seen(waiving("M51 客户停产\nM50 太急\nM99 某事")), standard())
    text = comment(plan, "M73")
    assert "M50 太急" in text
    assert "M99 某事" in text
    assert "M51" not in text
    assert stage_wanted(plan) is None


@pytest.mark.clause("M73")
def test_when_a_waiver_runs_out_the_issue_is_looked_at_again():
    issue = waiving("M51 2026-11-23 客户停产")
    midnight = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    rechecks = {f.recheck_at for f in decide(seen(issue), standard()).findings if f.rule == "M73"}
    assert rechecks == {midnight}
    after = decide(seen(issue, now=midnight), standard())
    assert "不再算数" in comment(after, "M73")
    assert stage_wanted(after) is Stage.CLASSIFIED


@pytest.mark.clause("M73")
def test_it_is_satisfied_when_the_line_is_gone():
    text = comment(decide(seen(waiving("M50 太急")), standard()), "M73")
    issue = corrective(Stage.SCHEDULED, comments={"M73": text})
    assert "已满足" in comment(decide(seen(issue), standard()), "M73")


@pytest.mark.clause("M73")
def test_nothing_new_is_said_of_what_is_over_and_nothing_when_it_is_off():
    document = an_issue(IssueKind.DOCUMENT, Stage.SUPERSEDED, fields={Field.WAIVER: "M50 太急"})
    assert not comment(decide(seen(document), standard()), "M73")
    assert not comment(decide(seen(waiving("M50 太急")), under(M73="off")), "M73")
    assert comment(decide(seen(waiving("M50 太急")), under(M73="warned")), "M73")


@pytest.mark.clause("M73")
@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_every_rule_is_known_and_only_soft_ones_may_be_waived(rule):
    soft = {one.id for one in RULES if one.soft}
    told = comment(decide(seen(waiving(f"{rule} 理由")), standard()), "M73")
    assert ("该规则不可例外" in told) is (rule not in soft)
    assert "开头不是规则编号" not in told


@pytest.mark.clause("M73")
def test_a_waiver_is_read_as_rule_day_and_all_the_words_of_its_reason():
    text = " M51 2026-12-31 客户 停产 检修\n\nM33 明日 再去\nM10 2026-12-31\nM19"
    assert read_waivers(text) == (
        Waiver("M51 2026-12-31 客户 停产 检修", "M51", date(2026, 12, 31), "客户 停产 检修"),
        Waiver("M33 明日 再去", "M33", None, "明日 再去"),
        Waiver("M10 2026-12-31", "M10", date(2026, 12, 31), ""),
        Waiver("M19", "M19", None, ""),
    )


@pytest.mark.clause("M73")
def test_of_a_product_that_nobody_leads_no_leader_is_named():
    (rule,) = (one for one in RULES if one.id == "M73")
    found = seen(waiving("M51 先做", by=SERVICE, product="unheard"))
    fact = found.texts.say("M73.fact.person", person="王芳", leader="?")
    assert [one.fact for one in rule.check(found, standard())] == [fact]


@pytest.mark.clause("M73")
def test_each_waiver_that_does_not_count_has_a_line_of_its_own():
    found = seen(waiving("M51\nM50 太急\nM33 2026-12-31 停产"))
    texts = found.texts
    lines = (texts.say("M73.fact.reason", line="M51"), texts.say("M73.fact.hard", line="M50 太急"))
    facts = [one.fact for one in decide(found, standard()).findings if one.rule == "M73"]
    assert facts == ["\n".join(lines), texts.say("M73.fact.until", line="M33 2026-12-31 停产")]
