"""``svc-plugin audit``: verify, export and pack on a store with a bit of everything."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from svc_plugin.bootstrap import build, utc_now
from svc_plugin.cli import main
from svc_plugin.cli.init import write_config
from svc_plugin.domain.model import FieldChange, HistoryEntry
from svc_plugin.domain.plan import Finding, Plan, PutComment, SetStage
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.ports import Notice
from svc_plugin.settings import load_settings
from svc_plugin.store.audit import AuditKind, Entry, SqlAudit
from svc_plugin.store.documents import FileRole, StoredDocument, StoredFile
from svc_plugin.store.records import SqlLedger
from tests.builders import LEADER, MONDAY, NOW, an_issue, ref

DOCUMENT = StoredDocument(
    "CSP-erp-2026",
    1,
    "zh",
    "service_plan",
    "erp",
    "2026",
    MONDAY,
    "计划",
    "f",
    "c",
    "d",
    b"PK the very bytes",
)
PRIVATE = "the words of a private note"


@pytest.fixture
def company(tmp_path):
    folder = tmp_path / "company"
    write_config(folder, api_key="the-api-key-of-the-bot")
    services = build(load_settings(folder, {}, now=NOW), sites={})
    services.inbox.accept(Notice(ref(), "=a", PRIVATE.encode(), MONDAY))
    finding = Finding("M12", "缺少", (SetStage(Stage.CLOSED),))
    plan = Plan(ref(), (finding,), (SetStage(Stage.CLOSED), PutComment("M12", "a comment")))
    SqlLedger(services.database).record(plan, policy="p", at=MONDAY)
    services.library.store.put(
        DOCUMENT, [StoredFile("a.json", FileRole.SIDECAR, "application/json", "e", b"{}")]
    )
    approved = HistoryEntry(
        MONDAY, LEADER, Stage.SUBMITTED, Stage.APPROVED, (FieldChange(Field.APPROVAL_DECISION, "", "agree"),)
    )
    fields = {Field.DOCUMENT_KIND: "service_plan", Field.PERIOD: "2026", Field.APPROVAL_DECISION: "agree"}
    paper = an_issue(IssueKind.DOCUMENT, Stage.APPROVED, key="20", fields=fields, history=(approved,))
    services.mirror.put(paper, seen_at=MONDAY)
    SqlAudit(services.database).record(Entry(AuditKind.ADMIN, utc_now(), "=cmd()", {"act": "x"}))
    yield folder, services.database
    services.close()


def run(folder, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(folder), "audit", *arguments], catch_exceptions=False)


def alter(database) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("DROP TRIGGER audit_no_update"))
        connection.execute(sa.text("UPDATE audit SET actor = 'nobody' WHERE seq = 3"))


def test_a_whole_chain_is_said_to_be_whole_and_a_broken_one_broken_where_it_is(company) -> None:
    folder, database = company
    whole = run(folder, "verify", "--json")
    assert whole.exit_code == 0
    head = json.loads(whole.stdout)["head"]
    assert run(folder, "verify", "--expect", f"{head['seq']}:{head['hash']}").exit_code == 0
    assert "审计日志完整" in run(folder, "verify").stdout
    alter(database)
    broken = run(folder, "verify")
    assert broken.exit_code == 1
    assert "第 3 条断裂：内容与封印不符" in broken.stdout


def test_a_log_forged_as_a_whole_is_not_the_one_that_was_noted(company) -> None:
    folder, database = company
    head = SqlAudit(database).head()
    with database.begin() as connection:
        connection.execute(sa.text("DROP TRIGGER audit_no_delete"))
        connection.execute(sa.text("DELETE FROM audit"))
        connection.execute(sa.text("DELETE FROM audit_head"))
    log = SqlAudit(database)
    for number in range(head.seq + 1):
        log.record(Entry(AuditKind.ADMIN, MONDAY, "forger", {"number": number}))
    assert run(folder, "verify").exit_code == 0
    found = run(folder, "verify", "--expect", f"{head.seq}:{head.hash}")
    assert found.exit_code == 1
    assert f"第 {head.seq} 条与另处记下的不符" in found.stdout


def test_what_is_expected_must_be_readable(company) -> None:
    assert (
        CliRunner().invoke(main, ["--config", str(company[0]), "audit", "verify", "--expect", "x"]).exit_code
        == 2
    )


def test_exported_lines_carry_the_chain(company, tmp_path) -> None:
    folder, _ = company
    assert run(folder, "export", "-o", str(tmp_path / "a.jsonl"), "--format", "jsonl").exit_code == 0
    previous = ""
    for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        named = ("seq", "at", "kind", "actor", "site", "key", "detail", "previous")
        sealed = json.dumps([row[name] for name in named], ensure_ascii=False, separators=(",", ":"))
        assert row["previous"] == previous
        previous = hashlib.sha256(sealed.encode()).hexdigest()
        assert row["hash"] == previous


def test_exported_csv_holds_no_formula_and_only_what_was_asked_for(company, tmp_path) -> None:
    folder, _ = company
    done = run(folder, "export", "-o", str(tmp_path / "a.csv"), "--kind", "admin")
    assert "已导出 1 条" in done.stdout
    rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8-sig"))))
    assert [row[3] for row in rows] == ["actor", "'=cmd()"]
    later = (utc_now() + timedelta(days=2)).date().isoformat()
    assert "已导出 0 条" in run(folder, "export", "-o", str(tmp_path / "b.csv"), "--since", later).stdout


def test_the_pack_holds_every_record_with_its_checksum_and_nothing_private(company, tmp_path) -> None:
    folder, database = company
    path = tmp_path / "pack.zip"
    assert run(folder, "pack", "-o", str(path)).exit_code == 0
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    assert {one["path"]: one["sha256"] for one in manifest["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    head = SqlAudit(database).head()
    assert manifest["chain"] == {"seq": head.seq, "hash": head.hash, "broken": None}
    assert files["documents/CSP-erp-2026/v1-zh/CSP-erp-2026-v1.docx"] == DOCUMENT.content
    assert "documents/CSP-erp-2026/v1-zh/a.json" in files
    assert LEADER in files["approvals.csv"].decode()
    assert "waivers.csv" in files
    decision = json.loads(files["decisions.jsonl"])
    assert (decision["policy"], decision["rules"]) == ("p", ["M12"])
    assert decision["writes"][0]["stage"] == "closed"
    assert hashlib.sha256(PRIVATE.encode()).hexdigest() in files["deliveries.csv"].decode()
    assert '"\'=a"' in files["deliveries.csv"].decode()
    everything = b"".join(files.values())
    secret = (folder / "secrets.env").read_text(encoding="utf-8").split("SVC_SECRET_KEY=")[1].split()[0]
    for hidden in (PRIVATE, "a comment", "the-api-key-of-the-bot", secret):
        assert hidden.encode() not in everything


def test_a_pack_replaces_no_file_and_a_broken_chain_is_told(company, tmp_path) -> None:
    folder, database = company
    path = tmp_path / "pack.zip"
    path.write_bytes(b"mine")
    refused = CliRunner().invoke(main, ["--config", str(folder), "audit", "pack", "-o", str(path)])
    assert refused.exit_code == 1
    assert path.read_bytes() == b"mine"
    alter(database)
    told = run(folder, "pack", "-o", str(tmp_path / "other.zip"))
    assert told.exit_code == 1
    assert "第 3 条断裂" in told.stdout
