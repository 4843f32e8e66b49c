"""``svc-plugin documents``: the register on the command line, in both languages."""

import json
import shutil
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from docgen.writer import write
from svc_plugin.demo.story import quarter_of
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.store.database import Database
from svc_plugin.store.documents import DocumentStore
from tests.component.test_cli import House, house
from tests.documents.copies import changed, filled, with_parts
from tests.documents.plan import a_plan

__all__ = ["house"]

PERIOD = quarter_of(datetime.now(ZoneInfo("Asia/Shanghai")).date())
NAMED = f"CSR-erp-{PERIOD}"
MADE = ("service_report", "--product", "erp", "--period", PERIOD)


def speak_english(house: House) -> None:
    main = house.config / "svc-plugin.yaml"
    main.write_text(main.read_text().replace("language: zh", "language: en", 1))


def create(house: House, path, *more):
    result = house.run("documents", "create", *MADE, "-o", str(path), *more)
    assert result.exit_code == 0, result.stderr
    return path


def store(house: House) -> DocumentStore:
    database = next(house.config.rglob("*.db"), None)
    return DocumentStore(Database(f"sqlite:///{database}"))


def test_list_and_show_tell_what_was_issued(house, tmp_path):
    assert "没有符合的文档" in house.run("documents", "list").stdout
    create(house, tmp_path / "report.docx")
    lines = house.run("documents", "list", "--product", "erp").stdout.splitlines()
    assert lines[1].split()[:4] == [NAMED, "1", "zh", "编制中"]
    shown = json.loads(house.run("documents", "show", NAMED, "--json").stdout)
    assert shown["status"] == "draft"
    assert [file["role"] for file in shown["files"]] == ["sidecar"]
    assert shown["text_code"] in house.run("documents", "show", NAMED).stdout
    assert json.loads(house.run("documents", "list", "--kind", "service_plan", "--json").stdout) == []


@pytest.mark.clause("M65")
def test_get_hands_out_the_very_bytes(house, tmp_path):
    issued = create(house, tmp_path / "report.docx").read_bytes()
    result = house.run("documents", "get", NAMED, "--version", "1", "-o", str(tmp_path / "again.docx"))
    assert result.exit_code == 0
    assert (tmp_path / "again.docx").read_bytes() == issued
    beside = tmp_path / "references.json"
    house.run("documents", "get", NAMED, "--file", f"{NAMED}-v1.json", "-o", str(beside))
    assert json.loads(beside.read_text())["document_id"] == NAMED


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "CSR-erp-1999"), "CSR-erp-1999"),
        (("get", NAMED, "--version", "7"), "第 7 版"),
        (("get", NAMED, "--file", "x.pdf"), f"{NAMED}-v1.json"),
        (("pdf", NAMED, "--version", "7"), "第 7 版"),
    ],
)
def test_what_is_not_there_is_named(house, tmp_path, arguments, told):
    create(house, tmp_path / "report.docx")
    result = house.run("documents", *arguments)
    assert result.exit_code == 1
    assert told in result.stderr


@pytest.mark.parametrize(
    ("language", "intact"), [("zh", "与签发的文件完全相同"), ("en", "exactly the issued file")]
)
@pytest.mark.clause("M65")
def test_verify_ends_with_0_for_what_is_intact_and_1_for_what_was_altered(house, tmp_path, language, intact):
    if language == "en":
        speak_english(house)
    path = create(house, tmp_path / "report.docx")
    result = house.run("documents", "verify", str(path))
    assert (result.exit_code, intact in result.stdout) == (0, True), result.stdout
    title = ">客户服务报告<" if language == "zh" else ">Customer Service Report<"
    forged = tmp_path / "forged.docx"
    forged.write_bytes(changed(path.read_bytes(), {title: ">Forged<"}))
    result = house.run("documents", "verify", str(forged), "--json")
    assert (result.exit_code, json.loads(result.stdout)["text"]) == (1, "altered")
    assert "Forged" in house.run("documents", "verify", str(forged)).stdout


@pytest.mark.clause("M65")
def test_verify_ends_with_5_when_only_the_record_has_changed(house, tmp_path):
    path = create(house, tmp_path / "report.docx")
    saved = tmp_path / "saved.docx"
    saved.write_bytes(with_parts(path.read_bytes(), {"docProps/app.xml": b"<Properties/>"}))
    assert house.run("documents", "verify", str(saved)).exit_code == 0
    house.people["wang.fang"].create(
        IssueKind.SERVICE_REQUEST,
        "erp",
        "打印不出发票",
        {Field.REQUEST_KIND: "inquiry", Field.CHANNEL: "email"},
    )
    house.run("sync", "--full")
    result = house.run("documents", "verify", str(saved))
    assert result.exit_code == 5
    assert "main/1" in result.stdout


def test_a_file_that_is_no_document_is_refused_in_words(house, tmp_path):
    (tmp_path / "note.txt").write_text("hello")
    for command in ("verify", "read"):
        result = house.run("documents", command, str(tmp_path / "note.txt"))
        assert result.exit_code == 1
        assert "无法识别文件类型" in result.stderr


def returned(house: House, tmp_path, answers=None):
    """A plan that was issued, filled in by hand and came back."""
    create(house, tmp_path / "first.docx")
    known = store(house)
    content = write(a_plan("zh"))
    base = known.newest(NAMED)
    known.put(
        replace(
            base, document_id="CSP-erp-2026", version=3, kind="service_plan", period="2026", content=content
        )
    )
    path = tmp_path / "signed.docx"
    path.write_bytes(filled(content, answers))
    return path


@pytest.mark.clause("M26")
@pytest.mark.clause("M48")
def test_read_tells_the_approver_what_to_enter_and_where_and_enters_nothing(house, tmp_path):
    path = returned(house, tmp_path)
    assert "没有找到这份文档的问题单" in house.run("documents", "read", str(path)).stdout
    fields = {Field.DOCUMENT_KIND: "service_plan", Field.PERIOD: "2026"}
    number = house.people["wang.fang"].create(IssueKind.DOCUMENT, "erp", "客户服务计划", fields)
    house.run("sync", "--full")
    told = house.run("documents", "read", str(path)).stdout
    for word in ("修改后同意", "差旅预算偏低", "张伟", "2026-01-09", f"/issues/{number}", "已批准"):
        assert word in told
    read = json.loads(house.run("documents", "read", str(path), "--json").stdout)
    assert (read["decision"], read["day"], read["text"]) == ("agree_with_changes", "2026-01-09", "resaved")
    assert house.status(number) == "编制中"


@pytest.mark.clause("M26")
def test_read_of_an_altered_copy_says_not_to_approve_by_it(house, tmp_path):
    path = returned(house, tmp_path)
    path.write_bytes(changed(path.read_bytes(), {"30000": "80000"}))
    told = house.run("documents", "read", str(path)).stdout
    assert "不要据此批准" in told
    assert "“30000”改为“80000”" in told


@pytest.mark.clause("M26")
def test_read_of_a_refusal_points_to_the_stage_for_it(house, tmp_path):
    path = returned(house, tmp_path, {"approval.decision": "不同意"})
    house.people["wang.fang"].create(
        IssueKind.DOCUMENT, "erp", "客户服务计划", {Field.DOCUMENT_KIND: "service_plan", Field.PERIOD: "2026"}
    )
    house.run("sync", "--full")
    assert "然后移到“不同意”" in house.run("documents", "read", str(path)).stdout


def test_preview_is_a_page_and_issues_nothing(house, tmp_path):
    page = tmp_path / "plan.html"
    arguments = ("service_plan", "--product", "erp", "--period", "2027", "-o", str(page))
    assert house.run("documents", "preview", *arguments).exit_code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert json.loads(house.run("documents", "list", "--json").stdout) == []


@pytest.mark.parametrize(("language", "told"), [("zh", "没有安装 LibreOffice"), ("en", "LibreOffice")])
def test_pdf_without_libreoffice_says_what_is_missing(house, tmp_path, monkeypatch, language, told):
    if language == "en":
        speak_english(house)
    create(house, tmp_path / "report.docx")
    monkeypatch.setenv("PATH", str(tmp_path))
    result = house.run("documents", "pdf", NAMED)
    assert result.exit_code == 1
    assert told in result.stderr


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice (soffice)")
def test_an_issued_pdf_has_a_place_to_sign_and_stays_the_same(house, tmp_path):
    pytest.importorskip("pyhanko")
    create(house, tmp_path / "report.docx")
    first, again = tmp_path / "first.pdf", tmp_path / "again.pdf"
    for path in (first, again):
        assert house.run("documents", "pdf", NAMED, "-o", str(path)).exit_code == 0
    assert first.read_bytes() == again.read_bytes()
    assert b"/AcroForm" in first.read_bytes()
    assert house.run("documents", "verify", str(first)).exit_code == 0


@pytest.mark.clause("M26")
def test_create_warns_that_a_new_version_voids_the_approval_and_has_the_issue_looked_at(house, tmp_path):
    person, leader = house.people["liu.yang"], house.people["zhang.wei"]
    fields = {Field.DOCUMENT_KIND: "maintenance_plan", Field.PERIOD: "2027"}
    number = person.create(IssueKind.DOCUMENT, "erp", "产品维护计划 2027", fields)
    house.run("sync", "--full")
    person.change(number, IssueKind.DOCUMENT, stage=Stage.SUBMITTED)
    leader.change(number, IssueKind.DOCUMENT, stage=Stage.APPROVED, fields={Field.APPROVAL_DECISION: "agree"})
    house.run("sync", "--full")
    assert house.status(number) == "已批准"
    person.create(IssueKind.MAINTENANCE, "erp", "开票失败", {Field.SOURCE: "internal"})
    house.run("sync", "--full")
    made = ("maintenance_plan", "--product", "erp", "--period", "2027", "-o", str(tmp_path / "plan.docx"))
    result = house.run("documents", "create", *made)
    assert "该批准作废" in result.stdout
    house.run("sync")
    assert house.status(number) == "编制中"
    listed = json.loads(house.run("documents", "list", "--json").stdout)
    assert [one["status"] for one in listed] == ["superseded", "draft"]
