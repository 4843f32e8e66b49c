"""What the check of a Jira tells beside its faults, and the ways out of every status that has an issue."""

from dataclasses import replace
from typing import Any

import pytest

from svc_plugin.domain.vocabulary import IssueKind, Stage
from svc_plugin.engine.examining import SiteCheck
from svc_plugin.sites.jira.hooks import EVENTS
from svc_plugin.standins.jira import JiraPlan, Mode
from svc_plugin.standins.jira.plan import HookPlan
from tests.builders import LEADER, SERVICE
from tests.contract.jira_kit import PEOPLE, JiraWorld, a_jira, plan, shipped

ADDRESS = "https://svc.example.com"
ONE_PROJECT = replace(shipped(), projects={"erp": "ERP"})
REQUEST = ONE_PROJECT.kinds[IssueKind.SERVICE_REQUEST]


def examined(world: JiraWorld, account: str = "", **more: Any) -> SiteCheck:
    login: dict[str, str] = {}
    if account:
        who = PEOPLE[account]
        login = {"api_key": who.token, "email": who.email if world.mode == "cloud" else ""}
    return world.connect(**{"mapping": ONE_PROJECT, "public_url": ADDRESS, **login, **more}).examine()


def closed_from(*stages: Stage) -> JiraPlan:
    """A workflow in which requests do not come from these stages into the first one again."""
    made = plan(shipped())
    kind = made.issue_types[0]
    first = REQUEST.statuses[Stage.REGISTERED]
    barred = {REQUEST.statuses[stage] for stage in stages}
    moves = tuple(
        replace(move, sources=tuple(one for one in move.sources if one not in barred))
        if move.to == first
        else move
        for move in kind.transitions
    )
    return replace(made, issue_types=(replace(kind, transitions=moves), *made.issue_types[1:]))


def test_the_ways_out_of_every_status_with_an_issue_are_looked_at(mode: Mode) -> None:
    with a_jira(mode, closed_from(Stage.ANSWERED)) as (world, _):
        answered = world.create()
        world.does(answered, SERVICE, stage=Stage.ANSWERED)
        world.create()  # the newest can go everywhere
        found = examined(world)
        status, first = REQUEST.statuses[Stage.ANSWERED], REQUEST.statuses[Stage.REGISTERED]
        (told,) = [one for one in found.faults if "不能把" in one]
        assert f"（“{REQUEST.issue_type}”，现为“{status}”）移到：{first}；" in told
        assert "项目设置 → 工作流" in told
        assert any(f"（看了 ERP-2）：{first}" in one for one in found.notes)
        unseen = next(one for one in found.notes if "尚未检查" in one and REQUEST.issue_type in one)
        assert REQUEST.statuses[Stage.WAITING_CUSTOMER] in unseen
        assert status not in unseen


def test_a_status_whose_issues_are_old_is_found_among_many(mode: Mode) -> None:
    with a_jira(mode, closed_from(Stage.ANSWERED)) as (world, _):
        world.does(world.create(), SERVICE, stage=Stage.ANSWERED)
        for _ in range(101):
            world.create()
        assert any("不能把 ERP-1" in one for one in examined(world).faults)


def test_it_is_told_who_we_are_and_what_was_found(mode: Mode) -> None:
    with a_jira(mode) as (world, _):
        for kind in ONE_PROJECT.kinds:
            world.create(kind)
        found = examined(world, language="en")
    assert found.faults == ()
    told = "\n".join(found.notes)
    kind = "Cloud" if mode == "cloud" else "Server"
    for part in (
        f"reachable: {world.url}, Jira {kind} ",
        "our account: 测试 svc-bot (",
        "clocks differ by ",
        f"fields found: {len(ONE_PROJECT.fields)}",
        "link type: Relates",
        "permissions in project 'ERP': 11 of 11",
        f"'{REQUEST.issue_type}' of project 'ERP': statuses 6 of 6",
        "edit screen of '服务请求': seen on ERP-1",
        "webhook: shown to administrators only, hence unchecked; see under System, WebHooks",
    ):
        assert part in told


def test_what_is_missing_is_counted_beside_the_fault(mode: Mode) -> None:
    made = plan(shipped())
    roles = {role: held - {"LINK_ISSUES", "ADD_COMMENTS"} for role, held in made.roles.items()}
    with a_jira(mode, replace(made, roles=roles)) as (world, _):
        found = examined(world)
    assert len([one for one in found.faults if "缺少权限" in one and "项目设置 → 权限" in one]) == 2
    assert any("项目“ERP”的权限：9 / 11" in one for one in found.notes)


def test_a_server_that_cannot_be_reached_has_no_notes(mode: Mode) -> None:
    with a_jira(mode) as (world, _):
        found = examined(world, api_url="http://127.0.0.1:1")
    assert len(found.faults) == 1
    assert found.notes == ()


@pytest.mark.parametrize(
    ("parts", "enabled", "told"),
    [
        ({}, True, ""),
        ({"secret": ""}, True, "没有密钥"),
        ({"events": EVENTS[:-1]}, True, "缺少事件 issuelink_deleted；请在“系统 → 网络钩子”中勾选"),
        ({}, False, "已停用；请在“系统 → 网络钩子”中启用"),
        (
            {"url": "https://elsewhere.example.com/hooks/main"},
            True,
            "没有发往 https://svc.example.com/hooks/main",
        ),
    ],
)
def test_an_administrator_is_told_what_is_wrong_with_the_webhook(
    mode: Mode, parts: dict[str, Any], enabled: bool, told: str
) -> None:
    hook = HookPlan(**{"url": f"{ADDRESS}/hooks/main", "secret": "s", **parts})
    with a_jira(mode, replace(plan(shipped()), hooks=(hook,))) as (world, _):
        world.standin.hooks.faults.drop = 1000  # nobody is there
        next(iter(world.standin.catalogue.hooks.values())).enabled = enabled
        found = examined(world, LEADER)
    faults = [one for one in found.faults if "网络钩子" in one]
    if told == "没有密钥" and mode == "dc":  # which Data Center does not show
        assert faults == []
        assert any("Data Center 不显示有无密钥" in one for one in found.notes)
    elif told:
        assert [told in one for one in faults] == [True]
    else:
        assert faults == []
        assert any("已登记，启用，事件齐全" in one for one in found.notes)
