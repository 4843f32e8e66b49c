# ruff: noqa: E501 - one finding an entry reads as a table
"""What each rule says: its own name, the fact with its values, and in the comment remedy and waiver too."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.model import Commitment, Issue, ProductContext, ProductVersion, Snapshot
from svc_plugin.domain.plan import Finding, PutComment
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.messages import load
from tests.builders import (
    FINISHED,
    LEADER,
    MAINTAINER,
    MONDAY,
    OUTSIDER,
    PLANNED,
    SERVICE,
    an_issue,
    corrective,
    maintenance,
    moved,
    perfective,
    ref,
    said,
    seen,
    serving,
    set_by,
    standard,
)

TEXTS = load("zh")
FAULT = {Field.REQUEST_KIND: "fault"}
COMPLAINT = {Field.REQUEST_KIND: "complaint"}
LATE = MONDAY + timedelta(hours=6)


def a_plan(*history, author: str = SERVICE, stage: Stage = Stage.APPROVED, **more) -> Issue:
    fields = {Field.DOCUMENT_KIND: "service_plan", Field.PERIOD: "2026", **more.pop("fields", {})}
    return an_issue(IssueKind.DOCUMENT, stage, author=author, history=history, fields=fields, **more)


def a_report(period: str) -> Issue:
    fields = {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: period}
    return an_issue(IssueKind.DOCUMENT, Stage.DRAFT, fields=fields)


def decided(by: str, value: str, stage: Stage) -> Issue:
    return perfective(stage, set_by(by, Field.DECISION, value), fields={Field.DECISION: value})


def approved(by: str):
    return moved(by, Stage.APPROVED, frm=Stage.SUBMITTED)


def named(*names: Field) -> str:
    return TEXTS.listed([TEXTS.field(name) for name in names])


# rule, sentence of the catalogue, its values, what is seen
SAYS = [
    ("M04", "M04.fact", {"product": "远航客户关系系统", "day": "2026-06-30"}, seen(an_issue(product="crm"))),
    ("M05", "M05.fact", {"status": "奇怪"}, seen(an_issue(stage=None, status="奇怪"))),
    ("M06", "M06.fact.running", {"started": "2026-11-23 09:00", "due": "2026-11-23 10:00"},
     seen(an_issue(fields=COMPLAINT), now=LATE)),
    ("M06", "M06.fact.running", {"started": "2026-11-23 09:00", "due": "2026-11-23 10:00"},
     seen(an_issue(fields=COMPLAINT))),
    ("M06", "M06.fact.stopped",
     {"started": "2026-11-23 09:00", "due": "2026-11-23 10:00", "stopped": "2026-11-23 14:45", "used": "4小时15分"},
     seen(an_issue(fields=COMPLAINT, history=(said(SERVICE, "抱歉", after=timedelta(hours=5, minutes=45)),)), now=LATE)),
    ("M11", "M11.fact.big", {"estimate": "400.5", "limit": "320"},
     seen(perfective(Stage.CLASSIFIED, fields={Field.ESTIMATE_HOURS: "400.5"}))),
    ("M11", "M11.fact.person", {}, seen(perfective(Stage.CONVERTED, author=MAINTAINER))),
    ("M12", "M12.fact", {"stage": "不执行"}, seen(corrective(Stage.REJECTED))),
    ("M14", "M14.fact.period", {"period": "2026-Q5"}, seen(a_report("2026-Q5"))),
    ("M14", "M14.fact.due", {"document": "CSR-erp-2026-Q3"}, seen(a_report("2026-Q3"))),
    ("M18", "M18.fact", {"person": "王芳"}, seen(an_issue(assignee="", key="11"))),
    ("M19", "M19.fact.unknown", {"customer": "无", "day": "2026-11-23"},
     seen(an_issue(stage=Stage.IN_PROGRESS, fields={Field.CUSTOMER: ""}))),
    ("M19", "M19.fact.unknown", {"customer": "某某公司", "day": "2026-11-23"},
     seen(an_issue(stage=Stage.IN_PROGRESS, fields={Field.CUSTOMER: "某某公司"}))),
    ("M19", "M19.fact.undelivered", {"customer": "海星电子科技有限公司", "day": "2026-11-23"},
     seen(an_issue(stage=Stage.IN_PROGRESS, fields={Field.CUSTOMER: "海星电子科技有限公司"}))),
    ("M23", "fact.missing", {"missing": named(Field.REQUEST_KIND, Field.CHANNEL)},
     seen(an_issue(stage=Stage.IN_PROGRESS, fields={Field.REQUEST_KIND: "", Field.CHANNEL: ""}))),
    ("M26", "M26.fact.role", {"person": "刘洋"}, seen(a_plan(approved(MAINTAINER)))),
    ("M26", "M26.fact.author", {"person": "张伟"}, seen(a_plan(approved(LEADER), author=LEADER))),
    ("M26", "M26.fact.role", {"person": "王芳"}, seen(a_plan())),
    ("M26", "M26.fact.field", {"field": "审批结论"}, seen(a_plan(approved(LEADER)))),
    ("M26", "M26.fact.waiting", {}, seen(a_plan(stage=Stage.SUBMITTED, comments={"M26": "早先"}))),
    ("M27", "M27.fact", {"leader": "张伟"}, seen(an_issue(fields=COMPLAINT))),
    ("M32", "M32.fact.new", {}, seen(an_issue(fields=FAULT))),
    ("M32", "M32.fact.open", {"key": "#13"},
     seen(an_issue(stage=Stage.HANDED_OVER, fields=FAULT), linked=(serving(Stage.TESTING),))),
    ("M32", "M32.fact.done", {"key": "#13", "stage": "已完成", "measure": "更新税率表"},
     seen(an_issue(stage=Stage.HANDED_OVER, fields=FAULT),
          linked=(serving(Stage.DONE, **{Field.MEASURE: "更新税率表"}),))),
    ("M32", "M32.fact.done", {"key": "#13", "stage": "已关闭", "measure": "无"},
     seen(an_issue(stage=Stage.IN_PROGRESS, fields=FAULT), linked=(serving(Stage.CLOSED),))),
    ("M44", "M44.fact.running", {"started": "2026-11-23 09:00", "due": "2026-11-24 09:30"},
     seen(corrective(Stage.IN_WORK, fields={Field.SEVERITY: "critical"}))),
    ("M50", "M50.fact.missing", {}, seen(maintenance(Stage.SCHEDULED))),
    ("M50", "M50.fact.person", {"value": "完善性", "person": "李娜"},
     seen(maintenance(Stage.SCHEDULED, fields={Field.MAINTENANCE_CLASS: "perfective"},
                      history=(set_by(OUTSIDER, Field.MAINTENANCE_CLASS, "perfective"),)))),
    ("M54", "M54.fact.missing", {"leader": "张伟", "estimate": "300"}, seen(perfective(Stage.AWAITING_DECISION))),
    ("M54", "M54.fact.missing", {"leader": "张伟", "estimate": "?"},
     seen(perfective(Stage.SCHEDULED, fields={Field.ESTIMATE_HOURS: ""}))),
    ("M54", "M54.fact.approved", {}, seen(decided(LEADER, "approved", Stage.AWAITING_DECISION))),
    ("M54", "M54.fact.declined", {"person": "张伟", "value": "不同意", "leader": "张伟"},
     seen(decided(LEADER, "declined", Stage.SCHEDULED))),
    ("M54", "M54.fact.person", {"person": "刘洋", "value": "同意", "leader": "张伟"},
     seen(decided(MAINTAINER, "approved", Stage.SCHEDULED))),
    ("M56", "fact.missing",
     {"missing": TEXTS.listed([TEXTS.say("M56.passed"), named(Field.TESTER, Field.TEST_EVIDENCE)])},
     seen(corrective(Stage.TESTING))),
]  # fmt: skip


def of_tianyi(day: str) -> Issue:
    """A request on that day; its contracts run from 2024-04-16 to 2026-04-15 and from then to 2028-04-15."""
    return an_issue(created_at=local(day, "10:00"), fields={Field.CUSTOMER: "天翼物流有限公司"})


def local(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}:00+08:00")


def recorded(received: str) -> Issue:
    return an_issue(fields={Field.RECEIVED_AT: received})


def asked(technician: str) -> Issue:
    return an_issue(fields={Field.REQUEST_KIND: "inquiry", Field.TECHNICIAN_ASKED: technician})


def converted(**more) -> Snapshot:
    return seen(
        perfective(Stage.CONVERTED, moved(LEADER, Stage.CONVERTED, frm=Stage.AWAITING_DECISION)), **more
    )


def renamed() -> Issue:
    """A critical fault that became a wish when seven of its eight hours were over."""
    history = (
        set_by(MAINTAINER, Field.MAINTENANCE_CLASS, "corrective"),
        set_by(
            MAINTAINER,
            Field.MAINTENANCE_CLASS,
            "perfective",
            old="corrective",
            after=timedelta(hours=8, minutes=30),
        ),
    )
    fields = {Field.MAINTENANCE_CLASS: "perfective", Field.SEVERITY: "critical", Field.ESTIMATE_HOURS: "2"}
    return maintenance(Stage.IN_WORK, fields=fields, history=history)


def scheduled(hours: str) -> Issue:
    return perfective(
        Stage.SCHEDULED, moved(MAINTAINER, Stage.SCHEDULED), fields={Field.ESTIMATE_HOURS: hours}
    )


def taken(hours: float) -> ProductContext:
    return replace(PLANNED, commitments=(Commitment(ref("99"), MONDAY, hours),))


def waived(text: str, by: str = LEADER) -> Issue:
    return an_issue(fields={Field.WAIVER: text}, history=(set_by(by, Field.WAIVER, text),))


def reported(stage: Stage, *history, remark: str = "", **more) -> Issue:
    fields = {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: "2026-10", Field.APPROVAL_OPINION: remark}
    return an_issue(IssueKind.DOCUMENT, stage, fields=fields, history=history, **more)


def broad(version: str = "5.2") -> Issue:
    return corrective(Stage.DONE, fields={**FINISHED, Field.BROAD_VALUE: "yes", Field.FIXED_VERSION: version})


GOING = {"at": "2026-11-23 09:05", "month": "2026-11", "capacity": "240"}
SURVEY = {Field.TASK_KIND: "survey", Field.DUE_ON: "2026-11-24"}
VISIT = {Field.VISIT_NEEDED: "yes"}
GONE = set_by(MAINTAINER, Field.VISIT_NEEDED, "yes", after=timedelta(0))

# the same for rules on contracts, moments, plans and other issues
SAYS += [
    ("M03", "M03.fact.none", {"customer": "天翼物流有限公司", "day": "2024-04-15"}, seen(of_tianyi("2024-04-15"))),
    ("M03", "M03.fact.ending", {"number": "YH-ERP-2024-004", "ends": "2026-04-15", "level": "5×8，故障 4 小时响应"},
     seen(of_tianyi("2026-03-02"))),
    ("M03", "M03.fact.ended",
     {"customer": "天翼物流有限公司", "day": "2028-04-16", "number": "YH-ERP-2026-002", "ends": "2028-04-15",
      "level": "5×8，故障 4 小时响应"}, seen(of_tianyi("2028-04-16"))),
    ("M10", "fact.missing", {"missing": named(Field.CLASS_REASON, Field.CUSTOMER)},
     seen(perfective(Stage.CLASSIFIED, fields={Field.CUSTOMER: " "}))),
    ("M11", "M11.fact.version", {"version": "发票抬头 #12"}, converted(versions=())),
    ("M11", "M11.fact.converted", {"version": "6.0", "url": "https://main/versions/7"},
     converted(versions=(ProductVersion("6.0", "https://main/versions/7", "M11@main/12"),))),
    ("M12", "M12.fact.late", {"person": "刘洋", "at": "2026-11-23 17:30", "leader": "张伟"},
     seen(renamed(), now=MONDAY + timedelta(hours=9))),
    ("M13", "fact.missing", {"missing": named(Field.DECISION_OPINION, Field.DECISION_FACTORS)},
     seen(decided(LEADER, "approved", Stage.SCHEDULED))),
    ("M27-suggested", "suggested.fact",
     {"field": "要求种类", "value": "投诉", "words": TEXTS.listed(["“投诉”", "“没人管”"])},
     seen(an_issue(title="客户投诉没人管", fields={Field.REQUEST_KIND: ""}))),
    ("M28", "M28.fact.unread", {"value": "上周"}, seen(recorded("上周"))),
    ("M28", "M28.fact.later", {"received": "2026-11-23 09:01", "recorded": "2026-11-23 09:00"},
     seen(recorded("2026-11-23 09:01"))),
    ("M28", "M28.fact.delay",
     {"received": "2026-11-19 16:00", "recorded": "2026-11-23 09:00", "delay": "9小时30分", "limit": "8小时00分"},
     seen(recorded("2026-11-19 16:00"))),
    ("M29", "M29.fact.period", {"period": "明年"}, seen(a_plan(approved(LEADER), product="mes", fields={Field.PERIOD: "明年", Field.APPROVAL_DECISION: "agree"}))),
    ("M29", "M29.fact.due", {"period": "2026-Q4", "customers": TEXTS.listed(["信达汽车零部件有限公司", "海星电子科技有限公司"])},
     seen(a_plan(approved(LEADER), product="mes", fields={Field.PERIOD: "2026-Q4", Field.APPROVAL_DECISION: "agree"}))),
    ("M29", "M29.fact.running", {"started": "2026-11-23 09:00", "due": "2026-11-24 18:00"},
     seen(an_issue(IssueKind.SERVICE_TASK, Stage.OPEN, fields=SURVEY))),
    ("M31", "M31.fact.asked", {"person": "陈杰"}, seen(asked("chen.jie"))),
    ("M31", "M31.fact.role", {"person": "王芳"}, seen(asked(SERVICE))),
    ("M31", "M31.fact.due", {"due": "2026-11-23 18:00"}, seen(asked(""))),
    ("M31", "M31.fact.due", {"due": "2026-11-23 18:00"}, seen(asked(""), now=MONDAY + timedelta(hours=10))),
    ("M32", "M32.fact.converted", {"key": "#13", "version": "无"},
     seen(an_issue(stage=Stage.HANDED_OVER, fields=FAULT), linked=(serving(Stage.CONVERTED),))),
    ("M33", "M33.fact.running", {"started": "2026-11-23 09:00", "due": "2026-11-23 18:00"},
     seen(corrective(Stage.SCHEDULED, GONE, fields=VISIT))),
    ("M33-task", "M33-task.fact", {"customer": "恒通机械有限公司", "person": "刘洋", "day": "2026-11-23"},
     seen(corrective(Stage.SCHEDULED, GONE, fields=VISIT))),
    ("M49", "fact.missing", {"missing": named(Field.SOURCE)},
     seen(corrective(Stage.IN_WORK, fields={Field.SOURCE: ""}))),
    ("M50", "fact.missing", {"missing": TEXTS.say("M50.reason")}, seen(renamed())),
    ("M50-suggested", "suggested.fact", {"field": "维护类别", "value": "纠错性", "words": "“崩溃”"},
     seen(maintenance(Stage.REGISTERED, title="保存时崩溃"))),
    ("M53", "M53.fact.within", {**GOING, "estimate": "40.5", "committed": "150", "free": "90"},
     seen(scheduled("40.5"), context=taken(150))),
    ("M57", "fact.missing", {"missing": TEXTS.say("M57.unknown", version="5.2.1", known="无")},
     seen(corrective(Stage.DONE, fields=FINISHED), versions=())),
    ("M58", "fact.missing", {"missing": named(Field.BROAD_VALUE)}, seen(corrective(Stage.DONE))),
    ("M58", "M58.fact",
     {"version": "5.2", "covered": 0, "count": 2, "left": TEXTS.listed(["瑞丰食品股份有限公司", "天翼物流有限公司"])},
     seen(broad())),
    ("M62", "fact.missing", {"missing": TEXTS.say("M62.hours")}, seen(corrective(Stage.DONE))),
    ("M72", "M72.fact.due", {"due": "2026-11-09 11:30"}, seen(reported(Stage.DRAFT), now=local("2026-11-09", "11:30"))),
    ("M72", "M72.fact.due", {"due": "2026-11-09 11:30"}, seen(reported(Stage.DRAFT))),
    ("M72", "M72.fact.submitted", {"leader": "张伟"}, seen(reported(Stage.SUBMITTED))),
    ("M72", "M72.fact.role", {"person": "刘洋"}, seen(reported(Stage.APPROVED, approved(MAINTAINER)))),
    ("M72", "M72.fact.author", {"person": "张伟"}, seen(reported(Stage.APPROVED, approved(LEADER), author=LEADER))),
    ("M72", "M72.fact.field", {"field": "审批意见"}, seen(reported(Stage.APPROVED, approved(LEADER)))),
    ("M72", "M72.fact.waiting", {}, seen(reported(Stage.SUBMITTED, comments={"M72": "早先"}))),
    ("M73", "M73.fact.person", {"person": "王芳", "leader": "张伟"}, seen(waived("M51 先做", SERVICE))),
    ("M73", "M73.fact.unknown", {"line": "X51 先做"}, seen(waived("X51 先做"))),
    ("M73", "M73.fact.hard", {"line": "M50 先做"}, seen(waived("M50 先做"))),
    ("M73", "M73.fact.reason", {"line": "M51 2026-12-31"}, seen(waived("M51 2026-12-31"))),
    ("M73", "M73.fact.expired", {"line": "M51 2026-11-22 停产"}, seen(waived("M51 2026-11-22 停产"))),
    ("M73", "M73.fact.until", {"line": "M51 2026-11-23 停产"}, seen(waived("M51 2026-11-23 停产"))),
    ("M75", "M75.fact.covered", {"plan": "客户服务计划", "day": "2027-01-01"}, seen(an_issue(stage=Stage.IN_PROGRESS))),
    ("M75", "M75.fact.missing", {"product": "远航企业管理系统", "plan": "产品维护计划"},
     seen(corrective(Stage.IN_WORK), context=ProductContext())),
]  # fmt: skip


def finding(found: Snapshot, rule: str, fact: str) -> Finding:
    findings = [one for one in decide(found, standard()).findings if one.rule == rule]
    assert fact in [one.fact for one in findings], findings
    return next(one for one in findings if one.fact == fact)


@pytest.mark.parametrize(("rule", "key", "facts", "found"), SAYS)
def test_a_rule_says_what_it_found_and_what_to_do(rule, key, facts, found):
    fact = TEXTS.say(key, **facts)
    for change in finding(found, rule, fact).changes:
        if isinstance(change, PutComment):
            assert change.marker == rule
            for part in (fact, *(TEXTS.say(f"{rule}.{part}") for part in ("clause", "remedy", "waiver"))):
                assert part in change.text


def test_what_was_demanded_and_met_says_so_by_its_clause():
    issue = an_issue(comments={"M23": "早先"})
    assert finding(seen(issue), "M23", TEXTS.say("comment.settled", clause=TEXTS.say("M23.clause")))


def test_what_the_leader_waived_says_so_by_its_clause():
    waiver = "M51 2026-12-31 客户停产检修"
    issue = corrective(
        Stage.SCHEDULED,
        set_by(LEADER, Field.WAIVER, waiver),
        fields={Field.VISIT_NEEDED: "", Field.WAIVER: waiver},
        comments={"M51": "早先"},
    )
    found = finding(seen(issue), "M51", "领导已批准例外。")
    text = TEXTS.say("comment.waived", clause=TEXTS.say("M51.clause"))
    assert found.changes == (PutComment("M51", text),)
