"""The plan that a mapping of the process asks for: its types, statuses, fields and projects."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Protocol

from svc_plugin.domain.vocabulary import (
    FIELD_SPECS,
    FINAL_STAGES,
    STAGES,
    Field,
    FieldType,
    IssueKind,
    Stage,
)
from svc_plugin.standins.jira.plan import (
    LEADING,
    WORKING,
    Category,
    FieldKind,
    FieldPlan,
    HookPlan,
    IssueTypePlan,
    JiraPlan,
    Member,
    Person,
    ProjectPlan,
    StatusPlan,
    TransitionPlan,
)
from svc_plugin.standins.jira.system_fields import system_fields

STAFF, LEAD = "Service staff", "Administrators"
YES_NO: Final = MappingProxyType({"yes": "Yes", "no": "No"})
_KINDS: Final[Mapping[FieldType, FieldKind]] = MappingProxyType(
    {
        FieldType.LINE: "line",
        FieldType.TEXT: "text",
        FieldType.CHOICE: "select",
        FieldType.DATE: "date",
        FieldType.MOMENT: "datetime",
        FieldType.NUMBER: "number",
        FieldType.YES_NO: "select",
        FieldType.PERSON: "user",
    }
)
_OWN: Final = frozenset(field.id for field in system_fields())
_CUSTOM: Final = re.compile(r"customfield_\d+")


class MappedKind(Protocol):
    """How a site names one kind of issue."""

    @property
    def issue_type(self) -> str: ...
    @property
    def statuses(self) -> Mapping[Stage, str]: ...


class Mapped(Protocol):
    """What a site's mapping says, as far as a Jira is built from it."""

    @property
    def kinds(self) -> Mapping[IssueKind, MappedKind]: ...
    @property
    def fields(self) -> Mapping[Field, str]: ...
    @property
    def choices(self) -> Mapping[Field, Mapping[str, str]]: ...
    @property
    def projects(self) -> Mapping[str, str]: ...


def plan_of(
    mapping: Mapped,
    people: Sequence[Person],
    hooks: Sequence[HookPlan] = (),
    leads: Collection[str] = (),
) -> JiraPlan:
    """The Jira that ``mapping`` describes, with these people working in every project.

    From each status each other may be reached; the transitions to the final ones have a screen with all
    fields, the others have none. Administrators among the people lead the projects, and so do ``leads``,
    who work in them too. A field that the mapping names by its id (``customfield_10031``) has that id and is
    called as the process calls it.
    """
    return JiraPlan(
        people=tuple(people),
        projects=tuple(ProjectPlan(key, f"Product {name}") for name, key in mapping.projects.items()),
        statuses=_statuses(mapping),
        issue_types=tuple(_issue_type(mapping, kind, one) for kind, one in mapping.kinds.items()),
        fields=tuple(
            _field(mapping, name, label) for name, label in mapping.fields.items() if label not in _OWN
        ),
        roles={STAFF: WORKING, LEAD: LEADING},
        members=tuple(
            Member(key, one.name, role)
            for key in mapping.projects.values()
            for one in people
            for role in _roles(one, leads)
        ),
        hooks=tuple(hooks),
    )


def _roles(person: Person, leads: Collection[str]) -> tuple[str, ...]:
    if person.admin:
        return (LEAD,)
    return (STAFF, LEAD) if person.name in leads else (STAFF,)


def _statuses(mapping: Mapped) -> tuple[StatusPlan, ...]:
    """Each status once; it is of the category done only if it ends every kind of issue that uses it."""
    uses: dict[str, list[Category]] = {}
    for kind, one in mapping.kinds.items():
        first = next(stage for stage in STAGES[kind] if stage in one.statuses)
        for stage, name in one.statuses.items():
            usual: Category = "new" if stage is first else "indeterminate"
            uses.setdefault(name, []).append("done" if stage in FINAL_STAGES else usual)
    return tuple(
        StatusPlan(name, known[0] if len(set(known)) == 1 else "indeterminate")
        for name, known in uses.items()
    )


def _issue_type(mapping: Mapped, kind: IssueKind, one: MappedKind) -> IssueTypePlan:
    stages = [stage for stage in STAGES[kind] if stage in one.statuses]
    own = [label for name, label in mapping.fields.items() if kind in FIELD_SPECS[name].kinds]
    full = ("resolution", "assignee", "comment", *own)
    return IssueTypePlan(
        one.issue_type,
        tuple(one.statuses[stage] for stage in stages),
        tuple(
            TransitionPlan(
                one.statuses[stage],
                one.statuses[stage],
                sources=tuple(one.statuses[other] for other in stages if other is not stage),
                screen=full if stage in FINAL_STAGES else None,
                resolution="Done" if stage in FINAL_STAGES else None,
                event="issue_closed" if stage in FINAL_STAGES else "issue_generic",
            )
            for stage in stages
        ),
    )


def _field(mapping: Mapped, name: Field, label: str) -> FieldPlan:
    spec = FIELD_SPECS[name]
    choices = mapping.choices.get(name, {})
    values = spec.choices
    if spec.type is FieldType.YES_NO:
        values, choices = ("yes", "no"), choices or YES_NO
    by_id = _CUSTOM.fullmatch(label)
    return FieldPlan(
        str(name) if by_id else label,
        _KINDS[spec.type],
        tuple(choices.get(value, value) for value in values),
        tuple(one.issue_type for kind, one in mapping.kinds.items() if kind in spec.kinds),
        label if by_id else "",
    )
