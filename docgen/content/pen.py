"""How facts become words of one language, and which figures were written down where."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from string import Formatter

from docgen.model import Align, Block, Column, Paragraph, Prose, Reference, Row, Tone, Traced, table_of
from svc_plugin.domain.figures.model import Figure
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import Field, Stage

NOTHING = "—"


class Form(Enum):
    """How a figure is written."""

    COUNT = "{:.0f}"
    SHARE = "{:.1%}"
    DECIMAL = "{:.1f}"
    MONEY = "{:,.2f}"


class Pen:
    """Writes one document in one language and keeps a list of every figure it wrote.

    ``sites`` are the sites whose issues the document speaks of: with one only, an issue's name is enough.
    ``labels`` are those names of issues that are not their keys.
    """

    def __init__(
        self,
        texts: Texts,
        registers: Registers,
        sites: frozenset[str],
        labels: Mapping[IssueRef, str] | None = None,
    ) -> None:
        self.texts = texts
        self.registers = registers
        self.traced: list[Traced] = []
        self.tables: dict[str, tuple[str, ...]] = {}
        self._sites = sites
        self._labels = labels or {}
        self._place = ""

    def say(self, key: str, /, **facts: object) -> str:
        """Return the document sentence for ``key``, without its prefix ``doc.``."""
        return self.texts.say(f"doc.{key}", **facts)

    def heading(self, key: str) -> str:
        """Return a heading; the figures written from here on stand under it."""
        self._place = self.say(f"heading.{key}")
        return self._place

    def figure(self, label: str, figure: Figure, form: Form = Form.COUNT) -> str:
        """Write a figure and note it for the annex; a dash when there was nothing to measure."""
        if figure.value is None:
            return NOTHING
        text = form.value.format(figure.value)
        if figure.refs:
            self.traced.append(Traced(self._place, label, text, figure.refs))
        return text

    def number(self, ref: IssueRef | None) -> str:
        """Write an issue's number."""
        if ref is None:
            return NOTHING
        return self.called(ref) if len(self._sites) == 1 else f"{ref.site}/{self.called(ref)}"

    def called(self, ref: IssueRef) -> str:
        """Return what people on its site call an issue."""
        return self._labels.get(ref, ref.key)

    def choice(self, name: Field, value: str) -> str:
        """Write one choice of a field."""
        return self.texts.choice(name, value) if value else NOTHING

    def named(self, text: str) -> str:
        """Write a name under which things are counted; what has none is counted as not filled in."""
        return text or self.say("unnamed")

    def stage(self, stage: Stage | None, status: str = "") -> str:
        """Write a stage, or the site's own word for it when it is not mapped."""
        return self.texts.stage(stage) if stage else status or NOTHING

    def moment(self, at: datetime | None) -> str:
        """Write a moment in the company's zone, the time below the day."""
        return self.texts.moment(at, self.registers.calendar.zone).replace(" ", "\n") if at else NOTHING

    def day(self, at: datetime | None) -> str:
        """Write the day of a moment in the company's zone."""
        return self.texts.moment(at, self.registers.calendar.zone)[:10] if at else NOTHING

    def columns(self, *given: tuple[str, float] | tuple[str, float, Align]) -> tuple[Column, ...]:
        """Return columns by the keys of their titles, each with its relative width."""
        return tuple(
            Column(self.say(f"column.{key}"), width, align[0] if align else Align.LEFT, key.replace(".", "_"))
            for key, width, *align in given
        )

    def name(self, caption: str, columns: Iterable[Column]) -> str:
        """Return what a company's template calls the table with this caption; noted even without rows."""
        name = caption.removeprefix("caption.").replace(".", "_")
        self.tables[name] = tuple(column.key for column in columns)
        return name

    def table(
        self,
        caption: str,
        columns: tuple[Column, ...],
        rows: Sequence[Row],
        *,
        total: Row | None = None,
        ruled: bool = False,
    ) -> Block:
        """Return a table of these rows, or the marker that there are none."""
        name = self.name(caption, columns)
        if not rows:
            return self.empty()
        words = self.say(caption)
        description = self.describe(words, columns, len(rows))
        return table_of(words, description, columns, tuple(rows), total=total, ruled=ruled, name=name)

    def describe(self, caption: str, columns: Iterable[Column], rows: int) -> str:
        """Say what a table shows, for people who cannot see it."""
        titles = self.texts.listed([column.title.replace("\n", " ") for column in columns])
        return self.say("table.description", caption=caption, columns=titles, rows=rows)

    def empty(self) -> Paragraph:
        """Return the marker of a section that has nothing to say."""
        return Paragraph(self.say("empty"), Tone.EMPTY)

    def body(self, key: str, /, **facts: object) -> Paragraph:
        """Return a paragraph of running text."""
        return Paragraph(self.say(key, **facts))

    def prose(self, key: str, /, **named: Reference) -> Prose:
        """Return a paragraph in which the places of a sentence are numbers of tables and charts."""
        parsed = Formatter().parse(self.texts.entries[f"doc.{key}"])
        parts = ((words, named[name] if name else "") for words, name, *_ in parsed)
        return Prose(tuple(part for pair in parts for part in pair if part))

    def note(self, key: str, /, **facts: object) -> Paragraph:
        """Return a remark in small print."""
        return Paragraph(self.say(key, **facts), Tone.NOTE)

    def item(self, key: str, /, **facts: object) -> Paragraph:
        """Return one entry of a list."""
        return Paragraph(self.say(key, **facts), Tone.ITEM)


def or_nothing(text: str) -> str:
    """Return text, or a dash when there is none."""
    return text or NOTHING
