"""A quarter of that company's work as issues; the requests stand in ``quarter.csv``, one a line."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

from svc_plugin.domain.model import FieldChange, HistoryEntry, Issue, IssueRef, TimeEntry, origin_marker
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.documents.company import ZONE
from tests.documents.upkeep import upkeep

_OUTCOMES = {"c4": "客户接受致歉，10 月 14 日问题解决后回访满意", "c2": "客户认可改进办法，撤回投诉"}
_DECISIONS = {
    "c1": ("adopted", "2026-10-13", ""),
    "c4": ("not_adopted", "2026-10-29", "双人复核是贵司质量体系的要求，自动跳行会绕过第二人的确认"),
    "c5": ("open", "", ""),
    "c3": ("adopted", "2026-11-23", ""),
    "c2": ("adopted", "2026-12-17", ""),
}


def lines() -> list[dict[str, str]]:
    """The requests as they are written down: one of an earlier period, one carried over, one entered late."""
    with (Path(__file__).parent / "quarter.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def issues() -> list[Issue]:
    """Everything of the product: requests, maintenance, tasks, the plan, and one issue of another product."""
    asked = requests()
    return [*asked, *_maintenance(asked), *_tasks(), _plan(), _other_product(), *upkeep()]


def requests() -> list[Issue]:
    """The requests as issues with their history."""
    return [_request(line) for line in lines()]


def local(text: str) -> datetime:
    """Read a moment in the company's zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def _request(line: dict[str, str]) -> Issue:
    received = local(line["received"])
    registered = local(line["registered"]) if line["registered"] else received + timedelta(minutes=5)
    owner = "wang.fang" if int(line["key"]) % 3 else "chen.jing"
    history: list[HistoryEntry] = []
    responded = line["respond_minutes"] not in {"", "0"}
    if responded:
        at = received + timedelta(minutes=int(line["respond_minutes"]))
        history.append(HistoryEntry(at, owner, Stage.REGISTERED, Stage.IN_PROGRESS))
    if line["close_days"]:
        done = max(received, registered) + timedelta(days=int(line["close_days"]), hours=2)
        history.append(HistoryEntry(done, owner, Stage.IN_PROGRESS, Stage.CLOSED))
    running = Stage.IN_PROGRESS if responded else Stage.REGISTERED
    return Issue(
        ref=IssueRef("main", line["key"]),
        kind=IssueKind.SERVICE_REQUEST,
        stage=Stage.CLOSED if line["close_days"] else running,
        status="",
        title=line["title"],
        created_at=registered,
        updated_at=history[-1].at if history else registered,
        author=owner,
        assignee=owner,
        product="erp",
        fields=_fields(line),
        history=tuple(history),
        time_entries=(
            TimeEntry(f"t{line['key']}", owner, received.date(), 0.5 + int(line["key"]) % 4 * 0.75),
        ),
    )


def _fields(line: dict[str, str]) -> dict[Field, str]:
    fields = {
        Field.CUSTOMER: line["customer"],
        Field.CHANNEL: line["channel"],
        Field.REQUEST_KIND: line["kind"],
        Field.RECEIVED_AT: line["received"],
        Field.MEASURE: line["measure"],
    }
    if line["close_days"]:
        fields[Field.SATISFACTION_EVIDENCE] = ("written", "rating", "noted_call")[int(line["key"]) % 3]
        if int(line["key"]) % 3 == 1:
            fields |= {Field.SCORE_PRODUCT: str(3 + int(line["key"]) % 2), Field.SCORE_SERVICE: "5"}
    if line["kind"] == "complaint":
        fields[Field.COMPLAINT_OUTCOME] = _OUTCOMES.get(line["customer"], "")
    if line["kind"] == "suggestion":
        names = (Field.SUGGESTION_DECISION, Field.THANKS_SENT_ON, Field.EXPLANATION)
        fields |= dict(zip(names, _DECISIONS[line["customer"]], strict=True))
    return fields


def _maintenance(asked: list[Issue]) -> list[Issue]:
    """Every fault but the last was handed over."""
    faults = [issue for issue in asked if issue.value(Field.REQUEST_KIND) == "fault"][:-1]
    return [
        Issue(
            ref=IssueRef("main", str(2001 + place)),
            kind=IssueKind.MAINTENANCE,
            stage=Stage.CLOSED,
            status="",
            title=f"【转维护】{fault.title}",
            created_at=fault.created_at + timedelta(hours=1),
            updated_at=fault.updated_at,
            author="liu.yang",
            assignee="liu.yang",
            product="erp",
            fields={
                Field.ORIGIN: origin_marker("M32", fault.ref),
                Field.SOURCE: "customer",
                Field.CUSTOMER: fault.value(Field.CUSTOMER),
                Field.RECEIVED_AT: fault.value(Field.RECEIVED_AT),
                Field.SEVERITY: ("major", "normal", "critical")[place % 3],
                Field.MEASURE: fault.value(Field.MEASURE),
                Field.SATISFACTION_EVIDENCE: fault.value(Field.SATISFACTION_EVIDENCE),
                Field.MAINTENANCE_CLASS: "corrective",
                Field.VISIT_NEEDED: "yes" if place == 6 else "no",
                Field.VISIT_AT: "2026-11-10 15:00" if place == 6 else "",
            },
            history=(
                HistoryEntry(fault.updated_at - timedelta(hours=1), "liu.yang", Stage.TESTING, Stage.CLOSED),
            ),
            time_entries=(TimeEntry(f"m{place}", "liu.yang", date(2026, 11, 3), 6.0),),
        )
        for place, fault in enumerate(faults)
    ]


def _tasks() -> list[Issue]:
    survey, talk = "第四季度满意度调查", "与客户打交道：投诉沟通技巧（半天）"
    printing = {"arrived_at": "2026-10-19 14:10", "left_at": "2026-10-19 16:30", "visit_signed_by": "周敏"}
    agreed = {"visit_at": "2026-12-10 10:00", "visit_agreed_with": "钱工", "visit_signed_by": "钱工"}
    there = {"arrived_at": "2026-12-10 10:25", "left_at": "2026-12-10 17:00"}
    return [
        _task("3001", "survey", survey, "2026-10-12", customer="c1", score_product="4", score_service="5"),
        _task("3002", "survey", survey, "2026-10-20", customer="c3", score_product="4.5", score_service="4"),
        _task("3003", "survey", survey, "2026-12-21", done=False, customer="c5"),
        _task("3004", "visit", "现场处理送货单打印", "2026-10-19", customer="c1", **printing),
        _task("3005", "visit", "年末盘点前现场检查", "2026-12-08", customer="c2", **agreed, **there),
        _task("3006", "training", talk, "2026-11-06"),
        _task("3007", "training", "3.2.1 版新功能内部培训", "2026-10-15"),
        _task(
            "3008",
            "plan_task",
            "整理常见问题 30 条并发布",
            "2026-12-01",
            done=False,
            waiver="延至 2027-01-20",
        ),
        _task("3009", "patch_update", "3.2.1 补丁更新：5 家客户", "2026-10-22"),
    ]


def _task(key: str, kind: str, title: str, day: str, *, done: bool = True, **fields: str) -> Issue:
    start = local(f"{day} 09:00")
    end = HistoryEntry(start + timedelta(days=1), "chen.jing", Stage.IN_PROGRESS, Stage.CLOSED)
    return Issue(
        ref=IssueRef("main", key),
        kind=IssueKind.SERVICE_TASK,
        stage=Stage.CLOSED if done else Stage.OPEN,
        status="",
        title=title,
        created_at=start,
        updated_at=start,
        author="chen.jing",
        assignee="chen.jing",
        product="erp",
        fields={Field.TASK_KIND: kind, **{Field(name): value for name, value in fields.items()}},
        history=(end,) if done else (),
        time_entries=(TimeEntry(f"k{key}", "chen.jing", start.date(), 3.5),),
    )


def _plan() -> Issue:
    at = local("2026-01-08 10:00")
    agreed = FieldChange(Field.APPROVAL_DECISION, "", "agree")
    return Issue(
        ref=IssueRef("main", "901"),
        kind=IssueKind.DOCUMENT,
        stage=Stage.APPROVED,
        status="",
        title="客户服务计划 2026",
        created_at=at - timedelta(days=3),
        updated_at=at,
        author="wang.fang",
        product="erp",
        fields={
            Field.DOCUMENT_KIND: "service_plan",
            Field.PERIOD: "2026",
            Field.APPROVAL_DECISION: "agree",
        },
        history=(HistoryEntry(at, "zhang.wei", Stage.SUBMITTED, Stage.APPROVED, (agreed,)),),
    )


def _other_product() -> Issue:
    at = local("2026-10-12 09:00")
    ref = IssueRef("main", "5001")
    return Issue(
        ref, IssueKind.SERVICE_REQUEST, Stage.REGISTERED, "", "别的产品的要求", at, at, product="crm"
    )
