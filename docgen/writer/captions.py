"""Captions and what refers to them: each key's number is known before the first word is written."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from docgen.model import Chart, Document, Reference, Table, Wording
from docgen.writer.headings import Heading


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference leads to: the field's instruction, and the text it shows now."""

    bookmark: str
    instruction: str
    text: str


def label_of(block: Table | Chart, wording: Wording) -> str:
    """Return the word before a caption's number. Raises ``ValueError`` for a chart where it is missing."""
    label = wording.table if isinstance(block, Table) else wording.figure
    if not label:
        raise ValueError(f"chart {block.caption!r} needs the word for figures: give Wording.figure")
    return label


def targets(document: Document, listed: Iterable[Heading]) -> Mapping[str, Target]:
    """Return where each key of the document leads. Raises ``ValueError`` for a key used twice."""
    found: dict[str, Target] = {}
    counts: Counter[str] = Counter()
    for heading in listed:
        if heading.section.key:
            shown = heading.number.rstrip(".") or heading.section.heading
            switch = " \\r" if heading.number else ""
            _add(found, heading.section.key, Target(heading.bookmark, f"{heading.bookmark}{switch}", shown))
        for block in heading.section.blocks:
            if isinstance(block, Table | Chart) and block.caption:
                label = label_of(block, document.wording)
                counts[label] += 1
                if block.key:
                    name = f"_Ref{len(found) + 1:06}"
                    _add(found, block.key, Target(name, name, f"{label} {counts[label]}"))
    return found


def target_of(reference: Reference, found: Mapping[str, Target]) -> Target:
    """Return where a reference leads. Raises ``ValueError`` for a key that nothing has."""
    if reference.key not in found:
        known = ", ".join(sorted(found)) or "none"
        raise ValueError(f"a reference to {reference.key!r} leads nowhere; known keys are {known}")
    return found[reference.key]


def _add(found: dict[str, Target], key: str, target: Target) -> None:
    if key in found:
        raise ValueError(f"key {key!r} is used twice in this document")
    found[key] = target
