"""What is Jira's alone: screens, its own fields, private comments, and how many requests we cost it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from svc_plugin.domain.errors import ChangeRefusedError, UnmappedError
from svc_plugin.domain.model import FieldChange
from svc_plugin.domain.plan import Assign, Attach, PutComment, SetField, SetStage, Watch
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.standins.jira import Mode
from tests.builders import BOT, LEADER, MAINTAINER, SERVICE
from tests.contract.jira_kit import PEOPLE, PROJECTS, JiraWorld, a_jira, plan, shipped, without
from tests.contract.test_site_contract import WORK_FIELDS, a_fault, linked


@pytest.fixture
def jira(mode: Mode) -> Iterator[tuple[JiraWorld, list[str]]]:
    with a_jira(mode) as (world, asked):
        yield world, asked


def test_one_request_reads_an_issue_with_comments_hours_files_and_history(
    jira: tuple[JiraWorld, list[str]],
) -> None:
    world, asked = jira
    ref = world.create(IssueKind.MAINTENANCE, fields={Field.TESTER: MAINTAINER})
    world.does(ref, LEADER, note="好", stage=Stage.IN_WORK)
    world.book(ref, SERVICE, 1, date(2026, 11, 20), "现场")
    world.site.fetch(ref)
    asked.clear()
    assert world.site.fetch(ref).time_entries
    assert asked == [f"GET /issue/{ref.key}"]


def test_two_requests_say_something_and_fill_in_fields(jira: tuple[JiraWorld, list[str]]) -> None:
    world, asked = jira
    ref = world.create(IssueKind.MAINTENANCE)
    world.site.apply(ref, [])
    asked.clear()
    world.site.apply(ref, [SetField(Field.ESTIMATE_HOURS, "3"), PutComment("M50", "x")])
    assert asked == [f"GET /issue/{ref.key}", f"PUT /issue/{ref.key}"]


def test_what_already_is_so_is_not_sent(jira: tuple[JiraWorld, list[str]]) -> None:
    world, asked = jira
    ref = world.create(IssueKind.MAINTENANCE, fields=WORK_FIELDS, assignee=MAINTAINER)
    said = "已判断 {x} [y] *z*\n- https://svc.example.com/a_b"
    world.site.apply(ref, [Watch(LEADER), PutComment("M50", said), a_fault(ref)])
    world.site.fetch(ref)
    asked.clear()
    again = [SetStage(Stage.REGISTERED), *(SetField(name, value) for name, value in WORK_FIELDS.items())]
    world.site.apply(ref, [*again, Assign(MAINTAINER), Watch(LEADER), PutComment("M50", said + "\r\n")])
    assert asked == [f"GET /issue/{ref.key}"]
    assert world.site.fetch(ref).comments == {"M50": said}


def test_watchers_are_asked_for_again_when_their_number_changes(jira: tuple[JiraWorld, list[str]]) -> None:
    world, asked = jira
    ref = world.create()
    before = world.site.fetch(ref).watchers
    body = PEOPLE[LEADER].account_id if world.mode == "cloud" else LEADER
    world.ask(LEADER, "post", f"/issue/{ref.key}/watchers", body)
    asked.clear()
    assert world.site.fetch(ref).watchers == before | {LEADER}
    assert f"GET /issue/{ref.key}/watchers" in asked


def test_people_call_an_issue_by_its_key_and_open_it_at_the_sites_own_address(
    jira: tuple[JiraWorld, list[str]],
) -> None:
    world, _ = jira
    issue = world.site.fetch(world.create())
    assert (issue.shown, issue.url) == ("ERP-1", "https://jira.example.com/browse/ERP-1")


def test_a_version_that_the_project_does_not_have_is_named(jira: tuple[JiraWorld, list[str]]) -> None:
    world, _ = jira
    ref = world.create(IssueKind.MAINTENANCE)
    with pytest.raises(UnmappedError, match=r"9\.9"):
        world.site.apply(ref, [SetField(Field.FIXED_VERSION, "9.9")])


def test_a_long_history_is_read_to_its_end(jira: tuple[JiraWorld, list[str]]) -> None:
    world, _ = jira
    ref = world.create(IssueKind.MAINTENANCE)
    world.standin.faults.write_limit = False
    for number in range(105):
        world.does(ref, MAINTAINER, fields={Field.ROOT_CAUSE: f"原因 {number}"})
    history = world.site.fetch(ref).history
    assert [entry.changes[0].new for entry in history] == [f"原因 {number}" for number in range(105)]


def test_many_booked_hours_are_read_to_their_end(jira: tuple[JiraWorld, list[str]]) -> None:
    world, _ = jira
    ref = world.create()
    world.standin.faults.write_limit = False
    for day in range(1, 26):
        world.book(ref, SERVICE, 0.5, date(2026, 10, day), "现场")
    assert [one.spent_on.day for one in world.site.fetch(ref).time_entries] == list(range(1, 26))


def test_fields_may_be_mapped_by_id(mode: Mode) -> None:
    known = shipped()
    by_id = replace(known, fields={**known.fields, Field.ROOT_CAUSE: "customfield_10777"})
    with a_jira(mode, plan(by_id), by_id) as (world, _):
        ref = world.create(IssueKind.MAINTENANCE)
        world.does(ref, MAINTAINER, fields={Field.ROOT_CAUSE: "税率表缺失"})
        issue = world.site.fetch(ref)
        assert issue.value(Field.ROOT_CAUSE) == "税率表缺失"
        assert issue.history[0].changes == (FieldChange(Field.ROOT_CAUSE, "", "税率表缺失"),)


@pytest.mark.parametrize(("label", "told"), [("根因", "根因"), ("重名", "customfield_")])
def test_a_field_that_cannot_be_told_stops_us_before_anything_is_read_wrongly(
    mode: Mode, label: str, told: str
) -> None:
    known = shipped()
    made = plan(known)
    twice = (replace(made.fields[0], name="重名"),) * 2
    doubled = replace(made, fields=(*made.fields, *twice))
    with a_jira(mode, doubled) as (world, _):
        ref = world.create()
        site = world.connect(mapping=replace(known, fields={**known.fields, Field.ROOT_CAUSE: label}))
        with pytest.raises(UnmappedError, match=told):
            site.fetch(ref)


def test_somebody_whose_account_id_is_not_configured_is_named_with_the_remedy() -> None:
    with a_jira("cloud") as (world, _):
        ref = world.create()
        accounts = {BOT: PEOPLE[BOT].account_id}
        site = world.connect(accounts=accounts)
        for write in (Assign(LEADER), Watch(LEADER)):
            with pytest.raises(UnmappedError, match=rf"{LEADER}.*accounts"):
                site.apply(ref, [write, PutComment("M40", "一同写入")])
        assert site.fetch(ref).comments == {}
        assert site.fetch(ref).author == PEOPLE[SERVICE].account_id


def test_a_scoped_token_works_through_the_gateway_and_links_lead_to_the_site() -> None:
    known = shipped()
    made = plan(known)
    people = tuple(replace(one, scoped=one.name == BOT) for one in made.people)
    with a_jira("cloud", replace(made, people=people)) as (world, _):
        ref = world.create()
        site = world.connect(api_url=f"{world.url}/ex/jira/{made.cloud_id}", email="")
        site.apply(ref, [PutComment("M40", "缺答复")])
        assert site.fetch(ref).comments == {"M40": "缺答复"}
        assert site.fetch(ref).url == "https://jira.example.com/browse/ERP-1"


def test_a_refusal_is_told_in_jiras_own_words(jira: tuple[JiraWorld, list[str]]) -> None:
    world, _ = jira
    ref = world.create()
    with pytest.raises(ChangeRefusedError, match="400"):
        world.site.apply(ref, [SetField(Field.REQUEST_KIND, "没有的")])


def test_files_with_chinese_names_arrive_with_them(jira: tuple[JiraWorld, list[str]]) -> None:
    world, _ = jira
    ref = world.create()
    name = "客户服务报告(第 4 季度)-v1.docx"
    world.site.apply(ref, [Attach(name, b"PK\x03", "application/octet-stream")])
    assert world.site.fetch(ref).attachments == (name,)
    assert world.content(ref, name) == b"PK\x03"


def test_at_a_service_desk_customers_do_not_read_what_we_say(mode: Mode) -> None:
    made = plan(shipped())
    desk = tuple(replace(one, service_desk=one.key == PROJECTS["erp"]) for one in made.projects)
    with a_jira(mode, replace(made, projects=desk)) as (world, _):
        ref = world.create()
        world.site.apply(ref, [PutComment("M40", "缺答复"), PutComment("M06", "超时")])
        world.site.apply(ref, [SetStage(Stage.CLOSED), PutComment("M40", "已满足"), PutComment("M12", "x")])
        rows = world.ask(SERVICE, "get", f"/issue/{ref.key}/comment")["comments"]
        assert [row["jsdPublic"] for row in rows] == [False] * 3
        assert world.site.fetch(ref).comments == {"M40": "已满足", "M06": "超时", "M12": "x"}
        internal = {"properties": [{"key": "sd.public.comment", "value": {"internal": True}}]}
        world.ask(SERVICE, "post", f"/issue/{ref.key}/comment", {"body": "客户欠款", **internal})
        number = rows[0]["id"]
        world.ask(LEADER, "put", f"/issue/{ref.key}/comment/{number}", {"body": "欠款\n\n〔svc:M40〕"})
        issue = world.site.fetch(ref)
        assert "欠款" not in repr(issue)
        assert "M40" not in issue.comments
        assert any(entry.private and entry.account == SERVICE for entry in issue.history)


def test_an_unmapped_project_or_type_has_no_product_or_kind(jira: tuple[JiraWorld, list[str]]) -> None:
    world, _ = jira
    ref = world.create()
    known = shipped()
    one = replace(known, projects={}, kinds={IssueKind.DOCUMENT: known.kinds[IssueKind.DOCUMENT]})
    issue = world.connect(mapping=one).fetch(ref)
    assert (issue.product, issue.kind, issue.stage, issue.status) == ("", None, None, "待处理")


def test_an_origin_that_somebody_took_out_is_written_again(jira: tuple[JiraWorld, list[str]]) -> None:
    world, _ = jira
    ref = world.create()
    world.site.apply(ref, [a_fault(ref)])
    (work,) = linked(world, ref)
    world.does(work.ref, MAINTAINER, fields={Field.ORIGIN: "?"})
    for site in (world.site, world.connect()):
        site.apply(ref, [a_fault(ref)])
    (again,) = linked(world, ref)
    assert (again.ref, again.value(Field.ORIGIN)) == (work.ref, a_fault(ref).origin)


def test_without_a_field_of_the_origin_nothing_is_made(mode: Mode) -> None:
    known = without(Field.ORIGIN)
    with a_jira(mode, plan(known), known) as (world, _):
        ref = world.create()
        with pytest.raises(UnmappedError, match="来源标识"):
            world.site.apply(ref, [a_fault(ref)])
        assert len(list(world.site.changed_since(None))) == 1
