"""What is wrong with a company's template, in words that a person can act on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from svc_plugin.domain.errors import TerminalError
from svc_plugin.domain.texts import Texts


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands as Word's user sees it; every number counts from 1.

    ``part`` is ``body``, ``header``, ``footer`` or ``footnotes``; ``paragraph`` counts all of them, those in
    tables too. ``cell`` is a table with row and column.
    """

    part: str
    paragraph: int
    cell: tuple[int, int, int] | None = None

    def told(self, texts: Texts) -> str:
        """Return the place in words."""
        part = texts.say(f"template.part.{self.part}")
        if self.cell is None:
            return texts.say("template.place", part=part, paragraph=self.paragraph)
        table, row, column = self.cell
        return texts.say("template.place.cell", part=part, table=table, row=row, column=column)


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: its sentence is ``template.<key>`` in the catalogues.

    ``place`` tells where it is, the name of a part of the file if nothing better is known, ``""`` for the
    file as a whole. ``values`` fill the sentence.
    """

    key: str
    place: Place | str = ""
    values: Mapping[str, str] = field(default_factory=dict[str, str])

    def told(self, texts: Texts) -> str:
        """Return place, mistake and remedy as one sentence."""
        words = texts.say(f"template.{self.key}", **self.values)
        place = self.place if isinstance(self.place, str) else self.place.told(texts)
        return texts.say("template.at", place=place, words=words) if place else words


class RefusedTemplateError(TerminalError):
    """A template that is not used; ``faults`` are all its mistakes."""

    def __init__(self, name: str, faults: Sequence[Fault], texts: Texts) -> None:
        told = "\n".join(fault.told(texts) for fault in faults)
        super().__init__(texts.say("template.refused", name=name, faults=told))
        self.faults = tuple(faults)
