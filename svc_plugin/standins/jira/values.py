"""Values of fields: from a request into their stored form, and what a changelog says of them.

Stored are: texts as they are; ids of options, priorities and resolutions; names of people; numbers; dates
as text; moments in UTC; labels and ids of versions as tuples. None is no value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Final, cast

from svc_plugin.standins.jira.catalogue import Choice
from svc_plugin.standins.jira.errors import invalid
from svc_plugin.standins.jira.json_values import listing, mapping, text
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.system_fields import FieldDef, offered

LINE_LIMIT: Final = 255
TEXT_LIMIT: Final = 32767
Pair = tuple[str | None, str | None]


def off_screen(field: str) -> str:
    """What Jira says of a field that cannot be set here: hidden and unknown are one to it."""
    return f"Field '{field}' cannot be set. It is not on the appropriate screen, or unknown."


def parse(site: Site, project: str, field: FieldDef, value: object) -> object:
    """The stored form of a value that a request gives. Raises ``Refused`` (400) naming the field."""
    if field.kind not in _PARSERS:
        raise invalid(field.id, off_screen(field.id))
    if value is None:
        return () if field.kind in {"labels", "versions"} else None
    return _PARSERS[field.kind](site, project, field, value)


def _line(_site: Site, _project: str, field: FieldDef, value: object) -> object:
    if not isinstance(value, str):
        raise invalid(field.id, "Operation value must be a string")
    if field.id == "summary" and ("\n" in value or "\r" in value):
        raise invalid("summary", "The summary is invalid because it contains newline characters.")
    if len(value) > LINE_LIMIT:
        named = "Summary must be less than 255 characters." if field.id == "summary" else None
        raise invalid(
            field.id,
            named
            or f"The entered text is too long. It exceeds the allowed limit of {LINE_LIMIT} characters.",
        )
    return value or None


def _text(_site: Site, _project: str, field: FieldDef, value: object) -> object:
    if not isinstance(value, str):
        raise invalid(field.id, "Operation value must be a string")
    return checked_text(field.id, value) or None


def checked_text(field: str, value: str) -> str:
    """The text. Raises ``Refused`` (400) when it is longer than Jira takes."""
    if len(value) > TEXT_LIMIT:
        raise invalid(
            field,
            f"The entered text is too long. It exceeds the allowed limit of {TEXT_LIMIT:,} characters.",
        )
    return value


def _select(site: Site, project: str, field: FieldDef, value: object) -> object:
    data = mapping(value)
    if not data:
        raise invalid(field.id, "Specify a valid 'id' or 'name' for the option")
    found = site.catalogue.project(project)
    for number, name in offered(field, found.id if found else "").items():
        if data.get("id") == number or ("id" not in data and data.get("value") == name):
            return number
    raise invalid(field.id, f"Option value '{data.get('value', data.get('id'))}' is not valid")


def _date(_site: Site, _project: str, field: FieldDef, value: object) -> object:
    try:
        return date.fromisoformat(text(value)).isoformat()
    except ValueError as error:
        raise invalid(field.id, f"Error parsing date string: {value}") from error


def _moment(_site: Site, _project: str, field: FieldDef, value: object) -> object:
    try:
        found = datetime.strptime(text(value), "%Y-%m-%dT%H:%M:%S.%f%z")
    except ValueError as error:
        raise invalid(field.id, f"Error parsing time: {value}") from error
    return found.astimezone(UTC)


def _number(_site: Site, _project: str, field: FieldDef, value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid(field.id, "Operation value must be a number")
    return float(value)


def _user(site: Site, project: str, field: FieldDef, value: object) -> object:
    found = person_of(site, value, field.id)
    if field.id == "assignee" and found is not None and not site.may(found, "ASSIGNABLE_USER", project):
        raise invalid("assignee", f"User '{found.display_name}' cannot be assigned issues.")
    return found.name if found else None


def person_of(site: Site, value: object, field: str) -> Person | None:
    """The person that a request names: by account id on Cloud, by name on Data Center; None for nobody.

    Raises ``Refused`` (400) for somebody unknown, and for a user name on Cloud.
    """
    data, word = mapping(value), "accountId" if site.cloud else "name"
    if not data:
        raise invalid(field, "data was not an object")
    if word not in data:
        raise invalid(field, f"expected '{word}' property to be present")
    wanted = data[word]
    if wanted is None:
        return None
    for person in site.catalogue.people.values():
        if wanted == (person.account_id if site.cloud else person.name):
            return person
    raise invalid(field, f"User '{wanted}' does not exist.")


def _labels(_site: Site, _project: str, field: FieldDef, value: object) -> object:
    found = tuple(dict.fromkeys(text(one) for one in listing(value)))
    for label in found:
        if not label or " " in label:
            raise invalid(field.id, f"The label '{label}' contains spaces which is invalid.")
    return found


def _versions(site: Site, project: str, field: FieldDef, value: object) -> object:
    return tuple(dict.fromkeys(version_id(site, project, field, one) for one in listing(value)))


def version_id(site: Site, project: str, field: FieldDef, value: object) -> str:
    """The id of a version of the project, named by id or name. Raises ``Refused`` (400)."""
    data = mapping(value)
    for one in site.state.versions.values():
        if one.project == project and (data.get("id") == one.id or data.get("name") == one.name):
            return one.id
    word = "id" if "id" in data else "name"
    raise invalid(field.id, f"Version {word} '{data.get(word)}' is not valid")


def _choice(known: Mapping[str, Choice], field: FieldDef, value: object) -> object:
    data = mapping(value)
    for one in known.values():
        if data.get("id") == one.id or ("id" not in data and data.get("name") == one.name):
            return one.id
    word = "id" if "id" in data else "name"
    raise invalid(field.id, f"{field.name} {word} '{data.get(word)}' is not valid")


def _priority(site: Site, _project: str, field: FieldDef, value: object) -> object:
    return _choice(site.catalogue.priorities, field, value)


def _resolution(site: Site, _project: str, field: FieldDef, value: object) -> object:
    return _choice(site.catalogue.resolutions, field, value)


_PARSERS: Final[Mapping[str, Callable[[Site, str, FieldDef, object], object]]] = MappingProxyType(
    {
        "line": _line,
        "text": _text,
        "select": _select,
        "date": _date,
        "datetime": _moment,
        "number": _number,
        "user": _user,
        "labels": _labels,
        "versions": _versions,
        "priority": _priority,
        "resolution": _resolution,
    }
)


def number_text(value: float) -> str:
    """A number as changelogs write it: without needless zeros."""
    return str(int(value)) if value.is_integer() else str(value)


def said(site: Site, field: FieldDef, value: object) -> Pair:
    """What a changelog says of a stored value: its id, if it has one, and its text."""
    if value is None or value == ():
        return ("", "") if field.kind == "labels" else (None, None)
    if field.kind in _SAID:
        return _SAID[field.kind](site, field, value)
    if field.kind in _NAMED:
        return str(value), _NAMED[field.kind](site, field, str(value))
    return None, str(value)


def _said_date(_site: Site, field: FieldDef, value: object) -> Pair:
    day = date.fromisoformat(str(value))
    return str(value), f"{day:%d/%b/%y}" if field.custom else f"{value} 00:00:00.0"


def _said_moment(site: Site, _field: FieldDef, value: object) -> Pair:
    local = cast("datetime", value).astimezone(site.zone)
    return f"{local:%Y-%m-%dT%H:%M:%S%z}", f"{local:%d/%b/%y %I:%M %p}"


def _said_labels(_site: Site, _field: FieldDef, value: object) -> Pair:
    return "", " ".join(cast("tuple[str, ...]", value))


def _said_person(site: Site, _field: FieldDef, value: object) -> Pair:
    person = site.catalogue.people[str(value)]
    return person.account_id if site.cloud else user_key(person), person.display_name


_SAID: Final[Mapping[str, Callable[[Site, FieldDef, object], Pair]]] = MappingProxyType(
    {
        "user": _said_person,
        "date": _said_date,
        "datetime": _said_moment,
        "number": lambda _site, _field, value: (None, number_text(cast("float", value))),
        "labels": _said_labels,
    }
)
_NAMED: Final[Mapping[str, Callable[[Site, FieldDef, str], str]]] = MappingProxyType(
    {
        "select": lambda _site, field, value: field.options[value],
        "priority": lambda site, _field, value: site.catalogue.priorities[value].name,
        "resolution": lambda site, _field, value: site.catalogue.resolutions[value].name,
        "read": lambda site, _field, value: site.catalogue.statuses[value].name,
    }
)


def user_key(person: Person) -> str:
    """The key by which Data Center's changelogs know a user; it is not the name on every site."""
    return "JIRAUSER" + str(int(person.account_id[7:13], 16))
