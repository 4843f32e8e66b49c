"""The customer service report, read back by another program and held against what was put in."""

from dataclasses import replace
from datetime import timedelta

import pytest
from openxml_audit import OpenXmlValidator

from docgen.content.service_report import build
from docgen.identity import data_sha256
from docgen.writer import write
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.report import customer_service_report
from svc_plugin.domain.vocabulary import Field
from svc_plugin.messages import load
from tests.documents.company import AFTER, FRONT, POLICY, REGISTERS
from tests.documents.conftest import Made
from tests.documents.quarter import issues, lines, local, requests

CHAPTERS = (
    "overview requests statistics complaints suggestions surveys handovers plan waivers analysis submission"
)
NUMBERED = (("1.", "overview"), ("3.1", "statistics.kinds"))
IN_QUARTER = [line for line in lines() if "2026-10-01" <= line["received"] < "2027"]
TOUCHED = [line for line in lines() if line["key"] != "990"]


def _group_rows(rows):
    """Rows of requests without the subtotals, which take the whole width."""
    return [row for row in rows if len(set(row)) > 1]


@pytest.mark.clause("M39")
def test_every_request_of_the_period_stands_in_the_report_with_its_measure(made: Made):
    rows = _group_rows(made.table("requests"))
    assert [row[0] for row in rows] == [
        line["key"] for line in sorted(TOUCHED, key=lambda line: line["received"])
    ]
    written = {row[0]: (row[5], row[6]) for row in rows}
    assert written == {line["key"]: (line["title"], line["measure"] or "—") for line in TOUCHED}


def test_a_request_is_written_with_customer_times_and_people(made: Made):
    row = next(row for row in _group_rows(made.table("requests")) if row[0] == "1002")
    words = made.texts
    assert row[1] == "苏州精密机械厂"
    assert row[2] == words.choice(Field.CHANNEL, "system")
    assert row[3] == "2026-10-08\n10:05"
    assert row[4] == words.choice(Field.REQUEST_KIND, "fault")
    used = words.duration(timedelta(minutes=42))
    assert row[7].splitlines()[0] == "2026-10-08 10:47"
    assert row[7].splitlines()[1].startswith(used)
    assert row[7].endswith(words.say("doc.response.true"))
    assert row[8] == "2026-10-14\n12:10"
    assert row[10] == "陈静"


def test_an_open_request_says_so_and_names_its_stage(made: Made):
    done = {row[0]: row[8] for row in _group_rows(made.table("requests"))}
    still_open = {line["key"] for line in TOUCHED if not line["close_days"]}
    word = made.texts.say("doc.state.open")
    assert {key for key, text in done.items() if text.startswith(word)} == still_open


@pytest.mark.clause("M41")
def test_kinds_are_counted_as_the_list_of_requests_counts_them(made: Made):
    rows = {row[0]: row[1:] for row in made.table("kinds")}
    for kind in ("request", "suggestion", "complaint", "inquiry", "fault", "other"):
        name = made.texts.choice(Field.REQUEST_KIND, kind)
        received = [line for line in IN_QUARTER if line["kind"] == kind]
        still_open = [line for line in TOUCHED if line["kind"] == kind and not line["close_days"]]
        assert (rows[name][0], rows[name][5]) == (str(len(received)), str(len(still_open)))
    total = rows[made.texts.say("doc.total")]
    # received, previous quarter (990, 998, 1038), change, late entry (1038), done, open
    assert total[:6] == ["37", "3", "+34", "1", "35", "4"]


def test_customers_channels_and_months_add_up_to_the_requests_received(made: Made):
    for caption in ("customers", "channels", "months"):
        assert sum(int(row[1]) for row in made.table(caption)) == len(IN_QUARTER), caption


@pytest.mark.clause("M06")
@pytest.mark.clause("M30")
def test_the_response_rate_counts_late_ones_and_those_that_never_came(made: Made):
    total = next(row for row in made.table("responses") if row[0] == made.texts.say("doc.total"))
    # late: the complaint of 10-29 (200 minutes, target 2 h), the fault of 12-29 and the inquiry of 12-31
    # that nobody answered within the quarter
    assert total[1:5] == ["34", "3", "0", "91.9%"]


@pytest.mark.clause("M36")
@pytest.mark.clause("M37")
def test_suggestions_show_decision_thanks_and_explanation(made: Made):
    rows = {row[0]: row for row in made.table("suggestions")}
    adopted = made.texts.choice(Field.SUGGESTION_DECISION, "adopted")
    assert rows["1005"][3:5] == [adopted, "2026-10-13"]
    assert rows["1012"][5].startswith("双人复核是贵司质量体系的要求")


@pytest.mark.clause("M32")
def test_each_fault_shows_its_maintenance_issue_or_that_it_has_none(made: Made):
    rows = {row[0]: row[2] for row in made.table("handovers")}
    faults = [line["key"] for line in TOUCHED if line["kind"] == "fault"]
    assert list(rows) == faults
    assert rows[faults[0]] == "2001"
    assert rows[faults[-1]] == made.texts.say("doc.handovers.none")


@pytest.mark.clause("M33")
@pytest.mark.clause("M34")
def test_visits_are_judged_by_the_same_day_or_by_the_agreed_time(made: Made):
    rows = {row[0]: row for row in made.table("visits")}
    yes, no = made.texts.say("doc.kept.true"), made.texts.say("doc.kept.false")
    assert (rows["3004"][8], rows["3005"][8]) == (yes, no)


@pytest.mark.clause("M17")
@pytest.mark.clause("M71")
def test_hours_are_those_booked_on_service_issues_within_the_period(made: Made):
    rows = {row[0]: row[1] for row in made.table("effort")}
    booked = [e for i in issues() if not i.ref.key.startswith("2") for e in i.time_entries]
    within = [e for e in booked if e.spent_on >= local("2026-10-01").date()]
    for name, account in (("王芳", "wang.fang"), ("陈静", "chen.jing")):
        assert rows[name] == f"{sum(e.hours for e in within if e.account == account):.1f}"


def test_a_request_of_another_product_is_not_told(made: Made):
    assert "别的产品的要求" not in "".join(p.text for p in made.read().element.iter() if p.text)


def test_every_figure_above_zero_can_be_counted_again_from_the_annex(made: Made):
    rows = {(row[0], row[1]): row[2] for row in made.table("data")}
    label = made.texts.say("doc.key.received")
    assert rows[label, "37"] == "1001-1037"
    total = made.texts.say(
        "doc.trace.label", row=made.texts.say("doc.total"), column=made.texts.say("doc.column.open_count")
    )
    assert rows[total, "4"] == "1020, 1031, 1036, 1037"


def test_the_annex_names_for_each_clause_the_chapter_that_answers_it(made: Made):
    rows = {row[0]: row[2:] for row in made.table("clauses")}
    places = {"M39": "2", "M41": "3", "M36": "5", "M29": "6", "M32": "7", "M73": "9", "M72": "11"}
    assert {clause: rows[clause][0] for clause in places} == places
    assert rows["M39"][1] == made.texts.say("doc.fact.M39", all=39, measured=36)
    assert rows["M40"][1] == made.texts.say("doc.fact.M40", closed=35, satisfied=35)
    assert rows["M32"][1] == made.texts.say("doc.fact.M32", all=10, handed=9)


@pytest.mark.clause("M67")
def test_the_headings_are_those_of_the_process_in_its_order(made: Made):
    words = made.read()
    first = [p.text for p in words.paragraphs if p.style.style_id == "Heading1"]
    assert first == [made.texts.say(f"doc.heading.{key}") for key in CHAPTERS.split()]


def test_the_contents_list_every_heading_and_lead_to_it(made: Made):
    body = made.read().element.body
    listed = body.xpath('.//w:p[w:pPr/w:pStyle[starts-with(@w:val, "TOC")]]')
    entries = ["".join(p.itertext("{*}t")) for p in listed]
    assert entries[:4:3] == [f"{n} {made.texts.say(f'doc.heading.{key}')}" for n, key in NUMBERED]
    assert [entry.split(" ", 1)[1] for entry in entries[:-2]] == [
        section.heading for section in made.document.sections[:-2]
    ]
    assert entries[-1] == made.texts.say("doc.heading.annex.data")
    anchors = body.xpath(".//w:hyperlink/@w:anchor")
    assert set(anchors) <= set(body.xpath(".//w:bookmarkStart/@w:name"))
    assert len(anchors) == len(entries) == len(set(anchors))


@pytest.mark.clause("M65")
def test_the_file_says_which_document_it_is(made: Made):
    word = made.read()
    properties = word.core_properties
    assert (properties.title, properties.author) == (made.texts.say("doc.title.service_report"), "王芳")
    assert properties.created.date() == FRONT.day
    custom = next(p for p in word.part.package.iter_parts() if p.partname == "/docProps/custom.xml").blob
    assert made.document.data_sha256.encode() in custom
    assert b"<vt:lpwstr>CSR-erp-2026-Q4<" in custom
    assert b"<vt:lpwstr>1.0<" in custom
    assert word.sections[0].header.paragraphs[0].text.startswith("CSR-erp-2026-Q4  V1.0\t")


def test_the_wide_table_lies_across_and_its_header_repeats(made: Made):
    word = made.read()
    assert [s.page_width > s.page_height for s in word.sections] == [False, True, False]
    for table in word.tables:
        if table._tbl.tblPr.xpath("w:tblCaption"):
            assert table.rows[0]._tr.xpath("w:trPr/w:tblHeader")
            assert table._tbl.tblPr.xpath("w:tblDescription/@w:val")[0]


def test_the_footer_counts_pages_with_one_run_for_every_field_mark(made: Made):
    footer = made.read().sections[0].footer.paragraphs[0]._p
    assert [i.strip() for i in footer.itertext("{*}instrText")] == ["PAGE", "NUMPAGES"]
    assert all(len(run.xpath("w:fldChar")) <= 1 for run in footer.xpath("w:r"))


@pytest.mark.clause("M72")
def test_the_leader_finds_a_place_for_remark_and_signature(made: Made):
    tags = made.read().element.body.xpath(".//w:sdt/w:sdtPr/w:tag/@w:val")
    assert tags == [
        "author.analysis",
        "submission.sent_on",
        "submission.remark",
        "submission.signature",
        "submission.signed_on",
    ]


@pytest.mark.clause("M38")
def test_the_authors_words_take_the_place_of_the_room_for_them(report):
    text = "第一段：升级前应通知。\n\n第二段。"
    document = build(report, REGISTERS, load("zh"), FRONT, author_text=text)
    section = next(s for s in document.sections if s.heading == "编制人分析")
    assert [block.text for block in section.blocks] == ["第一段：升级前应通知。", "第二段。"]


def test_the_validator_finds_nothing(made: Made, tmp_path):
    path = tmp_path / "report.docx"
    path.write_bytes(made.data)
    assert OpenXmlValidator().validate(str(path)).errors == []


@pytest.mark.parametrize(("language", "marker"), [("zh", "本期无"), ("en", "None")])
def test_an_empty_period_keeps_its_headings_and_says_that_there_is_nothing(language, marker):
    empty = customer_service_report([], REGISTERS, POLICY, product="erp", period="2026-Q4", now=AFTER)
    document = build(empty, REGISTERS, load(language), FRONT)
    full = build(_report_of(requests()), REGISTERS, load(language), FRONT)
    assert [s.heading for s in document.sections] == [s.heading for s in full.sections]
    made = Made(load(language), empty, document, write(document))
    markers = [p.text for p in made.read().paragraphs if p.style.style_id == "EmptySection"]
    # requests, customers, corrections, complaints, suggestions, surveys, faults, visits, effort, waivers,
    # trends, suggestions adopted, annex B
    assert markers == [marker] * 13


def test_a_report_made_before_its_period_ended_says_so(report):
    early = replace(FRONT, day=report.last)
    texts = load("zh")
    told = [build(report, REGISTERS, texts, front).sections[0].blocks[1].text for front in (early, FRONT)]
    assert told[0] == texts.say("doc.overview.running", last=report.last, day=early.day)
    assert told[1] == texts.say("doc.overview.frozen", last=report.last)


HOSTILE = (
    "<w:p/>&amp; {{ 7*7 }} ${x} ]]> \x00\x07\x0b\x1b[31m \ud800 \ufffe\uffff"
    "\r\n第二行\t制表 'quote' \"双\"…\u2028end"
)


def test_hostile_text_is_written_as_text_and_nothing_else():
    issue = next(i for i in requests() if i.ref.key == "1005")
    fields = dict(issue.fields) | {
        Field.CUSTOMER: HOSTILE,
        Field.MEASURE: HOSTILE,
        Field.EXPLANATION: HOSTILE,
    }
    report = _report_of([replace(issue, title=HOSTILE, assignee=HOSTILE, fields=fields)])
    front = replace(FRONT, author=HOSTILE, status=HOSTILE)
    document = build(report, REGISTERS, load("zh"), front, author_text=HOSTILE)
    made = Made(load("zh"), report, document, write(document))
    shown = "<w:p/>&amp; {{ 7*7 }} ${x} ]]> [31m  \n第二行\t制表 'quote' \"双\"…\nend"
    row = _group_rows(made.table("requests"))[0]
    assert (row[5], row[10]) == (shown, shown)
    assert (row[1], row[6]) == (shown.strip(), shown.strip())
    assert [made.table("suggestions")[0][n] for n in (2, 5)] == [shown, shown.strip()]


def test_two_thousand_requests_are_cut_into_tables_that_an_office_suite_can_lay_out():
    asked = [line for line in requests() if line.ref.key != "990"]
    many = [replace(asked[n % len(asked)], ref=IssueRef("main", str(10_000 + n))) for n in range(2_000)]
    report = _report_of(many)
    document = build(report, REGISTERS, load("zh"), FRONT)
    made = Made(load("zh"), report, document, write(document))
    tables = [
        t for t in made.read().tables if t._tbl.tblPr.xpath("w:tblCaption/@w:val") == ["客户要求及解决措施"]
    ]
    lengths = [len(t._tbl.tr_lst) for t in tables]
    assert max(lengths) <= 202  # header, 200 rows, subtotal
    assert sum(lengths) - len(tables) - 4 == 2_000  # four groups have a subtotal each
    numbers = {t.text for table in tables for t in table._tbl.xpath("w:tr/w:tc[1]/w:p/w:r/w:t")}
    assert {issue.ref.key for issue in many} <= numbers


def test_the_data_mark_changes_with_the_data_and_only_with_them(report):
    again = customer_service_report(
        reversed(issues()), REGISTERS, POLICY, product="erp", period="2026-Q4", now=AFTER + timedelta(days=30)
    )
    assert data_sha256(again) == data_sha256(report)
    changed = [replace(i, title="改") if i.ref.key == "1001" else i for i in issues()]
    assert data_sha256(_report_of(changed)) != data_sha256(report)


def _report_of(given):
    return customer_service_report(given, REGISTERS, POLICY, product="erp", period="2026-Q4", now=AFTER)
