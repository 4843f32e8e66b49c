"""What a Jira's service desk keeps itself is read and shown; nothing is ever answered there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from svc_plugin.bootstrap import build
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field
from svc_plugin.engine.native import (
    Decision,
    NativeApproval,
    NativeClock,
    NativeRecord,
    NativeState,
    native_record,
    native_told,
)
from svc_plugin.messages import LANGUAGES, load
from svc_plugin.settings import load_settings
from svc_plugin.sites.memory import MemorySite
from svc_plugin.standins.jira import JiraPlan, Mode
from tests.builders import CONFIG, LEADER, NOW, SERVICE
from tests.contract.jira_kit import JiraWorld, a_jira, plan, shipped

MINUTE = 60_000
SHANGHAI = ZoneInfo("Asia/Shanghai")


def a_desk() -> JiraPlan:
    made = plan(shipped())
    return replace(made, projects=tuple(replace(one, service_desk=True) for one in made.projects))


def length(minutes: int) -> dict[str, object]:
    return {"millis": minutes * MINUTE, "friendly": f"{minutes}m"}


def moment(at: datetime) -> dict[str, object]:
    return {"epochMillis": int(at.timestamp() * 1000), "iso8601": at.isoformat()}


DUE = datetime(2026, 10, 5, 1, 30, tzinfo=UTC)


def kept(world: JiraWorld, ref: IssueRef) -> None:
    """An approval that waits for two people, a clock that was kept once and runs again, one that stands."""
    issue = world.standin.state.issues[int(ref.key)]
    known = {"displayName": "", **world.user(LEADER)}
    unknown = {"accountId": "x:1"} if world.mode == "cloud" else {"name": "kunde"}
    issue.approvals.append(
        {
            "id": "1",
            "name": "客户批准",
            "finalDecision": "pending",
            "canAnswerApproval": True,
            "approvers": [
                {"approver": known, "approverDecision": "approved"},
                {"approver": {"displayName": "客户代表", **unknown}, "approverDecision": "pending"},
            ],
        }
    )
    ongoing = {"breached": False, "paused": False, "withinCalendarHours": True, "breachTime": moment(DUE)}
    ended = {"breached": True, "goalDuration": length(30), "elapsedTime": length(45), "stopTime": moment(DUE)}
    ongoing |= {"goalDuration": length(240), "elapsedTime": length(75), "remainingTime": length(165)}
    issue.slas += [
        {"id": "10", "name": "首次响应", "completedCycles": [ended], "ongoingCycle": ongoing},
        {"id": "11", "name": "解决", "completedCycles": [], "ongoingCycle": {**ongoing, "paused": True}},
    ]


def test_approvals_and_slas_are_read(mode: Mode) -> None:
    with a_jira(mode, a_desk()) as (world, asked):
        ref = world.create()
        kept(world, ref)
        asked.clear()
        found = world.connect().native(ref)
        assert [one.split()[0] for one in asked] == ["GET", "GET"]
    stranger = "客户代表" if mode == "cloud" else "kunde"
    span = {"target": timedelta(hours=4), "used": timedelta(minutes=75), "due_at": DUE}
    late = NativeClock("首次响应", NativeState.STOPPED, True, timedelta(minutes=30), timedelta(minutes=45))
    assert found == NativeRecord(
        [
            NativeApproval(
                "客户批准", Decision.PENDING, [(LEADER, Decision.APPROVED), (stranger, Decision.PENDING)]
            )
        ],
        [
            late,
            NativeClock("首次响应", NativeState.RUNNING, False, **span),
            NativeClock("解决", NativeState.PAUSED, False, **span),
        ],
    )


def test_many_are_read_page_by_page(mode: Mode) -> None:
    with a_jira(mode, a_desk()) as (world, _):
        ref = world.create()
        issue = world.standin.state.issues[int(ref.key)]
        issue.approvals += [
            {"id": str(n), "name": f"第 {n} 项", "finalDecision": "declined"} for n in range(120)
        ]
        found = world.connect().native(ref)
    assert found is not None
    assert [one.name for one in found.approvals] == [f"第 {n} 项" for n in range(120)]


def test_an_issue_of_another_project_or_site_keeps_nothing(mode: Mode) -> None:
    with a_jira(mode) as (world, _):
        ref = world.create()
        assert world.connect().native(ref) is None
    assert native_record({"main": MemorySite("main", world.now)}, ref) is None


def test_what_our_account_may_not_see_is_said_with_the_remedy(mode: Mode) -> None:
    with a_jira(mode, a_desk()) as (world, _):
        ref = world.create()
        world.fault(path=f"/rest/servicedeskapi/request/{ref.key}/approval", effect="answer", status=403)
        found = native_record({"main": world.connect()}, ref)
        assert found is not None
        assert "代理" in found.unread
        for _ in range(3):
            world.fault(path=f"/rest/servicedeskapi/request/{ref.key}/approval", effect="answer", status=503)
        found = native_record({"main": world.connect()}, ref)
        assert found is not None
        assert "503" in found.unread


def test_no_reconcile_asks_the_service_desk(mode: Mode, tmp_path: Path) -> None:
    settings = load_settings(CONFIG, {"SVC_DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}, now=NOW)
    with a_jira(mode, a_desk()) as (world, asked):
        services = build(settings, sites={"main": world.site})
        ref = world.create(fields={Field.REQUEST_KIND: "fault", Field.CHANNEL: "phone"}, assignee=SERVICE)
        kept(world, ref)
        asked.clear()
        assert services.reconciler.reconcile(ref).plans
        assert asked
        assert not any("servicedeskapi" in one for one in asked)
        assert native_record(services.sites, ref) is not None
        services.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_and_decision_has_words(language: str) -> None:
    record = NativeRecord(
        [NativeApproval("A", one, [("li.na", one)]) for one in Decision],
        [NativeClock("C", one, True, timedelta(hours=1), timedelta(0), DUE) for one in NativeState],
    )
    told = list(native_told(record, load(language), SHANGHAI))
    assert len(told) == 6
    assert not any("native." in one for one in told)
    assert "2026-10-05 09:30" in told[-1]
    (unread,) = native_told(NativeRecord(unread="why"), load(language), SHANGHAI)
    assert "why" in unread
    assert len(list(native_told(NativeRecord(), load(language), SHANGHAI))) == 1
