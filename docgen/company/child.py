"""Fills a template in a process of its own; the parent is ``docgen.company.sandbox``.

A template is a program. docxtpl's own environment lets it call anything; here Jinja's sandbox evaluates it,
and the process can neither open a file nor a connection (no descriptor is left to it), nor take more memory
or time than it was given. It reads one line of JSON and the template from standard input and answers in
the same form.
"""

import json
import resource
import sys
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from typing import Any

import docx
from docxtpl import DocxTemplate as _DocxTemplate
from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

DocxTemplate: Any = _DocxTemplate  # it has types in parts only


class Row:
    """Stands for every row of a table: each of its fields is a mark that the parent finds again."""

    def __init__(self, table: str, names: list[str]) -> None:
        self._marks = {name: f"\ue000{table}.{name}\ue001" for name in names}

    def __getattr__(self, name: str) -> str:
        try:
            return self._marks[name]
        except KeyError:
            raise AttributeError(name) from None


class RowError(ValueError):
    """The sample row of a table holds more than fields."""


def main() -> None:
    """Read the order, take all means away, fill, answer."""
    order = json.loads(sys.stdin.buffer.readline())
    template = sys.stdin.buffer.read()
    _warm_up()
    _confine(order["memory"], order["seconds"])
    try:
        content = _filled(template, order)
    except Exception as error:  # noqa: BLE001 - whatever a template brings about is told, not shown as a crash
        _answer({"error": _kind(error), "detail": str(error)[:300]})
    else:
        _answer({}, content)


def _warm_up() -> None:
    """Load what is only loaded when it is first used: afterwards no file can be opened."""
    new: Any = docx.Document()
    new.save(blank := BytesIO())
    word = DocxTemplate(BytesIO(blank.getvalue()))
    word.render({}, _environment(), autoescape=True)
    word.save(BytesIO())
    _environment().from_string(
        "{{ 'a'|upper|replace('b', \"c\") }}{% for n in range(2) %}{{ loop.index }}{% endfor %}"
    ).render()
    import_module("jinja2.debug")  # at the first mistake
    "".encode("cp437")  # names in zip files


def _confine(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))  # only what is open now: no file, no connection
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    environment.filters.pop("pprint")  # shows what objects are made of
    return environment


def _filled(template: bytes, order: dict[str, Any]) -> bytes:
    environment = _environment()
    word = DocxTemplate(BytesIO(template))
    word.init_docx()
    for part in _parts(word):
        _refuse_other_loops(environment.parse(word.patch_xml(part)))
    tables = {name: [Row(name, fields)] for name, fields in order["tables"].items()}
    places = {name: Markup(f"<?docgen {name}?>") for name in order["blocks"]}  # noqa: S704 - our own names
    word.render({**order["words"], **places, "tables": tables}, environment, autoescape=True)
    word.save(filled := BytesIO())
    return filled.getvalue()


def _parts(word: Any) -> Iterator[str]:
    yield word.get_xml()
    for kind in (word.HEADER_URI, word.FOOTER_URI):
        for _, part in word.get_headers_footers(kind):
            yield word.get_part_xml(part)


def _refuse_other_loops(tree: nodes.Template) -> None:
    """Let our tables be used in loops only, and these hold fields in one row: it stands for all."""
    plain = [found for loop in tree.find_all(nodes.For) if (found := _plain_table(loop))]
    for name in tree.find_all(nodes.Name):
        if name.name == "tables" and not any(name is one for one in plain):
            raise RowError("tables")


def _plain_table(loop: nodes.For) -> nodes.Node | None:
    """Return the name before the dot in ``for r in tables.NAME``, when the loop holds fields only."""
    if not isinstance(loop.iter, nodes.Getattr) or not isinstance(loop.target, nodes.Name):
        return None
    outputs = [part for node in loop.body for part in getattr(node, "nodes", [node])]
    fields = [part for part in outputs if not isinstance(part, nodes.TemplateData)]
    markup = "".join(part.data for part in outputs if isinstance(part, nodes.TemplateData))
    plain = bool(fields) and not loop.test and not loop.else_ and markup.count("</w:tr>") <= 1
    return loop.iter.node if plain and all(_is_field(part, loop.target.name) for part in fields) else None


def _is_field(part: nodes.Node, target: str) -> bool:
    return isinstance(part, nodes.Getattr) and isinstance(part.node, nodes.Name) and part.node.name == target


def _kind(error: BaseException) -> str:
    match error:
        case SecurityError():
            return "forbidden"
        case UndefinedError():
            return "unknown"
        case TemplateSyntaxError():
            return "syntax"
        case RowError():
            return "busy_row"
        case MemoryError() | RecursionError() | OverflowError():  # the sandbox's own limit of ranges
            return "too_much"
        case _:
            return "fails"


def _answer(head: dict[str, str], content: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + content)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
