"""Faults planted in a good file: our own checks and the validator together find every one of them."""

from pathlib import Path

import pytest
from openxml_audit import OpenXmlValidator

from docgen.writer import write
from docgen.writer.checks import BrokenDocumentError, check
from docgen.writer.text import run
from tests.documents.copies import changed
from tests.documents.plan import a_plan

GOOD = write(a_plan())
MAIN, SETTINGS, STYLES, RELS = "document", "settings", "styles", "_rels/document.xml.rels"
CELL = f'<w:p><w:pPr><w:pStyle w:val="TableText"/><w:keepNext/></w:pPr>{run("人工")}</w:p>'
ROW_END = f"{run('120000')}</w:p></w:tc></w:tr>"


def _ours(data: bytes) -> bool:
    try:
        check(data)
    except BrokenDocumentError:
        return True
    return False


MUTANTS = [
    ("a control id twice", MAIN, '<w:id w:val="2"/>', '<w:id w:val="1"/>', True),
    ("a field without an end", MAIN, '<w:fldChar w:fldCharType="end"/>', "", True),
    ("a field without a beginning", MAIN, '<w:fldChar w:fldCharType="begin"/>', "", True),
    ("text outside a run", MAIN, "<w:r><w:t", "stray<w:r><w:t", True),
    ("a cell too wide", MAIN, "<w:tcPr><w:tcW", '<w:tcPr><w:gridSpan w:val="9"/><w:tcW', True),
    ("a row too short", MAIN, ROW_END, "</w:p></w:tc></w:tr><w:tr><w:tc><w:p/></w:tc></w:tr>", True),
    ("a cell without a paragraph", MAIN, CELL, "", True),
    ("tables that touch", MAIN, "</w:tbl>", "</w:tbl><w:tbl/>", True),
    ("a bookmark twice", MAIN, 'w:name="_Toc000002"', 'w:name="_Toc000001"', True),
    ("a bookmark without an end", MAIN, '<w:bookmarkEnd w:id="2"/>', "", True),
    ("a link to nowhere", MAIN, 'w:anchor="_Toc000002"', 'w:anchor="gone"', True),
    ("a drawing id twice", MAIN, '<wp:docPr id="2"', '<wp:docPr id="1"', True),
    ("a picture without its relation", RELS, 'Target="media/code.png"', 'Target="media/gone.png"', True),
    ("a relation that is not there", MAIN, 'r:embed="', 'r:embed="x', True),
    ("a part without a type", "[Content_Types].xml", 'Extension="png"', 'Extension="bmp"', True),
    ("a type without its part", "[Content_Types].xml", "/word/theme.xml", "/word/gone.xml", True),
    ("broken markup", MAIN, "</w:body>", "", True),
    ("properties after the text", MAIN, f"{run('人工')}</w:p>", f"{run('人工')}<w:pPr/></w:p>", False),
    ("an unknown element", MAIN, "<w:sectPr>", "<w:nonsense/><w:sectPr>", False),
    ("an unknown attribute", MAIN, "<w:cantSplit/>", '<w:cantSplit w:nonsense="1"/>', False),
    ("a value that does not exist", MAIN, '<w:jc w:val="left"/>', '<w:jc w:val="sideways"/>', False),
    ("settings in the wrong order", SETTINGS, "<w:zoom", '<w:listSeparator w:val=","/><w:zoom', False),
    ("a style that is not there", MAIN, '<w:pStyle w:val="TableText"/>', '<w:pStyle w:val="Gone"/>', False),
    ("a style in the wrong order", STYLES, "<w:qFormat/>", '<w:qFormat/><w:basedOn w:val="Normal"/>', False),
]  # fmt: skip


def _planted(part: str, old: str, new: str) -> bytes:
    name = (
        part if part.endswith("].xml") else f"word/{part}" if part.endswith(".rels") else f"word/{part}.xml"
    )
    return changed(GOOD, {old: new}, name)


@pytest.mark.parametrize(
    ("part", "old", "new", "ours"), [m[1:] for m in MUTANTS], ids=[m[0] for m in MUTANTS]
)
def test_a_planted_fault_is_found_by_us_or_by_the_validator(part, old, new, ours, tmp_path: Path):
    data = _planted(part, old, new)
    assert _ours(data) is ours
    if not ours:
        (path := tmp_path / "mutant.docx").write_bytes(data)
        assert OpenXmlValidator().validate(str(path)).errors


def test_the_good_file_passes_and_there_are_mutants_enough():
    assert not _ours(GOOD)
    assert len(MUTANTS) >= 18
