"""The audit log: one chain whoever writes, and whoever tampers with it is found at the place."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from svc_plugin.domain.model import FieldChange, HistoryEntry
from svc_plugin.domain.plan import Finding, Plan, PutComment, SetStage
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.identity import Access
from svc_plugin.engine.refusal import Refusal
from svc_plugin.store.audit import AuditKind, Entry, SqlAudit, Wanted
from svc_plugin.store.database import Database
from svc_plugin.store.documents import DocumentStore, FileRole, StoredDocument, StoredFile
from svc_plugin.store.records import SqlLedger, SqlMirror
from svc_plugin.store.refusals import SqlRefusals
from svc_plugin.store.sessions import Session, SqlSessions
from svc_plugin.store.tables import metadata
from tests.builders import LEADER, MONDAY, an_issue, ref

ROOT = Path(__file__).parents[3]
DOCUMENT = StoredDocument(
    "CSP-erp-2026", 1, "zh", "service_plan", "erp", "2026", MONDAY, "计划", "f" * 64, "c", "d", b"PK"
)


def entry(number: int, kind: AuditKind = AuditKind.ADMIN) -> Entry:
    return Entry(kind, MONDAY + timedelta(seconds=number), LEADER, {"number": number, "内容": "放行"}, "main")


@pytest.fixture
def log(database: Database) -> SqlAudit:
    kept = SqlAudit(database)
    for number in range(3):
        kept.record(*(entry(10 * number + one) for one in range(3)))
    return kept


def details(log: SqlAudit, kind: AuditKind) -> list[dict]:
    return [dict(one.entry.detail) for one in log.walk(Wanted(kind=kind))]


def tamper(database: Database, *statements: str) -> None:
    """Do what somebody does who may do everything: first the triggers go."""
    with database.begin() as connection:
        if database.embedded:
            connection.execute(sa.text("DROP TRIGGER audit_no_update"))
            connection.execute(sa.text("DROP TRIGGER audit_no_delete"))
        else:
            connection.execute(sa.text("ALTER TABLE audit DISABLE TRIGGER USER"))
        for statement in statements:
            connection.execute(sa.text(statement))


COPY = (
    "INSERT INTO audit SELECT {}, at, kind, actor, site, key, detail, previous, hash FROM audit WHERE seq = 4"
)
SWAP = [f"UPDATE audit SET seq = {new} WHERE seq = {old}" for old, new in ((3, 99), (4, 3), (99, 4))]
SHIFT = [f"UPDATE audit SET seq = {seq + 1} WHERE seq = {seq}" for seq in range(9, 4, -1)]
TAMPERED = {
    "a detail is altered": (["UPDATE audit SET detail = '{}' WHERE seq = 5"], 5, "altered"),
    "a moment is altered": (["UPDATE audit SET at = at + 1 WHERE seq = 1"], 1, "altered"),
    "an actor is altered": (["UPDATE audit SET actor = 'nobody' WHERE seq = 9"], 9, "altered"),
    "an entry is sealed anew": (["UPDATE audit SET hash = 'x' WHERE seq = 2"], 2, "altered"),
    "one is removed": (["DELETE FROM audit WHERE seq = 4"], 4, "missing"),
    "the first is removed": (["DELETE FROM audit WHERE seq = 1"], 1, "missing"),
    "the last is removed": (["DELETE FROM audit WHERE seq = 9"], 9, "end"),
    "all are removed": (["DELETE FROM audit"], 1, "end"),
    "two change places": (SWAP, 3, "altered"),
    "one is put in between": ([*SHIFT, COPY.format(5)], 5, "altered"),
    "one is put at the end": ([COPY.format(10)], 10, "beyond"),
    "one is put before the first": ([COPY.format(0)], 0, "beyond"),
    "the end is cut off with its head": (
        ["DELETE FROM audit WHERE seq > 7", "UPDATE audit_head SET seq = 7"], 7, "end",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
def test_who_tampers_with_one_entry_is_found_at_the_place(
    database: Database, log: SqlAudit, name: str
) -> None:
    statements, broken, fault = TAMPERED[name]
    assert log.verify().fault == ""
    tamper(database, *statements)
    found = log.verify()
    assert (found.broken, found.fault) == (broken, fault)


def test_an_entry_that_is_sealed_anew_with_skill_breaks_the_link_after_it(database, log) -> None:
    other = Database("sqlite://")
    with other.begin() as connection:
        metadata.create_all(connection)
    copied = SqlAudit(other)
    for one in log.walk(Wanted()):
        copied.record(replace(one.entry, actor="x") if one.seq == 5 else one.entry)
    forged = list(copied.walk(Wanted()))[4]
    tamper(database, f"UPDATE audit SET actor = 'x', hash = '{forged.hash}' WHERE seq = 5")
    found = log.verify()
    assert (found.broken, found.fault) == (6, "moved")


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x' WHERE seq = 1", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_change_the_log(database, log, statement) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="only added to"), database.begin() as connection:
        connection.execute(sa.text(statement))
    assert log.verify().head.seq == 9


@pytest.mark.postgresql
def test_nor_can_it_be_emptied_at_once(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    database.migrate()
    with pytest.raises(sa.exc.DBAPIError, match="only added to"), database.begin() as connection:
        connection.execute(sa.text("TRUNCATE audit"))
    database.close()


_WRITES = """
import sys
from datetime import UTC, datetime
from svc_plugin.store.audit import AuditKind, Entry, SqlAudit
from svc_plugin.store.database import Database
log = SqlAudit(Database(sys.argv[1]))
for number in range(60):
    one = Entry(AuditKind.ADMIN, datetime.now(UTC), sys.argv[2], {"number": number})
    log.record(one, one)
"""


def test_processes_that_write_at_once_keep_one_chain(database: Database, database_url: str) -> None:
    command = [sys.executable, "-c", _WRITES, database_url]
    started = [subprocess.Popen([*command, name], cwd=ROOT) for name in ("one", "two")]
    assert [process.wait(60) for process in started] == [0, 0]
    log = SqlAudit(database)
    found = log.verify()
    assert (found.fault, found.head.seq) == ("", 240)
    for name in ("one", "two"):  # each process's entries in its own order
        mine = [one.entry.detail["number"] for one in log.walk(Wanted(actor=name))]
        assert mine == [number for number in range(60) for _ in (1, 2)]


def test_what_is_rolled_back_leaves_no_entry(database: Database, log: SqlAudit) -> None:
    document = DocumentStore(database)
    document.put(DOCUMENT)
    with pytest.raises(sa.exc.IntegrityError):
        document.put(DOCUMENT)
    assert (log.verify().fault, log.head().seq) == ("", 10)


def test_every_kind_of_act_is_told_with_its_act(database: Database) -> None:
    log, at = SqlAudit(database), MONDAY
    finding = Finding("M12", "缺少", (SetStage(Stage.CLOSED),))
    plan = Plan(ref(), (finding,), (SetStage(Stage.CLOSED), PutComment("M12", "请补充 secret words")))
    SqlLedger(database).record(plan, policy="p", at=at)
    SqlRefusals(database).remember(ref(), Refusal("a", "无法改为“已关闭”"), at=at)
    documents = DocumentStore(database)
    documents.put(DOCUMENT)
    documents.add_file(DOCUMENT, StoredFile("a.pdf", FileRole.PDF, "application/pdf", "e" * 64, b"%PDF"))
    documents.add_file(DOCUMENT, StoredFile("a.pdf", FileRole.PDF, "application/pdf", "e" * 64, b"%PDF"))
    session = Session("main", Access(LEADER, True, frozenset()), "the person's key", at, at)
    SqlSessions(database).open("the token", session)
    kinds = [str(one.entry.kind) for one in log.walk(Wanted())]
    assert kinds == ["decision", "write", "write", "refusal", "document", "document", "sign_in"]
    [decision] = details(log, AuditKind.DECISION)
    assert (decision["plan"], decision["rules"], decision["writes"]) == (plan.id, ["M12"], 2)
    assert details(log, AuditKind.DOCUMENT)[1]["files"] == [
        {"name": "a.pdf", "role": "pdf", "file_sha256": "e" * 64}
    ]
    everything = repr(list(log.walk(Wanted())))
    for hidden in ("secret words", "the person's key", "the token"):
        assert hidden not in everything
    assert log.verify().fault == ""


@pytest.mark.clause("M73")
def test_approvals_and_waivers_are_told_once_however_often_the_issue_is_seen(database: Database) -> None:
    approve = FieldChange(Field.APPROVAL_DECISION, "", "agree")
    moved = HistoryEntry(MONDAY, LEADER, Stage.SUBMITTED, Stage.APPROVED, (approve,))
    waived = HistoryEntry(MONDAY, LEADER, changes=(FieldChange(Field.WAIVER, "", "M51 客户停产"),))
    fields = {Field.DOCUMENT_KIND: "service_plan", Field.PERIOD: "2026", Field.CONTENT_HASH: "ab12"}
    fields |= {Field.APPROVAL_DECISION: "agree", Field.WAIVER: "M51 客户停产"}
    paper = an_issue(IssueKind.DOCUMENT, Stage.APPROVED, fields=fields, history=(waived, moved))
    mirror, log = SqlMirror(database), SqlAudit(database)
    for seen_at in (MONDAY, MONDAY + timedelta(hours=1)):
        mirror.put(paper, seen_at=seen_at)
    mirror.drop(paper.ref, at=MONDAY)
    mirror.put(paper, seen_at=MONDAY)
    [approval], [waiver] = details(log, AuditKind.APPROVAL), details(log, AuditKind.WAIVER)
    assert (approval["account"], approval["document"]) == (LEADER, "CSP-erp-2026")
    assert (approval["content"], approval["decision"]) == ("ab12", "agree")
    assert (waiver["account"], waiver["waiver"]) == (LEADER, "M51 客户停产")
    later = replace(moved, at=MONDAY + timedelta(days=1))
    mirror.put(replace(paper, history=(waived, moved, later)), seen_at=MONDAY)
    assert len(details(log, AuditKind.APPROVAL)) == 2


CHOICES: dict[str, tuple[Wanted, Callable[[int], bool]]] = {
    "kind": (Wanted(kind=AuditKind.SIGN_IN), lambda number: False),
    "actor": (Wanted(actor=LEADER), lambda number: True),
    "since": (Wanted(since=MONDAY + timedelta(seconds=10)), lambda number: number >= 10),
    "until": (Wanted(until=MONDAY + timedelta(seconds=10)), lambda number: number < 10),
    "site": (Wanted(sites=("other",)), lambda number: False),
}


@pytest.mark.parametrize("name", CHOICES)
def test_the_log_is_filtered_and_paged(log: SqlAudit, name: str) -> None:
    wanted, is_meant = CHOICES[name]
    numbers = [number for number in (0, 1, 2, 10, 11, 12, 20, 21, 22) if is_meant(number)]
    assert [one.entry.detail["number"] for one in log.walk(wanted)] == numbers
    page = log.entries(wanted, limit=2)
    rest = log.entries(wanted, before=page[-1].seq, limit=9) if page else []
    assert [one.entry.detail["number"] for one in (*page, *rest)] == numbers[::-1]
