"""The report as pages, laid out by LibreOffice: nothing lost on the way, no page wasted.

Microsoft Word and WPS are not run here.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.documents.conftest import Made

OFFICE, READER = shutil.which("soffice"), shutil.which("pdftotext")


@pytest.fixture(scope="module")
def office_profile(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"-env:UserInstallation=file://{tmp_path_factory.mktemp('office')}"


@pytest.mark.skipif(not OFFICE, reason="needs LibreOffice (soffice) to lay out pages")
@pytest.mark.skipif(not READER, reason="needs pdftotext (poppler-utils) to read pages")
def test_every_request_stands_on_a_page_and_no_page_is_empty(made: Made, office_profile, tmp_path: Path):
    path = tmp_path / "report.docx"
    path.write_bytes(made.data)
    command = [OFFICE, "--headless", office_profile, "--convert-to", "pdf", "--outdir", tmp_path, path]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = subprocess.run(
        [READER, "-layout", tmp_path / "report.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = text.split("\f")[:-1]
    assert all(row.ref.key in text for row in made.report.requests)
    assert all(len(page.split()) > 12 for page in pages)
    assert f"{len(pages)}" in pages[-1].splitlines()[-1]
