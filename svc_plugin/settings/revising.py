"""Changes entries of a YAML list in place: what is not touched keeps every byte, comments included."""

import io
from collections.abc import Iterable
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.emitter import Emitter
from ruamel.yaml.error import YAMLError

from svc_plugin.settings.reading import parse


class HandmadeError(Exception):
    """The list is not written as one entry after each ``- ``; ``index`` is the entry, None for all."""

    def __init__(self, index: int | None) -> None:
        super().__init__(f"entry {index} cannot be changed by machine")
        self.index = index


def flow_mapping() -> Any:
    """Return an empty mapping that is written on one line, in braces."""
    mapping: Any = CommentedMap()
    mapping.fa.set_flow_style()
    return mapping


def flow_list(items: Iterable[object]) -> Any:
    """Return a list that is written on one line, in brackets."""
    listed: Any = CommentedSeq(items)
    listed.fa.set_flow_style()
    return listed


class Entries:
    """The entries of a file whose top level is a list of mappings.

    ``plain`` is what the file says. ``entry`` gives one entry to change, ``add`` a new one at the end, and
    ``text`` the file with these changes. Raises ``HandmadeError`` for a file it cannot divide into entries.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self.plain: Any = parse(text) or []
        self._head, self._chunks = _divided(text, self.plain)
        self._changed: dict[int, Any] = {}
        self._roomy = "{ " in text

    def entry(self, index: int) -> Any:
        """Return one entry to be changed. Raises ``HandmadeError`` when it refers to other entries."""
        if index not in self._changed:
            chunk = self._chunks[index]
            try:
                self._changed[index] = _yaml().load(chunk.alone())
            except YAMLError as error:
                raise HandmadeError(index) from error
        return self._changed[index]

    def add(self) -> tuple[int, Any]:
        """Add an empty entry at the end, written like the last one; return its index and itself."""
        last = self.plain[-1] if self.plain else None
        entry = flow_mapping() if last is not None and last.fa.flow_style() else CommentedMap()
        self._chunks.append(_Chunk("- ", "", ""))
        index = len(self._chunks) - 1
        self._changed[index] = entry
        return index, entry

    def text(self) -> str:
        """Return the whole file; only entries that differ from what it said are written anew."""
        if not self._changed:
            return self._text
        out = [self._head]
        for index, chunk in enumerate(self._chunks):
            entry = self._changed.get(index)
            if entry is None or (index < len(self.plain) and entry == self.plain[index]):
                out.append(chunk.body)
            else:
                out.append(chunk.written(_dump(entry, roomy=self._roomy)))
            out.append(chunk.tail)
        return "".join(part if part.endswith("\n") or not part else f"{part}\n" for part in out)


class _Chunk:
    """One entry as text: what stands before its first key (``- ``), its lines, the comments after it."""

    def __init__(self, lead: str, body: str, tail: str) -> None:
        self.lead, self.body, self.tail = lead, body, tail

    def alone(self) -> str:
        """Return the body as a document of its own."""
        width = len(self.lead)
        first, *rest = self.body.splitlines(keepends=True)
        return first[width:] + "".join(line[width:] if not line[:width].strip() else line for line in rest)

    def written(self, document: str) -> str:
        """Return a document as the body of this entry."""
        pad = " " * len(self.lead)
        lines = document.splitlines(keepends=True)
        return self.lead + "".join(
            pad + line if number and line.strip() else line for number, line in enumerate(lines)
        )


def _divided(text: str, plain: Any) -> tuple[str, list[_Chunk]]:
    lines = text.splitlines(keepends=True)
    if not plain:
        return "".join(line for line in lines if line.strip() != "[]"), []
    if plain.fa.flow_style():
        raise HandmadeError(None)
    marks = plain.lc
    places: list[tuple[int, int]] = [marks.item(index) for index in range(len(plain))]
    chunks: list[_Chunk] = []
    for index, (line, column) in enumerate(places):
        lead = lines[line][:column]
        if lead.strip() != "-":
            raise HandmadeError(index)
        end = places[index + 1][0] if index + 1 < len(places) else len(lines)
        last = end
        while last > line + 1 and _is_comment(lines[last - 1]):
            last -= 1
        chunks.append(_Chunk(lead, "".join(lines[line:last]), "".join(lines[last:end])))
    return "".join(lines[: places[0][0]]), chunks


def _is_comment(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _dump(entry: Any, *, roomy: bool) -> str:
    yaml = _yaml()
    yaml.Emitter = _RoomyEmitter if roomy else Emitter
    out = io.StringIO()
    yaml.dump(entry, out)
    return out.getvalue()


def _yaml() -> Any:  # the library's own types are incomplete
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 1 << 16  # never break a line that was one
    yaml.preserve_quotes = True
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    return yaml


class _RoomyEmitter(Emitter):
    """Writes ``{ a: 1 }`` where the library knows only ``{a: 1}``."""

    def write_indicator(self, indicator: str, *places: Any, **more: Any) -> None:
        if indicator.endswith("{"):
            indicator += " "
        elif indicator == "}":
            indicator = " }"
        library: Any = super()
        library.write_indicator(indicator, *places, **more)
