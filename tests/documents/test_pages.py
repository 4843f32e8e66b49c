"""The documents as pages, laid out by LibreOffice: nothing lost on the way, no page wasted.

Microsoft Word and WPS are not run here.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from docgen.writer import write
from tests.documents.papers import KINDS, document, figures
from tests.thorough import takes_minutes

OFFICE, READER = shutil.which("soffice"), shutil.which("pdftotext")


@takes_minutes
@pytest.mark.skipif(not OFFICE, reason="needs LibreOffice (soffice) to lay out pages")
@pytest.mark.skipif(not READER, reason="needs pdftotext (poppler-utils) to read pages")
def test_every_issue_stands_on_a_page_and_no_page_is_empty(tmp_path: Path):
    files = {tmp_path / f"{kind}-{lang}.docx": (kind, lang) for kind in KINDS for lang in ("zh", "en")}
    for file, (kind, language) in files.items():
        file.write_bytes(write(document(kind, language)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [OFFICE, "--headless", profile, "--convert-to", "pdf", "--outdir", tmp_path, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    for file, (kind, _) in files.items():
        pages = _pages(file.with_suffix(".pdf"))
        assert all(key in "".join(pages) for key in _told(kind))
        assert all(len(page.split()) > 12 for page in pages), file.stem
        assert str(len(pages)) in pages[-1].splitlines()[-1]


def _told(kind: str) -> list[str]:
    found = figures(kind)
    if kind.endswith("_plan"):
        return [task.ref.key for task in found.tasks]
    return [row.ref.key for row in (found.requests if kind == "service_report" else found.works)]


def _pages(file: Path) -> list[str]:
    done = subprocess.run([READER, "-layout", file, "-"], check=True, capture_output=True, text=True)
    return done.stdout.split("\f")[:-1]
