"""Maintenance of the example quarter beside the faults: defects found inside, wishes, a patch, a plan."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from svc_plugin.domain.model import FieldChange, HistoryEntry, Issue, IssueRef, TimeEntry, origin_marker
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.documents.company import ZONE

LIU, ZHAO, ZHANG = "liu.yang", "zhao.lei", "zhang.wei"
_TESTED = {
    Field.TEST_RESULT: "passed",
    Field.TESTER: ZHAO,
    Field.TEST_EVIDENCE: "回归 12 项通过，记录见附件",
    Field.BASE_VERSION: "3.2",
    Field.FIXED_VERSION: "3.2.1",
    Field.CHANGE_REFS: "a1b2c3d, 9f8e7d6",
}


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def work(key: str, created: str, title: str, stage: Stage, **fields: str) -> Issue:
    """A requirement of the maintenance staff's own, judged ten minutes after it was registered."""
    at = local(created)
    given = {Field(name): value for name, value in fields.items()}
    judged = HistoryEntry(
        at + timedelta(minutes=10),
        LIU,
        Stage.REGISTERED,
        Stage.CLASSIFIED,
        (FieldChange(Field.MAINTENANCE_CLASS, "", given.get(Field.MAINTENANCE_CLASS, "")),),
    )
    return Issue(
        ref=IssueRef("main", key),
        kind=IssueKind.MAINTENANCE,
        stage=stage,
        status="",
        title=title,
        created_at=at,
        updated_at=at,
        author=LIU,
        assignee=LIU,
        product="erp",
        fields=given,
        history=(judged,) if Field.MAINTENANCE_CLASS in given else (),
    )


def moved(issue: Issue, at: str, to: Stage, *, by: str = LIU, **fields: str) -> Issue:
    """The issue after one more move, with the fields that were set on the way."""
    changes = tuple(FieldChange(Field(name), "", value) for name, value in fields.items())
    entry = HistoryEntry(local(at), by, issue.stage, to, changes)
    given = {**issue.fields, **{change.field: change.new for change in changes}}
    return replace(issue, stage=to, fields=given, history=(*issue.history, entry))


def _sent_back(issue: Issue, at: str) -> Issue:
    """The issue after somebody scheduled it beyond the resources of its month."""
    return moved(moved(issue, at, Stage.SCHEDULED), at, Stage.AWAITING_DECISION)


def booked(issue: Issue, *entries: tuple[str, str, float]) -> Issue:
    """The issue with time entries: who, on which day, how many hours."""
    spent = tuple(
        TimeEntry(f"{issue.ref.key}-{place}", who, date.fromisoformat(day), hours)
        for place, (who, day, hours) in enumerate(entries)
    )
    return replace(issue, time_entries=spent)


def works() -> list[Issue]:
    """Six requirements: two defects, one of them open, and four wishes in every state of decision."""
    leak = work(
        "2101",
        "2026-10-20 09:00",
        "月末结账后内存持续增长",
        Stage.CLASSIFIED,
        source="internal",
        severity="major",
        maintenance_class="corrective",
        visit_needed="no",
        root_cause="结账任务未释放报表缓存",
        measure="结账结束时清空缓存，发布 3.2.1",
        **{field.value: value for field, value in _TESTED.items()},
        broad_value="yes",
        satisfaction_evidence="written",
    )
    slow = work(
        "2102",
        "2026-11-30 09:00",
        "库存台账超过 10 万行时打开缓慢",
        Stage.CLASSIFIED,
        source="customer",
        customer="c2",
        severity="normal",
        maintenance_class="corrective",
        visit_needed="yes",
        visit_at="2026-12-10 10:00",
        root_cause="台账查询缺少索引",
    )
    small = work(
        "2103",
        "2026-11-02 10:00",
        "送货单增加“联系人”栏",
        Stage.CLASSIFIED,
        source="customer",
        customer="c1",
        maintenance_class="perfective",
        maintenance_type="additive",
        estimate_hours="3",
        measure="打印模板增加联系人",
        satisfaction_evidence="written",
        **{field.value: value for field, value in _TESTED.items()},
    )
    approval = work(
        "2104",
        "2026-11-05 14:00",
        "手机上审批采购单",
        Stage.CLASSIFIED,
        source="customer",
        customer="c3",
        maintenance_class="perfective",
        estimate_hours="140",
    )
    scan = work(
        "2105",
        "2026-11-12 14:00",
        "支持自研扫码枪协议",
        Stage.CLASSIFIED,
        source="customer",
        customer="c4",
        maintenance_class="perfective",
        estimate_hours="60",
        explanation="协议只有一家使用，建议改用标准键盘模式",
        satisfaction_evidence="noted_call",
    )
    cloud = work(
        "2106",
        "2026-12-01 09:30",
        "改为多租户云部署",
        Stage.CLASSIFIED,
        source="internal",
        maintenance_class="perfective",
        estimate_hours="900",
    )
    said = {"decision_opinion": "列入下季度，由现有人员完成", "decision_factors": "战略、资源"}
    return [
        booked(
            moved(leak, "2026-10-22 16:00", Stage.CLOSED),
            (LIU, "2026-10-21", 7.5),
            (ZHAO, "2026-10-22", 2.25),
        ),
        booked(moved(slow, "2026-12-01 09:00", Stage.IN_WORK), (LIU, "2026-12-02", 4.0)),
        booked(moved(small, "2026-11-06 11:00", Stage.CLOSED), (LIU, "2026-11-05", 2.5)),
        moved(
            _sent_back(approval, "2026-11-06 09:00"),
            "2026-11-09 10:00",
            Stage.SCHEDULED,
            by=ZHANG,
            decision="approved",
            **said,
        ),
        moved(
            _sent_back(scan, "2026-11-13 09:00"),
            "2026-11-16 15:00",
            Stage.REJECTED,
            by=ZHANG,
            decision="declined",
            decision_opinion="受益面窄",
        ),
        _sent_back(cloud, "2026-12-02 09:00"),
    ]


def updates() -> list[Issue]:
    """One update task a customer for the patch of 2101; three of five are done."""
    made = local("2026-10-23 09:00")
    done = HistoryEntry(local("2026-11-04 15:00"), "chen.jing", Stage.IN_PROGRESS, Stage.CLOSED)
    return [
        Issue(
            ref=IssueRef("main", str(3101 + place)),
            kind=IssueKind.SERVICE_TASK,
            stage=Stage.CLOSED if place < 3 else Stage.OPEN,
            status="",
            title="更新至 3.2.1",
            created_at=made,
            updated_at=made,
            assignee="chen.jing",
            product="erp",
            fields={
                Field.TASK_KIND: "patch_update",
                Field.CUSTOMER: customer,
                Field.ORIGIN: origin_marker(f"M58-{customer}", IssueRef("main", "2101")),
            },
            history=(done,) if place < 3 else (),
        )
        for place, customer in enumerate(("c1", "c2", "c3", "c4", "c5"))
    ]


def visit() -> Issue:
    """The visit for 2102: agreed for ten o'clock, there half an hour early."""
    made = local("2026-12-07 09:00")
    return Issue(
        ref=IssueRef("main", "3201"),
        kind=IssueKind.SERVICE_TASK,
        stage=Stage.CLOSED,
        status="",
        title="现场采集台账数据",
        created_at=made,
        updated_at=made,
        assignee=ZHAO,
        product="erp",
        fields={
            Field.TASK_KIND: "visit",
            Field.CUSTOMER: "c2",
            Field.ORIGIN: origin_marker("M51", IssueRef("main", "2102")),
            Field.VISIT_AT: "2026-12-10 10:00",
            Field.ARRIVED_AT: "2026-12-10 09:30",
            Field.LEFT_AT: "2026-12-10 16:00",
            Field.VISIT_SIGNED_BY: "钱工",
        },
        history=(HistoryEntry(local("2026-12-10 16:10"), ZHAO, Stage.IN_PROGRESS, Stage.CLOSED),),
        time_entries=(TimeEntry("3201", ZHAO, date(2026, 12, 10), 8.0),),
    )


def training() -> Issue:
    """A training for the maintenance staff that is still to come."""
    made = local("2026-12-20 09:00")
    return Issue(
        ref=IssueRef("main", "3202"),
        kind=IssueKind.SERVICE_TASK,
        stage=Stage.OPEN,
        status="",
        title="与客户打交道：维护人员（半天）",
        created_at=made,
        updated_at=made,
        assignee=ZHAO,
        product="erp",
        fields={Field.TASK_KIND: "training"},
    )


def plan() -> Issue:
    """The maintenance plan in force."""
    at = local("2026-01-09 10:00")
    return Issue(
        ref=IssueRef("main", "902"),
        kind=IssueKind.DOCUMENT,
        stage=Stage.APPROVED,
        status="",
        title="产品维护计划 2026",
        created_at=at - timedelta(days=2),
        updated_at=at,
        author=LIU,
        product="erp",
        fields={
            Field.DOCUMENT_KIND: "maintenance_plan",
            Field.PERIOD: "2026",
            Field.APPROVAL_DECISION: "agree",
        },
        history=(
            HistoryEntry(
                at,
                ZHANG,
                Stage.SUBMITTED,
                Stage.APPROVED,
                (FieldChange(Field.APPROVAL_DECISION, "", "agree"),),
            ),
        ),
    )


def upkeep() -> list[Issue]:
    """All of it."""
    return [*works(), *updates(), visit(), training(), plan()]
