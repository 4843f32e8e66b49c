"""The same input gives the same file, whatever process, hash seed or time zone makes it."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from docgen.identity import content_sha256, file_sha256, text_sha256
from docgen.writer import write
from tests.documents.conftest import Made
from tests.documents.plan import a_plan

ROOT = Path(__file__).parent.parent.parent
SCRIPT = """
import sys
from docgen.content.service_report import build
from docgen.identity import file_sha256
from docgen.writer import write
from svc_plugin.domain.report import customer_service_report
from svc_plugin.messages import load
from tests.documents.company import AFTER, FRONT, POLICY, REGISTERS
from tests.documents.quarter import issues
report = customer_service_report(issues(), REGISTERS, POLICY, product="erp", period="2026-Q4", now=AFTER)
print(file_sha256(write(build(report, REGISTERS, load(sys.argv[1]), FRONT))))
"""


PLAN_SCRIPT = """
import sys
from docgen.identity import content_sha256, text_sha256
from docgen.writer import write
from tests.documents.plan import a_plan
data = write(a_plan(sys.argv[1]))
print(content_sha256(data), text_sha256(data))
"""


@pytest.mark.parametrize(
    ("seed", "zone", "language"),
    [("0", "UTC", "zh"), ("42", "America/New_York", "zh"), ("7", "Asia/Tokyo", "en")],
)
def test_a_plan_with_charts_code_and_approval_is_the_same_everywhere(seed, zone, language):
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PLAN_SCRIPT, language],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    data = write(a_plan(language))
    assert done.stdout.split() == [content_sha256(data), text_sha256(data)]


def test_the_mark_taken_while_writing_is_the_mark_of_the_file(made: Made):
    with ZipFile(BytesIO(made.data)) as package:
        assert f">{text_sha256(made.data)}<" in package.read("docProps/custom.xml").decode()


@pytest.mark.parametrize(("seed", "zone"), [("0", "UTC"), ("42", "America/New_York")])
def test_another_process_writes_the_same_bytes(made: Made, seed, zone):
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, made.document.language],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == file_sha256(made.data)


def test_the_content_mark_does_not_depend_on_how_the_file_is_packed(made: Made, tmp_path):
    with ZipFile(tmp_path / "a.docx", "w") as stored, ZipFile(tmp_path / "b.docx", "w") as packed:
        packed_from = ZipFile(_saved(made, tmp_path))
        for name in reversed(packed_from.namelist()):
            stored.writestr(name, packed_from.read(name))
            packed.writestr(name, packed_from.read(name) + (b" " if name == "word/styles.xml" else b""))
    assert content_sha256((tmp_path / "a.docx").read_bytes()) == content_sha256(made.data)
    assert content_sha256((tmp_path / "b.docx").read_bytes()) != content_sha256(made.data)


def _saved(made: Made, folder: Path) -> Path:
    path = folder / "made.docx"
    path.write_bytes(made.data)
    return path
