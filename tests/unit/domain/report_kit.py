"""Issues of the small company in November 2026, and the report on them."""

from collections.abc import Mapping
from datetime import datetime

from svc_plugin.domain.figures.service_model import ServiceReport
from svc_plugin.domain.model import HistoryEntry, Issue, IssueRef, TimeEntry
from svc_plugin.domain.report import customer_service_report
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.documents.company import POLICY, REGISTERS, ZONE

WANG, CHEN, LIU, ZHANG = "wang.fang", "chen.jing", "liu.yang", "zhang.wei"
REQUEST, WORK, TASK, PAPER = (
    IssueKind.SERVICE_REQUEST,
    IssueKind.MAINTENANCE,
    IssueKind.SERVICE_TASK,
    IssueKind.DOCUMENT,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def ref(key: str) -> IssueRef:
    return IssueRef("main", key)


def issue(
    key: str,
    kind: IssueKind,
    stage: Stage | None,
    fields: Mapping[Field, str],
    *history: HistoryEntry,
    created: str = "2026-11-10 09:00",
    assignee: str = WANG,
    hours: tuple[TimeEntry, ...] = (),
) -> Issue:
    return Issue(
        ref(key), kind, stage, f"状态 {key}", f"标题 {key}", at(created), at(created), WANG, assignee, "erp",
        fields=fields, history=history, time_entries=hours,
    )  # fmt: skip


def did(moment: str, by: str = WANG, **more) -> HistoryEntry:
    return HistoryEntry(at(moment), by, **more)


def report(*issues: Issue, period: str = "2026-11") -> ServiceReport:
    now = at("2027-01-05 09:00")
    return customer_service_report(issues, REGISTERS, POLICY, product="erp", period=period, now=now)


def told(row: object, **expected: object) -> None:
    assert {name: getattr(row, name) for name in expected} == expected


ANSWER = did("2026-11-10 10:30", moved_from=Stage.REGISTERED, moved_to=Stage.IN_PROGRESS)
CLOSING = did("2026-11-11 14:30", moved_from=Stage.IN_PROGRESS, moved_to=Stage.CLOSED)
TRAINING = issue("30", TASK, Stage.OPEN, {Field.TASK_KIND: "training"}, assignee=CHEN)
SURVEY = issue(
    "31",
    TASK,
    Stage.CLOSED,
    {Field.TASK_KIND: "survey", Field.CUSTOMER: "c4", Field.SCORE_PRODUCT: "3", Field.SCORE_SERVICE: "5"},
    did("2026-11-12 16:00", moved_from=Stage.OPEN, moved_to=Stage.CLOSED),
)
