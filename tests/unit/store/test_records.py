"""Mirror, ledger, refusals, cursors and documents give back what was put in."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import get_args

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svc_plugin.domain.model import FieldChange, HistoryEntry, Issue, IssueRef, TimeEntry
from svc_plugin.domain.plan import (
    Assign,
    Change,
    EnsureIssue,
    EnsureVersion,
    Finding,
    IssueDocument,
    Plan,
    PutComment,
    SetField,
    SetStage,
    Watch,
)
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.ports import Begun, Version
from svc_plugin.engine.refusal import Refusal
from svc_plugin.store.codec import issue_from_json, issue_to_json, plan_from_data, plan_to_data
from svc_plugin.store.database import Database
from svc_plugin.store.documents import DocumentStore, FileRole, StoredDocument, StoredFile
from svc_plugin.store.records import SqlCursors, SqlLedger, SqlMirror
from svc_plugin.store.refusals import SqlRefusals
from svc_plugin.store.tables import ledger
from tests.builders import MONDAY, an_issue, ref
from tests.thorough import examples

ZONES = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-3, minutes=-30))])
MOMENTS = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=ZONES,
)
TEXTS = st.text(max_size=20)
STAGES = st.none() | st.sampled_from(Stage)
REFS = st.builds(IssueRef, TEXTS.filter(bool), TEXTS.filter(bool))
CHANGED = st.builds(FieldChange, st.sampled_from(Field), TEXTS, TEXTS)
ENTRIES = st.builds(
    HistoryEntry,
    MOMENTS,
    TEXTS,
    STAGES,
    STAGES,
    st.lists(CHANGED, max_size=2).map(tuple),
    TEXTS,
    st.booleans(),
)
HOURS = st.floats(0, 1e6, allow_nan=False)
BOOKED = st.builds(TimeEntry, TEXTS, TEXTS, st.dates(date(1990, 1, 1)), HOURS, TEXTS)
ISSUES = st.builds(
    Issue,
    ref=REFS,
    kind=st.none() | st.sampled_from(IssueKind),
    stage=STAGES,
    status=TEXTS,
    title=TEXTS,
    created_at=MOMENTS,
    updated_at=MOMENTS,
    author=TEXTS,
    assignee=TEXTS,
    product=TEXTS,
    description=TEXTS,
    fields=st.dictionaries(st.sampled_from(Field), TEXTS, max_size=4),
    comments=st.dictionaries(TEXTS, TEXTS, max_size=3),
    history=st.lists(ENTRIES, max_size=3).map(tuple),
    links=st.frozensets(REFS, max_size=3),
    watchers=st.frozensets(TEXTS, max_size=3),
    attachments=st.lists(TEXTS, max_size=3).map(tuple),
    time_entries=st.lists(BOOKED, max_size=2).map(tuple),
    url=TEXTS,
)


@settings(deadline=None, max_examples=examples(60))
@given(ISSUES)
def test_every_field_of_any_issue_survives_the_codec(issue: Issue) -> None:
    back = issue_from_json(issue_to_json(issue))
    assert back == issue
    for one in fields(Issue):
        assert type(getattr(back, one.name)) is type(getattr(issue, one.name)), one.name


@settings(
    deadline=None, max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ISSUES)
def test_the_mirror_gives_back_any_issue(database: Database, issue: Issue) -> None:
    mirror = SqlMirror(database)
    key = IssueRef("main", "7")
    issue = replace(issue, ref=key, product=issue.product.replace("\0", ""))
    mirror.put(issue, seen_at=MONDAY)
    assert mirror.get(key) == issue
    assert mirror.versions("main")["7"].updated_at == issue.updated_at.astimezone(UTC)


def test_the_mirror_keeps_the_last_snapshot_and_its_version(database: Database) -> None:
    mirror = SqlMirror(database)
    mirror.put(an_issue(title="old"), seen_at=MONDAY)
    moment = MONDAY + timedelta(seconds=3, microseconds=250)
    mirror.put(an_issue(title="new", updated_at=moment), seen_at=moment)
    seen = mirror.get(ref())
    assert seen is not None
    assert seen.title == "new"
    assert mirror.versions("main") == {"12": Version(moment, moment)}
    mirror.drop(ref(), at=MONDAY)
    assert (mirror.get(ref()), mirror.versions("main")) == (None, {})


CHANGES: tuple[Change, ...] = (
    SetStage(Stage.CLOSED),
    SetField(Field.ANSWER, "好"),
    Assign("liu.yang"),
    Watch("zhang.wei"),
    PutComment("M40", "两行\n文字"),
    EnsureIssue(
        "M32@main/1", IssueKind.MAINTENANCE, "erp", "t", "d", ((Field.SOURCE, "customer"),), "liu.yang"
    ),
    EnsureVersion("M11@main/1", "erp", "开票 #1", "d"),
    IssueDocument("CSR-erp-2026", "service_report", "erp", "2026"),
)
PLAN = Plan(ref(), (Finding("M40", "缺少"),), CHANGES)


def test_every_change_a_rule_can_want_survives_the_codec() -> None:
    assert {type(change) for change in CHANGES} | {get_args(Change)[-1]} == set(get_args(Change))
    assert plan_from_data(plan_to_data(PLAN)) == PLAN


def test_the_ledger_counts_what_was_carried_out_since_a_moment(database: Database) -> None:
    book = SqlLedger(database)
    for minutes in (0, 10, 20):
        book.record(PLAN, policy="p", at=MONDAY + timedelta(minutes=minutes))
    book.record(replace(PLAN, ref=ref("13")), policy="p", at=MONDAY)
    assert book.acts_since(ref(), MONDAY) == 3
    assert book.acts_since(ref(), MONDAY + timedelta(minutes=10)) == 2
    assert book.acts_since(ref(), MONDAY + timedelta(minutes=21)) == 0


def test_what_was_begun_stays_until_it_is_recorded_and_is_then_written_once(database: Database) -> None:
    book = SqlLedger(database)
    book.begin(replace(PLAN, changes=CHANGES[:1]), policy="old", at=MONDAY)
    book.begin(PLAN, policy="p", at=MONDAY)
    assert book.begun(ref()) == Begun(PLAN, "p", MONDAY)
    assert book.acts_since(ref(), MONDAY) == 0
    book.record(PLAN, policy="p", at=MONDAY)
    assert (book.begun(ref()), book.acts_since(ref(), MONDAY)) == (None, 1)


def test_what_was_begun_and_never_done_leaves_nothing_in_the_ledger(database: Database) -> None:
    book = SqlLedger(database)
    book.begin(PLAN, policy="p", at=MONDAY)
    book.record(replace(PLAN, changes=()), policy="p", at=MONDAY)
    assert (book.begun(ref()), book.acts_since(ref(), MONDAY)) == (None, 0)


def test_the_ledger_tells_plan_and_policy_in_words(database: Database) -> None:
    SqlLedger(database).record(PLAN, policy="3f2a", at=MONDAY)
    with database.begin() as connection:
        row = connection.execute(sa.select(ledger)).one()
    assert row.policy == "3f2a"
    assert '"change": "SetStage", "stage": "closed"' in row.plan
    assert "缺少" in row.plan


def test_a_refusal_is_known_until_it_is_forgotten(database: Database) -> None:
    refusals = SqlRefusals(database)
    assert refusals.known(ref()) is None
    refusals.remember(ref(), Refusal("a", "无法改为“已关闭”"), at=MONDAY)
    refusals.remember(ref(), Refusal("b", "无法指派"), at=MONDAY)
    assert (refusals.known(ref()), refusals.known(ref("13"))) == (Refusal("b", "无法指派"), None)
    refusals.forget(ref())
    assert refusals.known(ref()) is None


def test_a_cursor_moves_and_what_only_sweeps_found_is_summed_up(database: Database) -> None:
    cursors = SqlCursors(database)
    assert (cursors.read("main"), cursors.unreported("main")) == (None, 0)
    cursors.advance("main", MONDAY, unreported=3)
    cursors.advance("main", MONDAY + timedelta(minutes=5), unreported=2)
    assert cursors.read("main") == MONDAY + timedelta(minutes=5)
    assert (cursors.unreported("main"), cursors.unreported("other")) == (5, 0)


DOCUMENT = StoredDocument(
    "CSR-erp-2026-Q4",
    1,
    "zh",
    "service_report",
    "erp",
    "2026-Q4",
    MONDAY,
    "客户服务报告",
    "f",
    "c",
    "d",
    b"PK\0\xff",
)


def test_every_version_of_a_document_is_kept_byte_for_byte(database: Database) -> None:
    store = DocumentStore(database)
    second = replace(DOCUMENT, version=2, content=b"PK2")
    english = replace(DOCUMENT, language="en", content=b"PKen")
    for document in (DOCUMENT, second, english):
        store.put(document)
    assert store.get(DOCUMENT.document_id, 1, "zh") == DOCUMENT
    assert store.versions(DOCUMENT.document_id, "zh")[-1] == second
    assert store.versions(DOCUMENT.document_id, "en") == [english]
    assert store.versions("CSR-mes-2026-Q4", "zh") == []
    assert store.get(DOCUMENT.document_id, 3, "zh") is None
    assert second.file_name == "CSR-erp-2026-Q4-v2.docx"


def test_an_issued_version_is_never_replaced(database: Database) -> None:
    store = DocumentStore(database)
    store.put(DOCUMENT)
    with pytest.raises(sa.exc.IntegrityError):
        store.put(replace(DOCUMENT, content=b"other"))
    assert store.get(DOCUMENT.document_id, 1, "zh") == DOCUMENT


def test_the_files_of_a_version_are_kept_with_it_and_none_is_replaced(database: Database) -> None:
    store = DocumentStore(database)
    beside = StoredFile("a.json", FileRole.SIDECAR, "application/json", "s", b"{}")
    pdf = StoredFile("a.pdf", FileRole.PDF, "application/pdf", "p", b"%PDF-1")
    store.put(DOCUMENT, [beside])
    assert store.add_file(DOCUMENT, pdf) == pdf
    assert store.add_file(DOCUMENT, replace(pdf, content=b"%PDF-2", file_sha256="q")) == pdf
    assert store.files(DOCUMENT) == [beside, pdf]
    assert store.files(replace(DOCUMENT, version=2)) == []
    assert [store.holding(mark) for mark in ("f", "s", "p")] == [DOCUMENT] * 3
    assert store.holding("q") is None


def test_a_version_and_its_files_are_kept_together_or_not_at_all(database: Database) -> None:
    store = DocumentStore(database)
    beside = StoredFile("a.json", FileRole.SIDECAR, "application/json", "s", b"{}")
    with pytest.raises(sa.exc.IntegrityError):
        store.put(DOCUMENT, [beside, beside])
    assert store.listed() == []
