"""A plan comes back as a Word file: what was filled in is read, and every change of its text is found."""

import re
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from docgen.identity import text_sha256
from docgen.readback import read_back
from docgen.readback.model import Issued, Medium, RefusedError, TextState
from docgen.writer import write
from svc_plugin.messages import load
from tests.documents.conftest import Made
from tests.documents.copies import FILLED, MAIN, changed, filled, needs_office, resaved, with_parts
from tests.documents.plan import a_plan
from tests.thorough import some

PLAN = write(a_plan())
ZH, EN = load("zh"), load("en")


def _find(document_id: str, version: str) -> list[Issued]:
    return (
        [Issued(write(a_plan("en"))), Issued(PLAN)] if (document_id, version) == ("CSP-erp-2026", "3") else []
    )


def _told(copy: bytes) -> list[str]:
    return [one.said(ZH) for one in read_back(copy, _find).differences]


@pytest.mark.clause("M26")
@pytest.mark.clause("M48")
def test_a_copy_filled_in_by_word_is_read_by_its_tags():
    copy = read_back(filled(PLAN), _find)
    assert (copy.medium, copy.document_id, copy.version) == (Medium.WORD, "CSP-erp-2026", "3")
    assert (copy.text, copy.differences, copy.remarks) == (TextState.RESAVED, (), ())
    told = copy.answers
    assert (told.decision, told.opinion) == ("agree_with_changes", "差旅预算偏低。\n请调整后执行。")
    assert (told.signatory, told.title, told.signed) == ("张伟", "总经理", True)
    assert told.day == date(2026, 1, 9)


@pytest.mark.clause("M26")
@needs_office
def test_a_copy_saved_by_libreoffice_without_tags_says_the_same(tmp_path):
    copy = resaved(filled(PLAN), tmp_path)
    assert b"approval.decision" not in copy
    read = read_back(copy, _find)
    assert read.answers == read_back(filled(PLAN), _find).answers
    assert (read.text, read.differences, read.remarks) == (TextState.RESAVED, (), ())


@needs_office
def test_a_report_with_room_for_the_authors_words_outlives_an_office_suite_too(made: Made, tmp_path):
    read = read_back(resaved(made.data, tmp_path), lambda *_: [Issued(made.data)])
    assert (read.text, read.differences) == (TextState.RESAVED, ())


@needs_office
@pytest.mark.parametrize("language", some(["zh", "en"], of=2))
def test_the_mark_over_the_words_outlives_an_office_suite_and_finds_one_changed_sign(language, tmp_path):
    plan = write(a_plan(language))
    copy = resaved(plan, tmp_path)
    read = read_back(copy, _find)
    assert (read.text, [one.said(ZH) for one in read.remarks]) == (TextState.RESAVED, ["审批栏没有填写。"])
    altered = read_back(changed(copy, {"120000": "130000"}), _find)
    assert (altered.text, len(altered.differences)) == (TextState.ALTERED, 1)


def _without_marks(data: bytes, *names: str) -> bytes:
    text = _part(data, MAIN)
    for name in names:
        text = re.sub(f'<w:{name} w:val="[^"]*"/>', "", text)
    return with_parts(data, {MAIN: text.encode()})


@pytest.mark.parametrize("lost", [("tag",), ("tag", "alias"), ("tag", "alias", "id", "lock")])
def test_without_tags_places_are_found_by_their_names_and_by_the_labels_beside_them(lost):
    copy = read_back(_without_marks(filled(PLAN), *lost), _find)
    assert (copy.text, copy.remarks) == (TextState.RESAVED, ())
    assert copy.answers == read_back(filled(PLAN), _find).answers


def test_controls_that_are_gone_leave_what_was_written_beside_the_label():
    text = re.sub(
        "<w:sdt><w:sdtPr>.*?</w:sdtPr><w:sdtContent>(.*?)</w:sdtContent></w:sdt>",
        r"\1",
        _part(filled(PLAN), MAIN),
    )
    copy = read_back(with_parts(PLAN, {MAIN: text.encode()}), _find)
    assert (copy.text, copy.answers.decision, copy.answers.title) == (
        TextState.RESAVED,
        "agree_with_changes",
        "总经理",
    )


def test_a_prompt_that_was_left_beside_the_answer_is_no_part_of_it():
    prompt = "请填写意见"
    copy = read_back(
        changed(_without_marks(PLAN, "tag"), {f">{prompt}<": f">{prompt}同意，请执行。<"}), _find
    )
    assert copy.answers.opinion == "同意，请执行。"


def test_the_issued_file_itself_is_known_and_nothing_is_filled_in():
    copy = read_back(PLAN, _find)
    assert copy.text is TextState.ISSUED
    assert [one.key for one in copy.remarks] == ["not_filled"]
    assert not any((copy.answers.decision, copy.answers.opinion, copy.answers.signed, copy.answers.day))


def test_one_changed_sign_is_found_in_a_cell_and_in_a_paragraph():
    copy = changed(filled(PLAN), {"30000": "80000", "021-5555": "021-5556"})
    assert _told(copy) == [
        "第 13 段：“服务人员两名，热线 021-5555。”改为“服务人员两名，热线 021-5556。”",
        "第 3 个表格第 3 行第 2 列：“30000”改为“80000”",
    ]
    assert read_back(copy, _find).differences[0].said(EN).startswith("paragraph ")


def test_added_and_removed_words_are_named():
    paragraph = "<w:p><w:r><w:t>另付奖金。</w:t></w:r></w:p><w:sectPr"
    assert any("增加了“另付奖金。”" in one for one in _told(changed(filled(PLAN), {"<w:sectPr": paragraph})))
    assert any("差旅" in one for one in _told(changed(filled(PLAN), {">差旅<": "><"})))


@pytest.mark.parametrize("tag", ["other", "approval.opinion"])
def test_words_hidden_in_a_control_of_ones_own_are_found(tag):
    control = (
        f'<w:p><w:sdt><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr><w:sdtContent><w:r><w:t>另付奖金。</w:t></w:r>'
        "</w:sdtContent></w:sdt></w:p><w:sectPr"
    )
    assert any("另付奖金" in one for one in _told(changed(filled(PLAN), {"<w:sectPr": control})))


def test_a_value_moved_to_the_next_cell_is_found():
    copy = changed(PLAN, {">人工<": "><", ">120000<": ">人工120000<"})
    assert len(_told(copy)) == 2


def test_a_copy_of_the_english_issue_is_held_against_the_english_one():
    copy = read_back(filled(write(a_plan("en")), {**FILLED, "approval.decision": "Disagree"}), _find)
    assert (copy.text, copy.answers.decision) == (TextState.RESAVED, "disagree")


def test_what_is_not_understood_is_said_and_left_to_a_person():
    copy = read_back(filled(PLAN, {"approval.decision": "看情况", "approval.day": "下周"}), _find)
    assert (copy.answers.decision, copy.answers.day) == ("", None)
    assert [one.said(ZH) for one in copy.remarks] == [
        "审批结论“看情况”不是可选项之一，请人工选择。",
        "日期“下周”无法理解，请人工填写，例如 2026-01-31。",
    ]


@pytest.mark.parametrize("written", ["2026年1月9日", "2026/1/9", "2026.01.09"])
def test_a_date_may_be_written_as_people_write_it(written):
    assert read_back(filled(PLAN, {"approval.day": written}), _find).answers.day == date(2026, 1, 9)


def test_tracked_changes_and_a_word_signature_are_pointed_out():
    marked = changed(PLAN, {"<w:sectPr": '<w:p><w:ins w:id="9" w:author="x"><w:r/></w:ins></w:p><w:sectPr'})
    copy = read_back(with_parts(marked, {"_xmlsignatures/sig1.xml": b"<x/>"}), _find)
    assert {"word_signature", "tracked_changes"} <= {one.key for one in copy.remarks}


@pytest.mark.parametrize(
    ("added", "key"),
    [
        ('<w:p><w:r><w:pict/></w:r></w:p>', "pictures_added"),
        ('<w:p><w:fldSimple w:instr="QUOTE x"><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>', "fields_added"),
    ],
)  # fmt: skip
def test_what_words_do_not_show_is_pointed_out(added, key):
    copy = read_back(changed(filled(PLAN), {"<w:sectPr": f"{added}<w:sectPr"}), _find)
    assert [one.key for one in copy.remarks] == [key]


def test_a_document_that_was_never_issued_is_refused_by_name():
    other = changed(PLAN, {">CSP-erp-2026<": ">CSP-crm-2026<"}, "docProps/custom.xml")
    with pytest.raises(RefusedError) as error:
        read_back(other, _find)
    assert error.value.remark.said(EN).startswith("Document CSP-crm-2026 was never issued in version 3.")


def test_the_mark_is_written_into_the_file_and_into_the_approval():
    mark = text_sha256(PLAN)
    short = "-".join(mark[start : start + 4].upper() for start in range(0, 16, 4))
    custom = with_parts(PLAN, {})
    assert f">{mark}<" in _part(custom, "docProps/custom.xml")
    assert f">{short}<" in _part(custom, "word/document.xml")
    assert 'w:edit="forms"' in _part(custom, "word/settings.xml")


def _part(data: bytes, name: str) -> str:
    return ZipFile(BytesIO(data)).read(name).decode()
