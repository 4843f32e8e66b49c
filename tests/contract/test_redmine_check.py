"""Walking what changed, and the sentences of the check."""

from dataclasses import replace
from typing import Any

import pytest

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.messages import LANGUAGES
from svc_plugin.sites.mapping import KindMapping, SiteMapping
from svc_plugin.sites.redmine import RedmineSite
from svc_plugin.sites.redmine.wording import PERMISSIONS, in_language
from tests.builders import BOT, SERVICE
from tests.contract.redmine_kit import KNOWN, a_redmine, changed_plan, field_of
from tests.contract.worlds import (
    PRODUCT,
    api_key,
    mapping,
    plan_of,
    settings,
)


def test_several_products_are_walked_in_one_order_of_time() -> None:
    both = mapping({PRODUCT: "erp", "mes": "mes"})
    with a_redmine(plan_of(both), both) as (world, _):
        elsewhere = {"issue": {"project_id": "mes", "tracker_id": 1, "subject": "x"}}
        order: list[IssueRef] = []
        for _ in range(3):
            order.append(world.create())
            world.later(1)
            made = world.ask(SERVICE, "post", "/issues.json", elsewhere)
            order.append(IssueRef("main", str(made["issue"]["id"])))
            world.later(1)
        assert [one.ref for one in world.site.changed_since(None)] == order
        only = RedmineSite(settings(world.url, api_key(BOT), mapping({PRODUCT: "erp"})))
        assert [one.ref for one in only.changed_since(None)] == order[::2]


def test_an_issue_that_changes_during_the_walk_is_met_again_and_none_is_lost() -> None:
    with a_redmine() as (world, _):
        with world.same_second():
            made = [world.create() for _ in range(130)]
        walk = world.site.changed_since(None)
        first = next(walk)
        world.later(5)
        world.does(first.ref, SERVICE, note="又变了")
        rest = [one.ref for one in walk]
        assert sorted(rest) == sorted(made)


class TestCheck:
    def sentences(
        self,
        plan: dict[str, Any] | None = None,
        known: SiteMapping = KNOWN,
        *,
        key: str = api_key(BOT),
        language: str = "zh",
    ) -> list[str]:
        with a_redmine(plan) as (world, _):
            for kind in IssueKind:
                world.create(kind)
            return list(RedmineSite(replace(settings(world.url, key, known), language=language)).check())

    def test_a_redmine_that_was_set_up_by_the_blueprint_has_no_faults(self) -> None:
        assert self.sentences() == []

    def test_a_wrong_key_is_the_only_thing_said(self) -> None:
        (sentence,) = self.sentences(key="wrong")
        assert "API访问键" in sentence

    def test_an_unreachable_server_is_said_in_the_language_of_the_site(self) -> None:
        broken = replace(settings("http://127.0.0.1:1", "k", KNOWN), language="en")
        (sentence,) = RedmineSite(broken).check()
        assert "cannot be reached" in sentence

    def test_an_administrators_key_is_advised_against(self) -> None:
        (sentence,) = self.sentences(key=api_key("admin"))
        assert "管理员“admin”" in sentence

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("permission", PERMISSIONS)
    def test_each_missing_permission_is_one_sentence(self, permission: str, language: str) -> None:
        def drop(plan: dict[str, Any]) -> None:
            plan["roles"][0]["permissions"].remove(permission)

        (sentence,) = self.sentences(changed_plan(drop), language=language)
        assert in_language(PERMISSIONS, language)[permission] in sentence
        assert BOT in sentence

    @pytest.mark.parametrize(
        ("which", "expected"),
        [("issues_visibility", "一部分问题"), ("time_entries_visibility", "一部分工时记录")],
    )
    def test_a_role_that_sees_only_some_is_said(self, which: str, expected: str) -> None:
        def narrow(path: str, data: Any) -> None:
            if path.startswith("/roles/"):
                data["role"][which] = "default"

        with a_redmine(answered=narrow) as (world, _):
            for kind in IssueKind:
                world.create(kind)
            (sentence,) = world.site.check()
        assert expected in sentence

    def test_a_tracker_without_due_dates_is_said(self) -> None:
        def without_due_dates(path: str, data: Any) -> None:
            if path == "/trackers.json":
                for one in data["trackers"]:
                    one["enabled_standard_fields"].remove("due_date")

        with a_redmine(answered=without_due_dates) as (world, _):
            for kind in IssueKind:
                world.create(kind)
            (sentence,) = world.site.check()
        assert "服务任务" in sentence
        assert "due_date" in sentence

    def test_missing_names_are_named(self) -> None:
        kinds = {**KNOWN.kinds, IssueKind.SERVICE_TASK: KindMapping("派工", {Stage.OPEN: "待派"})}
        fields = {**KNOWN.fields, Field.ANSWER: "回复内容"}
        found = "\n".join(self.sentences(known=replace(KNOWN, kinds=kinds, fields=fields)))
        for name in ("“派工”", "“待派”", "“回复内容”"):
            assert name in found

    def test_a_project_that_we_cannot_see_is_named(self) -> None:
        found = self.sentences(known=mapping({PRODUCT: "erp", "mes": "nowhere"}))
        assert [one for one in found if "nowhere" in one and "mes" in one]

    def test_an_account_without_a_role_in_the_project_is_no_member(self) -> None:
        def leave(plan: dict[str, Any]) -> None:
            plan["memberships"] = [one for one in plan["memberships"] if one["login"] != BOT]

        assert self.sentences(changed_plan(leave))

    def test_a_workflow_that_holds_us_is_said(self) -> None:
        def bind(plan: dict[str, Any]) -> None:
            for one in plan["workflow"]:
                if one["role"] == "服务机器人" and one["tracker"] == "维护要求":
                    one["moves"] = one["moves"][:1]

        (sentence,) = self.sentences(changed_plan(bind))
        assert "工作流程" in sentence
        assert "维护要求" in sentence

    def test_formats_and_choices_are_checked_with_an_administrators_key(self) -> None:
        def spoil(plan: dict[str, Any]) -> None:
            field_of(plan, Field.TESTER)["format"] = "string"
            field_of(plan, Field.REQUEST_KIND)["possible_values"].remove("故障")
            field_of(plan, Field.ORIGIN)["is_filter"] = False

        found = "\n".join(self.sentences(changed_plan(spoil), key=api_key("admin")))
        assert "“测试人”的格式是 string,应为 user" in found
        assert "故障" in found
        assert "作为过滤条件" in found

    def test_kinds_without_any_issue_are_said_to_be_unchecked(self) -> None:
        with a_redmine() as (world, _):
            world.create()
            (sentence,) = world.site.check()
        assert "维护要求, 服务任务, 服务文档" in sentence
