"""The preview: the same document in a browser, nothing of a stranger's text taken for markup."""

from dataclasses import replace
from html.parser import HTMLParser

from docgen.model import Column, Group, Paragraph, Section, Table
from docgen.preview import ROWS_SHOWN, preview
from docgen.writer.headings import headings
from svc_plugin.messages import load
from tests.documents.plan import a_plan
from tests.unit.docgen.test_checks import a_document, a_table

ZH = load("zh")
HOSTILE = "<script>alert(1)</script>\" onload='x' &amp; \x00\ud800"


class _Seen(HTMLParser):
    """Tags with their attributes, and the text, as a browser would take them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def _seen(document) -> _Seen:
    return _Seen("".join(preview(document, ZH)))


def test_everything_of_the_document_stands_in_the_preview():
    plan = a_plan()
    seen = _seen(plan)
    said = "".join(seen.text)
    assert all(heading.line in said for heading in headings(plan.sections))
    for words in ("各月要求见图 1，预算见表 1，在第 3 章。", "120000", "审批意见", "9.5", "表 1  费用预算表"):
        assert words in said
    assert seen.open == []
    targets = {attributes["href"] for tag, attributes in seen.tags if tag == "a"}
    assert targets <= {f"#{attributes['id']}" for _, attributes in seen.tags if "id" in attributes}


def test_no_text_of_a_stranger_becomes_markup():
    table = replace(a_table(((HOSTILE, "1"),), (HOSTILE,)), caption=HOSTILE, description=HOSTILE)
    document = replace(a_document(Paragraph(HOSTILE), table), title=HOSTILE, product=HOSTILE)
    seen = _seen(replace(document, sections=(Section(HOSTILE, document.sections[0].blocks),)))
    assert {tag for tag, _ in seen.tags} <= {
        "html", "head", "meta", "title", "style", "body", "header", "p", "table", "tbody", "thead", "tr",
        "th", "td", "h2", "nav", "a", "span", "div",
    }  # fmt: skip
    assert {name for _, attributes in seen.tags for name in attributes} <= {
        "lang", "charset", "http-equiv", "content", "class", "aria-label", "href", "id", "colspan", "role",
        "tabindex",
    }  # fmt: skip
    policy = next(attributes["content"] for _, attributes in seen.tags if "http-equiv" in attributes)
    assert policy is not None
    assert policy.startswith("default-src 'none'")


def test_a_long_table_shows_200_rows_and_says_how_many_more_there_are():
    groups = tuple(Group(tuple((f"r{n}", "") for n in range(150)), f"组{g}", ("小计",)) for g in range(3))
    table = Table("题", "说明", (Column("甲", 1), Column("乙", 1)), lambda: groups)
    page = "".join(preview(a_document(table), ZH))
    assert page.count("<td>r") == ROWS_SHOWN
    assert "另有 250 行，见文件。" in page
    assert [f"组{g}" in page for g in range(3)] == [True, True, False]
    assert page.count("小计") == 1  # of the one group that is shown whole
