"""PDF and page numbers through LibreOffice, and plain words where it is not there."""

import re
import threading
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from docgen import office
from docgen.identity import text_sha256
from docgen.office import Office, OfficeError, find_office, heading_pages, write_with_pages
from docgen.writer import write
from svc_plugin.messages import load
from tests.documents.copies import NO_OFFICE, OFFICE
from tests.documents.plan import a_plan
from tests.thorough import takes_minutes

needs_office = pytest.mark.skipif(not OFFICE, reason=NO_OFFICE)


@pytest.fixture(scope="module")
def profiles(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("profiles")


@takes_minutes
@needs_office
def test_the_contents_show_the_pages_on_which_the_chapters_begin(profiles):
    pytest.importorskip("pypdfium2", reason="needs pypdfium2 (the extra 'pdf') to read page numbers")
    plan = a_plan()
    word, pdf = write_with_pages(plan, find_office(profiles))
    pages = heading_pages(plan, pdf)
    assert pages["_Toc000001"] == 3
    assert sorted(pages.values()) == list(pages.values())
    assert len(pages) == len(plan.sections)
    with ZipFile(BytesIO(word)) as package:
        text = package.read("word/document.xml").decode()
    shown = re.findall(r"PAGEREF (_Toc\d+) \\h .*?separate.*?<w:t[^>]*>(\d+)</w:t>", text)
    assert {name: int(page) for name, page in shown} == pages
    assert text_sha256(word) == text_sha256(write(plan))  # page numbers are no words


@needs_office
def test_two_at_once_do_not_disturb_each_other(profiles):
    made: list[bytes] = []
    word, suite = write(a_plan()), find_office(profiles)
    threads = [threading.Thread(target=lambda: made.append(suite.pdf(word))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one[:5] for one in made] == [b"%PDF-"] * 2


def _program(folder: Path, script: str) -> str:
    (path := folder / "soffice").write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_a_program_that_hangs_is_stopped_with_all_it_started(tmp_path):
    program = _program(tmp_path, f'sleep 60 & echo $! > "{tmp_path}/child"; wait')
    with pytest.raises(OfficeError) as error:
        Office(program, tmp_path / "profiles", seconds=0.5).pdf(b"")
    assert error.value.said(load("en")).startswith("LibreOffice did not finish within 0.5 seconds")
    child = int((tmp_path / "child").read_text())
    assert not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text()


def test_a_program_that_fails_says_why(tmp_path):
    with pytest.raises(OfficeError) as error:
        Office(_program(tmp_path, "echo no space left; exit 1"), tmp_path / "profiles").pdf(b"")
    assert error.value.said(load("zh")) == "LibreOffice 没有生成 PDF：no space left"


def test_without_an_office_suite_the_file_is_written_and_a_sentence_says_what_is_missing(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OfficeError) as error:
        find_office()
    assert "libreoffice-writer" in error.value.said(load("zh"))
    assert "PAGEREF" not in ZipFile(BytesIO(write(a_plan()))).read("word/document.xml").decode()


@pytest.mark.skipif(not office._without_network(), reason="needs a system that lets us take the network away")
def test_the_program_has_no_network(tmp_path):
    program = _program(tmp_path, 'cat /proc/net/dev | grep -v "lo:" | grep -c ":"; exit 1')
    with pytest.raises(OfficeError) as error:
        Office(program, tmp_path / "profiles").pdf(b"")
    assert error.value.facts["said"] == "0"
