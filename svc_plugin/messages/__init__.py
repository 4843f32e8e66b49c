"""Sentences for people in Chinese and English, as gettext catalogues keyed by name.

Babel reads the ``.po`` files as they are: translators' tools know the format, and no compile step is needed.
"""

from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po

from svc_plugin.domain.texts import Texts

LANGUAGES = ("zh", "en")


@cache
def load(language: str) -> Texts:
    """Read every catalogue of a language (``zh`` or ``en``). Raises ``KeyError`` for another one."""
    if language not in LANGUAGES:
        raise KeyError(f"language '{language}' is not one of {', '.join(LANGUAGES)}")
    entries: dict[str, str] = {}
    for source in sorted(files(__name__).joinpath(language).iterdir(), key=lambda s: s.name):
        if source.name.endswith(".po"):
            with source.open("rb") as catalogue:
                for message in read_po(catalogue, locale=language):
                    if isinstance(message.id, str) and message.id and isinstance(message.string, str):
                        entries[message.id] = message.string
    return Texts(language, entries)
