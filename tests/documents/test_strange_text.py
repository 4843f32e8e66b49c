"""Text of strangers in every free field of all four documents, and what must never stand in one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import product
from zipfile import ZipFile

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docgen.model import Revision
from docgen.preview import preview
from docgen.writer import write
from docgen.writer.text import clean
from svc_plugin.domain.model import HistoryEntry, Issue
from svc_plugin.domain.registers import Guide
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, FieldType, IssueKind
from svc_plugin.messages import load
from tests.documents import papers
from tests.documents.company import AFTER, FRONT, REGISTERS
from tests.documents.papers import KINDS, build, figures
from tests.documents.quarter import issues
from tests.thorough import examples, some

# what a document counts by or finds others by: not free
_KEYS = frozenset({Field.CUSTOMER, Field.ORIGIN, Field.PERIOD, Field.FIXED_VERSION})
_FREE = tuple(
    name
    for name, spec in FIELD_SPECS.items()
    if spec.type in {FieldType.LINE, FieldType.TEXT} and name not in _KEYS
)
ODD = {
    "markup": "<w:p/></w:t></w:r>&amp;<!-- ]]> \"'<?docgen table?>",
    "places of templates": "{{ r.id }} {% for r in x %} {0} {count} %s ${x}",
    "control characters": "前\x00\x01\x08\x0b\x0c\x1f\x7f\x85\ufffe\uffff后",
    "surrogates that stand alone": "前\ud800中\udfff后",
    "right to left": "שלום \u202eexe.doc\u202c عربي 混排",
    "a formula and a field": '=1+cmd|"/C calc"!A0 \x13 HYPERLINK "https://x" \x14 x \x15',
    "other planes and joined signs": "𠮷👩‍👩‍👧‍👦é\u0301\u200b\ufeff",
    "a line of 100 kB": "长" * 33_000 + "x" * 1_000,
    "many lines and tabs": "一\r\n二\r三\u2028四\t五" * 20,
    "white space": " \t\n ",
}


def strange(issue: Issue, text: str) -> Issue:
    """The issue with this text wherever a person may write what he likes."""
    known = {name: text for name in _FREE if issue.kind in FIELD_SPECS[name].kinds}
    return replace(issue, title=text, description=text, status=text, fields={**issue.fields, **known})


def made(kind: str, text: str, language: str = "zh") -> bytes:
    return write(strange_document(kind, text, language))


def strange_document(kind: str, text: str, language: str = "zh"):
    found = figures(kind, [strange(issue, text) for issue in issues()])
    revisions = (*FRONT.revisions, Revision("2", date(2027, 1, 6), text, text))
    front = replace(FRONT, author=text, status=text, revisions=revisions)
    guides = (Guide("3.2", text, text),)
    odd = replace(
        REGISTERS.products["erp"], name=text, documents=guides, repository=text, channels={"system": text}
    )
    registers = replace(REGISTERS, products={"erp": odd})
    return papers.BUILD[kind](found, registers, load(language), front)


def squeezed(text: str) -> str:
    return "".join(clean(text).split())


def words(data: bytes) -> str:
    """All text of a file as a program reads it that had no part in writing its tables."""
    return "".join("".join(docx.Document(BytesIO(data)).element.body.itertext()).split())


def parts(data: bytes) -> Iterator[bytes]:
    """All parts of a file, and those of the files within it."""
    with ZipFile(BytesIO(data)) as package:
        for name in package.namelist():
            content = package.read(name)
            yield from parts(content) if content.startswith(b"PK\x03\x04") else (content,)


# in every third every text and every kind of document still comes along
@pytest.mark.parametrize(("kind", "odd"), some(list(product(KINDS, ODD)), of=3))
def test_text_of_strangers_arrives_as_text(kind, odd):
    data = made(kind, ODD[odd])
    wanted = squeezed(ODD[odd])
    told = words(data)
    assert told.count(wanted) >= 5 or not wanted
    with ZipFile(BytesIO(data)) as package:
        assert package.testzip() is None


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=examples(5), deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(st.characters(), min_size=1, max_size=60))
def test_any_text_arrives_as_text_in_every_document_and_its_preview(kind, text):
    document = strange_document(kind, text, "en")
    assert squeezed(text) in words(write(document))
    assert "".join(preview(document, load("en"))).endswith("</html>")


@pytest.mark.parametrize("kind", KINDS)
def test_a_private_note_reaches_no_part_of_a_document(kind):
    secret = "仅内部可见4711"
    noted = [
        replace(
            issue,
            history=(
                *issue.history,
                HistoryEntry(issue.created_at, "wang.fang", note=secret, private=True),
                HistoryEntry(AFTER, "zhang.wei", note=secret, private=True),
            ),
        )
        for issue in issues()
    ]
    found = b"".join(parts(write(build(kind, "zh", figures(kind, noted)))))
    assert secret.encode() not in found
    titled = [replace(issue, title=secret) for issue in issues()]
    assert secret.encode() in b"".join(parts(write(build(kind, "zh", figures(kind, titled)))))


def test_every_kind_of_issue_has_free_fields_to_try():
    tried = {kind for name in _FREE for kind in FIELD_SPECS[name].kinds}
    assert tried == set(IssueKind)
