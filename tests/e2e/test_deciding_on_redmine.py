"""A plan decided on a page against a real Redmine: its journal names the leader, who may not is refused."""

from dataclasses import replace

import pytest

from svc_plugin.bootstrap import build
from svc_plugin.demo.stage import api_key
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.web.app import create_app
from svc_plugin.web.serving import parts
from tests.builders import LEADER, MAINTAINER
from tests.documents.copies import filled
from tests.pages.conftest import Hints, Visitor
from tests.pages.papers import Paper as OnPages
from tests.pages.papers import confirmed, hand_in


class Paper(OnPages):
    """A plan on the real Redmine."""

    def __init__(self, services, ref: IssueRef) -> None:
        self.services, self.ref = services, ref

    def look(self) -> None:
        self.services.reconciler.reconcile(self.ref)

    @property
    def issue(self):
        return self.services.sites["main"].fetch(self.ref)

    @property
    def document(self):
        issued = self.services.register.newest(self.issue, "zh")
        return self.services.library.store.get(issued.document_id, issued.version, "zh")

    @property
    def records(self):
        return list(self.services.register.approvals.of_document(self.document.document_id))


@pytest.fixture
def services(real_house, tmp_path):
    settings = replace(real_house.settings, database=f"sqlite:///{tmp_path}/svc.db")
    built = build(settings)
    yield built
    built.close()


def visitor(services, account: str) -> Visitor:
    app = create_app(parts(services, services.inbox, Hints()))  # type: ignore[arg-type]
    found = Visitor(app.test_client())
    assert found.post("/sign-in", {"key": api_key(account)}).status_code == 303
    return found


def submitted(real_house, services, period: str) -> Paper:
    fields = {Field.DOCUMENT_KIND: "maintenance_plan", Field.PERIOD: period}
    number = real_house.people[MAINTAINER].create(IssueKind.DOCUMENT, "erp", "维护计划", fields)
    paper = Paper(services, IssueRef("main", str(number)))
    paper.look()
    real_house.people[MAINTAINER].change(number, IssueKind.DOCUMENT, stage=Stage.SUBMITTED)
    paper.look()
    return paper


@pytest.mark.clause("M26")
def test_a_plan_is_approved_on_a_page_and_by_a_signed_word(real_house, services) -> None:
    by_page, by_copy = (submitted(real_house, services, period) for period in ("2041", "2042"))
    author, leader = (visitor(services, account) for account in (MAINTAINER, LEADER))
    assert author.post(by_page.path, by_page.form("agree")).status_code == 403
    answer = leader.post(by_page.path, by_page.form("agree_with_changes", "差旅预算偏低"))
    assert answer.status_code == 303, answer.text
    content = filled(by_copy.document.content)
    hand_in(leader, by_copy, content)
    assert leader.post(*confirmed(by_copy, content, "agree", "同意")).status_code == 303
    for paper, decision in ((by_page, "agree_with_changes"), (by_copy, "agree")):
        paper.look()
        issue = paper.issue
        [move] = [entry for entry in issue.history if entry.moved_to is Stage.APPROVED]
        assert (issue.stage, move.account) == (Stage.APPROVED, LEADER)
        assert issue.value(Field.APPROVAL_DECISION) == decision
        [record] = paper.records
        assert (record.ruling.code, record.ended_at) == (issue.value(Field.CONTENT_HASH), None)
    assert any("-signed-" in name for name in by_copy.issue.attachments)
