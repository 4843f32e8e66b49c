"""What a stranger may upload: each trick is refused with a sentence in both languages, and nothing is run."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from docgen.readback import read_back
from docgen.readback.container import LARGEST_FILE
from docgen.readback.model import Issued, RefusedError
from docgen.writer import write
from svc_plugin.messages import load
from tests.documents.copies import MAIN, changed, with_parts
from tests.documents.plan import a_plan

PLAN = write(a_plan())
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY z "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY z SYSTEM "file:///etc/hostname">]>'
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def _find(document_id: str, version: str) -> list[Issued]:
    return [Issued(PLAN)]


def _refusal(data: bytes) -> str:
    with pytest.raises(RefusedError) as error:
        read_back(data, _find)
    for language in ("zh", "en"):
        assert error.value.remark.said(load(language))
    return error.value.remark.key


def _declaring(doctype: str) -> bytes:
    with ZipFile(BytesIO(PLAN)) as package:
        text = package.read(MAIN).decode()
    start = text.index("<w:document")
    return with_parts(PLAN, {MAIN: (doctype + text[start:].replace("服务人员", "&z;", 1)).encode()})


def _many_parts() -> bytes:
    return with_parts(PLAN, {f"word/{number}.xml": b"" for number in range(1_001)})


def _encrypted() -> bytes:
    data = bytearray(PLAN)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


def _lying() -> bytes:
    """A part that says it is small and is not."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        package.writestr(MAIN, b"<x>" + b" " * 5_000_000)
    data = bytearray(target.getvalue())
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = (1_000).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("upload", "key"),
    [
        (b"", "unknown_type"),
        (b"MZ\x90", "unknown_type"),
        (b"PK\x03\x04" + b"x" * (LARGEST_FILE + 1), "too_large"),
        (b"PK\x03\x04nonsense", "not_word"),
        (PLAN[: len(PLAN) // 2], "not_word"),
        (with_parts(PLAN, {MAIN: b" " * 70_000_000}), "too_large_inside"),
        (with_parts(PLAN, {"word/more.xml": b" " * 5_000_000}), "too_large_inside"),
        (_lying(), "not_word"),
        (_many_parts(), "too_many_parts"),
        (_encrypted(), "encrypted"),
        (with_parts(PLAN, {"../../etc/cron.d/x": b""}), "part_outside"),
        (with_parts(PLAN, {"/etc/passwd": b""}), "part_outside"),
        (with_parts(PLAN, {"word\\..\\x": b""}), "part_outside"),
        (with_parts(PLAN, {"WORD/DOCUMENT.XML": b"<x/>"}), "part_twice"),
        (with_parts(PLAN, {"word/vbaProject.bin": b""}), "macros"),
        (_declaring(BOMB), "document_type"),
        (_declaring(OUTSIDE), "document_type"),
        (with_parts(PLAN, {MAIN: b"<w:document"}), "broken_part"),
        (with_parts(PLAN, {MAIN: b"<x/>"}), "not_word"),
        (changed(PLAN, {"DocId": "Other"}, "docProps/custom.xml"), "no_properties"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_an_upload_that_deceives_is_refused_with_a_sentence(upload, key):
    assert _refusal(upload) == key


def test_a_document_type_in_another_encoding_is_found_too():
    with ZipFile(BytesIO(_declaring(OUTSIDE))) as package:
        text = package.read(MAIN).decode()
    declared = DECLARED.replace("UTF-8", "UTF-16") + text
    assert _refusal(with_parts(PLAN, {MAIN: declared.encode("utf-16")})) == "document_type"


def test_links_to_other_places_are_never_followed():
    rels = "word/_rels/document.xml.rels"
    link = (
        '<Relationship Id="rIdX" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        'Target="http://127.0.0.1:9/x.png" TargetMode="External"/></Relationships>'
    )
    assert read_back(changed(PLAN, {"</Relationships>": link}, rels), _find).differences == ()
