"""Without its extras the product works, and says which package is missing for what."""

import sys

import pytest

from docgen.office import OfficeError, heading_pages
from docgen.readback import read_back
from docgen.readback.model import RefusedError
from docgen.readback.signatures import with_place_to_sign
from svc_plugin.messages import load
from tests.documents.plan import a_plan

PICTURE, PDF = b"\x89PNG\r\n\x1a\n", b"%PDF-1.7"


@pytest.mark.parametrize(
    ("missing", "upload", "named"),
    [
        ("zxingcpp", PICTURE, "zxing-cpp, which is not installed. Run pip install 'svc-plugin[scan]'"),
        ("PIL", PICTURE, "pillow, which is not installed. Run pip install 'svc-plugin[scan]'"),
        ("pypdfium2", PDF, "pypdfium2, which is not installed. Run pip install 'svc-plugin[scan]'"),
    ],
)
def test_a_copy_that_needs_a_missing_package_is_refused_by_its_name(missing, upload, named, monkeypatch):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(RefusedError) as error:
        read_back(upload, lambda *_: [])
    assert named in error.value.remark.said(load("en"))


def test_signing_and_page_numbers_name_their_packages_too(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    monkeypatch.setitem(sys.modules, "pyhanko.pdf_utils.incremental_writer", None)
    with pytest.raises(OfficeError) as no_reader:
        heading_pages(a_plan(), PDF)
    assert "svc-plugin[pdf]" in no_reader.value.said(load("zh"))
    with pytest.raises(RefusedError) as no_signer:
        with_place_to_sign(PDF)
    assert "svc-plugin[sign]" in no_signer.value.remark.said(load("zh"))
