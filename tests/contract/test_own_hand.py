"""What a person does on a page is their own act on the site: its history names them."""

import pytest

from svc_plugin.domain.errors import TerminalError, TransientError
from svc_plugin.domain.plan import Attach, SetField, SetStage
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.acting import Acting
from tests.builders import SERVICE
from tests.contract.offices import Office

OPINION = "差旅预算偏低 {noformat} <b>&"
WRITES = (
    SetField(Field.APPROVAL_DECISION, "agree_with_changes"),
    SetField(Field.APPROVAL_OPINION, OPINION),
    Attach("signed.pdf", b"%PDF-", "application/pdf"),
    SetStage(Stage.APPROVED),
)


def acting(office: Office) -> Acting:
    if not isinstance(office.identity, Acting):
        pytest.skip("nobody writes in a person's name there")
    return office.identity


@pytest.mark.clause("M26")
def test_fields_file_and_move_are_the_persons_own(office: Office) -> None:
    hand, site = acting(office), office.world.site
    ref = office.world.create(IssueKind.DOCUMENT)
    office.world.does(ref, SERVICE, stage=Stage.SUBMITTED)
    hand.apply(office.key, ref, WRITES)
    issue = site.fetch(ref)
    assert issue.stage is Stage.APPROVED
    assert issue.value(Field.APPROVAL_DECISION) == "agree_with_changes"
    assert issue.value(Field.APPROVAL_OPINION) == OPINION
    assert "signed.pdf" in issue.attachments
    acts = [
        entry
        for entry in issue.history
        if entry.moved_to is Stage.APPROVED
        or any(change.field in {Field.APPROVAL_DECISION, Field.APPROVAL_OPINION} for change in entry.changes)
    ]
    assert {entry.account for entry in acts} == {SERVICE}
    assert {change.field for entry in acts for change in entry.changes} >= {
        Field.APPROVAL_DECISION,
        Field.APPROVAL_OPINION,
    }


@pytest.mark.clause("M26")
def test_fields_without_a_move_are_the_persons_own_too(office: Office) -> None:
    hand, ref = acting(office), office.world.create(IssueKind.DOCUMENT)
    hand.apply(office.key, ref, WRITES[:2])
    [act] = office.world.site.fetch(ref).history
    assert act.account == SERVICE
    assert {change.new for change in act.changes} == {"agree_with_changes", OPINION}


@pytest.mark.clause("M26")
def test_a_key_that_is_none_writes_nothing(office: Office) -> None:
    hand, ref = acting(office), office.world.create(IssueKind.DOCUMENT)
    before = office.world.site.fetch(ref)
    with pytest.raises((TransientError, TerminalError)):
        hand.apply("vouched:admin", ref, WRITES)
    after = office.world.site.fetch(ref)
    assert (after.stage, after.fields, after.attachments) == (before.stage, before.fields, before.attachments)
