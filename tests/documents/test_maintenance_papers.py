"""The maintenance report and the plans, read back by another program and held against what was put in."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import docx
import pytest

from docgen.model import Document
from docgen.writer import write
from svc_plugin.domain.model import TimeEntry
from svc_plugin.domain.report import product_maintenance_report
from svc_plugin.messages import load
from tests.documents.company import AFTER, POLICY, REGISTERS
from tests.documents.papers import build, document
from tests.documents.quarter import issues


def cells(kind: str, language: str, caption: str) -> dict[str, list[str]]:
    """The rows under a caption of the example quarter's document, by their first cell."""
    return read(document(kind, language), language, caption)


def read(made: Document, language: str, caption: str) -> dict[str, list[str]]:
    """The rows under a caption by their first cell, header rows left out."""
    title = load(language).say(f"doc.caption.{caption}")
    word = docx.Document(BytesIO(write(made)))
    found = [t for t in word.tables if t._tbl.tblPr.xpath("w:tblCaption/@w:val") == [title]]
    assert found, caption
    return {row.cells[0].text: [c.text for c in row.cells][1:] for t in found for row in t.rows[1:]}


@pytest.mark.clause("M60")
def test_a_requirement_is_written_with_source_judgement_cause_test_version_and_hours():
    row = cells("maintenance_report", "zh", "works")["2101"]
    assert row == [
        "内部",
        "纠错性",
        "刘洋\n2026-10-20",
        "2026-10-20",
        "月末结账后内存持续增长\n原因：结账任务未释放报表缓存",
        "结账结束时清空缓存，发布 3.2.1",
        "通过\n赵磊",
        "3.2.1",
        "9.8",
        "已关闭\n2026-10-22",
        "书面",
    ]


@pytest.mark.clause("M62")
def test_effort_is_written_by_class_by_month_and_by_person_with_the_same_total():
    totals = [
        cells("maintenance_report", "zh", caption)["合计"][0]
        for caption in ("effort_by_class", "effort_by_month", "effort")
    ]
    assert totals == ["78.2", "78.2", "78.2"]


@pytest.mark.clause("M54")
def test_a_decision_is_written_with_who_when_and_why():
    row = cells("maintenance_report", "zh", "decisions")["2104"]
    assert row == [
        "手机上审批采购单",
        "140.0",
        "否",
        "同意",
        "张伟",
        "2026-11-09\n10:00",
        "列入下季度，由现有人员完成\n考虑因素：战略、资源",
        "已安排",
    ]


@pytest.mark.clause("M58")
def test_a_patch_is_written_with_its_coverage():
    row = cells("maintenance_report", "en", "patches")["3.2.1"]
    assert row[1:4] == ["5", "3", "60.0%"]


@pytest.mark.clause("M71")
def test_costs_are_written_beside_the_budget():
    rows = cells("maintenance_report", "zh", "costs")
    assert rows["人工"] == ["24,000.00", "20,400.00", "3,600.00"]
    assert rows["合计"] == ["33,000.00", "22,000.50", "10,999.50"]
    assert cells("service_report", "en", "costs")["Travel"] == ["3,000.00", "860.00", "2,140.00"]


@pytest.mark.clause("M56")
@pytest.mark.clause("M57")
def test_each_change_is_written_with_its_evidence():
    row = cells("maintenance_report", "zh", "testing")["2103"]
    assert row == ["3.2", "3.2.1", "a1b2c3d, 9f8e7d6", "刘洋", "赵磊", "通过", "回归 12 项通过，记录见附件"]
    assert "2102" not in cells("maintenance_report", "zh", "testing")  # still in work


@pytest.mark.clause("M24")
@pytest.mark.clause("M63")
def test_a_plan_says_which_training_is_missing():
    rows = cells("service_plan", "zh", "training")
    assert rows["王芳"] == ["2025-05-12", "2025-05-19", "已完成，无需安排"]
    assert rows["陈静"] == ["—", "—", "产品培训、“与客户打交道”培训"]


@pytest.mark.clause("M52")
def test_a_plan_tells_the_ladders_of_the_policy():
    rows = cells("service_plan", "zh", "escalation")
    assert list(rows.values()) == [
        ["时限已用 50 %", "负责人", "关注问题单"],
        ["时限已用 100 %", "张伟", "关注问题单、升级级别至少为 1"],
        ["维护要求、致命：时限已用 80 %", "赵磊", "关注问题单、升级级别至少为 2、接手问题单"],
        ["收到投诉", "张伟", "关注问题单"],
    ]


@pytest.mark.clause("M23")
def test_a_plan_names_every_channel():
    assert list(cells("service_plan", "zh", "channel_list")) == ["系统", "电话", "电子邮件"]


@pytest.mark.clause("M08")
def test_the_maintenance_plan_tells_how_to_judge_both_classes():
    assert list(cells("maintenance_plan", "en", "criteria")) == ["Corrective", "Perfective"]


@pytest.mark.clause("M71")
def test_the_budget_of_a_plan_stands_beside_last_periods_actual_costs():
    rows = cells("maintenance_plan", "zh", "budget")
    assert rows["测试与环境"] == ["3,000.00", "0.00", "3,000.00"]
    assert "测试与环境" not in cells("service_plan", "zh", "budget")


def test_a_figure_of_the_maintenance_report_can_be_counted_again_from_the_annex():
    rows = cells("maintenance_report", "zh", "data")
    assert rows["期末未消除的缺陷（条）"] == ["1", "2102"]
    assert rows["3.2.1：覆盖率"] == ["60.0%", "3101-3105"]


@pytest.mark.clause("M76")
@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "zh",
            {"纠错性：接收": ["4", "5"], "合计：接收": ["4", "5"], "刘洋：工时（小时）": ["7.50", "12.50"]},
        ),
        ("en", {"Corrective: received": ["4", "5"], "Labour: costs (CNY)": ["2,250.00", "3,750.00"]}),
    ],
)
def test_corrections_of_the_last_report_are_written_with_both_figures(language, lines):
    def report(known, period, issued=None):
        return product_maintenance_report(
            known, REGISTERS, POLICY, product="erp", period=period, now=AFTER, issued=issued
        )

    before = [issue for issue in issues() if issue.ref.key != "2001"]
    late = TimeEntry("late", "liu.yang", date(2026, 10, 23), 5.0)
    after = [replace(i, time_entries=(*i.time_entries, late)) if i.ref.key == "2101" else i for i in issues()]
    found = report(after, "2026-11", report(before, "2026-10"))
    rows = read(build("maintenance_report", language, found), language, "corrections")
    assert {name: rows[name][:2] for name in lines} == lines
