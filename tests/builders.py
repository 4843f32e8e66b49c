"""Small builders: an issue, a snapshot, the example company; every test names only what it is about."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from svc_plugin.domain.clocks import Clock, measured_until
from svc_plugin.domain.model import (
    ApprovedPlan,
    FieldChange,
    HistoryEntry,
    Issue,
    IssueRef,
    ProductContext,
    ProductVersion,
    Snapshot,
    TimeEntry,
    origin_marker,
)
from svc_plugin.domain.plan import EnsureIssue, Plan, PutComment, SetField, SetStage
from svc_plugin.domain.plans_in_force import PLAN_OF
from svc_plugin.domain.policy import Mode, Policy
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.messages import load
from svc_plugin.settings import Settings, load_settings

CONFIG = Path(__file__).parent.parent / "config"
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # noon of a Sunday in Shanghai
TODAY = NOW.date()
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai, a working day
SERVICE, MAINTAINER, LEADER, OUTSIDER, BOT = "wang.fang", "liu.yang", "zhang.wei", "li.na", "svc-bot"
LEAD, SUPERIOR = "zhao.lei", "zhou.hao"  # whom the staff report to, and whom the leader does


CUSTOMER = {Field.CUSTOMER: "恒通机械有限公司"}
# what an ordinary issue holds, so that a test names only what it is about
ORDINARY = {
    IssueKind.SERVICE_REQUEST: {**CUSTOMER, Field.CHANNEL: "email", Field.REQUEST_KIND: "request"},
    IssueKind.MAINTENANCE: {**CUSTOMER, Field.SOURCE: "customer", Field.VISIT_NEEDED: "no"},
}
# what a maintenance issue needs to be done
FINISHED = {
    Field.ROOT_CAUSE: "税率表缺失",
    Field.MEASURE: "更新税率表",
    Field.TEST_RESULT: "passed",
    Field.TESTER: "chen.jie",
    Field.TEST_EVIDENCE: "回归 12 项",
    Field.BASE_VERSION: "5.2",
    Field.FIXED_VERSION: "5.2.1",
    Field.CHANGE_REFS: "a1b2c3d",
    Field.BROAD_VALUE: "no",
    Field.SATISFACTION_EVIDENCE: "written",
}


@cache
def example() -> Settings:
    """The example company as it ships."""
    return load_settings(CONFIG, {}, now=NOW)


def standard() -> Policy:
    return example().policy


def ref(key: str = "12") -> IssueRef:
    return IssueRef("main", key)


def an_issue(
    kind: IssueKind = IssueKind.SERVICE_REQUEST,
    stage: Stage | None = Stage.REGISTERED,
    *,
    key: str = "12",
    fields: Mapping[Field, str] | None = None,
    history: tuple[HistoryEntry, ...] = (),
    **more: object,
) -> Issue:
    given: dict[str, object] = {
        "status": "?",
        "title": "发票抬头",
        "created_at": MONDAY,
        "updated_at": MONDAY,
        "author": SERVICE,
        "product": "erp",
        "assignee": MAINTAINER if kind is IssueKind.MAINTENANCE else SERVICE,
        **more,
    }
    filled = {**ORDINARY.get(kind, {}), **(fields or {})}
    return Issue(ref(key), kind, stage, fields=filled, history=history, **given)  # type: ignore[arg-type]


def maintenance(stage: Stage, **more: object) -> Issue:
    return an_issue(IssueKind.MAINTENANCE, stage, **more)  # type: ignore[arg-type]


def moved(
    by: str, to: Stage, *, frm: Stage | None = Stage.REGISTERED, after: timedelta = timedelta(minutes=5)
) -> HistoryEntry:
    return HistoryEntry(MONDAY + after, by, moved_from=frm, moved_to=to)


def set_by(
    by: str, field: Field, new: str, *, after: timedelta = timedelta(minutes=2), old: str = ""
) -> HistoryEntry:
    return HistoryEntry(MONDAY + after, by, changes=(FieldChange(field, old, new),))


def said(by: str, note: str, *, after: timedelta, private: bool = False) -> HistoryEntry:
    return HistoryEntry(MONDAY + after, by, note="" if private else note, private=private)


def a_plan(kind: str, period: str, *, product: str = "erp", key: str = "90", **more: object) -> Issue:
    """A plan that its writer submitted and an approver approved."""
    return an_issue(
        IssueKind.DOCUMENT,
        Stage.APPROVED,
        key=key,
        fields={Field.DOCUMENT_KIND: kind, Field.PERIOD: period, Field.APPROVAL_DECISION: "agree"},
        history=(moved(LEADER, Stage.APPROVED, frm=Stage.SUBMITTED),),
        product=product,
        **more,
    )


PLANNED = ProductContext(
    plans=tuple(
        ApprovedPlan(ref(f"plan{number}"), kind, date(2026, 1, 1), date(2027, 1, 1))
        for number, kind in enumerate(PLAN_OF.values())
    )
)
"""What an ordinary product has: its plans of the year, approved."""


def seen(
    issue: Issue,
    *,
    now: datetime = MONDAY + timedelta(minutes=10),
    linked: tuple[Issue, ...] = (),
    context: ProductContext = PLANNED,
    versions: tuple[ProductVersion, ...] | None = None,
) -> Snapshot:
    return Snapshot(issue, example().registers, load("zh"), now, linked, context, versions)


def under(**modes: str) -> Policy:
    """The standard policy with some rules ``warned`` or ``off``."""
    return replace(standard(), modes={rule: Mode(mode) for rule, mode in modes.items()})


def a_clock(start: datetime, due: datetime, stopped: datetime | None = None) -> Clock:
    """A clock of the example company that is due at a given moment."""
    return measured_until(seen(an_issue()), "first_response", start, due, stopped)


def stage_wanted(plan: Plan) -> Stage | None:
    return next((change.stage for change in plan.changes if isinstance(change, SetStage)), None)


def level_wanted(plan: Plan) -> str:
    """The escalation level that a plan sets, "" when it leaves it."""
    wanted = (c.value for c in plan.changes if isinstance(c, SetField) and c.field is Field.ESCALATION_LEVEL)
    return next(wanted, "")


def tasks_wanted(plan: Plan) -> list[EnsureIssue]:
    return [change for change in plan.changes if isinstance(change, EnsureIssue)]


def comment(plan: Plan, marker: str) -> str:
    return next((c.text for c in plan.changes if isinstance(c, PutComment) and c.marker == marker), "")


def corrective(
    stage: Stage,
    *history: HistoryEntry,
    fields: Mapping[Field, str] | None = None,
    hours: float = 0,
    **more: object,
) -> Issue:
    """A judged corrective issue; ``hours`` are booked on it."""
    judged = set_by(MAINTAINER, Field.MAINTENANCE_CLASS, "corrective")
    booked = (TimeEntry("1", MAINTAINER, TODAY, hours),) if hours else ()
    given = {Field.MAINTENANCE_CLASS: "corrective", **(fields or {})}
    return maintenance(stage, fields=given, history=(judged, *history), time_entries=booked, **more)


def perfective(
    stage: Stage, *history: HistoryEntry, fields: Mapping[Field, str] | None = None, **more: object
) -> Issue:
    """A judged perfective issue of three hundred hours: more than a month of its product has."""
    judged = set_by(MAINTAINER, Field.MAINTENANCE_CLASS, "perfective")
    given = {Field.MAINTENANCE_CLASS: "perfective", Field.ESTIMATE_HOURS: "300", **(fields or {})}
    return maintenance(stage, fields=given, history=(judged, *history), **more)


def serving(stage: Stage, **fields: str) -> Issue:
    return an_issue(
        IssueKind.MAINTENANCE, stage, key="13", fields={Field.ORIGIN: origin_marker("M32", ref()), **fields}
    )
