"""Our own Word template: the parts in ``docgen/templates/base``, opened with python-docx."""

import hashlib
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import docx
from docx.document import Document as WordDocument


def open_template() -> WordDocument:
    """Return a new, empty Word document with our styles, lists and settings."""
    return docx.Document(BytesIO(_zipped()))


@cache
def style_ids() -> Mapping[str, str]:
    """Return the id of each style by its name: names are the same in every Word, ids are not."""
    return {style.name: style.style_id for style in open_template().styles if style.name}


@cache
def template_identity() -> str:
    """Name the template and the mark over its parts, for the register of documents (M65)."""
    return f"base {hashlib.sha256(_zipped()).hexdigest()[:16]}"


@cache
def _zipped() -> bytes:
    folder = Path(__file__).parents[1] / "templates" / "base"
    with ZipFile(target := BytesIO(), "w") as package:
        for path in sorted(filter(Path.is_file, folder.rglob("*"))):
            # what packs Python leaves out names that start with a dot
            name = path.relative_to(folder).as_posix().replace("root.rels", ".rels")
            package.writestr(ZipInfo(name), path.read_bytes())
    return target.getvalue()
