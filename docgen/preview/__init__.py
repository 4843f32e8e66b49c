"""Show a document in a browser before it is written: the same model as HTML, without script."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import islice

from docgen.model import Approval, Blank, Block, Chart, Document, Form, Paragraph, Prose, Reference, Table
from docgen.preview.look import STYLE
from docgen.writer.captions import Target, label_of, target_of, targets
from docgen.writer.headings import Heading, headings
from docgen.writer.text import clean
from docgen.writer.workbook import number_text
from svc_plugin.domain.texts import Texts

ROWS_SHOWN = 200
_ALLOWED = "default-src 'none'; style-src 'unsafe-inline'"


def preview(document: Document, texts: Texts) -> Iterator[str]:
    """Yield the document as one HTML page, in pieces; ``texts`` are in the reader's language.

    Long tables show their first 200 rows and how many more the file has. Raises ``ValueError`` when a
    reference leads nowhere.
    """
    listed = tuple(headings(document.sections))
    language = "zh-CN" if document.language == "zh" else "en"
    yield (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_ALLOWED}">'
        f"<title>{_text(document.title)}</title><style>{STYLE}</style></head><body><header>"
        f"<p>{_text(document.product)}</p><p class=title>{_text(document.title)}</p>"
        f"<p>{_text(document.subtitle)}</p><p>{_text(document.period)}</p></header>"
    )
    yield _form(document.cover)
    pen = _Pen(document, texts, targets(document, listed))
    yield f"<h2>{_text(document.wording.revisions)}</h2>"
    yield from pen.table(document.revisions)
    yield f"<nav><h2>{_text(document.wording.contents)}</h2>{_contents(listed)}</nav>"
    for heading in listed:
        yield _heading(heading)
        for block in heading.section.blocks:
            yield from pen.block(block)
    yield "</body></html>"


class _Pen:
    """Writes the blocks of one document, counting its captions."""

    def __init__(self, document: Document, texts: Texts, found: Mapping[str, Target]) -> None:
        self._document, self._texts, self._targets = document, texts, found
        self._captions: dict[str, int] = {}

    def block(self, block: Block) -> Iterator[str]:
        """Yield one block."""
        match block:
            case Paragraph(text, tone):
                yield f"<p class={tone}>{_text(text)}</p>"
            case Prose(parts, tone):
                yield f"<p class={tone}>{''.join(map(self._part, parts))}</p>"
            case Table():
                yield from self.table(block)
            case Chart():
                yield from self._chart(block)
            case Form():
                yield _form(block)
            case Approval(form):
                yield _form(form)
            case Blank(_, label, prompt):
                yield f"<p class=blank aria-label={_quoted(label)}>{_text(prompt)}</p>"

    def table(self, table: Table) -> Iterator[str]:
        """Yield a table with its caption: the rows of all groups together, 200 at most."""
        if table.caption:
            yield f"<p class=caption>{self._caption(table)}</p>"
        left, more = ROWS_SHOWN, 0
        heads = _cells((column.title for column in table.columns), "th")
        for group in table.groups():
            rows = iter(group.rows)
            shown = list(islice(rows, left))
            left -= len(shown)
            more += sum(1 for _ in rows)
            if group.title and (shown or not more):
                yield f"<p class=group>{_text(group.title)}</p>"
            if shown or (not more and not table.caption):
                name = f"aria-label={_quoted(table.description)}"
                yield f"<div class=wide role=group tabindex=0 {name}>"
                yield f"<table {name}><thead>{heads}</thead><tbody>"
                yield "".join(_cells(row) for row in shown)
                yield _total(group.total, len(table.columns)) if group.total and not more else ""
                yield "</tbody></table></div>"
        if more:
            yield f"<p class=more>{_text(self._texts.say('preview.more', count=more))}</p>"

    def _chart(self, chart: Chart) -> Iterator[str]:
        """Yield a chart as the table of its numbers: no picture, no script."""
        heads = _cells(("", *(one.name for one in chart.series)), "th")
        yield f"<table class=chart><thead>{heads}</thead><tbody>"
        for place, category in enumerate(chart.categories):
            values = (one.values[place] for one in chart.series)
            yield _cells((category, *("" if value is None else number_text(value) for value in values)))
        yield f"</tbody></table><p class=caption>{self._caption(chart)}</p>"

    def _caption(self, block: Table | Chart) -> str:
        label = label_of(block, self._document.wording)
        self._captions[label] = number = self._captions.get(label, 0) + 1
        name = f" id={_quoted(self._targets[block.key].bookmark)}" if block.key else ""
        return f"<span{name}>{_text(label)} {number}</span>  {_text(block.caption)}"

    def _part(self, part: str | Reference) -> str:
        if isinstance(part, str):
            return _text(part)
        target = target_of(part, self._targets)
        return f"<a href={_quoted(f'#{target.bookmark}')}>{_text(target.text)}</a>"


def _contents(listed: Iterable[Heading]) -> str:
    links = (
        (heading.section.level, f"<a href={_quoted(f'#{heading.bookmark}')}>{_text(heading.line)}</a>")
        for heading in listed
    )
    return "".join(f"<p class=toc{level}>{link}</p>" for level, link in links)


def _heading(heading: Heading) -> str:
    level = min(heading.section.level + 1, 6)
    return f"<h{level} id={_quoted(heading.bookmark)}>{_text(heading.line)}</h{level}>"


def _form(form: Form) -> str:
    rows = "".join(f"<tr><th>{_text(row.label)}</th><td>{_text(row.value)}</td></tr>" for row in form.rows)
    return f"<table class=form aria-label={_quoted(form.description)}><tbody>{rows}</tbody></table>"


def _cells(texts: Iterable[str], tag: str = "td") -> str:
    return f"<tr>{''.join(f'<{tag}>{_text(text)}</{tag}>' for text in texts)}</tr>"


def _total(total: tuple[str, ...], columns: int) -> str:
    if len(total) == 1:
        return f"<tr class=total><td colspan={columns}>{_text(total[0])}</td></tr>"
    return _cells(total).replace("<tr>", "<tr class=total>", 1)


def _text(text: str) -> str:
    return escape(clean(text)).replace("\n", "<br>")


def _quoted(text: str) -> str:
    return f'"{escape(clean(text))}"'
