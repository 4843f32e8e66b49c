"""Where the text of a copy is not the issued one: each place named, with what stood there and what stands."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile, zip_longest

from docgen.readback.model import Remark
from docgen.words import Passage, squeezed

_NAMED_AT_MOST = 20
_COMPARED_AT_MOST = 500  # passages between the first and the last difference
_SHOWN, _BEFORE = 48, 24  # signs of a passage: in all, and before the first that differs


def differences(issued: Sequence[Passage], copy: Sequence[Passage]) -> tuple[Remark, ...]:
    """Return the places that differ, at most 20 of them and how many more there are."""
    found = list(_pairs(issued, copy))
    named = [_remark(old, new) for old, new in found[:_NAMED_AT_MOST]]
    if len(found) > _NAMED_AT_MOST:
        named.append(Remark("difference.more", {"count": len(found) - _NAMED_AT_MOST}))
    return tuple(named)


def _pairs(
    issued: Sequence[Passage], copy: Sequence[Passage]
) -> Iterator[tuple[Passage | None, Passage | None]]:
    """Yield what stood and what stands, ``None`` for nothing."""
    before, after = [squeezed(p.text) for p in issued], [squeezed(p.text) for p in copy]
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    issued, copy = issued[start : len(issued) - end], copy[start : len(copy) - end]
    before, after = before[start : len(before) - end], after[start : len(after) - end]
    if max(len(issued), len(copy)) > _COMPARED_AT_MOST:
        pairs = zip_longest(issued, copy)
        yield from (pair for pair in pairs if not _alike(*pair))
        return
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from zip_longest(issued[a:b], copy[c:d])


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Count how many things both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _alike(old: Passage | None, new: Passage | None) -> bool:
    return old is not None and new is not None and squeezed(old.text) == squeezed(new.text)


def _remark(old: Passage | None, new: Passage | None) -> Remark:
    if old is None or new is None:
        [(kind, there)] = [(k, p) for k, p in (("removed", old), ("added", new)) if p is not None]
        return Remark(f"difference.{kind}", {"place": _place(there), "text": there.text.strip()[:_SHOWN]})
    before, after = " ".join(old.text.split()), " ".join(new.text.split())
    start = max(_shared(before, after) - _BEFORE, 0)
    facts = {"before": before[start : start + _SHOWN], "after": after[start : start + _SHOWN]}
    return Remark("difference.changed", {"place": _place(old), **facts})


def _place(passage: Passage) -> Remark:
    if passage.row:
        return Remark("place.cell", {"table": passage.number, "row": passage.row, "column": passage.column})
    return Remark("place.paragraph", {"number": passage.number})
