"""M14, M26, M48, M65: the newest version and its check code are on the issue; an approval binds them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.model import IssuedVersion
from svc_plugin.domain.plan import IssueDocument, SetField, is_satisfied
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import (
    BOT,
    LEADER,
    MAINTAINER,
    an_issue,
    comment,
    moved,
    seen,
    set_by,
    stage_wanted,
    standard,
    under,
)

NAMED = "PMP-erp-2026"
FIRST, SECOND = (IssuedVersion(NAMED, n, code) for n, code in ((1, "AAAA-1111"), (2, "BBBB-2222")))
ATTACHED = (f"{NAMED}-v1.docx",)
CODE = Field.CONTENT_HASH
CODED = set_by(BOT, CODE, FIRST.mark)
APPROVED = moved(LEADER, Stage.APPROVED, frm=Stage.SUBMITTED)


def paper(stage, *history, code=FIRST.mark, attachments=ATTACHED, kind="maintenance_plan", **more):
    fields = {
        Field.DOCUMENT_KIND: kind,
        Field.PERIOD: "2026",
        Field.APPROVAL_DECISION: "agree",
        Field.APPROVAL_OPINION: "同意",
        CODE: code,
    }
    return an_issue(
        IssueKind.DOCUMENT, stage, fields=fields, history=history, attachments=attachments, **more
    )


def decided(issue, issued=FIRST, policy=None):
    return decide(replace(seen(issue), issued=issued), policy or standard())


def handed_out(plan):
    return [c.version for c in plan.changes if isinstance(c, IssueDocument)]


def code_wanted(plan):
    return [c.value for c in plan.changes if isinstance(c, SetField) and c.field is CODE]


@pytest.mark.clause("M14")
@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.SUBMITTED])
def test_what_nothing_of_hangs_there_is_written_as_things_stand(stage):
    assert handed_out(decided(paper(stage, attachments=()), None)) == [0]
    # an elder version in the register is no reason to hand out what nobody says any more
    assert handed_out(decided(paper(stage, attachments=()))) == [0]


@pytest.mark.clause("M14")
@pytest.mark.clause("M65")
@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED])
def test_a_newer_version_than_the_one_that_hangs_there_is_handed_out_with_its_code(stage):
    plan = decided(paper(stage, CODED, APPROVED), SECOND)
    assert handed_out(plan) == [2]
    assert code_wanted(plan) == [SECOND.mark]


@pytest.mark.clause("M14")
@pytest.mark.parametrize("stage", [Stage.REJECTED, Stage.SUPERSEDED])
def test_what_is_over_gets_no_newer_version(stage):
    assert not decided(paper(stage, CODED), SECOND).changes


@pytest.mark.clause("M14")
def test_a_version_is_there_when_its_own_file_is():
    held = seen(paper(Stage.DRAFT, attachments=(*ATTACHED, f"{NAMED}-v12.docx", f"{NAMED}-v2.pdf")))
    wanted = IssueDocument(NAMED, "maintenance_plan", "erp", "2026")
    there = [version for version in (0, 1, 2, 3, 12) if is_satisfied(held, replace(wanted, version=version))]
    assert there == [0, 1, 12]


@pytest.mark.clause("M65")
@pytest.mark.parametrize(
    ("stage", "code"), [(Stage.DRAFT, ""), (Stage.SUBMITTED, "x"), (Stage.APPROVED, "x")]
)
def test_the_check_code_is_that_of_the_newest_version_whatever_was_written_there(stage, code):
    history = (CODED, APPROVED) if stage is Stage.APPROVED else ()
    forged = set_by(MAINTAINER, CODE, code, old=FIRST.mark, after=timedelta(minutes=9))
    plan = decided(paper(stage, *history, forged, code=code))
    assert code_wanted(plan) == [FIRST.mark]
    assert stage_wanted(plan) is None


@pytest.mark.clause("M26")
def test_what_was_approved_before_there_were_codes_stays_approved():
    assert not decided(paper(Stage.APPROVED, APPROVED, code="")).changes
    assert not decided(paper(Stage.APPROVED, APPROVED, code=""), None).changes


@pytest.mark.clause("M26")
@pytest.mark.clause("M48")
@pytest.mark.parametrize(
    ("kind", "rule"), [("maintenance_plan", "M26"), ("service_plan", "M26"), ("service_report", "M72")]
)
def test_a_new_version_voids_the_approval_of_the_former(kind, rule):
    named = {"maintenance_plan": "PMP", "service_plan": "CSP", "service_report": "CSR"}[kind]
    issue = paper(Stage.APPROVED, CODED, APPROVED, kind=kind, attachments=(f"{named}-erp-2026-v1.docx",))
    assert stage_wanted(decided(issue)) is None
    plan = decided(issue, replace(SECOND, document_id=f"{named}-erp-2026"))
    assert stage_wanted(plan) is Stage.DRAFT
    for told in ("张伟", "AAAA-1111", "BBBB-2222", "作废"):
        assert told in comment(plan, rule)


def voided(stage, *later, comments):
    """The second version has come, the product has sent the plan back, people go on."""
    back = replace(
        moved(BOT, Stage.DRAFT, frm=Stage.APPROVED, after=timedelta(minutes=7)),
        changes=set_by(BOT, CODE, SECOND.mark, old=FIRST.mark).changes,
    )
    files = (*ATTACHED, f"{NAMED}-v2.docx")
    return paper(stage, CODED, APPROVED, back, *later, code=SECOND.mark, attachments=files, comments=comments)


@pytest.mark.clause("M26")
@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.SUBMITTED])
def test_the_reason_stands_until_the_new_version_is_approved(stage):
    told = comment(decided(paper(Stage.APPROVED, CODED, APPROVED), SECOND), "M26")
    assert told
    assert not decided(voided(stage, comments={"M26": told}), SECOND).changes
    again = moved(LEADER, Stage.APPROVED, frm=Stage.SUBMITTED, after=timedelta(minutes=8))
    done = decided(voided(Stage.APPROVED, again, comments={"M26": told}), SECOND)
    assert stage_wanted(done) is None
    assert "已满足" in comment(done, "M26")


@pytest.mark.clause("M26")
def test_acts_of_one_second_count_in_their_order():
    at = timedelta(minutes=5)
    code = set_by(BOT, CODE, FIRST.mark, after=at)
    assert stage_wanted(decided(paper(Stage.APPROVED, code, APPROVED))) is None
    later = paper(Stage.APPROVED, APPROVED, code)
    assert stage_wanted(decided(later)) is Stage.DRAFT


@pytest.mark.clause("M26")
def test_an_approval_without_the_right_to_it_is_submitted_still_whatever_the_content():
    by_author = moved(MAINTAINER, Stage.APPROVED, frm=Stage.SUBMITTED)
    assert stage_wanted(decided(paper(Stage.APPROVED, CODED, by_author), SECOND)) is Stage.SUBMITTED


@pytest.mark.clause("M26")
@pytest.mark.clause("M29")
def test_a_void_approval_brings_no_surveys():
    issue = paper(Stage.APPROVED, CODED, APPROVED, kind="service_plan", attachments=("CSP-erp-2026-v1.docx",))
    rules = under(M26="off")
    assert [one for one in decided(issue, policy=rules).findings if one.rule == "M29"]
    changed = decided(issue, replace(SECOND, document_id="CSP-erp-2026"), rules)
    assert not [one for one in changed.findings if one.rule == "M29"]
