"""The plan with ids: what stands on the server before anybody works, and what an administrator adds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from svc_plugin.standins.jira.contexts import Context, holds_for
from svc_plugin.standins.jira.plan import (
    Category,
    FieldPlan,
    IssueTypePlan,
    JiraPlan,
    Mode,
    Person,
    ProjectPlan,
    TransitionPlan,
)
from svc_plugin.standins.jira.system_fields import CLOUD_ONLY, FieldDef, system_fields

GLOBAL = ("ADMINISTER", "USER_PICKER")


@dataclass(frozen=True, slots=True)
class Status:
    """A status with its id."""

    id: str
    name: str
    category: Category


@dataclass(frozen=True, slots=True)
class Transition:
    """A transition with the ids of its workflow."""

    id: str
    plan: TransitionPlan
    to: str
    sources: frozenset[str]
    screen: tuple[str, ...]
    required: frozenset[str]


@dataclass(frozen=True, slots=True)
class IssueType:
    """An issue type and its workflow."""

    id: str
    plan: IssueTypePlan
    statuses: tuple[str, ...]
    transitions: tuple[Transition, ...]
    required: frozenset[str]

    @property
    def name(self) -> str:
        """The name that people see."""
        return self.plan.name


@dataclass(frozen=True, slots=True)
class Choice:
    """Something with an id and a name: a priority, a resolution, a type of link."""

    id: str
    name: str
    outward: str = ""
    inward: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """A project with its id."""

    id: str
    plan: ProjectPlan

    @property
    def key(self) -> str:
        """The key, the first half of its issues' keys."""
        return self.plan.key


@dataclass(slots=True)
class Hook:
    """A registered webhook."""

    id: int
    name: str
    url: str
    secret: str
    events: tuple[str, ...]
    enabled: bool = True


@dataclass(slots=True)
class Catalogue:
    """Everything with an id, by id; ``fields`` grows when an administrator adds one."""

    plan: JiraPlan
    people: dict[str, Person]
    projects: dict[str, Project]
    statuses: dict[str, Status]
    fields: dict[str, FieldDef]
    types: dict[str, IssueType] = field(default_factory=dict[str, IssueType])
    priorities: dict[str, Choice] = field(default_factory=dict[str, Choice])
    resolutions: dict[str, Choice] = field(default_factory=dict[str, Choice])
    link_types: dict[str, Choice] = field(default_factory=dict[str, Choice])
    hooks: dict[int, Hook] = field(default_factory=dict[int, Hook])
    last_option: int = 10200
    last_context: int = 10130
    last_field: int = 10030

    def project(self, key: object) -> Project | None:
        """The project by id or key."""
        return next((one for one in self.projects.values() if key in {one.id, one.key}), None)

    def status_id(self, name: str) -> str:
        """The id of a status. Raises ValueError for an unknown name."""
        found = next((one.id for one in self.statuses.values() if one.name == name), None)
        if found is None:
            raise ValueError(f"plan: no status {name!r}; name it in statuses")
        return found

    def field_id(self, name: str) -> str:
        """The id of a field by its id or name. Raises ValueError when there is none."""
        found = next((one.id for one in self.fields.values() if name in {one.id, one.name}), None)
        if found is None:
            raise ValueError(f"plan: no field {name!r}; name it in fields")
        return found

    def fields_of(self, type_id: str, project: str) -> Iterator[FieldDef]:
        """The fields that stand on issues of a type in a project, by its key."""
        name, found = self.types[type_id].name, self.project(project)
        number = found.id if found else ""
        for one in self.fields.values():
            if not one.custom or holds_for(one.contexts, number, name):
                yield one

    def add_field(self, plan: FieldPlan, *, on_screens: bool = True) -> FieldDef:
        """Add a custom field with its options."""
        if not plan.id:
            self.last_field += 1
            while f"customfield_{self.last_field}" in self.fields:
                self.last_field += 1
        made = FieldDef(
            plan.id or f"customfield_{self.last_field}",
            plan.name,
            plan.name,
            plan.kind,
            custom=True,
            on_screens=on_screens,
        )
        self.fields[made.id] = made
        known = tuple(one.id for one in self.projects.values() if one.key in plan.projects)
        context = self.add_context(made, f"Default Configuration Scheme for {made.name}", known)
        context.types = plan.issue_types
        for value in plan.options:
            self.add_option(made, context, value)
        return made

    def add_context(self, made: FieldDef, name: str, projects: tuple[str, ...]) -> Context:
        """Add a context to a custom field."""
        self.last_context += 1
        made.contexts.append(Context(str(self.last_context), name, projects))
        return made.contexts[-1]

    def add_option(self, made: FieldDef, context: Context, value: str) -> str:
        """Add an option to a context of a field of choices and return its id."""
        self.last_option += 1
        number = str(self.last_option)
        made.options[number] = value
        context.options.append(number)
        return number

    def add_hook(self, name: str, url: str, secret: str, events: tuple[str, ...]) -> Hook:
        """Register a webhook."""
        hook = Hook(max(self.hooks, default=0) + 1, name, url, secret, events)
        self.hooks[hook.id] = hook
        return hook


def read_plan(plan: JiraPlan, mode: Mode) -> Catalogue:
    """Give everything in the plan its id. Raises ValueError naming what does not fit."""
    catalogue = Catalogue(
        plan,
        {person.name: person for person in plan.people},
        {str(10000 + n): Project(str(10000 + n), one) for n, one in enumerate(plan.projects)},
        {
            str(10001 + n): Status(str(10001 + n), one.name, one.category)
            for n, one in enumerate(plan.statuses)
        },
        {one.id: one for one in system_fields() if mode == "cloud" or one.id not in CLOUD_ONLY},
    )
    for field_plan in plan.fields:
        catalogue.add_field(field_plan)
    for n, name in enumerate(plan.priorities, start=1):
        catalogue.priorities[str(n)] = Choice(str(n), name)
    for n, name in enumerate(plan.resolutions, start=10000):
        catalogue.resolutions[str(n)] = Choice(str(n), name)
    for n, link in enumerate(plan.link_types, start=10000):
        catalogue.link_types[str(n)] = Choice(str(n), link.name, link.outward, link.inward)
    for n, kind in enumerate(plan.issue_types):
        catalogue.types[str(10001 + n)] = _issue_type(catalogue, kind, n)
    for hook in plan.hooks:
        catalogue.add_hook(hook.name, hook.url, hook.secret, hook.events)
    _check(catalogue)
    return catalogue


def _issue_type(catalogue: Catalogue, plan: IssueTypePlan, number: int) -> IssueType:
    return IssueType(
        id=str(10001 + number),
        plan=plan,
        statuses=tuple(catalogue.status_id(name) for name in plan.statuses),
        transitions=tuple(
            Transition(
                # numbered as Jira does, in steps of ten; another workflow has other ids
                id=str(10 * n + number + 1),
                plan=one,
                to=catalogue.status_id(one.to),
                sources=frozenset(catalogue.status_id(name) for name in one.sources),
                screen=tuple(catalogue.field_id(name) for name in one.screen or ()),
                required=frozenset(catalogue.field_id(name) for name in one.required),
            )
            for n, one in enumerate(plan.transitions, start=1)
        ),
        required=frozenset(catalogue.field_id(name) for name in plan.required),
    )


def _check(catalogue: Catalogue) -> None:
    plan = catalogue.plan
    for member in plan.members:
        known = (
            catalogue.project(member.project) is not None
            and member.person in catalogue.people
            and member.role in plan.roles
        )
        if not known:
            raise ValueError(f"plan: {member} names a project, person or role that is not there")
