"""What every site must do alike, whatever server stands behind it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from svc_plugin.domain.errors import IssueNotFoundError, UnmappedError
from svc_plugin.domain.model import FieldChange, Issue, IssueRef, origin_marker
from svc_plugin.domain.plan import Assign, Attach, EnsureIssue, PutComment, SetField, SetStage, Watch
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.ports import Write
from tests.builders import BOT, LEADER, MAINTAINER, SERVICE
from tests.contract.conftest import RealRedmineWorld
from tests.contract.creation import CreationContract
from tests.contract.jira_kit import JiraWorld
from tests.contract.worlds import PRODUCT, MemoryWorld, RedmineWorld, World

REQUEST_FIELDS = {
    Field.CUSTOMER: "北方物流",
    Field.REQUEST_KIND: "fault",
    Field.RECEIVED_AT: "2026-11-20 09:30",
    Field.ANSWER: "第一行\n第二行 𠮷 🙂",
    Field.THANKS_SENT_ON: "2026-11-21",
    Field.SCORE_SERVICE: "4.5",
}
WORK_FIELDS = {
    Field.MAINTENANCE_CLASS: "perfective",
    Field.BROAD_VALUE: "yes",
    Field.VISIT_NEEDED: "no",
    Field.TESTER: MAINTAINER,
    Field.ESTIMATE_HOURS: "12",
    Field.FIXED_VERSION: "5.2",
}


def a_fault(owner: IssueRef, **more: object) -> EnsureIssue:
    given: dict[str, object] = {
        "title": "维护:开票失败",
        "description": "第一行\n第二行",
        "fields": ((Field.CUSTOMER, "北方物流"), (Field.SOURCE, "customer")),
        "assignee": MAINTAINER,
        **more,
    }
    return EnsureIssue(origin_marker("M32", owner), IssueKind.MAINTENANCE, PRODUCT, **given)  # type: ignore[arg-type]


def linked(world: World, ref: IssueRef) -> list[Issue]:
    return [world.site.fetch(other) for other in sorted(world.site.fetch(ref).links)]


class SiteContract:
    def test_what_people_wrote_is_read_in_our_words(self, world: World) -> None:
        begun = world.now() - timedelta(seconds=1)
        ref = world.create(
            title="开票失败 🙂", fields=REQUEST_FIELDS, assignee=SERVICE, description="一\n二 𠮷"
        )
        issue = world.site.fetch(ref)
        assert (issue.ref, issue.kind, issue.stage) == (ref, IssueKind.SERVICE_REQUEST, Stage.REGISTERED)
        assert (issue.title, issue.description, issue.product) == ("开票失败 🙂", "一\n二 𠮷", PRODUCT)
        assert (issue.author, issue.assignee) == (SERVICE, SERVICE)
        assert issue.fields == REQUEST_FIELDS
        assert begun <= issue.created_at <= issue.updated_at <= world.now()
        assert issue.history == ()
        assert issue.url

    def test_every_type_of_field_is_written_and_read_back(self, world: World) -> None:
        ref = world.create(IssueKind.MAINTENANCE)
        world.site.apply(ref, [SetField(name, value) for name, value in WORK_FIELDS.items()])
        issue = world.site.fetch(ref)
        assert issue.fields == WORK_FIELDS
        assert [entry.account for entry in issue.history] == [BOT]
        assert set(issue.history[0].changes) == {
            FieldChange(name, "", value) for name, value in WORK_FIELDS.items()
        }

    def test_a_field_can_be_emptied(self, world: World) -> None:
        ref = world.create(IssueKind.MAINTENANCE, fields=WORK_FIELDS)
        world.site.apply(ref, [SetField(name, "") for name in WORK_FIELDS])
        issue = world.site.fetch(ref)
        assert issue.fields == {}
        assert FieldChange(Field.TESTER, MAINTAINER, "") in issue.history[0].changes

    def test_a_field_that_the_kind_does_not_have_is_not_written(self, world: World) -> None:
        ref = world.create()
        with pytest.raises(UnmappedError):
            world.site.apply(ref, [SetField(Field.TESTER, MAINTAINER)])

    def test_a_comment_is_said_once_and_replaced_in_place(self, world: World) -> None:
        ref = world.create()
        world.site.apply(ref, [PutComment("M40", "缺:答复 🙂\n\n请补充"), PutComment("M06", "已超时")])
        world.site.apply(ref, [PutComment("M40", "已满足")])
        issue = world.site.fetch(ref)
        assert issue.comments == {"M40": "已满足", "M06": "已超时"}
        assert not any(entry.note for entry in issue.history)

    def test_only_our_own_account_can_speak_for_us(self, world: World) -> None:
        ref = world.create()
        world.does(ref, SERVICE, note="我说的\n\n〔svc:M40〕")
        issue = world.site.fetch(ref)
        assert issue.comments == {}
        assert [(entry.account, entry.note) for entry in issue.history] == [
            (SERVICE, "我说的\n\n〔svc:M40〕")
        ]

    def test_writing_the_same_again_changes_nothing(self, world: World) -> None:
        ref = world.create(IssueKind.MAINTENANCE)
        writes: list[Write] = [
            SetStage(Stage.CLASSIFIED),
            SetField(Field.TESTER, MAINTAINER),
            SetField(Field.ESTIMATE_HOURS, "3"),
            Assign(MAINTAINER),
            Watch(LEADER),
            PutComment("M50", "已判断"),
            Attach("计划-v1.docx", b"PK", "application/octet-stream"),
        ]
        world.site.apply(ref, writes)
        before = world.site.fetch(ref)
        world.later(2)
        world.site.apply(ref, writes)
        assert world.site.fetch(ref) == before
        assert (before.stage, before.assignee) == (Stage.CLASSIFIED, MAINTAINER)
        assert LEADER in before.watchers

    def test_a_move_that_is_refused_silently_shows_when_read_back(self, world: World) -> None:
        ref = world.create()
        world.forbid_closing(ref)
        world.site.apply(ref, [SetStage(Stage.CLOSED), PutComment("M40", "关闭")])
        issue = world.site.fetch(ref)
        assert issue.stage is Stage.REGISTERED
        assert issue.comments == {"M40": "关闭"}

    def test_a_linked_issue_is_made_once_with_all_it_needs(self, world: World) -> None:
        ref = world.create()
        wanted = a_fault(ref)
        world.site.apply(ref, [wanted])
        world.site.apply(ref, [wanted])
        (work,) = linked(world, ref)
        assert work.fields == {**dict(wanted.fields), Field.ORIGIN: wanted.origin}
        assert (work.kind, work.stage, work.product) == (
            IssueKind.MAINTENANCE,
            Stage.REGISTERED,
            PRODUCT,
        )
        assert (work.title, work.description) == (wanted.title, wanted.description)
        assert (work.assignee, work.author, work.owner) == (MAINTAINER, BOT, ref)
        assert ref in work.links

    def test_two_threads_make_one_linked_issue(self, world: World) -> None:
        ref = world.create()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: world.site.apply(ref, [a_fault(ref)]), range(2)))
        assert len(linked(world, ref)) == 1

    def test_a_file_is_attached_once(self, world: World) -> None:
        ref = world.create()
        content = bytes(range(256)) * 40
        for _ in range(2):
            world.site.apply(ref, [Attach("CSR-erp-2026-Q4-v1.docx", content, "application/octet-stream")])
        assert world.site.fetch(ref).attachments == ("CSR-erp-2026-Q4-v1.docx",)
        assert world.content(ref, "CSR-erp-2026-Q4-v1.docx") == content

    def test_booked_hours_are_read_with_logins(self, world: World) -> None:
        ref = world.create()
        world.book(ref, MAINTAINER, 1.5, date(2026, 11, 20), "现场")
        world.book(ref, SERVICE, 0.25, date(2026, 11, 19), "客户服务")
        entries = {
            (one.account, one.hours, one.spent_on, one.activity) for one in world.site.fetch(ref).time_entries
        }
        assert entries == {
            (MAINTAINER, 1.5, date(2026, 11, 20), "现场"),
            (SERVICE, 0.25, date(2026, 11, 19), "客户服务"),
        }

    def test_history_tells_who_did_what_in_order(self, world: World) -> None:
        ref = world.create(IssueKind.MAINTENANCE)
        begun = world.now() - timedelta(seconds=1)
        world.does(ref, MAINTAINER, fields={Field.MAINTENANCE_CLASS: "corrective"}, note="已判断\n完")
        world.does(ref, MAINTAINER, stage=Stage.CLASSIFIED)
        world.does(ref, LEADER, stage=Stage.IN_WORK, fields={Field.MAINTENANCE_CLASS: "perfective"})
        first, second, third = world.site.fetch(ref).history
        assert (first.account, first.note) == (MAINTAINER, "已判断\n完")
        assert first.changes == (FieldChange(Field.MAINTENANCE_CLASS, "", "corrective"),)
        assert (first.moved_from, first.moved_to) == (None, None)
        assert (second.account, second.moved_from, second.moved_to) == (
            MAINTAINER,
            Stage.REGISTERED,
            Stage.CLASSIFIED,
        )
        assert (third.account, third.moved_from, third.moved_to) == (
            LEADER,
            Stage.CLASSIFIED,
            Stage.IN_WORK,
        )
        assert third.changes == (FieldChange(Field.MAINTENANCE_CLASS, "corrective", "perfective"),)
        assert begun <= first.at <= second.at <= third.at <= world.now()

    @pytest.mark.parametrize("key", ["99999999", "OPS-12"])
    def test_an_unknown_issue_is_not_found(self, world: World, key: str) -> None:
        with pytest.raises(IssueNotFoundError):
            world.site.fetch(IssueRef("main", key))
        with pytest.raises(IssueNotFoundError):
            world.site.apply(IssueRef("main", key), [PutComment("M40", "?")])

    def test_the_words_of_a_private_note_never_leave_the_site(self, world: World) -> None:
        ref = world.create()
        world.does(ref, SERVICE, note="客户欠款", private=True)
        world.does(ref, SERVICE, note="已联系客户")
        issue = world.site.fetch(ref)
        assert "欠款" not in repr(issue)
        assert [entry.note for entry in issue.history if not entry.private] == ["已联系客户"]

    def test_everything_changed_in_one_second_is_found_once(self, world: World) -> None:
        world.later(2)
        with world.same_second():
            since = world.now()
            made = [world.create(title=f"第 {number} 个") for number in range(105)]
        found = [one.ref for one in world.site.changed_since(since) if one.updated_at >= since]
        assert sorted(found) == sorted(made)

    def test_changes_come_oldest_first_and_only_since_the_moment_asked(self, world: World) -> None:
        old, first, second = world.create(), world.create(), world.create()
        world.later(3)
        since = world.now() - timedelta(seconds=1)
        world.does(second, SERVICE, note="再看")
        world.later(2)
        world.does(first, SERVICE, note="再看")
        changed = list(world.site.changed_since(since))
        assert [one.ref for one in changed] == [second, first]
        assert [one.updated_at for one in changed] == [
            world.site.fetch(one.ref).updated_at for one in changed
        ]
        assert old not in {one.ref for one in changed}

    def test_hours_alone_make_an_issue_changed(self, world: World) -> None:
        ref = world.create()
        world.later(3)
        since = world.now() - timedelta(seconds=1)
        world.book(ref, SERVICE, 2, date(2026, 11, 20), "客户服务")
        changed = list(world.site.changed_since(since))
        assert [one.ref for one in changed] == [ref]
        assert changed[0].updated_at == world.site.fetch(ref).updated_at

    def test_without_a_moment_everything_is_walked(self, world: World) -> None:
        made = {world.create() for _ in range(3)}
        found = [one.ref for one in world.site.changed_since(None)]
        assert made <= set(found)
        assert len(found) == len(set(found))


class TestMemorySite(CreationContract, SiteContract):
    @pytest.fixture
    def world(self, memory_world: MemoryWorld) -> World:
        return memory_world


class TestRedmineStandin(CreationContract, SiteContract):
    @pytest.fixture
    def world(self, standin_world: RedmineWorld) -> World:
        return standin_world


class TestJiraCloudStandin(CreationContract, SiteContract):
    @pytest.fixture
    def world(self, jira_cloud_world: JiraWorld) -> World:
        return jira_cloud_world


class TestJiraDataCenterStandin(CreationContract, SiteContract):
    @pytest.fixture
    def world(self, jira_dc_world: JiraWorld) -> World:
        return jira_dc_world


@pytest.mark.real_redmine
class TestRealRedmine(CreationContract, SiteContract):
    @pytest.fixture
    def world(self, real_redmine_world: RealRedmineWorld) -> World:
        return real_redmine_world
