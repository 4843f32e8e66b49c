"""Reads copies that show pages: a scan by the code on its cover, a signed PDF by its signatures too."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from io import BytesIO
from typing import Any

from docgen.identity import text_sha256
from docgen.readback.model import Find, Issued, Medium, RefusedError, Remark, Returned, Signature, TextState
from docgen.readback.signatures import can_be_signed, only_signed_since, signatures

_MOST_PAGES, _MOST_PIXELS = 3, 40_000_000
_POINTS, _DOTS = 72, 200  # an inch
_DIGITS = 16


def read_paper(data: bytes, find: Find, roots: Sequence[bytes], *, pdf: bool) -> Returned:
    """Read a scan (PDF, PNG or JPEG) or a signed PDF. Raises ``RefusedError``."""
    document_id, version, digits = _code(_pages(data) if pdf else _picture(data))
    issues = find(document_id, version)
    if not issues:
        raise RefusedError("unknown_document", document=document_id, version=version)
    issue = next((one for one in issues if text_sha256(one.word).startswith(digits)), None)
    if issue is None:
        raise RefusedError("code_differs", document=document_id, version=version, code=digits)
    signed = signatures(data, roots) if pdf else ()
    scanned = (TextState.UNREAD, (Remark("scan_only"),))
    text, remarks = _issue_signed(data, issue, signed) if signed else scanned
    return Returned(
        Medium.SIGNED_PDF if signed else Medium.SCAN,
        document_id,
        version,
        text,
        signatures=signed,
        remarks=remarks,
        text_sha256=text_sha256(issue.word),
    )


def _issue_signed(
    data: bytes, issue: Issued, signed: tuple[Signature, ...]
) -> tuple[TextState, tuple[Remark, ...]]:
    """Tell whether what was signed is the issued PDF: it must be the beginning of the signed file."""
    remarks = [
        Remark(f"signature_not_{name}", {"signer": one.signer}) for one in signed for name in _lacks(one)
    ]
    if not issue.pdf:
        return TextState.UNREAD, (*remarks, Remark("no_issued_pdf"))
    if not data.startswith(issue.pdf):
        return TextState.ALTERED, (*remarks, Remark("pdf_differs"))
    if not can_be_signed(issue.pdf):
        return TextState.UNREAD, (*remarks, Remark("pdf_without_place"))
    if not only_signed_since(data, issue.pdf):
        return TextState.ALTERED, (*remarks, Remark("pdf_extended"))
    return TextState.ISSUED, tuple(remarks)


def _lacks(signature: Signature) -> list[str]:
    """Name what a signature lacks; who signed and what came after means nothing when it is not intact."""
    if not signature.intact:
        return ["intact"]
    return [name for name, there in (("trusted", signature.trusted), ("whole", signature.whole)) if not there]


def _code(pages: Iterator[Any]) -> tuple[str, str, str]:
    """Return document, version and digits of the first code of ours on the pages."""
    try:
        import zxingcpp  # noqa: PLC0415  # an optional extra
    except ImportError as error:
        raise RefusedError("package_missing", package="zxing-cpp", extra="scan") from error
    for page in pages:
        for code in zxingcpp.read_barcodes(
            page, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
        ):
            document_id, version, digits = ["", "", *str(code.text).rsplit(";", 2)][-3:]
            if document_id and version and len(digits) == _DIGITS and set(digits) <= set("0123456789abcdef"):
                return document_id, version, digits
    raise RefusedError("no_code", pages=_MOST_PAGES)


def _pages(data: bytes) -> Iterator[Any]:
    """Yield the first pages of a PDF as pictures."""
    try:
        import pypdfium2  # noqa: PLC0415  # an optional extra
    except ImportError as error:
        raise RefusedError("package_missing", package="pypdfium2", extra="scan") from error
    try:
        with closing(pypdfium2.PdfDocument(data)) as opened:
            document: Any = opened
            for number in range(min(len(document), _MOST_PAGES)):
                page: Any = document[number]
                width, height = page.get_size()
                finest = (_MOST_PIXELS / max(width * height, 1)) ** 0.5
                yield page.render(scale=min(_DOTS / _POINTS, finest), grayscale=True).to_pil()
    except pypdfium2.PdfiumError as error:
        raise RefusedError("broken_pdf") from error


def _picture(data: bytes) -> Iterator[Any]:
    try:
        from PIL import Image, UnidentifiedImageError  # noqa: PLC0415  # an optional extra
    except ImportError as error:
        raise RefusedError("package_missing", package="pillow", extra="scan") from error
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise RefusedError("too_many_pixels", most=_MOST_PIXELS // 1_000_000)
            yield picture.convert("L")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise RefusedError("broken_picture") from error
