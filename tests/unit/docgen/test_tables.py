"""Tables: widths that add up, long groups cut, short tables kept on one page."""

import tracemalloc
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.identity import text_sha256
from docgen.model import Align, Column, Group, Table
from docgen.words import TextMark
from docgen.writer import write
from docgen.writer.checks import check
from docgen.writer.tables import ROWS_AT_MOST, column_widths, table
from docgen.writer.template import style_ids
from tests.thorough import examples
from tests.unit.docgen.test_checks import a_document

STYLES = style_ids()
TEXT = st.text(st.sampled_from('a&<>"%\x01\x1f\x00\n\r\t\u2028—“甲 \u3000\u2011\ud800{}s')) | st.text()
COLUMNS = (Column("甲", 1), Column("乙", 2, Align.RIGHT))


def _written(*groups: Group, ruled: bool = False) -> str:
    return b"".join(
        table(Table("题", "说明", COLUMNS, lambda: groups, ruled=ruled), 9000, STYLES, TextMark())
    ).decode()


def test_widths_are_shared_out_to_the_last_twip():
    widths = column_widths(tuple(Column("", w) for w in (1, 1, 1, 0.7, 2.3)), 9071)
    assert sum(widths) == 9071
    assert max(widths[:3]) - min(widths[:3]) <= 1


def test_a_long_group_goes_on_in_numbered_tables_and_its_total_comes_last():
    rows = ((str(n), "") for n in range(2 * ROWS_AT_MOST + 1))
    markup = _written(Group(rows, "组", ("小计",)))
    assert markup.count("<w:tbl>") == 3
    assert [markup.count(f">{title}</w:t>") for title in ("组", "组 (2)", "组 (3)")] == [1, 1, 1]
    assert markup.count("小计") == 1
    assert markup.index(f">{2 * ROWS_AT_MOST}</w:t>") < markup.index("小计")


def test_groups_stand_in_tables_of_their_own_with_a_paragraph_between():
    markup = _written(Group((("1", "2"),)), Group((("3", "4"),)))
    assert markup.count("<w:tblHeader/>") == 2
    assert '</w:tbl><w:p><w:pPr><w:pStyle w:val="TableEnd"/></w:pPr></w:p><w:tbl>' in markup


def test_a_short_table_stays_on_one_page_and_a_total_with_its_last_row():
    def kept(length: int, *, ruled: bool = False, total: tuple[str, ...] | None = None) -> list[bool]:
        markup = _written(Group(tuple((str(n), "") for n in range(length)), total=total), ruled=ruled)
        return ["<w:keepNext/>" in row for row in markup.split("<w:tr>")[2:]]

    assert kept(3) == [True, True, False]
    assert kept(3, total=("1", "2")) == [True, True, True, False]
    assert kept(13, total=("合计",)) == [*[False] * 12, True, False]
    assert kept(5, ruled=True) == [False] * 5


def test_a_row_too_long_for_a_page_may_break():
    markup = _written(Group((("短", ""), ("长" * 500, ""), ("\n" * 30, ""))))
    assert ["cantSplit" in row for row in markup.split("<w:tr>")[2:]] == [True, False, False]


def test_the_length_of_a_table_does_not_matter_to_memory():
    def peak(length: int) -> int:
        rows = ((str(number), "") for number in range(length))
        document = a_document(Table("题", "说明", COLUMNS, lambda: (Group(rows),)))
        tracemalloc.start()
        try:
            write(document)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    write(a_document())  # what is kept from the first time on is not to be counted
    assert peak(30 * ROWS_AT_MOST) < peak(3 * ROWS_AT_MOST) + 500_000


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), max_size=5), st.sampled_from([None, ("合计",), ("合计", "1")]))
def test_whatever_rows_hold_the_finished_file_has_no_fault_and_keeps_its_words(rows, total):
    table = Table("题", "说明", COLUMNS, lambda: (Group(tuple(rows), total=total),))
    data = write(a_document(table))
    check(data)
    with ZipFile(BytesIO(data)) as package:
        assert text_sha256(data) in package.read("docProps/custom.xml").decode()


def test_a_row_of_another_length_is_refused_by_name():
    with pytest.raises(ValueError, match="a row of '题' has 3 texts"):
        _written(Group((("1", "2"), ("1", "2", "3"))))
