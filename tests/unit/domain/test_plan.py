"""Plans and their changes: when one is there already, and what marks, texts and errors say."""

import pytest

from svc_plugin.domain.errors import ConfigError, RuleConflictError, TransientError
from svc_plugin.domain.explain import came_from
from svc_plugin.domain.model import HistoryEntry, parse_origin
from svc_plugin.domain.plan import (
    Assign,
    Attach,
    EnsureIssue,
    IssueDocument,
    Plan,
    PutComment,
    SetField,
    SetStage,
    Watch,
    is_satisfied,
    same_text,
)
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import (
    LEADER,
    MAINTAINER,
    MONDAY,
    SERVICE,
    an_issue,
    maintenance,
    moved,
    ref,
    seen,
    serving,
)

WORK = EnsureIssue("M32@main/12", IssueKind.MAINTENANCE, "erp", "", "", ())
HELD = an_issue(
    stage=Stage.ANSWERED,
    fields={Field.SEVERITY: "major"},
    watchers=frozenset({LEADER}),
    comments={"M06": "第一行\n第二行"},
    attachments=("a.docx", "CSR-erp-2026-Q3-v2.docx"),
)


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        (SetStage(Stage.ANSWERED), SetStage(Stage.CLOSED)),
        (SetField(Field.SEVERITY, "major"), SetField(Field.SEVERITY, "minor")),
        (SetField(Field.ANSWER, ""), SetField(Field.ANSWER, "major")),
        (Assign(SERVICE), Assign(LEADER)),
        (Watch(LEADER), Watch(SERVICE)),
        (PutComment("M06", "第一行\r\n第二行\n"), PutComment("M06", "第一行第二行")),
        (PutComment("M07", ""), PutComment("M07", "第一行\n第二行")),
        (Attach("a.docx", b"", ""), Attach("b.docx", b"", "")),
        (
            IssueDocument("CSR-erp-2026-Q3", "service_report", "erp", "2026-Q3"),
            IssueDocument("CSR-erp-2026-Q", "service_report", "erp", "2026-Q"),
        ),
    ],
)
def test_a_change_is_satisfied_when_the_issue_is_as_it_wants(there, missing):
    assert is_satisfied(seen(HELD), there)
    assert not is_satisfied(seen(HELD), missing)


def test_a_linked_issue_satisfies_by_its_mark_alone():
    assert is_satisfied(seen(HELD, linked=(serving(Stage.CLOSED),)), WORK)
    assert not is_satisfied(seen(HELD, linked=(maintenance(Stage.CLOSED, key="13"),)), WORK)


def test_a_plan_without_changes_is_falsy():
    assert not Plan(ref(), (), ())
    assert Plan(ref(), (), (Assign(SERVICE),))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a\r\nb", "a\nb", True),
        ("a\nb", "a\r\nb", True),
        (" a\n", "a", True),
        ("a", "\na ", True),
        ("a b", "ab", False),
        ("a\n\nb", "a\nb", False),
    ],
)
def test_line_ends_and_outer_space_do_not_make_another_text(one, other, same):
    assert same_text(one, other) is same


@pytest.mark.parametrize(
    ("stage", "history", "origin"),
    [
        (Stage.CLOSED, (moved(SERVICE, Stage.CLOSED, frm=Stage.ANSWERED),), Stage.ANSWERED),
        (Stage.CLOSED, (), Stage.REGISTERED),
        (Stage.CLOSED, (moved(SERVICE, Stage.CLOSED, frm=None),), Stage.REGISTERED),
        # a note, a move elsewhere and a "move" to where it was say nothing about it
        (
            Stage.CLOSED,
            (
                moved(SERVICE, Stage.CLOSED, frm=Stage.IN_PROGRESS),
                HistoryEntry(MONDAY, SERVICE, note="谢谢"),
                moved(SERVICE, Stage.CLOSED, frm=Stage.CLOSED),
            ),
            Stage.IN_PROGRESS,
        ),
        (
            Stage.ANSWERED,
            (
                moved(SERVICE, Stage.ANSWERED, frm=Stage.IN_PROGRESS),
                moved(SERVICE, Stage.CLOSED, frm=Stage.ANSWERED),
                moved(SERVICE, Stage.ANSWERED, frm=Stage.CLOSED),
            ),
            Stage.CLOSED,
        ),
    ],
)
def test_an_issue_came_from_where_its_last_real_move_began(stage, history, origin):
    assert came_from(an_issue(stage=stage, history=history)) is origin


def test_an_issue_of_no_kind_came_from_nowhere():
    assert came_from(an_issue(kind=None, history=(), stage=None)) is None  # type: ignore[arg-type]


def test_an_issue_that_was_created_where_it_stands_came_from_the_first_stage_of_its_kind():
    assert came_from(maintenance(Stage.DONE, author=MAINTAINER)) is Stage.REGISTERED
    assert came_from(an_issue(IssueKind.DOCUMENT, Stage.APPROVED)) is Stage.DRAFT


@pytest.mark.parametrize(
    ("text", "rule", "site", "key"),
    [("M58-a@main/SUP/12", "M58-a", "main", "SUP/12"), ("M32@main/a@b", "M32", "main", "a@b")],
)
def test_a_mark_is_divided_at_its_first_signs(text, rule, site, key):
    found, owner = parse_origin(text)
    assert owner is not None
    assert (found, owner.site, owner.key) == (rule, site, key)


def test_errors_carry_their_sentences():
    fault = ConfigError(["one", "two"])
    assert (str(fault), fault.faults) == ("one\ntwo", ["one", "two"])
    assert str(RuleConflictError("rules disagree")) == "rules disagree"
    later = TransientError("busy", retry_after=30)
    assert (str(later), later.retry_after) == ("busy", 30)
