"""What a returned copy says, and what is to be said about it: facts only, a person decides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from svc_plugin.domain.errors import TerminalError
from svc_plugin.domain.texts import Texts


class Medium(StrEnum):
    """How a copy came back."""

    WORD = "word"
    SCAN = "scan"
    SIGNED_PDF = "signed_pdf"


class TextState(StrEnum):
    """How the text of a copy stands to the issued one; ``UNREAD`` when a picture shows no text to compare."""

    ISSUED = "issued"
    RESAVED = "resaved"
    ALTERED = "altered"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about a copy, by its key in the catalogue and the facts in it."""

    key: str
    facts: Mapping[str, object] = field(default_factory=dict[str, object])

    def said(self, texts: Texts) -> str:
        """Return the sentence."""
        facts = {
            name: one.said(texts) if isinstance(one, Remark) else one for name, one in self.facts.items()
        }
        return texts.say(f"readback.{self.key}", **facts)


class RefusedError(TerminalError):
    """A copy that is not read: ``remark`` says why and what to do."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(
            f"the copy was not read ({key}): {facts}" if facts else f"the copy was not read ({key})"
        )
        self.remark = Remark(key, facts)


@dataclass(frozen=True, slots=True)
class Issued:
    """One issue as it was handed out: the Word file, and the PDF made of it where there is one."""

    word: bytes
    pdf: bytes = b""


# returns the issues of a document and version: one a language
Find: TypeAlias = Callable[[str, str], Sequence[Issued]]


@dataclass(frozen=True, slots=True)
class Signature:
    """A digital signature: ``intact`` if what it covers is unchanged, ``trusted`` if its root is known.

    ``whole`` if nothing was added to the file after it but what signing needs. ``signed_at`` is what the
    signer's own clock said.
    """

    signer: str
    intact: bool
    trusted: bool
    whole: bool
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What the approval block of a copy says; empty where nothing was filled in or nothing can be read.

    ``decision`` is a stable value (``agree``), ``signed`` tells whether anything stands in the place for
    the signature.
    """

    decision: str = ""
    opinion: str = ""
    signatory: str = ""
    title: str = ""
    signed: bool = False
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """A copy, read. Nothing is approved by it: it fills a form that a person confirms.

    ``differences`` name the places where its text is not the issued one; ``text_sha256`` is the mark over
    the words of the issue that it was held against, which tells its language.
    """

    medium: Medium
    document_id: str
    version: str
    text: TextState
    answers: Answers = Answers()
    signatures: tuple[Signature, ...] = ()
    differences: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    text_sha256: str = ""
