"""M27, M50: a kind and a class are suggested from the words of an issue, and never judged."""

from dataclasses import replace

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.plan import PutComment
from svc_plugin.domain.policy import Keywords
from svc_plugin.domain.rules.classification import is_classified
from svc_plugin.domain.rules.suggesting import class_is_suggested
from svc_plugin.domain.suggestions import Suggestion, by_keywords
from svc_plugin.domain.vocabulary import Field, Stage
from tests.builders import MAINTAINER, an_issue, comment, maintenance, seen, set_by, standard

KIND, CLASS = "M27-suggested", "M50-suggested"


def request(title, **fields):
    return an_issue(title=title, fields={Field.REQUEST_KIND: "", **fields})


@pytest.mark.clause("M27")
@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("客户投诉没人管", "complaint"),
        ("开票时报错", "fault"),
        ("Login page crashes", "fault"),
        ("建议增加导出", "suggestion"),
        ("请问如何导出报表？", "inquiry"),
        ("How to export a report", "inquiry"),
        ("重置密码", "request"),
        ("客户端报错ERR500", "fault"),  # no space where a Chinese word ends
        ("月报", None),
        ("Debugger manual", None),
    ],
)
def test_the_shipped_keywords_suggest_the_kind_of_a_request(title, kind):
    found = by_keywords(request(title), Field.REQUEST_KIND, standard())
    assert (found.value if found else None) == kind


@pytest.mark.clause("M50")
@pytest.mark.parametrize(
    ("title", "value"),
    [("保存时崩溃", "corrective"), ("新增移动审批", "perfective"), ("Wrong total", "corrective")],
)
def test_the_shipped_keywords_suggest_the_class_of_a_requirement(title, value):
    found = by_keywords(maintenance(Stage.REGISTERED, title=title), Field.MAINTENANCE_CLASS, standard())
    assert found
    assert found.value == value


@pytest.mark.clause("M27")
def test_a_suggestion_shows_its_words_and_fills_in_nothing():
    plan = decide(seen(request("客户投诉：无人处理")), standard())
    assert "“投诉”" in comment(plan, KIND)
    assert all(isinstance(change, PutComment) for change in plan.changes)


@pytest.mark.clause("M50")
def test_a_suggestion_is_no_judgement():
    now = seen(maintenance(Stage.REGISTERED, title="保存时崩溃"))
    assert comment(decide(now, standard()), CLASS)
    assert not is_classified(now)
    assert not now.issue.value(Field.MAINTENANCE_CLASS)


@pytest.mark.clause("M50")
def test_it_is_settled_when_a_person_has_judged_also_otherwise():
    judged = maintenance(
        Stage.REGISTERED,
        title="保存时崩溃",
        fields={Field.MAINTENANCE_CLASS: "perfective"},
        history=(set_by(MAINTAINER, Field.MAINTENANCE_CLASS, "perfective"),),
        comments={CLASS: "earlier words"},
    )
    assert "已满足" in comment(decide(seen(judged), standard()), CLASS)


@pytest.mark.clause("M27")
@pytest.mark.parametrize("commented", [True, False])
def test_what_is_over_gets_no_new_suggestion_and_keeps_the_one_it_has(commented):
    open_text = comment(decide(seen(request("投诉")), standard()), KIND)
    closed = replace(request("投诉"), stage=Stage.CLOSED, comments={KIND: open_text} if commented else {})
    assert not comment(decide(seen(closed), standard()), KIND)


def test_the_most_words_win_and_of_equals_the_first():
    policy = replace(
        standard(),
        suggestions={
            Field.REQUEST_KIND: (
                Keywords(("甲",), "inquiry"),
                Keywords(("乙", "丙"), "fault"),
                Keywords(("丁",), "request"),
            )
        },
    )
    assert by_keywords(request("丁甲"), Field.REQUEST_KIND, policy) == Suggestion("inquiry", ("甲",))
    assert by_keywords(request("丙甲乙"), Field.REQUEST_KIND, policy) == Suggestion("fault", ("乙", "丙"))


def test_another_suggester_may_take_the_place_of_the_keywords():
    def learned(issue, name, policy):
        return Suggestion("perfective", (issue.title,))

    (found,) = class_is_suggested(seen(maintenance(Stage.REGISTERED, title="月报")), standard(), learned)
    assert "“完善性”，因为文中有“月报”" in found.fact


def test_a_policy_without_keywords_suggests_nothing():
    silent = replace(standard(), suggestions={})
    assert not comment(decide(seen(request("投诉")), silent), KIND)
