"""A plan comes back as pages: scanned, photographed, or as a PDF with a digital signature."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest

from docgen.identity import text_sha256
from docgen.office import find_office
from docgen.readback import read_back
from docgen.readback.model import Issued, Medium, RefusedError, TextState
from docgen.readback.signatures import FIELD, with_place_to_sign
from docgen.writer import write
from docgen.writer.code import code_picture, code_text
from svc_plugin.messages import load
from tests.documents.copies import needs_office
from tests.documents.plan import a_plan

Image = pytest.importorskip("PIL.Image", reason="needs pillow (the extra 'scan') to read pictures")
pytest.importorskip("zxingcpp", reason="needs zxing-cpp (the extra 'scan') to read codes")

PLAN = write(a_plan())
ZH = load("zh")
MARK = text_sha256(PLAN)


def _find(document_id: str, version: str, pdf: bytes = b"") -> list[Issued]:
    return [Issued(PLAN, pdf)] if (document_id, version) == ("CSP-erp-2026", "3") else []


def _scan(text: str = code_text("CSP-erp-2026", "3", MARK), kind: str = "PNG", degrees: float = 0) -> bytes:
    code = Image.open(BytesIO(code_picture(text))).convert("L")
    page = Image.new("L", (1240, 1754), 255)
    page.paste(code.resize((190, 190)), (500, 900))
    page.rotate(degrees, fillcolor=255).save(
        target := BytesIO(), kind, **({"quality": 40} if kind == "JPEG" else {})
    )
    return target.getvalue()


def _refusal(data: bytes) -> str:
    with pytest.raises(RefusedError) as error:
        read_back(data, _find)
    return error.value.remark.said(ZH)


@pytest.mark.clause("M65")
@pytest.mark.parametrize(("kind", "degrees"), [("PNG", 0), ("JPEG", 3), ("PDF", 91)])
def test_a_scan_tells_from_which_issue_it_was_printed_and_claims_no_more(kind, degrees):
    copy = read_back(_scan(kind=kind, degrees=degrees), _find)
    assert (copy.medium, copy.document_id, copy.version) == (Medium.SCAN, "CSP-erp-2026", "3")
    assert copy.text is TextState.UNREAD
    assert [one.key for one in copy.remarks] == ["scan_only"]
    assert copy.answers.decision == ""


def test_a_scan_of_another_text_or_document_or_of_nothing_is_refused():
    assert "与签发记录不符" in _refusal(_scan(code_text("CSP-erp-2026", "3", "0" * 64)))
    assert "没有签发过文档 CSP-crm-2026 的版本 3" in _refusal(_scan(code_text("CSP-crm-2026", "3", MARK)))
    assert "没有找到本系统的二维码" in _refusal(_scan("https://example.org"))


def test_broken_pictures_and_pages_are_refused_with_a_sentence():
    assert "图片已损坏" in _refusal(_scan()[:300])
    assert "PDF 已损坏" in _refusal(b"%PDF-1.7\nnothing")
    huge = BytesIO()
    Image.new("1", (9000, 9000)).save(huge, "PNG")
    assert "百万像素" in _refusal(huge.getvalue())


@pytest.fixture(scope="module")
def issued_pdf(tmp_path_factory) -> bytes:
    pytest.importorskip("pyhanko", reason="needs pyhanko (the extra 'sign') to sign")
    return with_place_to_sign(find_office(tmp_path_factory.mktemp("profiles")).pdf(PLAN))


@pytest.fixture(scope="module")
def signer():
    """A signer with a certificate of its own, and the certificate."""
    pytest.importorskip("pyhanko", reason="needs pyhanko (the extra 'sign') to sign")
    from asn1crypto import keys, x509
    from cryptography import x509 as made
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key = rsa.generate_private_key(65537, 2048)
    name = made.Name([made.NameAttribute(made.NameOID.COMMON_NAME, "张伟")])
    now = datetime.now(UTC)
    usage = made.KeyUsage(True, True, False, False, False, True, False, False, False)
    certificate = (
        made.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(7).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
        .add_extension(made.BasicConstraints(True, None), critical=True).add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    der = certificate.public_bytes(serialization.Encoding.DER)
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SimpleSigner(
        signing_cert=x509.Certificate.load(der),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    ), der


def _signed(pdf: bytes, signer) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, sign_pdf

    return sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), PdfSignatureMetadata(field_name=FIELD), signer=signer
    ).getvalue()


def _with_another_page(pdf: bytes) -> bytes:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.writer import PageObject

    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    contents = writer.add_object(generic.StreamObject(stream_data=b""))
    writer.insert_page(PageObject(contents=contents, media_box=(0, 0, 595, 842)))
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


@pytest.mark.clause("M26")
@needs_office
def test_a_signed_pdf_tells_who_signed_which_issue(issued_pdf, signer):
    person, root = signer
    copy = read_back(_signed(issued_pdf, person), lambda *key: _find(*key, pdf=issued_pdf), roots=[root])
    assert (copy.medium, copy.document_id, copy.text) == (Medium.SIGNED_PDF, "CSP-erp-2026", TextState.ISSUED)
    [signature] = copy.signatures
    assert "张伟" in signature.signer
    assert (signature.intact, signature.trusted, signature.whole) == (True, True, True)
    assert copy.remarks == ()


@needs_office
def test_a_signature_of_a_stranger_or_over_other_bytes_says_so(issued_pdf, signer):
    person, root = signer
    signed = _signed(issued_pdf, person)

    def keys(
        data: bytes, pdf: bytes = issued_pdf, roots: tuple[bytes, ...] = (root,)
    ) -> tuple[TextState, set[str]]:
        copy = read_back(data, lambda *key: _find(*key, pdf=pdf), roots=roots)
        return copy.text, {one.key for one in copy.remarks}

    assert keys(signed, roots=()) == (TextState.ISSUED, {"signature_not_trusted"})
    place = issued_pdf.rindex(b"/Producer")
    flipped = signed[:place] + b"/Producor" + signed[place + 9 :]
    assert keys(flipped) == (TextState.ALTERED, {"signature_not_intact", "pdf_differs"})
    extended = _signed(_with_another_page(issued_pdf), person)
    assert keys(extended) == (TextState.ALTERED, {"pdf_extended"})
    assert keys(_with_another_page(signed)) == (TextState.ALTERED, {"signature_not_whole", "pdf_extended"})
    assert keys(signed, pdf=b"") == (TextState.UNREAD, {"no_issued_pdf"})
