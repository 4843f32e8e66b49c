"""What is Redmine's alone: its own attributes, its silences, and how many requests we cost it."""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from flask import Response, request

from svc_plugin.domain.errors import ChangeRefusedError, UnmappedError
from svc_plugin.domain.model import FieldChange, IssueRef, origin_marker
from svc_plugin.domain.plan import Assign, Attach, EnsureIssue, PutComment, SetField, SetStage, Watch
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.sites.mapping import KindMapping, SiteMapping
from svc_plugin.sites.redmine import RedmineSite
from svc_plugin.standins.redmine import create_app, serve
from tests.builders import BOT, LEADER, MAINTAINER, SERVICE
from tests.contract.test_site_contract import REQUEST_FIELDS, WORK_FIELDS, a_fault
from tests.contract.worlds import (
    PRODUCT,
    ROLES,
    RedmineWorld,
    api_key,
    mapping,
    plan_of,
    settings,
)
from tests.contract.worlds import Watch as Time

KNOWN = mapping({PRODUCT: "erp"})


@contextmanager
def a_redmine(
    plan: Mapping[str, Any] | None = None,
    known: SiteMapping = KNOWN,
    *,
    hidden: Callable[[str], bool] = lambda _: False,
    answered: Callable[[str, Any], None] = lambda _path, _data: None,
) -> Iterator[tuple[RedmineWorld, list[str]]]:
    """A fresh Redmine and the list of what our own account asks of it.

    ``hidden`` paths are 404 for us; ``answered`` sees, and may change, what other paths answer us.
    """
    asked: list[str] = []
    watch = Time()
    app = create_app(plan or plan_of(KNOWN), clock=watch)

    @app.before_request
    def note_down() -> Response | None:
        if request.headers.get("X-Redmine-API-Key") == api_key(BOT):
            asked.append(f"{request.method} {request.path}")
            if hidden(request.path):
                return Response(status=404)
        return None

    @app.after_request
    def look_at(response: Response) -> Response:
        data = response.get_json(silent=True)
        if request.headers.get("X-Redmine-API-Key") == api_key(BOT) and data:
            answered(request.path, data)
            response.set_data(json.dumps(data))
        return response

    keys = {login: api_key(login) for login in ("admin", *ROLES)}
    with serve(app) as served:
        yield RedmineWorld(served.url, keys, known, watch), asked


def without(*fields: Field) -> SiteMapping:
    return replace(KNOWN, fields={k: v for k, v in KNOWN.fields.items() if k not in fields})


def changed_plan(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads(json.dumps(plan_of(KNOWN)))
    change(plan)
    return plan


def like_redmine_5_0(path: str, data: Any) -> None:
    """Redmine 5.0 does not list the fields that are "for all projects" with a project."""
    if path.startswith("/projects/") and "project" in data:
        data["project"]["issue_custom_fields"] = []


def field_of(plan: dict[str, Any], name: Field) -> dict[str, Any]:
    return next(one for one in plan["custom_fields"] if one["name"] == KNOWN.fields[name])


def test_one_request_reads_an_issue_and_a_second_one_its_hours() -> None:
    with a_redmine() as (world, asked):
        ref = world.create(IssueKind.MAINTENANCE, fields={Field.TESTER: MAINTAINER})
        world.does(ref, LEADER, note="好")
        world.site.fetch(ref)
        asked.clear()
        world.site.fetch(ref)
        assert asked == [f"GET /issues/{ref.key}.json"]
        world.book(ref, SERVICE, 1, date(2026, 11, 20), "现场")
        asked.clear()
        world.site.fetch(ref)
        assert asked == [f"GET /issues/{ref.key}.json", "GET /time_entries.json"]


def test_one_request_writes_stage_fields_assignee_file_and_comment() -> None:
    with a_redmine() as (world, asked):
        ref = world.create(IssueKind.MAINTENANCE)
        world.site.apply(ref, [Assign(LEADER), SetStage(Stage.CLASSIFIED), PutComment("M12", "x")])
        asked.clear()
        world.site.apply(
            ref,
            [
                SetStage(Stage.SCHEDULED),
                SetField(Field.MAINTENANCE_CLASS, "corrective"),
                Assign(MAINTAINER),
                Attach("a-v1.docx", b"x", "application/octet-stream"),
                PutComment("M50", "已判断"),
            ],
        )
        assert asked == [
            f"GET /issues/{ref.key}.json",
            "POST /uploads.json",
            f"PUT /issues/{ref.key}.json",
        ]


def test_what_already_is_so_is_not_sent() -> None:
    with a_redmine() as (world, asked):
        ref = world.create(IssueKind.MAINTENANCE, fields=WORK_FIELDS, assignee=MAINTAINER)
        world.site.apply(ref, [Watch(LEADER), PutComment("M50", "已判断"), a_fault(ref)])
        asked.clear()
        again = [SetStage(Stage.REGISTERED), *(SetField(name, value) for name, value in WORK_FIELDS.items())]
        world.site.apply(ref, [*again, Assign(MAINTAINER), Watch(LEADER), PutComment("M50", "已判断\r\n")])
        assert asked == [f"GET /issues/{ref.key}.json"]


def test_unmapped_fields_that_redmine_has_itself_are_read_and_written_there() -> None:
    known = without(Field.FIXED_VERSION, Field.ESTIMATE_HOURS)
    with a_redmine(known=known) as (world, _):
        for name in ("5.1", "5.2"):
            world.ask(LEADER, "post", "/projects/erp/versions.json", {"version": {"name": name}})
        ref = world.create(IssueKind.MAINTENANCE)
        for version, hours in (("5.1", "2.5"), ("5.2", "12")):
            world.site.apply(
                ref, [SetField(Field.FIXED_VERSION, version), SetField(Field.ESTIMATE_HOURS, hours)]
            )
        issue = world.site.fetch(ref)
        assert issue.fields == {Field.FIXED_VERSION: "5.2", Field.ESTIMATE_HOURS: "12"}
        assert set(issue.history[-1].changes) == {
            FieldChange(Field.FIXED_VERSION, "5.1", "5.2"),
            FieldChange(Field.ESTIMATE_HOURS, "2.5", "12"),
        }
        raw = world.ask("admin", "get", f"/issues/{ref.key}.json")["issue"]
        assert (raw["fixed_version"]["name"], raw["estimated_hours"]) == ("5.2", 12.0)
        with pytest.raises(UnmappedError, match=r"9\.9"):
            world.site.apply(ref, [SetField(Field.FIXED_VERSION, "9.9")])


def test_a_version_field_is_read_by_name() -> None:
    def as_version(plan: dict[str, Any]) -> None:
        field_of(plan, Field.BASE_VERSION)["format"] = "version"

    with a_redmine(changed_plan(as_version)) as (world, _):
        made = world.ask(LEADER, "post", "/projects/erp/versions.json", {"version": {"name": "5.1"}})
        ref = world.create(IssueKind.MAINTENANCE, fields={Field.BASE_VERSION: str(made["version"]["id"])})
        assert world.site.fetch(ref).value(Field.BASE_VERSION) == "5.1"


def test_a_moment_with_an_offset_is_written_in_the_sites_own_time() -> None:
    with a_redmine() as (world, _):
        ref = world.create()
        world.site.apply(ref, [SetField(Field.RECEIVED_AT, "2026-11-22T01:30:00+00:00")])
        assert world.site.fetch(ref).value(Field.RECEIVED_AT) == "2026-11-22 09:30"


def test_yes_and_no_are_stored_as_redmine_searches_for_them() -> None:
    with a_redmine() as (world, _):
        ref = world.create(IssueKind.MAINTENANCE)
        world.site.apply(ref, [SetField(Field.BROAD_VALUE, "yes"), SetField(Field.VISIT_NEEDED, "no")])
        raw = world.ask("admin", "get", f"/issues/{ref.key}.json")["issue"]
        stored = {one["name"]: one["value"] for one in raw["custom_fields"]}
        assert (stored["普遍意义"], stored["是否现场"]) == ("1", "0")


def test_a_choice_that_redmine_does_not_offer_is_refused_in_its_own_words() -> None:
    with a_redmine() as (world, _):
        ref = world.create()
        with pytest.raises(ChangeRefusedError, match="要求种类"):
            world.site.apply(ref, [SetField(Field.REQUEST_KIND, "没有的")])


def test_people_who_have_left_are_recognised_by_name() -> None:
    with a_redmine(hidden=lambda path: path.startswith("/users/") and "current" not in path) as (world, _):
        ref = world.create()
        world.does(ref, LEADER, note="同意")
        assert world.site.fetch(ref).history[0].account == f"测试 {LEADER}"
        for name in (f"测试{LEADER}", f"{LEADER} 测试"):
            known = settings(world.url, api_key(BOT), KNOWN, people={name: LEADER})
            assert RedmineSite(known).fetch(ref).history[0].account == LEADER


def test_somebody_who_is_no_member_is_named_with_the_remedy() -> None:
    with a_redmine() as (world, _):
        ref = world.create()
        for write in (Assign("nobody"), Watch("nobody")):
            with pytest.raises(UnmappedError, match=r"nobody.*成员"):
                world.site.apply(ref, [write, PutComment("M40", "一同写入")])
        assert world.site.fetch(ref).comments == {}


def test_a_comment_that_somebody_hid_or_edited_away_is_said_again() -> None:
    with a_redmine() as (world, _):
        ref = world.create()
        world.site.apply(ref, [PutComment("M40", "缺答复")])
        journal = world.ask("admin", "get", f"/issues/{ref.key}.json?include=journals")["issue"]["journals"][
            0
        ]
        hidden = {"journal": {"private_notes": True, "notes": "机密\n\n〔svc:M40〕"}}
        world.ask("admin", "put", f"/journals/{journal['id']}.json", hidden)
        assert "机密" not in repr(world.site.fetch(ref))
        world.site.apply(ref, [PutComment("M40", "缺答复")])
        assert world.site.fetch(ref).comments == {"M40": "缺答复"}


def test_an_issue_of_an_unmapped_project_or_tracker_has_no_product_or_kind() -> None:
    with a_redmine() as (world, _):
        ref = world.create(fields=REQUEST_FIELDS)
        one = replace(KNOWN, projects={}, kinds={IssueKind.DOCUMENT: KNOWN.kinds[IssueKind.DOCUMENT]})
        issue = RedmineSite(settings(world.url, api_key(BOT), one)).fetch(ref)
        assert (issue.product, issue.kind, issue.stage, issue.status) == ("", None, None, "已登记")


def test_a_stage_that_the_configuration_or_redmine_does_not_name_is_refused() -> None:
    request_kind = KNOWN.kinds[IssueKind.SERVICE_REQUEST]
    statuses = {Stage.REGISTERED: "已登记", Stage.ANSWERED: "没有这个状态"}
    kinds = {**KNOWN.kinds, IssueKind.SERVICE_REQUEST: KindMapping(request_kind.issue_type, statuses)}
    with a_redmine() as (world, _):
        ref = world.create()
        site = RedmineSite(settings(world.url, api_key(BOT), replace(KNOWN, kinds=kinds)))
        with pytest.raises(UnmappedError, match="没有这个状态"):
            site.apply(ref, [SetStage(Stage.ANSWERED)])
        with pytest.raises(UnmappedError, match="closed"):
            site.apply(ref, [SetStage(Stage.CLOSED)])


def issues_of(world: RedmineWorld) -> int:
    return int(world.ask("admin", "get", "/issues.json?status_id=*")["total_count"])


def test_nothing_is_made_when_the_origin_has_no_field() -> None:
    def only_on_requests(plan: dict[str, Any]) -> None:
        field_of(plan, Field.ORIGIN)["trackers"] = ["客户要求"]

    with a_redmine(changed_plan(only_on_requests)) as (world, _):
        ref = world.create()
        world.create(IssueKind.MAINTENANCE)
        with pytest.raises(UnmappedError, match="来源标识"):
            world.site.apply(ref, [a_fault(ref)])
        assert issues_of(world) == 2


def test_the_first_issue_without_an_origin_is_the_last_one() -> None:
    """Nothing shows beforehand that the tracker lacks the field; from the second try on everything does."""

    def only_on_requests(plan: dict[str, Any]) -> None:
        field_of(plan, Field.ORIGIN)["trackers"] = ["客户要求"]

    with a_redmine(changed_plan(only_on_requests)) as (world, _):
        ref = world.create()
        for _ in range(3):
            with pytest.raises(UnmappedError, match="来源标识"):
                world.site.apply(ref, [a_fault(ref)])
        assert issues_of(world) == 2


def test_nothing_is_made_when_the_origin_cannot_be_searched() -> None:
    def no_filter(plan: dict[str, Any]) -> None:
        field_of(plan, Field.ORIGIN)["is_filter"] = False

    with a_redmine(changed_plan(no_filter)) as (world, _):
        ref = world.create()
        with pytest.raises(UnmappedError, match="作为过滤条件"):
            world.site.apply(ref, [a_fault(ref)])
        assert issues_of(world) == 1


def test_fields_that_only_the_new_issue_shows_are_filled_in_afterwards() -> None:
    with a_redmine(answered=like_redmine_5_0) as (world, _):
        ref = world.create()
        site = RedmineSite(settings(world.url, api_key(BOT), KNOWN))
        site.apply(ref, [a_fault(ref, fields=tuple(WORK_FIELDS.items()))])
        (other,) = site.fetch(ref).links
        assert dict(WORK_FIELDS).items() <= dict(site.fetch(other).fields).items()


def test_an_origin_that_only_the_linked_kind_has_is_searched_all_the_same() -> None:
    def only_on_work(plan: dict[str, Any]) -> None:
        field_of(plan, Field.ORIGIN)["trackers"] = ["维护要求"]

    with a_redmine(changed_plan(only_on_work), answered=like_redmine_5_0) as (world, _):
        ref = world.create()
        with pytest.raises(UnmappedError, match="来源标识"):
            world.site.apply(ref, [a_fault(ref)])
        world.create(IssueKind.MAINTENANCE)
        for _ in range(2):
            world.site.apply(ref, [a_fault(ref)])
        assert issues_of(world) == 3


def test_two_threads_that_both_looked_first_make_one_issue() -> None:
    both_looked = Barrier(2)

    def wait_for_the_other(path: str, data: Any) -> None:
        if path == "/issues.json" and data.get("issues") == []:
            with suppress(BrokenBarrierError):
                both_looked.wait(timeout=0.3)

    with a_redmine(answered=wait_for_the_other) as (world, _):
        ref = world.create()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: world.site.apply(ref, [a_fault(ref)]), range(2)))
        assert issues_of(world) == 2


@pytest.mark.parametrize("where", ["product", "tracker"])
def test_an_issue_is_not_made_in_the_wrong_place(where: str) -> None:
    kinds = {**KNOWN.kinds, IssueKind.MAINTENANCE: KindMapping("没有的跟踪", {})}
    known = replace(KNOWN, projects={}) if where == "product" else replace(KNOWN, kinds=kinds)
    with a_redmine() as (world, _):
        ref = world.create()
        site = RedmineSite(settings(world.url, api_key(BOT), known))
        with pytest.raises(UnmappedError):
            site.apply(ref, [a_fault(ref)])
        assert issues_of(world) == 1


def test_of_two_issues_with_one_origin_the_elder_counts() -> None:
    with a_redmine() as (world, _):
        ref = world.create()
        marker = origin_marker("M32", ref)
        elder, _younger = [world.create(IssueKind.MAINTENANCE, fields={Field.ORIGIN: marker}) for _ in "12"]
        world.site.apply(ref, [a_fault(ref)])
        assert world.site.fetch(ref).links == {elder}
        assert issues_of(world) == 3


def test_a_long_title_is_cut_to_what_redmine_takes() -> None:
    with a_redmine() as (world, _):
        ref = world.create()
        world.site.apply(ref, [a_fault(ref, title="长" * 254 + "\n🙂 尾巴")])
        (other,) = world.site.fetch(ref).links
        title = world.site.fetch(other).title
        assert title == "长" * 254 + "…"


def test_a_link_that_points_here_is_a_link_too() -> None:
    with a_redmine() as (world, asked):
        ref = world.create()
        marker = origin_marker("M32", ref)
        other = world.create(IssueKind.MAINTENANCE, fields={Field.ORIGIN: marker})
        body = {"relation": {"issue_to_id": int(ref.key), "relation_type": "relates"}}
        world.ask(SERVICE, "post", f"/issues/{other.key}/relations.json", body)
        world.site.apply(ref, [a_fault(ref)])
        assert not [one for one in asked if one.startswith("POST")]
        assert world.site.fetch(ref).links == {other}


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

    @pytest.mark.parametrize(
        ("permission", "language", "expected"),
        [("edit_own_issue_notes", "zh", "编辑自己的说明"), ("view_time_entries", "en", "View spent time")],
    )
    def test_each_missing_permission_is_one_sentence(
        self, permission: str, language: str, expected: str
    ) -> None:
        def drop(plan: dict[str, Any]) -> None:
            plan["roles"][0]["permissions"].remove(permission)

        (sentence,) = self.sentences(changed_plan(drop), language=language)
        assert expected in sentence
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


def test_ensuring_says_nothing_about_a_product_of_another_site() -> None:
    with a_redmine() as (world, _):
        ref = world.create()
        wanted = EnsureIssue("M32@main/1", IssueKind.MAINTENANCE, "crm", "t", "d", ())
        with pytest.raises(UnmappedError, match="crm"):
            world.site.apply(ref, [wanted])
