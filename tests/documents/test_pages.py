"""The report as pages, laid out by LibreOffice: nothing lost on the way, no page wasted.

Microsoft Word and WPS are not run here.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from docgen.content.service_report import build
from docgen.writer import write
from svc_plugin.domain.figures.model import ServiceReport
from svc_plugin.messages import load
from tests.documents.company import FRONT, REGISTERS

OFFICE, READER = shutil.which("soffice"), shutil.which("pdftotext")


@pytest.mark.skipif(not OFFICE, reason="needs LibreOffice (soffice) to lay out pages")
@pytest.mark.skipif(not READER, reason="needs pdftotext (poppler-utils) to read pages")
def test_every_request_stands_on_a_page_and_no_page_is_empty(report: ServiceReport, tmp_path: Path):
    files = [tmp_path / f"{language}.docx" for language in ("zh", "en")]
    for file in files:
        file.write_bytes(write(build(report, REGISTERS, load(file.stem), FRONT)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [OFFICE, "--headless", profile, "--convert-to", "pdf", "--outdir", tmp_path, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    for file in files:
        pages = _pages(file.with_suffix(".pdf"))
        assert all(row.ref.key in "".join(pages) for row in report.requests)
        assert all(len(page.split()) > 12 for page in pages)
        assert str(len(pages)) in pages[-1].splitlines()[-1]


def _pages(file: Path) -> list[str]:
    done = subprocess.run([READER, "-layout", file, "-"], check=True, capture_output=True, text=True)
    return done.stdout.split("\f")[:-1]
