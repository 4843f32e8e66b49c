"""What a Redmine must hold for the process, as data for the set-up script and for test servers."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from svc_plugin.domain.vocabulary import (
    FIELD_SPECS,
    FINAL_STAGES,
    STAGES,
    Field,
    FieldType,
    IssueKind,
    Role,
    Stage,
)
from svc_plugin.sites.mapping import KindMapping, SiteMapping
from svc_plugin.sites.redmine.client import Json
from svc_plugin.sites.redmine.versions import RIGHT
from svc_plugin.sites.redmine.wording import PERMISSIONS, in_language

# the formats of custom fields that can hold a type; the first is the one that is set up
FORMATS: Final[Mapping[FieldType, tuple[str, ...]]] = MappingProxyType(
    {
        FieldType.LINE: ("string", "text", "link", "version", "list"),
        FieldType.TEXT: ("text", "string"),
        FieldType.CHOICE: ("list",),
        FieldType.DATE: ("date",),
        FieldType.MOMENT: ("string",),
        FieldType.NUMBER: ("float", "int"),
        FieldType.YES_NO: ("bool",),
        FieldType.PERSON: ("user",),
    }
)
_MOMENT: Final = r"\A\d{4}-\d{2}-\d{2} \d{2}:\d{2}\z"

BOT: Final = "bot"
MANAGER: Final = "manager"
ROLE_NAMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        BOT: ("服务机器人", "Service bot"),
        Role.SERVICE: ("服务人员", "Service staff"),
        Role.MAINTENANCE: ("维护人员", "Maintenance staff"),
        Role.TECHNICIAN: ("相关技术人员", "Technician"),
        Role.LEADER: ("机构领导", "Leader"),
        Role.APPROVER: ("上级领导", "Approver"),
        MANAGER: ("客户服务经理", "Customer service manager"),
    }
)
_ACTIVITIES: Final = (
    ("客户服务", "Customer service"),
    ("纠错性维护", "Corrective maintenance"),
    ("完善性维护", "Perfective maintenance"),
    ("测试", "Testing"),
    ("现场", "On site"),
    ("差旅", "Travel"),
    ("培训", "Training"),
)

_OURS: Final = frozenset({RIGHT})  # what our account may and working people need not
_WORKING: Final = (
    *(name for name in PERMISSIONS if name not in _OURS),
    "manage_subtasks",
    "view_private_notes",
    "set_notes_private",
    "log_time",
    "edit_own_time_entries",
    "view_files",
    "save_queries",
)
_LEADING: Final = (
    *_WORKING,
    "edit_issue_notes",
    RIGHT,
    "log_time_for_other_users",
    "manage_files",
)
_RIGHTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {BOT: tuple(PERMISSIONS), Role.LEADER: _LEADING, MANAGER: _LEADING}
)

_S = Stage
# the process's own moves, and those by which people err: a rule can only send back what the site let pass
_FLOW: Final[Mapping[IssueKind, Mapping[Stage, tuple[Stage, ...]]]] = MappingProxyType(
    {
        IssueKind.SERVICE_REQUEST: {
            _S.REGISTERED: (_S.IN_PROGRESS, _S.WAITING_CUSTOMER, _S.HANDED_OVER, _S.ANSWERED, _S.CLOSED),
            _S.IN_PROGRESS: (_S.WAITING_CUSTOMER, _S.HANDED_OVER, _S.ANSWERED, _S.CLOSED),
            _S.WAITING_CUSTOMER: (_S.IN_PROGRESS, _S.ANSWERED, _S.CLOSED),
            _S.HANDED_OVER: (_S.IN_PROGRESS, _S.WAITING_CUSTOMER, _S.ANSWERED, _S.CLOSED),
            _S.ANSWERED: (_S.IN_PROGRESS, _S.WAITING_CUSTOMER, _S.CLOSED),
            _S.CLOSED: (_S.IN_PROGRESS,),
        },
        IssueKind.MAINTENANCE: {
            _S.REGISTERED: (_S.CLASSIFIED, _S.SCHEDULED, _S.IN_WORK, _S.REJECTED),
            _S.CLASSIFIED: (_S.AWAITING_DECISION, _S.SCHEDULED, _S.IN_WORK, _S.REJECTED, _S.CONVERTED),
            _S.AWAITING_DECISION: (_S.CLASSIFIED, _S.SCHEDULED, _S.IN_WORK, _S.REJECTED, _S.CONVERTED),
            _S.SCHEDULED: (_S.CLASSIFIED, _S.AWAITING_DECISION, _S.IN_WORK, _S.REJECTED),
            _S.IN_WORK: (_S.SCHEDULED, _S.TESTING, _S.DONE, _S.CONVERTED),
            _S.TESTING: (_S.IN_WORK, _S.DONE),
            _S.DONE: (_S.IN_WORK, _S.TESTING, _S.CLOSED),
            _S.CLOSED: (_S.IN_WORK,),
            _S.REJECTED: (_S.CLASSIFIED,),
            _S.CONVERTED: (_S.CLASSIFIED,),
        },
        IssueKind.SERVICE_TASK: {
            _S.OPEN: (_S.IN_PROGRESS, _S.CLOSED),
            _S.IN_PROGRESS: (_S.OPEN, _S.CLOSED),
            _S.CLOSED: (_S.IN_PROGRESS,),
        },
        IssueKind.DOCUMENT: {
            _S.DRAFT: (_S.SUBMITTED,),
            _S.SUBMITTED: (_S.DRAFT, _S.APPROVED, _S.REJECTED),
            _S.APPROVED: (_S.SUPERSEDED,),
            _S.REJECTED: (_S.DRAFT,),
        },
    }
)
_EVERY: Final = tuple(IssueKind)
# on which kinds of issue a role moves; on the others it creates, comments and fills in
_MOVES: Final[Mapping[str, tuple[IssueKind, ...]]] = MappingProxyType(
    {
        Role.SERVICE: (IssueKind.SERVICE_REQUEST, IssueKind.SERVICE_TASK, IssueKind.DOCUMENT),
        Role.MAINTENANCE: (IssueKind.MAINTENANCE, IssueKind.SERVICE_TASK, IssueKind.DOCUMENT),
        Role.TECHNICIAN: (IssueKind.SERVICE_TASK,),
        Role.LEADER: _EVERY,
        Role.APPROVER: (IssueKind.DOCUMENT,),
        MANAGER: _EVERY,
    }
)


def blueprint(mapping: SiteMapping, language: str, products: Mapping[str, str] | None = None) -> Json:
    """Return what a Redmine must hold for ``mapping``: JSON for the set-up script.

    ``language`` (``zh`` or ``en``) is that of roles and activities, which the mapping does not name.
    ``products`` maps product keys to the names of projects that are still missing; a product without
    one is called by its key.
    """
    names = in_language(ROLE_NAMES, language)
    return {
        "statuses": _statuses(mapping),
        "trackers": [_tracker(kind, mapped) for kind, mapped in mapping.kinds.items()],
        "custom_fields": [_custom_field(mapping, name, label) for name, label in mapping.fields.items()],
        "roles": [
            {
                "name": name,
                "permissions": list(_RIGHTS.get(role, _WORKING)),
                "assignable": role != BOT,
                "issues_visibility": "all",
            }
            for role, name in names.items()
        ],
        "workflow": [
            {"role": name, "tracker": mapped.issue_type, "moves": _moves(role, kind, mapped)}
            for role, name in names.items()
            for kind, mapped in mapping.kinds.items()
        ],
        "activities": [pair[language == "en"] for pair in _ACTIVITIES],
        "projects": [
            {"identifier": identifier, "name": (products or {}).get(product, product)}
            for product, identifier in mapping.projects.items()
        ],
        "users": [],
        "memberships": [],
    }


def _statuses(mapping: SiteMapping) -> list[Json]:
    """Return every status once; it closes issues only if it ends every kind of issue that uses it."""
    closed: dict[str, bool] = {}
    for mapped in mapping.kinds.values():
        for stage, status in mapped.statuses.items():
            closed[status] = closed.get(status, True) and stage in FINAL_STAGES
    return [{"name": status, "is_closed": ends} for status, ends in closed.items()]


def _tracker(kind: IssueKind, mapped: KindMapping) -> Json:
    statuses = [mapped.statuses[stage] for stage in STAGES[kind] if stage in mapped.statuses]
    return {"name": mapped.issue_type, "default_status": statuses[0], "statuses": statuses}


def _custom_field(mapping: SiteMapping, name: Field, label: str) -> Json:
    spec = FIELD_SPECS[name]
    choices = [mapping.to_site(name, choice) for choice in spec.choices]
    return {
        "name": label,
        "format": FORMATS[spec.type][0],
        "possible_values": choices,
        "regexp": _MOMENT if spec.type is FieldType.MOMENT else "",
        "trackers": [mapping.kinds[kind].issue_type for kind in spec.kinds if kind in mapping.kinds],
        "searchable": spec.type in {FieldType.LINE, FieldType.TEXT},
        "is_filter": spec.type is not FieldType.TEXT,
    }


def _moves(role: str, kind: IssueKind, mapped: KindMapping) -> list[list[str]]:
    """Return the moves of a role as pairs of statuses; from "" means creating."""
    stages = [stage for stage in STAGES[kind] if stage in mapped.statuses]
    if role == BOT:
        flow: Mapping[Stage, Sequence[Stage]] = dict.fromkeys(stages, stages)
    else:
        flow = _FLOW[kind] if kind in _MOVES[role] else {}
    pairs = [(old, new) for old, many in flow.items() for new in many if old is not new]
    known = [(mapped.statuses[a], mapped.statuses[b]) for a, b in pairs if a in stages and b in stages]
    return [["", mapped.statuses[stages[0]]], *([old, new] for old, new in known)]
