"""What keeps each clause: a rule, a chapter, a check, a figure or a part of the product."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from svc_plugin.domain.clauses import CLAUSES, Clause, Keeping
from svc_plugin.domain.policy import Mode, Policy
from svc_plugin.domain.rules import RULES, Rule

# file and key of the configuration whose check serves the clause
CHECKS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "M01": ("registers/calendar.yaml zone", "policies/*.yaml rules"),
        "M02": ("registers/products.yaml handover",),
        "M16": ("registers/products.yaml service_staff",),
        "M20": ("registers/customers.yaml city", "registers/customers.yaml deliveries"),
        "M21": ("registers/products.yaml documents",),
        "M22": ("registers/customers.yaml contracts",),
        "M23": ("registers/products.yaml channels",),
        "M43": ("registers/products.yaml maintenance_staff",),
        "M46": ("registers/products.yaml repository",),
        "M63": ("registers/people.yaml trainings",),
        "M70": ("registers/people.yaml roles",),
    }
)

# figures of the reports, as they are called in ``domain.figures``
FIGURES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "M06": ("service_report statistics.responses",),
        "M17": ("service_report efforts",),
        "M28": ("service_report statistics.kinds.late",),
        "M29": ("service_report surveys",),
        "M30": ("service_report statistics.responses",),
        "M41": ("service_report statistics.kinds",),
        "M42": ("maintenance_report statistics.defects", "maintenance_report statistics.capacity"),
        "M44": ("maintenance_report statistics.resolutions",),
        "M58": ("maintenance_report patches.coverage",),
        "M62": (
            "maintenance_report statistics.classes",
            "maintenance_report statistics.effort_by_class",
            "maintenance_report efforts",
        ),
        "M64": ("service_report statistics.score_product", "service_report statistics.score_service"),
        "M73": ("service_report waivers", "maintenance_report waivers"),
    }
)

# modules that keep what no rule can: it is not about one issue as it stands
PARTS: Mapping[str, str] = MappingProxyType(
    {
        "M73": "svc_plugin.domain.waivers",
        "M74": "svc_plugin.engine.sweep",
    }
)

_ACTING = frozenset({Keeping.ENFORCED, Keeping.WARNED})


@dataclass(frozen=True, slots=True)
class Kept:
    """One clause and all that keeps it; ``tests`` guard it, ``mode`` is None where no rule keeps it."""

    name: str
    clause: Clause
    rule: str
    mode: Mode | None
    part: str
    chapters: tuple[str, ...]
    checks: tuple[str, ...]
    figures: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def acting(self) -> bool:
        """Whether the process wants it enforced or warned of."""
        return bool(_ACTING & set(self.clause.keeping))

    def by(self, keeping: Keeping) -> bool:
        """Tell whether something keeps the clause in this way."""
        match keeping:
            case Keeping.ENFORCED | Keeping.WARNED:
                return bool(self.rule or self.part)
            case Keeping.CHECKED:
                return bool(self.checks)
            case Keeping.DOCUMENTED:
                return bool(self.chapters)
            case Keeping.MEASURED:
                return bool(self.figures)

    @property
    def unkept(self) -> bool:
        """Whether nobody acts on a clause that the process wants enforced or warned of."""
        return self.acting and not (self.rule or self.part)

    @property
    def unguarded(self) -> bool:
        """Whether what acts on the clause is in force and no test guards it."""
        in_force = bool(self.part) if self.mode is None else self.mode is not Mode.OFF
        return in_force and not self.tests


def kept(
    policy: Policy,
    places: Mapping[str, Iterable[tuple[str, str]]],
    tests: Mapping[str, Sequence[str]],
    rules: Iterable[Rule] = RULES,
) -> tuple[Kept, ...]:
    """Return for each clause what keeps it under ``policy``.

    ``places`` are clause and chapter by kind of document, ``tests`` those that guard it by clause.
    """
    ids = {clause: rule.id for rule in rules for clause in rule.clauses}
    chapters: dict[str, list[str]] = {}
    for document, answered in places.items():
        for name, chapter in answered:
            chapters.setdefault(name, []).append(f"{document} {chapter}")
    return tuple(
        Kept(
            name=name,
            clause=clause,
            rule=ids.get(name, ""),
            mode=policy.mode(ids[name]) if name in ids else None,
            part=PARTS.get(name, ""),
            chapters=tuple(chapters.get(name, ())),
            checks=CHECKS.get(name, ()),
            figures=FIGURES.get(name, ()),
            tests=tuple(tests.get(name, ())),
        )
        for name, clause in CLAUSES.items()
    )
