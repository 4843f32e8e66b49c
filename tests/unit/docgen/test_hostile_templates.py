"""What a template may not bring or try: each trick is refused with a sentence in both languages."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from docgen.company import sandbox
from docgen.company.intake import examine
from docgen.company.package import package_faults
from svc_plugin.messages import load
from tests.documents.copies import changed, with_parts
from tests.documents.plan import a_plan
from tests.documents.stationery import MAIN, RELATIONS, letterhead, saved, saying, with_rows

TYPES = "[Content_Types].xml"
GOOD = saved(letterhead())
PLAN = a_plan("en")
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


def refusals(template: bytes) -> list[str]:
    faults = examine(template, PLAN)
    for language in ("zh", "en"):
        assert all(fault.told(load(language)) for fault in faults)
    return [fault.key for fault in faults]


def linked(kind: str, target: str = "http://127.0.0.1:9/x") -> bytes:
    type_ = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    link = f'<Relationship Id="rIdX" Type="{type_}" Target="{target}" TargetMode="External"/></Relationships>'
    return changed(GOOD, {"</Relationships>": link}, RELATIONS)


def with_field(*pieces: str) -> bytes:
    codes = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return changed(
        GOOD, {"</w:body>": f"<w:p>{field.format('begin')}{codes}{field.format('end')}</w:p></w:body>"}
    )


def with_body(markup: str) -> bytes:
    return changed(GOOD, {"<w:body>": f"<w:body>{markup}"})


def lying() -> bytes:
    """A part that says in the index that it is small."""
    data = bytearray(with_parts(GOOD, {"word/more.xml": b"<x>" + b" " * 30_000_000 + b"</x>"}))
    place = data.rindex(b"word/more.xml") - 46 + 24
    data[place : place + 4] = (1_000).to_bytes(4, "little")
    return bytes(data)


def encrypted() -> bytes:
    data = bytearray(GOOD)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("template", "key"),
    [
        (b"", "not_word"),
        (b"PK\x03\x04nonsense", "not_word"),
        (GOOD[: len(GOOD) // 2], "not_word"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "encrypted"),
        (encrypted(), "encrypted"),
        (GOOD + b"x" * 11_000_000, "too_big"),
        (with_parts(GOOD, {"word/more.xml": b" " * 21_000_000}), "swells"),
        (with_parts(GOOD, {f"word/{n}.xml": b"<x>" + b" " * 16_000_000 for n in range(4)}), "swells"),
        (lying(), "not_word"),
        (with_parts(GOOD, {f"word/{n}.xml": b"<x/>" for n in range(501)}), "too_many_parts"),
        (with_parts(GOOD, {"../../etc/cron.d/x": b""}), "leaves_package"),
        (with_parts(GOOD, {"word\\..\\x": b""}), "leaves_package"),
        (with_parts(GOOD, {"/etc/passwd": b""}), "leaves_package"),
        (with_parts(GOOD, {"WORD/DOCUMENT.XML": b"<x/>"}), "doubled_part"),
        (with_parts(GOOD, {"word/vbaProject.bin": b""}), "active"),
        (with_parts(GOOD, {"word/activeX/activeX1.xml": b"<x/>"}), "active"),
        (with_parts(GOOD, {"word/embeddings/oleObject1.bin": b""}), "active"),
        (changed(GOOD, {"document.main+xml": "document.macroEnabled.main+xml"}, TYPES), "active"),
        (changed(GOOD, {"document.main+xml": "template.main+xml"}, TYPES), "not_word"),
        (with_parts(GOOD, {MAIN: (ENTITIES + "<x>&b;</x>").encode()}), "doctype"),
        (with_parts(GOOD, {"word/more.xml": (ENTITIES + "<x>&b;</x>").encode("utf-16")}), "doctype"),
        (with_parts(GOOD, {MAIN: b"<w:document"}), "not_xml"),
        (linked("image"), "fetches"),
        (linked("attachedTemplate", "file:///etc/hostname"), "fetches"),
        (linked("oleObject"), "fetches"),
        (with_body('<w:altChunk xmlns:r="r" r:id="rId1"/>'), "alt_chunk"),
        (with_field(" DDEAUTO c:\\\\cmd.exe"), "fetching_field"),
        (with_field(" INCLUDE", "PICTURE http://127.0.0.1:9/x"), "fetching_field"),
        (with_field(' includetext "file:///etc/hostname"'), "fetching_field"),
        (with_body('<w:p><w:fldSimple w:instr=" LINK Excel.Sheet x"/></w:p>'), "fetching_field"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_file_that_runs_fetches_hides_or_swells_is_refused(template, key):
    assert [fault.key for fault in package_faults(template)] == [key]
    assert refusals(template) == [key]


def test_links_for_readers_and_fields_of_the_text_are_allowed():
    assert package_faults(linked("hyperlink", "https://hengtong.example/LINK")) == []
    assert package_faults(with_field(' HYPERLINK "https://hengtong.example/" \\o "the link to RD"')) == []


@pytest.mark.parametrize(
    ("tag", "keys"),
    [
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", {"forbidden", "unknown"}),
        ("{{ joiner.__init__.__globals__ }}", {"forbidden"}),
        ("{{ namespace.__init__.__globals__ }}", {"forbidden"}),
        ("{{ lipsum.__globals__.os }}", {"forbidden"}),
        ("{{ doc.__class__.__mro__ }}", {"forbidden"}),
        ("{{ ''.__class__.__base__.__subclasses__() }}", {"forbidden"}),
        ("{{ '{0.__class__}'.format(doc) }}", {"forbidden"}),
        ("{{ (doc|attr('__class__')).__name__ }}", {"forbidden"}),
        ("{{ doc.update({'id': 'x'}) }}", {"forbidden"}),
        ("{% include '/etc/hostname' %}", {"fails", "tag"}),
        ("{% for a in range(10 ** 6) %}x{% endfor %}", {"too_much"}),
        ("{{ 'a' * 10 ** 10 }}", {"too_much"}),
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", {"too_much"}),
        ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", {"too_much", "syntax"}),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", {"too_much"}),
    ],
)
def test_a_tag_that_tries_more_than_words_is_refused(tag, keys, monkeypatch):
    monkeypatch.setattr(sandbox, "_CPU_SECONDS", 2)  # the limit is the same, only sooner
    found = refusals(saying(tag))
    assert found
    assert set(found) <= keys


ESCAPE = "{{ cycler.__init__.__globals__.os.environ }}"


@pytest.mark.parametrize("place", ["header", "footer", "title"])
def test_tags_are_as_harmless_in_headers_footers_and_the_title(place):
    word = letterhead()
    if place == "title":
        word.core_properties.title = ESCAPE
    else:
        getattr(word.sections[0], place).paragraphs[0].text = ESCAPE
    assert refusals(saved(word)) == ["forbidden"]


@pytest.mark.parametrize(
    "tag",
    [
        "{{ tables.requests|length }}",
        "{% for r in tables.requests %}{{ r.number|upper }}{% endfor %}",
        "{% for r in tables.requests if r.number %}{{ r.number }}{% endfor %}",
        "{% for r in tables['requests'] %}{{ r.number }}{% endfor %}",
        "{% set t = tables %}",
        "{% for r in tables.requests %}x{% endfor %}",
    ],
)
def test_tables_stand_in_plain_loops_only_for_one_row_stands_for_all(tag):
    document = replace(PLAN, tables={"requests": ("number",)})
    assert [fault.key for fault in examine(saying(tag), document)] == ["busy_row"]


def test_a_template_of_hundreds_of_pages_is_still_within_limits():
    word = with_rows(letterhead(), "requests", ("number",))
    for number in range(2_000):
        word.add_paragraph(f"{number}: {{{{ doc.id }}}}")
    assert examine(saved(word), replace(PLAN, tables={"requests": ("number",)})) == []


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/hostname')",
        "open('/tmp/written-by-a-template', 'w')",
        "__import__('socket').socket()",
        "__import__('subprocess').run(['/bin/true'])",
        "bytearray(10 ** 9)",
    ],
)
def test_who_leaves_the_sandbox_is_still_shut_in(attempt):
    """The process itself can open nothing and take little: the sandbox is not the only wall."""
    code = (
        f"import runpy, socket, subprocess; confine = runpy.run_path({str(sandbox._CHILD)!r})['_confine']\n"
        f"confine(512 * 1024 * 1024, 5)\ntry:\n    {attempt}\n"
        "except (OSError, MemoryError):\n    print('shut in')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "shut in\n"
    assert not Path("/tmp/written-by-a-template").exists()
