"""Issues to measure with: the example company of ``config/``, and issues as busy as wanted."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from svc_plugin.domain.model import FieldChange, HistoryEntry, Issue, IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.settings import Settings, load_settings

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
TODAY = NOW.date()
START = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai, a working day
_CONFIG = Path(__file__).parent.parent / "config"
_STEPS = (
    (Stage.REGISTERED, Stage.IN_PROGRESS),
    (Stage.IN_PROGRESS, Stage.WAITING_CUSTOMER),
    (Stage.WAITING_CUSTOMER, Stage.IN_PROGRESS),
)


def company() -> Settings:
    """Load the example company."""
    return load_settings(_CONFIG, dict(os.environ), now=NOW)


def request(number: int, entries: int) -> Issue:
    """Return service request ``number`` with ``entries`` acts of people in its history.

    One act in four is a move, one in four changes fields, the others are notes, as in a long support case.
    """
    received = START + timedelta(minutes=97 * number % 80_000)
    fields = {
        Field.CUSTOMER: "恒通机械有限公司",
        Field.CHANNEL: "phone",
        Field.REQUEST_KIND: ("fault", "inquiry", "complaint", "suggestion")[number % 4],
        Field.RECEIVED_AT: received.isoformat(),
        Field.MEASURE: f"已核对第 {number} 号单据并重新开票；原因是税率表未更新，已发补丁并电话确认。",
        Field.ANSWER: "已答复客户",
    }
    return Issue(
        ref=IssueRef("main", str(number)),
        kind=IssueKind.SERVICE_REQUEST,
        stage=Stage.IN_PROGRESS,
        status="处理中",
        title=f"开票时提示“税率无效”（第 {number} 次）",
        created_at=received,
        updated_at=received + timedelta(minutes=7 * (entries + 1)),
        author="wang.fang",
        assignee="wang.fang",
        product="erp",
        description="月末结账时开票失败，界面提示税号校验未通过。",
        fields=fields,
        history=tuple(_act(place, received) for place in range(entries)),
    )


def unanswered(entries: int) -> Issue:
    """Return a request to which only the customer wrote: rules that look for a response read all of it."""
    issue = request(12, entries)
    notes = (HistoryEntry(act.at, "customer", note="请问有进展吗？") for act in issue.history)
    fields = {**issue.fields, Field.CHANNEL: "email"}
    return replace(issue, stage=Stage.REGISTERED, author="customer", fields=fields, history=tuple(notes))


def undecided(entries: int) -> Issue:
    """Return perfective work that was judged by the first act of its history and decided by the second.

    Rules ask who did it and read backwards, so that they too read all of it.
    """
    issue = request(13, entries)
    judged = FieldChange(Field.MAINTENANCE_CLASS, "", "perfective")
    decided = FieldChange(Field.DECISION, "", "approved")
    first, second, *others = issue.history
    acts = (
        HistoryEntry(first.at, "liu.yang", changes=(judged,)),
        HistoryEntry(second.at, "zhang.wei", changes=(decided,)),
        *others,
    )
    fields = {Field.MAINTENANCE_CLASS: "perfective", Field.DECISION: "approved", Field.ESTIMATE_HOURS: "40"}
    kind, stage = IssueKind.MAINTENANCE, Stage.AWAITING_DECISION
    return replace(issue, kind=kind, stage=stage, fields=fields, history=acts)


def _act(place: int, since: datetime) -> HistoryEntry:
    at, account = since + timedelta(minutes=7 * (place + 1)), ("wang.fang", "liu.yang")[place % 2]
    if place % 4 == 0:
        frm, to = _STEPS[0] if place == 0 else _STEPS[1 + place // 4 % 2]
        return HistoryEntry(at, account, moved_from=frm, moved_to=to)
    if place % 4 == 1:
        change = FieldChange(Field.MEASURE, f"第 {place - 4} 稿", f"第 {place} 稿")
        return HistoryEntry(at, account, changes=(change,))
    return HistoryEntry(at, account, note=f"第 {place} 次联系客户，已说明进展。")
