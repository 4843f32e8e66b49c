"""Reading loosely typed values as Redmine does, and checking custom values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import cast

from svc_plugin.standins.redmine.faults import Fault
from svc_plugin.standins.redmine.model import Field, Issue
from svc_plugin.standins.redmine.site import Site


def whole(value: object) -> int | None:
    """A whole number from a number or a text of digits, None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    text = str(value).strip()
    return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else None


def decimal(value: object) -> float | None:
    """A number from a number or a text, None for anything else."""
    if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", str(value).strip()):
        return None
    return float(str(value))


def is_date(text: str) -> bool:
    """Whether the text is a real day written YYYY-MM-DD."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def as_text(value: object) -> str:
    """The text Redmine stores: true becomes "true" (not "1"), None becomes "", a list its first item."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        items = cast("list[object]", value)
        return as_text(items[0]) if items else ""
    return "" if value is None else str(value)


def mapping(value: object) -> Mapping[str, object]:
    """The object that stands there, an empty one for anything else."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def listing(value: object) -> list[object]:
    """The list that stands there, an empty one for anything else."""
    return cast("list[object]", value) if isinstance(value, list) else []


def asked_values(site: Site, tracker_id: int, attrs: Mapping[str, object]) -> dict[int, str]:
    """The custom values a request sets; fields unknown to the tracker, or given by name, are dropped."""
    pairs = [
        (mapping(item).get("id"), mapping(item).get("value")) for item in listing(attrs.get("custom_fields"))
    ]
    pairs += list(mapping(attrs.get("custom_field_values")).items())
    known = {field.id for field in site.catalogue.fields_of(tracker_id)}
    return {
        number: as_text(value)
        for key, value in pairs
        if (number := whole(key)) is not None and number in known
    }


def value_faults(site: Site, issue: Issue) -> list[Fault]:
    """What is wrong with the custom values of the issue."""
    return [
        Fault(field.name, reason)
        for field in site.catalogue.fields_of(issue.tracker_id)
        if (text := issue.values.get(field.id)) and (reason := _wrong(site, issue, field, text))
    ]


def _wrong(site: Site, issue: Issue, field: Field, text: str) -> str | None:
    checks: Mapping[str, tuple[bool, str]] = {
        "list": (text in field.values, "inclusion"),
        "date": (is_date(text), "not_a_date"),
        "int": (whole(text) is not None, "not_a_number"),
        "float": (decimal(text) is not None, "invalid"),
        "user": (whole(text) in {user.id for user in site.members(issue.project_id)}, "inclusion"),
        "version": (
            whole(text) in {version.id for version in site.versions_of(issue.project_id)},
            "inclusion",
        ),
    }
    fits, reason = checks.get(field.format, (True, ""))
    if not fits:
        return reason
    if field.regexp and not re.search(_python_regexp(field.regexp), text):
        return "invalid"
    return None


def _python_regexp(ruby: str) -> str:
    """Ruby's end of text is \\z, Python's \\Z; the rest of what fields use is the same."""
    return ruby.replace(r"\z", r"\Z")
