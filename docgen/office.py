"""PDF and page numbers through LibreOffice, where it is installed; everything else works without it.

Each conversion starts the program once, in a profile of its own, without network where the system can take
it away, and within a time limit. Profiles are kept: the second start is twice as fast.
"""

import fcntl
import os
import shutil
import signal
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

from docgen.model import Document
from docgen.words import squeezed
from docgen.writer import write
from docgen.writer.headings import headings
from svc_plugin.domain.errors import TerminalError
from svc_plugin.domain.texts import Texts

_PROGRAMS = ("soffice", "libreoffice")
_PDF = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'


class OfficeError(TerminalError):
    """LibreOffice is missing, too slow, or did not do it; ``said`` tells a person what to do."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(f"no PDF was made ({key}): {facts}" if facts else f"no PDF was made ({key})")
        self.key, self.facts = key, facts

    def said(self, texts: Texts) -> str:
        """Return the sentence."""
        return texts.say(f"office.{self.key}", **self.facts)


@dataclass(frozen=True, slots=True)
class Office:
    """LibreOffice on this machine. ``profiles`` is where its settings are, ``seconds`` its time limit."""

    program: str
    profiles: Path
    seconds: float = 120

    def pdf(self, word: bytes) -> bytes:
        """Return a Word file as PDF. Raises ``OfficeError`` when it takes too long or fails."""
        with _own_profile(self.profiles) as profile, TemporaryDirectory() as folder:
            source = Path(folder, "document.docx")
            source.write_bytes(word)
            command = [
                *_without_network(), self.program, "--headless", "--norestore", "--nolockcheck",
                f"-env:UserInstallation={profile.resolve().as_uri()}",
                "--convert-to", _PDF, "--outdir", folder, str(source),
            ]  # fmt: skip
            said = _run(command, self.seconds)
            made = source.with_suffix(".pdf")
            if not made.is_file():
                raise OfficeError("failed", said=said.strip()[-200:])
            return made.read_bytes()


def find_office(profiles: Path | None = None, *, seconds: float = 120) -> Office:
    """Return the office suite of this machine. Raises ``OfficeError`` when there is none.

    ``profiles`` is a folder of our own for its settings; without it, one for this user among the system's
    temporary files. ``seconds`` is the time limit of one conversion.
    """
    program = next((path for name in _PROGRAMS if (path := shutil.which(name))), None)
    if program is None:
        raise OfficeError("missing")
    return Office(program, profiles or Path(gettempdir(), f"svc-plugin-office-{os.getuid()}"), seconds)


def write_with_pages(document: Document, office: Office) -> tuple[bytes, bytes]:
    """Return the Word file with page numbers in its table of contents, and the PDF made of it.

    The pages are those of LibreOffice; another program may break a line elsewhere. Raises ``OfficeError``.
    """
    pages = heading_pages(document, office.pdf(write(document)))
    word = write(document, pages)
    return word, office.pdf(word)


def heading_pages(document: Document, pdf: bytes) -> Mapping[str, int]:
    """Return the page of each heading's bookmark, read from the outline of a PDF of the document.

    A heading that the outline names otherwise has no page. Raises ``OfficeError`` when the package that
    reads PDF is missing.
    """
    try:
        import pypdfium2  # noqa: PLC0415  # an optional extra
    except ImportError as error:
        raise OfficeError("no_reader") from error
    made: Any = pypdfium2.PdfDocument(pdf)
    try:
        outline: list[Any] = list(made.get_toc())
        places = [(squeezed(entry.get_title()), entry.get_dest().get_index() + 1) for entry in outline]
    finally:
        made.close()
    return {
        heading.bookmark: page
        for heading, (title, page) in zip(headings(document.sections), places, strict=False)
        if title.endswith(squeezed(heading.section.heading))
    }


@contextmanager
def _own_profile(folder: Path) -> Generator[Path]:
    """Yield the first profile that nobody uses: two programs in one would refuse to start."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise OfficeError("not_ours", folder=folder)
    for number in count(1):
        with Path(folder, f"{number}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield folder / str(number)
            return


def _run(command: list[str], seconds: float) -> str:
    """Run a command and all it starts, and return what it said."""
    with subprocess.Popen(  # noqa: S603  # the program is found on our own path, the file is ours
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            raise OfficeError("too_slow", seconds=f"{seconds:g}") from error
    return said


@cache
def _without_network() -> tuple[str, ...]:
    """Return the command that takes the network away, nothing where the system does not let us."""
    program = shutil.which("unshare")
    if program is None:
        return ()
    command = (program, "--map-current-user", "--net")
    tried = subprocess.run([*command, "true"], capture_output=True, check=False)  # noqa: S603  # a fixed command
    return command if tried.returncode == 0 else ()
