"""Our own Word template: the parts in ``docgen/templates/base``, opened with python-docx."""

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
def _zipped() -> bytes:
    folder = Path(__file__).parents[1] / "templates" / "base"
    with ZipFile(target := BytesIO(), "w") as package:
        for path in sorted(filter(Path.is_file, folder.rglob("*"))):
            # what packs Python leaves out names that start with a dot
            name = path.relative_to(folder).as_posix().replace("root.rels", ".rels")
            package.writestr(ZipInfo(name), path.read_bytes())
    return target.getvalue()
