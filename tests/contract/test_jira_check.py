"""Walking what changed on a Jira, and the sentences of the check."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.sites.jira.search import minute
from svc_plugin.sites.mapping import KindMapping
from svc_plugin.standins.jira import JiraPlan, Mode
from svc_plugin.standins.jira.mapped import LEAD
from svc_plugin.standins.jira.plan import HookPlan
from tests.builders import BOT, LEADER, SERVICE
from tests.contract.jira_kit import JiraWorld, a_jira, plan, shipped

ONE_PROJECT = replace(shipped(), projects={"erp": "ERP"})
Change = Callable[[JiraPlan], JiraPlan]


@pytest.mark.parametrize("so_far", [3, 103])
def test_an_issue_that_changes_during_the_walk_is_met_again_and_none_is_lost(mode: Mode, so_far: int) -> None:
    with a_jira(mode) as (world, _):
        with world.same_second():
            made = [world.create() for _ in range(230)]
        walk = world.site.changed_since(None)
        met = [next(walk) for _ in range(so_far)]
        world.later(90)
        for one in met[:3]:
            world.does(one.ref, SERVICE, note="又变了")
        found = {one.ref for one in (*met, *walk)}
        assert found == set(made)


def test_several_products_are_walked_in_one_order_of_time(mode: Mode) -> None:
    with a_jira(mode) as (world, _):
        order: list[IssueRef] = []
        kind = {"name": world.mapping.kinds[IssueKind.SERVICE_REQUEST].issue_type}
        for _ in range(3):
            order.append(world.create())
            world.later(1)
            body = {"project": {"key": "MES"}, "issuetype": kind, "summary": "x"}
            made = world.ask(SERVICE, "post", "/issue", {"fields": body})
            order.append(IssueRef("main", str(made["id"])))
            world.later(61)
        assert [one.ref for one in world.site.changed_since(None)] == order
        only = world.connect(mapping=replace(world.mapping, projects={"erp": "ERP"}))
        assert [one.ref for one in only.changed_since(None)] == order[::2]
        assert list(world.connect(mapping=replace(world.mapping, projects={})).changed_since(None)) == []


@pytest.mark.parametrize("zone", ["America/St_Johns", "Asia/Shanghai", "UTC", "No/Such"])
def test_moments_are_asked_for_in_the_accounts_own_time(mode: Mode, zone: str) -> None:
    made = plan(shipped())
    known = zone != "No/Such"
    people = tuple(
        replace(one, time_zone=zone if known else "UTC") if one.name == BOT else one for one in made.people
    )
    with a_jira(mode, replace(made, people=people)) as (world, _):
        world.create()
        world.later(3)
        since = world.now() - timedelta(seconds=1)
        ref = world.create()
        assert [one.ref for one in world.site.changed_since(since)] == [ref]


@pytest.mark.parametrize("after", range(0, 300, 7))
def test_no_moment_is_asked_for_too_late_when_clocks_go_back(after: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    moment = datetime(2026, 10, 24, 22, 30, tzinfo=UTC) + timedelta(minutes=after, seconds=59)
    local = datetime.strptime(minute(moment, zone), '"%Y-%m-%d %H:%M"')  # noqa: DTZ007 - as Jira reads it
    assert all(local.replace(tzinfo=zone, fold=fold) <= moment for fold in (0, 1))


def untold(plan_: JiraPlan) -> JiraPlan:
    return plan_


def sentences(
    mode: Mode,
    change: Change = untold,
    prepare: Callable[[JiraWorld], object] = lambda _: None,
    *,
    account: str = BOT,
    **more: Any,
) -> list[str]:
    """What the check says of a Jira with an issue of every type."""
    given = change(plan(shipped()))
    with a_jira(mode, given) as (world, _):
        for kind in shipped().kinds:
            world.create(kind)
        prepare(world)
        who = next(one for one in given.people if one.name == account)
        login = {"api_key": who.token, "email": who.email if mode == "cloud" else ""}
        return list(world.connect(**{"mapping": ONE_PROJECT, **login, **more}).check())


def test_what_fits_is_not_mentioned(mode: Mode) -> None:
    assert sentences(mode) == []
    assert sentences(mode, language="en") == []


def test_the_check_changes_nothing(mode: Mode) -> None:
    with a_jira(mode) as (world, asked):
        world.create()
        asked.clear()
        world.connect().check()
        assert {one.split()[0] for one in asked} == {"GET"}


def typed(change: Callable[[Any], Any]) -> Change:
    def changed(made: JiraPlan) -> JiraPlan:
        return replace(made, issue_types=(change(made.issue_types[0]), *made.issue_types[1:]))

    return changed


def fielded(label: str, **more: Any) -> Change:
    def changed(made: JiraPlan) -> JiraPlan:
        fields = (replace(one, **more) if one.name == label else one for one in made.fields)
        return replace(made, fields=tuple(fields))

    return changed


def without_permission(name: str) -> Change:
    def changed(made: JiraPlan) -> JiraPlan:
        return replace(made, roles={role: held - {name} for role, held in made.roles.items()})

    return changed


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (without_permission("LINK_ISSUES"), "“链接问题”"),
        (without_permission("MANAGE_WATCHERS"), "“管理关注者列表”"),
        (fielded("估算工时", kind="line"), "字段“估算工时”的类型是 string，应为 number"),
        (fielded("渠道", options=("电话",)), "字段“渠道”缺少选项：系统, 电子邮件"),
        (fielded("致谢日期", issue_types=("维护",)), "“服务请求”的问题上看不到字段“致谢日期”"),
        (
            typed(lambda kind: replace(kind, hidden=("来源标识",))),
            "“服务请求”的问题上看不到字段“来源标识”",
        ),
        (typed(lambda kind: replace(kind, name="请求")), "项目“ERP”没有问题类型“服务请求”"),
        (
            typed(lambda kind: replace(kind, transitions=kind.transitions[:-1])),
            "移到：已关闭；请在“项目设置 → 工作流”",
        ),
    ],
)
def test_what_does_not_fit_is_named_with_the_page_to_click(mode: Mode, change: Change, told: str) -> None:
    def renamed(made: JiraPlan) -> JiraPlan:
        after = change(made)
        names = {one.name for one in after.issue_types}
        fields = (
            replace(one, issue_types=tuple(n if n in names else "请求" for n in one.issue_types))
            for one in after.fields
        )
        return replace(after, fields=tuple(fields))

    if "没有问题类型" in told:
        with a_jira(mode, renamed(plan(shipped()))) as (world, _):
            found = list(world.site.check())
    else:
        found = sentences(mode, change)
    assert any(told in one for one in found), found


def test_who_makes_versions_must_administer_the_project(mode: Mode) -> None:
    def lacking(made: JiraPlan) -> JiraPlan:
        members = (one for one in made.members if (one.person, one.role) != (BOT, LEAD))
        return replace(made, members=tuple(members))

    assert sentences(mode, lacking) == []
    assert sentences(mode, makes_versions=True) == []
    (told,) = sentences(mode, lacking, makes_versions=True, language="en")
    assert "lacks the permission 'Administer Projects' in project 'ERP'" in told


def test_statuses_projects_links_editions_and_people_are_compared(mode: Mode) -> None:
    known = shipped()
    request = known.kinds[IssueKind.SERVICE_REQUEST]
    statuses = {**request.statuses, Stage.CLOSED: "结束"}
    kinds = {**known.kinds, IssueKind.SERVICE_REQUEST: KindMapping(request.issue_type, statuses)}
    fields = {**known.fields, Field.WAIVER: "没有的字段"}
    mapping = replace(known, kinds=kinds, fields=fields, projects={"erp": "ERP", "crm": "NONE"})
    found = "\n".join(sentences(mode, mapping=mapping, link_type="Serves", people=frozenset({"nobody"})))
    assert "没有状态“结束”" in found
    assert "项目“NONE”不存在" in found
    assert "Jira 没有字段“没有的字段”" in found
    assert "没有链接类型“Serves”" in found
    assert ("“nobody”在 Jira 上是谁" in found) == (mode == "cloud")


def test_a_wrong_edition_is_told() -> None:
    with a_jira("dc") as (world, _):
        (found,) = world.connect(cloud=True).check()
        assert "该站点是 Jira Server" in found


def test_a_namesake_matters_where_the_changelog_gives_only_names() -> None:
    def doubled(made: JiraPlan) -> JiraPlan:
        extra = replace(made.fields[0], name="根因", id="customfield_10900")
        return replace(made, fields=(*made.fields, extra, replace(extra, id="customfield_10901")))

    fields = {**shipped().fields, Field.ROOT_CAUSE: "customfield_10900"}
    mapping = replace(ONE_PROJECT, fields=fields)
    assert any("多个字段叫“根因”" in one for one in sentences("dc", doubled, mapping=mapping))
    assert not any("多个字段叫“根因”" in one for one in sentences("cloud", doubled, mapping=mapping))


def test_an_administrator_is_warned_and_shown_that_no_webhook_leads_here(mode: Mode) -> None:
    found = sentences(mode, account=LEADER)
    assert any("管理员" in one for one in found)
    assert any("/hooks/main" in one for one in found)

    def hooked(made: JiraPlan) -> JiraPlan:
        return replace(made, hooks=(HookPlan("http://127.0.0.1:9/hooks/main", "planted-s3cret"),))

    assert not any("/hooks/main" in one for one in sentences(mode, hooked, account=LEADER))


def test_a_wrong_token_a_dead_server_and_a_slow_clock_are_told(mode: Mode) -> None:
    (refused,) = sentences(mode, api_key="wrong")
    assert "不接受我们的令牌" in refused
    (dead,) = sentences(mode, api_url="http://127.0.0.1:1")
    assert "无法访问 http://127.0.0.1:1" in dead
    assert any("相差 3" in one for one in sentences(mode, prepare=lambda world: world.later(300)))


def test_what_could_not_be_checked_for_want_of_an_issue_is_said(mode: Mode) -> None:
    with a_jira(mode) as (world, _):
        found = list(world.site.check())
        assert len([one for one in found if "尚未检查" in one]) == 8
        assert len(found) == 8
