"""A small plan with everything a document can hold: charts, references, an approval to fill in."""

from dataclasses import replace
from datetime import date

from docgen.approval import approval
from docgen.model import (
    Chart,
    ChartKind,
    Column,
    Document,
    Form,
    FormRow,
    Front,
    Paragraph,
    Prose,
    Reference,
    Section,
    Series,
    Wording,
    table_of,
)
from svc_plugin.messages import load

_WORDS = {
    "zh": (
        "客户服务计划", "基础设施", "任务安排", "人员", "费用预算", "本计划的审批意见",
        ("各月要求见", "，预算见", "，在第 ", " 章。"), "各月要求",
        ("10月", "11月", "12月"), ("请求", "故障"),
        ("项目", "金额（元）"), (("人工", "120000"), ("差旅", "30000")), ("文档编号", "日期"),
        "服务人员两名，热线 021-5555。", "费用预算表",
        Wording("目  录", "修订记录", "表", "第 {page} 页 共 {pages} 页", "图"),
    ),
    "en": (
        "Customer Service Plan", "Infrastructure", "Tasks", "Staff", "Budget", "Approval opinion",
        ("Requests by month are in ", ", the budget in ", ", chapter ", "."), "Requests by month",
        ("Oct", "Nov", "Dec"), ("Requests", "Faults"),
        ("Item", "Amount"), (("Labour", "120000"), ("Travel", "30000")), ("Document No.", "Date"),
        "Two people serve, hotline 021-5555.", "Budget by item",
        Wording("Contents", "Revision history", "Table", "Page {page} of {pages}", "Figure"),
    ),
}  # fmt: skip


def a_chart(language: str = "zh", kind: ChartKind = ChartKind.STACKED, key: str = "") -> Chart:
    words = _WORDS[language]
    series = (Series(words[9][0], (12, 9.5, 16)), Series(words[9][1], (3, None, 2)))
    return Chart(kind, words[7], words[8], series, key=key)


def a_plan(language: str = "zh") -> Document:
    (
        title,
        base,
        tasks,
        staff,
        budget,
        opinion,
        said,
        _,
        _,
        _,
        heads,
        rows,
        cover,
        people,
        caption,
        wording,
    ) = _WORDS[language]
    first, second, third, last = said
    prose = Prose((first, Reference("trend"), second, Reference("budget"), third, Reference("money"), last))
    columns = (Column(heads[0], 2), Column(heads[1], 1))
    money = replace(table_of(caption, caption, columns, rows), key="budget")
    charts = (
        a_chart(language, key="trend"),
        a_chart(language, ChartKind.LINE),
        a_chart(language, ChartKind.COLUMN),
    )
    return Document(
        language=language,
        front=Front("CSP-erp-2026", "3", "王芳", date(2026, 1, 5), "待审批", ()),
        title=title,
        subtitle="",
        product="ERP",
        period="2026",
        data_sha256="ab" * 32,
        wording=wording,
        cover=Form((FormRow(cover[0], "CSP-erp-2026"), FormRow(cover[1], "2026-01-05")), cover[0]),
        revisions=table_of("", wording.revisions, columns, (("V3", "120"),)),
        sections=(
            Section(base, (prose, *charts)),
            Section(tasks, ()),
            Section(staff, (Paragraph(people),), level=2),
            Section(budget, (money,), key="money"),
            Section(opinion, (approval(load(language)),)),
        ),
    )
