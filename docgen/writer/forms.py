"""Forms: labels beside values, with room to write on paper or on screen."""

from collections.abc import Iterator, Mapping

from docx.document import Document as WordDocument
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.shared import Twips
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from docgen.model import Form, FormRow
from docgen.words import Element
from docgen.writer.elements import add_field, add_text, control, element, element_of, set_style

_LINE = 360  # twips of one line of text with its cell margins
_LABEL_WIDTH = 2640
_ROOM = "\u3000" * 6  # an empty control is a few points wide and nobody finds it


def add_form(
    word: WordDocument,
    form: Form,
    width: int,
    numbers: Iterator[int],
    properties: Mapping[str, str],
    styles: Mapping[str, str],
) -> None:
    """Append a form ``width`` twips wide; ``numbers`` gives each place to fill in its own number.

    ``properties`` are those of the file that a row may show, ``styles`` gives the id of a style by its name.

    It stays on one page: nobody signs half a form.
    """
    table = word.add_table(0, 2, "Form Table")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, share in zip(table.columns, (_LABEL_WIDTH, width - _LABEL_WIDTH), strict=True):
        column.width = Twips(share)
    element_of(table)[0].append(element("w:tblDescription", val=form.description))
    for content in form.rows:
        row = table.add_row()
        whole = element("w:trPr")
        whole.append(element("w:cantSplit"))
        element_of(row).insert(0, whole)
        if content.lines > 1:
            row.height_rule, row.height = WD_ROW_HEIGHT_RULE.AT_LEAST, Twips(content.lines * _LINE)
        label, value = (cell.paragraphs[0] for cell in row.cells)
        set_style(label, styles["Form Label"])
        set_style(value, styles["Form Value"])
        add_text(label, content.label)
        if content.tag:
            control(
                add_prompt(value, content.value), next(numbers), content.tag, content.label, _kind(content)
            )
        elif content.property:
            add_field(value, f"DOCPROPERTY {content.property}", properties.get(content.property, ""))
        else:
            add_text(value, content.value)
        if content is not form.rows[-1]:
            label.paragraph_format.keep_with_next = value.paragraph_format.keep_with_next = True


def _kind(row: FormRow) -> Element | None:
    """Return what makes a place a list to choose from, or a date to pick; nothing for free text."""
    if row.choices:
        kind = element("w:dropDownList")
        kind.extend(element("w:listItem", displayText=one.words, value=one.value) for one in row.choices)
        return kind
    if row.day:
        kind = element("w:date")
        about = {
            "dateFormat": "yyyy-MM-dd",
            "lid": "zh-CN",
            "storeMappedDataAs": "dateTime",
            "calendar": "gregorian",
        }
        kind.extend(element(f"w:{name}", val=value) for name, value in about.items())
        return kind
    return None


def add_prompt(paragraph: Paragraph, prompt: str) -> Run:
    """Append the grey text of a place that nobody has filled in yet."""
    return add_text(paragraph, prompt or _ROOM, "Placeholder Text")
