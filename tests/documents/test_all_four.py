"""What holds for all four documents: headings, annexes, empty sections, the same bytes, a valid file."""

import os
import re
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
from openxml_audit import OpenXmlValidator

from docgen.approval import DAY, DECISION, OPINION, SIGNATORY, SIGNATURE, TITLE
from docgen.content.chapters import CHAPTERS
from docgen.identity import canonical_json, data_sha256, file_sha256
from docgen.readback import read_back
from docgen.readback.model import Issued, TextState
from docgen.writer import write
from svc_plugin.domain.vocabulary import Field
from svc_plugin.messages import load
from svc_plugin.store.codec import maintenance_report_from_json, service_report_from_json
from tests.documents.copies import FILLED, filled
from tests.documents.papers import KINDS, build, document, figures
from tests.thorough import some

ROOT = Path(__file__).parent.parent.parent
BOTH = ("zh", "en")
ANNEXES = ["附录A 条款覆盖 Clause coverage", "附录B 数据追溯 Data traceability"]
APPROVAL = "本计划的审批意见 Approval opinion"
CLOSING = [
    "计划执行 Plan and actual",
    "例外 Waivers",
    "分析与有价值的建议 Analysis and valuable suggestions",
    "汇报与领导意见 Submission and leader's remarks",
]
FIRST_LEVEL = {
    "service_plan": [
        "适用产品与客户 Scope",
        "基础设施 Infrastructure",
        "任务安排 Task arrangement",
        "费用预算 Budget",
        APPROVAL,
    ],
    "service_report": [
        "概述 Overview",
        "客户要求及解决措施 Customer requests and measures",
        "统计 Statistics",
        "投诉 Complaints",
        "建议处理 Suggestions",
        "主动调查 Proactive surveys",
        "故障转维护与现场服务 Hand-overs and visits",
        *CLOSING,
    ],
    "maintenance_plan": [
        "维护范围 Scope of maintenance",
        "任务安排 Task arrangement",
        "费用预算 Budget",
        APPROVAL,
    ],
    "maintenance_report": [
        "概述 Overview",
        "维护要求及解决措施 Requirements and measures",
        "工作量与问题统计 Effort and problem statistics",
        "完善性维护决策 Perfective decisions",
        "现场维护 On-site maintenance",
        "补丁发布与客户更新 Patches and customer updates",
        "测试与配置管理 Testing and configuration management",
        *CLOSING,
    ],
}
NUMBERED = {
    "service_plan": ["基础设施", "任务安排", "费用预算"],
    "maintenance_plan": ["维护范围", "任务安排", "费用预算"],
}
SCRIPT = """
import sys
from docgen.approval import DAY, DECISION, OPINION, SIGNATORY, SIGNATURE, TITLE
from docgen.content.chapters import CHAPTERS
from docgen.identity import file_sha256
from docgen.writer import write
from tests.documents.copies import FILLED, filled
from tests.documents.papers import KINDS, document
for kind in KINDS:
    print(file_sha256(write(document(kind, "zh"))))
"""


@pytest.mark.clause("M66")
@pytest.mark.clause("M67")
@pytest.mark.clause("M68")
@pytest.mark.clause("M69")
@pytest.mark.parametrize("kind", KINDS)
def test_the_first_headings_are_those_of_the_process_in_its_order(kind):
    headings = [s.heading for s in document(kind, "zh").sections if s.level == 1]
    assert headings == [*FIRST_LEVEL[kind], *ANNEXES]


@pytest.mark.parametrize("kind", NUMBERED)
def test_a_plan_numbers_the_three_chapters_of_the_template_and_nothing_else(kind):
    numbered = [s.heading for s in document(kind, "zh").sections if s.level == 1 and not s.annex]
    assert [heading.split(" ")[0] for heading in numbered] == NUMBERED[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_have_the_same_sections(kind):
    chinese, english = (document(kind, language).sections for language in BOTH)
    assert [(s.level, s.annex, s.landscape, len(s.blocks)) for s in chinese] == [
        (s.level, s.annex, s.landscape, len(s.blocks)) for s in english
    ]
    assert not [s.heading for s in english if re.search(r"[一-鿿]", s.heading)]


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("kind", KINDS)
def test_the_validator_finds_nothing(kind, language, tmp_path):
    path = tmp_path / "document.docx"
    path.write_bytes(write(document(kind, language)))
    assert OpenXmlValidator().validate(str(path)).errors == []


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("kind", KINDS)
def test_without_issues_every_heading_stays_and_no_section_is_bare(kind, language):
    full = document(kind, language)
    empty = build(kind, language, figures(kind, []))
    assert [s.heading for s in empty.sections] == [s.heading for s in full.sections]
    following = [*empty.sections[1:], None]
    for section, after in zip(empty.sections, following, strict=True):
        assert section.blocks or (after is not None and after.level > section.level), section.heading
    words = [p.text for p in docx.Document(BytesIO(write(empty))).paragraphs]
    assert load(language).say("doc.empty") in words


@pytest.mark.parametrize("zone", some(["America/New_York", "UTC"], of=2))
def test_another_process_writes_the_same_bytes(zone):
    environment = {**os.environ, "PYTHONHASHSEED": "42", "TZ": zone, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [file_sha256(write(document(kind, "zh"))) for kind in KINDS]


@pytest.mark.clause("M76")
@pytest.mark.parametrize(
    ("kind", "read"),
    [("service_report", service_report_from_json), ("maintenance_report", maintenance_report_from_json)],
)
def test_the_figures_of_a_report_can_be_read_back_as_they_were(kind, read):
    found = figures(kind)
    again = read(canonical_json(found))
    assert again == found
    assert data_sha256(again) == data_sha256(found)


@pytest.mark.clause("M26")
@pytest.mark.clause("M48")
@pytest.mark.parametrize("kind", NUMBERED)
def test_a_plan_has_room_for_each_part_of_the_approval(kind):
    body = docx.Document(BytesIO(write(document(kind, "zh")))).element.body
    tags = body.xpath(".//w:sdt/w:sdtPr/w:tag/@w:val")
    assert tags == [DECISION, OPINION, SIGNATORY, TITLE, SIGNATURE, DAY]


@pytest.mark.clause("M26")
@pytest.mark.clause("M48")
@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("kind", NUMBERED)
def test_a_plan_comes_back_with_its_decision_and_its_own_text(kind, language):
    data = write(document(kind, language))
    words = load(language)
    answers = {**FILLED, DECISION: words.choice(Field.APPROVAL_DECISION, "agree_with_changes")}
    copy = read_back(filled(data, answers), lambda *_: [Issued(data)])
    assert copy.answers.decision == "agree_with_changes"
    assert copy.answers.opinion == FILLED[OPINION]
    assert copy.answers.day == date(2026, 1, 9)
    assert (copy.text, copy.differences, copy.remarks) == (TextState.RESAVED, (), ())


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_plan_is_protected_as_a_form(kind):
    settings = docx.Document(BytesIO(write(document(kind, "zh")))).settings.element
    guards = settings.xpath("w:documentProtection[@w:edit='forms'][@w:enforcement='1']")
    assert len(guards) == (kind in NUMBERED)


@pytest.mark.parametrize("kind", KINDS)
def test_each_clause_leads_to_a_chapter_that_is_in_the_document(kind):
    words = load("zh")
    known = {section.heading for section in document(kind, "zh").sections}
    named = {chapter for _, chapter in CHAPTERS[kind]} - {"cover"}
    assert {words.say(f"doc.heading.{chapter}") for chapter in named} <= known


@pytest.mark.parametrize("kind", KINDS)
def test_no_sentence_has_a_place_that_was_not_filled(kind):
    text = "".join(docx.Document(BytesIO(write(document(kind, "en")))).element.body.itertext())
    assert not re.findall(r"\{\w+\}|\bdoc\.", text)
