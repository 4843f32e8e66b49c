"""What is Redmine's alone: its own attributes, its silences, and how many requests we cost it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from svc_plugin.domain.errors import ChangeRefusedError, UnmappedError
from svc_plugin.domain.model import FieldChange
from svc_plugin.domain.plan import Assign, Attach, PutComment, SetField, SetStage, Watch
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.sites.mapping import KindMapping
from svc_plugin.sites.redmine import RedmineSite
from tests.builders import BOT, LEADER, MAINTAINER, SERVICE
from tests.contract.redmine_kit import KNOWN, a_redmine, changed_plan, field_of, without
from tests.contract.test_site_contract import REQUEST_FIELDS, WORK_FIELDS, a_fault
from tests.contract.worlds import (
    api_key,
    settings,
)


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
