"""Digital signatures of a PDF, checked without any network: intact, trusted, whole, by whom."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docgen.readback.model import RefusedError, Signature

FIELD = "Approval"
# what readers of broken files run into
_MALFORMED = (
    ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, RecursionError,
    TypeError, ValueError,
)  # fmt: skip
_FORM_KEYS = frozenset({"/Fields", "/DR", "/DA", "/Q", "/NeedAppearances", "/SigFlags"})
_FOOT = (71, 22, 240, 62)  # points: left of the page number


def signatures(data: bytes, roots: Sequence[bytes]) -> tuple[Signature, ...]:
    """Return the signatures of a PDF, none for one that has none.

    Raises ``RefusedError`` when it is broken, or signed and the package to check it is missing.
    """
    if b"/ByteRange" not in data:
        return ()
    try:
        from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415  # an optional extra
        from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
        from pyhanko.sign.general import SigningError  # noqa: PLC0415
    except ImportError as error:
        raise RefusedError("package_missing", package="pyhanko", extra="sign") from error
    try:
        reader: Any = PdfFileReader(BytesIO(data))
        return tuple(_checked(one, roots) for one in reader.embedded_signatures)
    except (PdfError, SigningError, *_MALFORMED) as error:
        raise RefusedError("broken_pdf") from error


def with_place_to_sign(pdf: bytes) -> bytes:
    """Return a PDF to issue, with an empty signature field at the foot of its last page.

    Only from such a PDF can it be proven that nothing but a signature was added. Raises ``RefusedError``
    when the package for signatures is missing.
    """
    try:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
        from pyhanko.sign.fields import SigFieldSpec, append_signature_field  # noqa: PLC0415
    except ImportError as error:
        raise RefusedError("package_missing", package="pyhanko", extra="sign") from error
    writer: Any = IncrementalPdfFileWriter(BytesIO(pdf))
    append_signature_field(writer, SigFieldSpec(FIELD, on_page=-1, box=_FOOT))
    writer.write(target := BytesIO())
    return target.getvalue()


def can_be_signed(pdf: bytes) -> bool:
    """Tell whether an issued PDF has a place to sign."""
    return b"/AcroForm" in pdf


def only_signed_since(data: bytes, issued: bytes) -> bool:
    """Tell whether a PDF that begins with the issued one adds nothing but signatures and filled fields."""
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415  # an optional extra
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign import diff_analysis as diff  # noqa: PLC0415

    usual: Any = diff.DEFAULT_DIFF_POLICY
    # the first signature sets a flag of the form, which the usual policy only allows before it
    form = diff.FormUpdatingRule(usual.form_rule.field_rules, ignored_acroform_keys=_FORM_KEYS)
    policy = diff.StandardDiffPolicy(usual.global_rules, form)
    try:
        reader: Any = PdfFileReader(BytesIO(data))
        before: Any = PdfFileReader(BytesIO(issued))
        found: Any = policy.review_file(reader, before.xrefs.total_revisions - 1)
    except (PdfError, *_MALFORMED):
        return False
    return isinstance(found, diff.DiffResult)


def _checked(embedded: Any, roots: Sequence[bytes]) -> Signature:
    import asn1crypto.pem  # noqa: PLC0415  # comes with pyHanko
    import asn1crypto.x509  # noqa: PLC0415
    from pyhanko.sign.diff_analysis import ModificationLevel  # noqa: PLC0415
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    pem: Any = asn1crypto.pem
    certificate: Any = asn1crypto.x509.Certificate
    known: list[Any] = [certificate.load(pem.unarmor(one)[2] if pem.detect(one) else one) for one in roots]
    status: Any = validate_pdf_signature(embedded, ValidationContext(trust_roots=known, allow_fetching=False))
    whole = status.modification_level is not None and status.modification_level != ModificationLevel.OTHER
    return Signature(
        signer=str(status.signing_cert.subject.human_friendly),
        intact=bool(status.intact and status.valid),
        trusted=bool(status.trusted),
        whole=bool(whole),
        signed_at=status.signer_reported_dt,
    )
