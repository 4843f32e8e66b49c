# ruff: noqa: E501 - one planted fault a line reads as a table
"""Ladders, whom people report to, and channels: what makes no sense is refused with place, value and remedy."""

import re

import pytest

from svc_plugin.domain.policy import Recipient, Step
from svc_plugin.domain.vocabulary import IssueKind
from svc_plugin.settings import load_settings
from tests.builders import LEADER, NOW, SUPERIOR
from tests.unit.settings.kit import SENTENCE

MAIN, POLICY, PEOPLE = "svc-plugin.yaml", "policies/standard.yaml", "registers/people.yaml"
STEP2 = "{ at: 80%, to: lead }"
STEP3 = "{ at: 100%, to: leader, raise: 1 }"
STEP4 = "{ at: 150%, to: superior, raise: 2 }"
S = "escalation.0.steps"
LADDER = "escalation:\n  - steps:\n"
# file, what stands there, what is planted, line after that of the change, place and value, remedy en, remedy zh
PLANTED = [
    (POLICY, STEP2, "{ at: 80, to: lead }", 0, f"{S}.1.at = 80", "as 80%", "写成 80%"),
    (POLICY, STEP2, "{ at: 0%, to: lead }", 0, f"{S}.1.at = '0%'", "from 1% to 9999%", "从 1% 到 9999%"),
    (POLICY, STEP2, "{ at: 40%, to: lead }", 0, f"{S}.1.at = '40%'", "stands after 50%; put the steps in order", "排在 50% 之后"),
    (POLICY, STEP2, "{ at: 50%, to: lead }", 0, f"{S}.1.at = '50%'", "a step at 50% already; merge", "50% 已有一步"),
    (POLICY, STEP2, "{ at: 80%, to: nobody }", 0, f"{S}.1.to = 'nobody'", "one of assignee, lead, service", "registers/people.yaml 中的账号"),
    (POLICY, STEP2, "{ at: 80%, to: lead, tell: x }", 0, f"{S}.1.tell = 'x'", "no such key", "更正拼写"),
    (POLICY, STEP2, "{ at: 80% }", 0, f"{S}.1.to = ", "add it", "补上"),
    (POLICY, STEP2, "{ at: 80%, to: lead, assign: true }", 0, f"{S}.1.assign = True", "'lead' follows the assignee", "“lead”随负责人而变"),
    (POLICY, STEP2, "{ at: 80%, to: lead, raise: -1 }", 0, f"{S}.1.raise = -1", "at least 0", "0"),
    (POLICY, STEP4, "{ at: 150%, to: assignee }", 0, f"{S}.3.to = 'assignee'", "comes back to 'assignee', who was told at 50%", "又回到 50% 时已通知的“assignee”"),
    (POLICY, STEP3, "{ at: 100%, to: leader, raise: 3 }", 1, f"{S}.3.raise = 2", "lower than the level of a step before", "低于前面的一步"),
    (POLICY, LADDER, "escalation:\n  - kind: bug\n    steps:\n", 1, "escalation.0.kind = 'bug'", "'service_request'", "'service_request'"),
    (POLICY, LADDER, "escalation:\n  - severity: deadly\n    steps:\n", 1, "escalation.0.severity = 'deadly'", "no severity; known are critical", "critical"),
    (POLICY, LADDER, "escalation:\n  - kind: document\n    severity: major\n    steps:\n", 2, "escalation.0.severity = 'major'", "have no severity; delete", "没有严重程度"),
    (POLICY, LADDER, "escalation:\n  - steps: []\n  - severity: minor\n    steps:\n", 1, "escalation.0.steps = ", "at least 1", "1"),
    (POLICY, LADDER, "escalation:\n  - steps: [{ at: 9%, to: leader }]\n  - steps:\n", 2, "escalation.1 = ", "a ladder for this kind and severity already", "已有升级阶梯"),
    (PEOPLE, "reports_to: zhou.hao", "reports_to: nobody", 0, "zhang.wei.reports_to = 'nobody'", "add the person", "registers/people.yaml"),
    (PEOPLE, "reports_to: zhou.hao", "reports_to: zhang.wei", 0, "zhang.wei.reports_to = 'zhang.wei'", "zhang.wei → zhang.wei", "成环：zhang.wei → zhang.wei"),
    (PEOPLE, "reports_to: zhou.hao", "reports_to: liu.yang", 0, "zhang.wei.reports_to = 'liu.yang'", "zhang.wei → liu.yang → zhao.lei → zhang.wei; correct", "成环：zhang.wei → liu.yang"),
    (PEOPLE, "reports_to: zhou.hao", "reports_to: zhou.hao\n  notify: [We Com]", 1, "zhang.wei.notify.0 = 'We Com'", "fits", "^[a-z]"),
    (PEOPLE, "reports_to: zhou.hao", "reports_to: zhou.hao\n  notify: [mail, mail]", 1, "zhang.wei.notify.1 = 'mail'", "twice", "重复"),
    (MAIN, "notify: false", "notify: loud", 0, "notify = 'loud'", "true or false", "true"),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("name", "old", "new", "after", "told", "remedy"), [(*p[:5], p[5:]) for p in PLANTED]
)
def test_a_planted_fault_is_told_with_file_line_place_value_and_remedy(
    company, language, name, old, new, after, told, remedy
):
    line = company.edit(name, old, new) + after
    if language == "en":
        company.speak("en")
    sentences = company.faults()
    wanted = remedy[language == "zh"]
    fitting = [s for s in sentences if s.startswith(f"{name}:{line}: ") and told in s and wanted in s]
    assert fitting, sentences
    match = SENTENCE.fullmatch(fitting[0])
    assert match
    assert bool(re.search("[一-鿿]", match["remedy"])) is (language == "zh")


def test_everybody_in_a_circle_is_named_and_nobody_outside(company):
    company.speak("en")
    company.edit(PEOPLE, "reports_to: zhou.hao", "reports_to: liu.yang")
    named = {s.split(": ")[1].split(".reports_to")[0] for s in company.faults() if "circle" in s}
    assert named == {"zhang.wei", "liu.yang", "zhao.lei"}


def test_what_the_files_say_reaches_the_policy_and_the_registers(company):
    company.edit(
        POLICY,
        LADDER,
        "escalation:\n  - kind: document\n    steps: [{ at: 70%, to: yang.min }]\n  - severity: critical\n    steps: [{ at: 60%, to: service, raise: 4, assign: true }]\n  - steps:\n",
    )
    settings = load_settings(company.folder, {}, now=NOW)
    policy = settings.policy
    assert policy.ladder(IssueKind.DOCUMENT, "") == (Step(70, "yang.min"),)
    assert policy.ladder(IssueKind.SERVICE_REQUEST, "critical") == (Step(60, "service", 4, assign=True),)
    assert [step.at for step in policy.ladder(IssueKind.SERVICE_REQUEST, "minor")] == [50, 80, 100, 150]
    assert settings.registers.lead_of(LEADER) == SUPERIOR
    assert settings.registers.lead_of(SUPERIOR) == settings.registers.lead_of("nobody") == ""


def test_the_light_policy_has_one_step(company):
    company.edit(MAIN, "policy: standard", "policy: light")
    policy = load_settings(company.folder, {}, now=NOW).policy
    assert policy.ladder(IssueKind.MAINTENANCE, "major") == (Step(100, Recipient.LEADER, 1),)


def test_a_channel_without_an_address_is_refused_only_when_notifications_are_on(company):
    company.speak("en")
    line = company.edit(PEOPLE, "  reports_to: zhou.hao", "  reports_to: zhou.hao\n  notify: [wecom_zhang]")
    assert not load_settings(company.folder, {}, now=NOW).notify
    company.edit(MAIN, "notify: false", "notify: true")
    (fault,) = company.faults()
    assert fault.startswith(
        f"{PEOPLE}:{line + 1}: zhang.wei.notify.0 = 'wecom_zhang': SVC_NOTIFY_WECOM_ZHANG is not set"
    )
    settings = load_settings(company.folder, {"SVC_NOTIFY_WECOM_ZHANG": "wecombot://k-e-y"}, now=NOW)
    assert settings.notify
    assert settings.channels == {"wecom_zhang": "wecombot://k-e-y"}
    assert "k-e-y" not in repr(settings)
