"""A plan's life on its issue: written, submitted, approved, changed, void, approved again (M14, M26, M65)."""

from dataclasses import dataclass

import pytest

from svc_plugin.documents.library import Library, wanted_document
from svc_plugin.documents.register import Register, check_code
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.looking import Looker
from svc_plugin.engine.reconciler import Reconciler, Records
from svc_plugin.links import Links
from svc_plugin.store.documents import DocumentStore
from tests.builders import LEADER, MAINTAINER, SERVICE, an_issue
from tests.unit.engine.world import World

NAMED = "PMP-erp-2027"
WANTED = wanted_document("maintenance_plan", "erp", "2027")


@dataclass
class Desk:
    """An engine that writes real documents, and the plan's issue."""

    world: World
    library: Library
    register: Register
    reconciler: Reconciler
    ref: IssueRef

    def look(self):
        plans = self.reconciler.reconcile(self.ref).plans
        return [type(change).__name__ for plan in plans for change in plan.changes]

    def does(self, account, **acts):
        self.world.does(self.ref, account, **acts)
        return self.look()

    def approve(self):
        self.does(MAINTAINER, stage=Stage.SUBMITTED)
        self.does(LEADER, stage=Stage.APPROVED, fields={Field.APPROVAL_DECISION: "agree"})

    def rewrite(self):
        """The record changes, and somebody has the plan written anew."""
        self.world.clock.later(minutes=1)
        more = an_issue(IssueKind.MAINTENANCE, Stage.CLASSIFIED, key=f"5{self.world.clock():%M}")
        self.world.mirror.put(more, seen_at=self.world.clock())
        return self.library.create(WANTED, language="zh", now=self.world.clock())

    @property
    def issue(self):
        return self.world.issue(self.ref)

    @property
    def statuses(self):
        return [one.status for one in self.register.store.versions(NAMED, "zh")]


@pytest.fixture
def desk(tmp_path):
    world = World(f"sqlite:///{tmp_path}/desk.db", also={"M26"})
    store, book = DocumentStore(world.database), world.rulebook
    links = Links("secret", "https://svc.example.com", world.clock() - world.clock())
    library = Library(
        store, world.mirror, book.registers, book.policies, book.texts, lambda: links, annex_above=2
    )
    register = Register(store, world.mirror)
    looker = Looker({"main": world.site}, book, world.clock, world.mirror, register)
    records = Records(world.mirror, world.ledger, world.refusals, register=register)
    fields = {Field.DOCUMENT_KIND: "maintenance_plan", Field.PERIOD: "2027"}
    ref = world.create(IssueKind.DOCUMENT, author=MAINTAINER, fields=fields)
    yield Desk(world, library, register, Reconciler(looker, book, records, library, world.clock), ref)
    world.database.close()


@pytest.mark.clause("M14")
@pytest.mark.clause("M48")
def test_a_plan_is_written_once_and_its_code_stands_on_the_issue(desk):
    assert desk.look() == ["IssueDocument"]
    (one,) = desk.register.store.versions(NAMED, "zh")
    assert desk.issue.attachments == (one.file_name,)
    assert desk.issue.value(Field.CONTENT_HASH) == check_code(one)
    assert desk.look() == []


@pytest.mark.clause("M65")
def test_the_register_follows_the_issue(desk):
    desk.look()
    assert desk.statuses == ["draft"]
    desk.does(MAINTAINER, stage=Stage.SUBMITTED)
    assert desk.statuses == ["submitted"]
    desk.does(LEADER, stage=Stage.REJECTED, fields={Field.APPROVAL_DECISION: "disagree"})
    assert desk.statuses == ["rejected"]


@pytest.mark.clause("M26")
@pytest.mark.clause("M48")
@pytest.mark.clause("M65")
def test_a_changed_plan_is_a_draft_again_and_can_be_approved_again(desk):
    desk.look()
    desk.approve()
    assert (desk.issue.stage, desk.statuses) == (Stage.APPROVED, ["approved"])
    two = desk.rewrite()
    desk.look()
    assert desk.issue.stage is Stage.DRAFT
    assert desk.issue.attachments == (f"{NAMED}-v1.docx", f"{NAMED}-v2.docx")
    assert desk.issue.value(Field.CONTENT_HASH) == check_code(two)
    assert check_code(two) in desk.issue.comments["M26"]
    assert desk.statuses == ["superseded", "draft"]
    assert desk.look() == []
    desk.approve()
    assert (desk.issue.stage, desk.statuses) == (Stage.APPROVED, ["superseded", "approved"])
    assert "已满足" in desk.issue.comments["M26"]
    assert desk.look() == []


@pytest.mark.clause("M26")
def test_a_code_that_somebody_forges_is_put_right_and_the_approval_stands(desk):
    desk.look()
    desk.approve()
    (one,) = desk.register.store.versions(NAMED, "zh")
    desk.does(SERVICE, fields={Field.CONTENT_HASH: "FFFF"})
    assert (desk.issue.stage, desk.issue.value(Field.CONTENT_HASH)) == (Stage.APPROVED, check_code(one))


@pytest.mark.clause("M14")
def test_each_newer_version_of_a_draft_is_attached_to_it(desk):
    desk.look()
    desk.rewrite()
    desk.rewrite()
    desk.look()
    assert desk.issue.attachments == (f"{NAMED}-v1.docx", f"{NAMED}-v3.docx")


@pytest.mark.clause("M14")
@pytest.mark.clause("M39")
def test_the_complete_list_of_a_long_report_is_attached_too(desk):
    fields = {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: "2026-Q4"}
    ref = desk.world.create(IssueKind.DOCUMENT, author=SERVICE, fields=fields)
    for number in range(3):
        asked = an_issue(key=f"7{number}", fields={Field.REQUEST_KIND: "inquiry"})
        desk.world.mirror.put(asked, seen_at=desk.world.clock())
    desk.reconciler.reconcile(ref)
    assert desk.world.issue(ref).attachments == ("CSR-erp-2026-Q4-v1.docx", "CSR-erp-2026-Q4-v1-annex.docx")
