"""Copies of an issued document as people send them back: filled in, re-saved, altered."""

import re
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TypeVar
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from docgen.approval import DAY, DECISION, OPINION, SIGNATORY, SIGNATURE, TITLE
from tests.thorough import takes_minutes

OFFICE = shutil.which("soffice")
NO_OFFICE = "needs LibreOffice (soffice) to save a copy as people do"
MAIN = "word/document.xml"
Test = TypeVar("Test", bound=Callable[..., object])
FILLED = {
    DECISION: "修改后同意",
    OPINION: "差旅预算偏低。\n请调整后执行。",
    SIGNATORY: "张伟",
    TITLE: "总经理",
    SIGNATURE: "张伟",
    DAY: "2026-01-09",
}


def needs_office(test: Test) -> Test:
    """Leave a test out where LibreOffice is not, and in the default run: to start it takes seconds."""
    return takes_minutes(pytest.mark.skipif(not OFFICE, reason=NO_OFFICE)(test))


def changed(data: bytes, changes: dict[str, str], part: str = MAIN) -> bytes:
    """Return the file with texts of one part replaced; each must be there."""
    with ZipFile(BytesIO(data)) as source:
        text = source.read(part).decode()
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    return with_parts(data, {part: text.encode()})


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    """Return the file with parts replaced or added."""
    target = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(target, "w", ZIP_DEFLATED) as copy:
        kept = {name: source.read(name) for name in source.namelist()} | parts
        for name, content in kept.items():
            copy.writestr(name, content)
    return target.getvalue()


def filled(data: bytes, answers: dict[str, str] | None = None) -> bytes:
    """Return the file with answers in its controls, the way Word stores them."""
    with ZipFile(BytesIO(data)) as source:
        text = source.read(MAIN).decode()
    for tag, answer in (FILLED if answers is None else answers).items():
        lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(answer.split("\n"))
        control = re.compile(
            rf'(<w:sdt><w:sdtPr>(?:(?!</w:sdtPr>).)*<w:tag w:val="{tag}"/>(?:(?!</w:sdtPr>).)*?)'
            r"<w:showingPlcHdr/>"
            r"(.*?<w:sdtContent>).*?(</w:sdtContent>)",
            re.DOTALL,
        )
        text, count = control.subn(rf"\1\2<w:r><w:t>{lines}</w:t></w:r>\3", text)
        assert count == 1, tag
    if (answers or FILLED).get(DAY):
        text = text.replace("<w:date>", f'<w:date w:fullDate="{(answers or FILLED)[DAY]}T00:00:00Z">')
    return with_parts(data, {MAIN: text.encode()})


def resaved(data: bytes, folder: Path) -> bytes:
    """Return the file as LibreOffice saves it."""
    (folder / "in").mkdir(exist_ok=True)
    (source := folder / "in" / "copy.docx").write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        OFFICE,
        "--headless",
        profile,
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        folder,
        source,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "copy.docx").read_bytes()
