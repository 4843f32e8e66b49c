"""Setting up a Jira that holds nothing of the process but issue types and workflows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from svc_plugin.domain.errors import TerminalError
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.messages import load
from svc_plugin.sites.jira import hooks
from svc_plugin.sites.jira.setup import JiraSetup, SetupPlan, Wishes
from svc_plugin.standins.jira import JiraPlan, Mode
from svc_plugin.standins.jira.plan import HookPlan
from tests.builders import BOT, LEADER
from tests.contract.jira_kit import PEOPLE, JiraWorld, a_jira, plan, settings, shipped
from tests.thorough import takes_minutes

ADDRESS = "https://svc.example.com"
# a field of every type, which is enough for all but the whole set-up
SOME = {
    Field.CUSTOMER, Field.CHANNEL, Field.RECEIVED_AT, Field.ANSWER, Field.THANKS_SENT_ON, Field.TESTER,
    Field.ESTIMATE_HOURS, Field.VISIT_NEEDED, Field.ORIGIN, Field.DUE_ON,
}  # fmt: skip
WHOLE = replace(shipped(), projects={"erp": "ERP"})
ONE_PROJECT = replace(WHOLE, fields={name: label for name, label in WHOLE.fields.items() if name in SOME})
WISHES = Wishes(hook_secret="a-secret", screens=("Default Screen",))


def bare() -> JiraPlan:
    """A Jira without any field of the process; types and workflows are there, no transition has a screen."""
    made = plan(shipped())
    types = (
        replace(one, transitions=tuple(replace(move, screen=None) for move in one.transitions))
        for one in made.issue_types
    )
    return replace(made, fields=(), issue_types=tuple(types))


@contextmanager
def a_bare_jira(mode: Mode, given: JiraPlan | None = None) -> Iterator[tuple[JiraWorld, JiraSetup]]:
    with a_jira(mode, given or bare()) as (world, _):
        yield world, a_setup(world)


def a_setup(world: JiraWorld, account: str = LEADER, wishes: Wishes = WISHES, **more: Any) -> JiraSetup:
    who = PEOPLE[account]
    login = {"api_key": who.token, "email": who.email if world.mode == "cloud" else ""}
    given = {"mapping": ONE_PROJECT, "public_url": ADDRESS, "link_type": "Serves", **login, **more}
    return JiraSetup(settings(world.url, world.mode, **given), load("zh"), wishes)


def carried_out(found: JiraSetup) -> SetupPlan:
    for step in found.plan().steps:
        step.do()
    return found.plan()


def test_planning_changes_nothing(mode: Mode) -> None:
    with a_bare_jira(mode) as (world, setup):
        before = len(world.standin.catalogue.fields)
        said = [one.said for one in setup.plan().steps]
        assert len(world.standin.catalogue.fields) == before
        assert not world.standin.catalogue.hooks
        assert said == [one.said for one in setup.plan().steps]


def test_what_rest_allows_is_made_and_the_second_run_finds_nothing_to_do(mode: Mode) -> None:
    with a_bare_jira(mode) as (world, setup):
        assert carried_out(setup).steps == ()
        names = [one["name"] for one in world.ask(LEADER, "get", "/field")]
        assert set(ONE_PROJECT.fields.values()) - {"duedate"} <= set(names)
        assert len(names) == len(set(names))
        types = {one["name"]: one for one in world.ask(LEADER, "get", "/issueLinkType")["issueLinkTypes"]}
        assert (types["Serves"]["outward"], types["Serves"]["inward"]) == ("源于", "引出")
        (hook,) = world.standin.catalogue.hooks.values()
        assert (hook.url, hook.secret, hook.events) == (f"{ADDRESS}/hooks/main", "a-secret", hooks.EVENTS)
        marker = world.ask(LEADER, "get", "/project/ERP/properties/svc-plugin")["value"]
        assert marker == {"address": ADDRESS, "site": "main"}


@takes_minutes
def test_a_jira_that_was_set_up_passes_the_check(mode: Mode) -> None:
    with a_jira(mode, bare()) as (world, _):
        assert carried_out(a_setup(world, mapping=WHOLE)).steps == ()
        if mode == "dc":  # options are beyond Data Center's REST
            choose(world)
        for kind in IssueKind:
            world.create(kind)
        found = world.connect(mapping=WHOLE, link_type="Serves", public_url=ADDRESS).examine()
        assert found.faults == ()
        assert not any("选项" in one for one in a_setup(world, mapping=WHOLE).plan().by_hand)


def choose(world: JiraWorld) -> None:
    """Add the options, as a person does on the page that was named."""
    values = world.connect()._reader.values
    catalogue = world.standin.catalogue
    for name, label in shipped().fields.items():
        field = catalogue.fields[catalogue.field_id(label)]
        for option in values.options(name) if field.kind == "select" else ():
            catalogue.add_option(field, field.contexts[0], option)


def test_what_a_person_has_to_click_is_said(mode: Mode) -> None:
    known = shipped()
    request = known.kinds[IssueKind.SERVICE_REQUEST]
    odd = replace(request, statuses={**request.statuses, Stage.CLOSED: "结束"})
    kinds = {
        **known.kinds,
        IssueKind.SERVICE_REQUEST: odd,
        IssueKind.DOCUMENT: replace(known.kinds[IssueKind.DOCUMENT], issue_type="公文"),
    }
    mapping = replace(ONE_PROJECT, kinds=kinds, projects={"erp": "ERP", "crm": "NONE"})
    with a_bare_jira(mode) as (world, _):
        told = "\n".join(a_setup(world, mapping=mapping).plan().by_hand)
    assert "没有问题类型“公文”" in told
    assert "没有状态“结束”" in told
    assert "项目“NONE”不存在" in told
    assert "“任何状态”的转换最简单" in told
    assert "管理关注者列表" in told
    assert ("字段“渠道”缺少选项" in told) == (mode == "dc")


def test_a_field_that_cannot_be_used_is_told_and_left_alone(mode: Mode) -> None:
    def odd() -> JiraPlan:
        made = plan(shipped())
        twin = next(one for one in made.fields if one.name == "渠道")
        fields = [replace(one, kind="line") if one.name == "估算工时" else one for one in made.fields]
        return replace(made, fields=(*fields, replace(twin, id="customfield_10900")))

    mapping = replace(ONE_PROJECT, fields={**ONE_PROJECT.fields, Field.WAIVER: "customfield_10999"})
    with a_bare_jira(mode, odd()) as (world, _):
        found = a_setup(world, mapping=mapping).plan()
    told = "\n".join(found.by_hand)
    assert "字段“估算工时”的类型是 string，应为 number" in told
    assert "有多个字段叫“渠道”" in told
    assert "Jira 没有字段“customfield_10999”" in told
    assert not any("估算工时" in one.said or "渠道" in one.said for one in found.steps)


def test_options_that_are_missing_are_added_and_the_others_stay() -> None:
    def fewer() -> JiraPlan:
        made = plan(shipped())
        fields = (
            replace(one, options=("传真", "电话")) if one.name == "渠道" else one for one in made.fields
        )
        return replace(made, fields=tuple(fields))

    with a_bare_jira("cloud", fewer()) as (world, setup):
        assert carried_out(setup).steps == ()
        field = world.standin.catalogue.fields[world.standin.catalogue.field_id("渠道")]
        assert list(field.options.values()) == [
            "传真",
            "电话",
            "系统",
            "电子邮件",
            "现场",
            "主动调查",
            "其他",
        ]


def only_for(*projects: str, types: tuple[str, ...]) -> JiraPlan:
    made = plan(shipped())
    fields = (
        replace(one, projects=projects, issue_types=types) if one.name == "渠道" else one
        for one in made.fields
    )
    return replace(made, fields=tuple(fields))


@pytest.mark.parametrize(
    ("projects", "types"), [(("MES",), ()), (("ERP",), ("维护",)), (("ERP", "MES"), ("维护",))]
)
def test_a_field_is_made_to_hold_where_it_does_not(projects: tuple[str, ...], types: tuple[str, ...]) -> None:
    with a_bare_jira("cloud", only_for(*projects, types=types)) as (world, setup):
        assert any("让字段“渠道”适用于 ERP: 服务请求" in one.said for one in setup.plan().steps)
        assert carried_out(setup).steps == ()
        kind = next(one.id for one in world.standin.catalogue.types.values() if one.name == "服务请求")
        shown = world.ask(BOT, "get", f"/issue/createmeta/ERP/issuetypes/{kind}")["fields"]
        (channel,) = [one for one in shown if one["name"] == "渠道"]
        assert "电话" in {one["value"] for one in channel["allowedValues"]}


def test_the_context_for_all_projects_is_not_hidden_by_one_of_ours() -> None:
    with a_bare_jira("cloud", only_for(types=("维护",))) as (_, setup):
        found = setup.plan()
    assert any("字段“渠道”的全局上下文不适用于 ERP: 服务请求" in one for one in found.by_hand)
    assert not any("渠道" in one.said for one in found.steps)


def test_data_center_does_not_tell_its_screens_so_they_are_named() -> None:
    with a_bare_jira("dc") as (world, _):
        unnamed = a_setup(world, wishes=Wishes("a-secret")).plan()
        assert not any("界面" in one.said for one in unnamed.steps)
        assert len([one for one in unnamed.by_hand if "--screen" in one]) == 4
        wrong = a_setup(world, wishes=Wishes("a-secret", ("Kein Schirm",))).plan()
        assert any("没有名为“Kein Schirm”的界面；现有：Default Screen" in one for one in wrong.by_hand)


def hooked(**more: Any) -> JiraPlan:
    return replace(bare(), hooks=(HookPlan(f"{ADDRESS}/hooks/main", **{"secret": "s", **more}),))


def test_a_webhook_that_is_there_is_not_registered_again(mode: Mode) -> None:
    with a_bare_jira(mode, hooked()) as (_, setup):
        found = setup.plan()
    assert not any("网络钩子" in one.said for one in found.steps)
    assert not any("网络钩子" in one for one in found.by_hand)


def test_what_is_wrong_with_a_webhook_is_told(mode: Mode) -> None:
    with a_bare_jira(mode, hooked(events=hooks.EVENTS[1:], secret="")) as (world, setup):
        next(iter(world.standin.catalogue.hooks.values())).enabled = False
        told = "\n".join(setup.plan().by_hand)
    assert "缺少事件 jira:issue_created" in told
    assert "已停用" in told
    assert ("没有密钥，其通知会被拒收" in told) == (mode == "cloud")


def test_cloud_needs_https_and_every_webhook_a_secret(mode: Mode) -> None:
    with a_bare_jira(mode) as (world, _):
        plain = a_setup(world, public_url="http://svc.example.com").plan()
        assert any("https" in one for one in plain.by_hand) == (mode == "cloud")
        assert any("网络钩子" in one.said for one in plain.steps) == (mode == "dc")
        secretless = a_setup(world, wishes=Wishes()).plan()
        assert any("SVC_SITE_MAIN_HOOK_SECRETS" in one for one in secretless.by_hand)


def test_an_administrator_without_a_right_to_create_issues_gets_a_plan_all_the_same(mode: Mode) -> None:
    made = bare()
    roles = {role: held - {"CREATE_ISSUES"} for role, held in made.roles.items()}
    with a_bare_jira(mode, replace(made, roles=roles)) as (world, setup):
        world.fault(path="/createmeta/", effect="answer", status=403, times=4)
        assert len(setup.plan().steps) > 9


def test_a_field_that_somebody_made_meanwhile_is_not_made_again(mode: Mode) -> None:
    with a_bare_jira(mode) as (world, setup):
        first, second = setup.plan(), a_setup(world).plan()
        for step in (*first.steps, *second.steps):
            if step.said.startswith("新建字段") or "网络钩子" in step.said:
                step.do()
        names = [one["name"] for one in world.ask(LEADER, "get", "/field")]
        assert len(names) == len(set(names))
        assert len(world.standin.catalogue.hooks) == 1


def test_a_project_of_another_installation_is_taken_over_only_when_told_so(mode: Mode) -> None:
    other = "https://old.example.com"
    with a_bare_jira(mode) as (world, _):
        carried_out(a_setup(world, public_url=other))
        found = a_setup(world).plan()
        assert any(f"项目“ERP”已由 {other}" in one for one in found.by_hand)
        told = world.connect(mapping=ONE_PROJECT, public_url=ADDRESS).check()
        assert any(f"项目“ERP”已由 {other}" in one for one in told)
        carried_out(a_setup(world, wishes=replace(WISHES, take_over=True)))
        told = world.connect(mapping=ONE_PROJECT, public_url=ADDRESS).check()
        assert not any(other in one for one in told)


def test_only_an_administrators_token_will_do(mode: Mode) -> None:
    with a_bare_jira(mode) as (world, _):
        with pytest.raises(TerminalError, match="不属于 Jira 管理员"):
            a_setup(world, BOT).plan()
        with pytest.raises(TerminalError, match="edition"):
            a_setup(world, cloud=mode == "dc", email="").plan()


def test_the_secret_is_in_no_sentence_and_no_representation(mode: Mode) -> None:
    with a_bare_jira(mode) as (_, setup):
        found = setup.plan()
        assert "a-secret" not in repr(found) + repr(WISHES) + str(found.by_hand)


def test_the_plan_is_told_in_english_too(mode: Mode) -> None:
    with a_bare_jira(mode) as (world, _):
        who = PEOPLE[LEADER]
        email = who.email if mode == "cloud" else ""
        given = settings(world.url, mode, mapping=ONE_PROJECT, api_key=who.token, email=email)
        found = JiraSetup(given, load("en"), WISHES).plan()
    assert "create the field '渠道' (select list, single choice)" in [one.said for one in found.steps]
