"""What service and maintenance cost: budget lines, hourly rates, and what was spent (M71)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from svc_plugin.domain.vocabulary import Role


class Track(StrEnum):
    """The two halves of the process; each has its own plan, report and budget (M05)."""

    SERVICE = "service"
    MAINTENANCE = "maintenance"


class CostLine(StrEnum):
    """The lines of a budget (chapter 3 of both plans, M71)."""

    LABOUR = "labour"
    TRAVEL = "travel"
    COMMUNICATION = "communication"
    TRAINING = "training"
    TEST_ENVIRONMENT = "test_environment"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Rates:
    """What an hour of work costs, in CNY: by account, and by role for everybody else (M71)."""

    people: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])
    roles: Mapping[Role, Decimal] = field(default_factory=dict[Role, Decimal])

    def of(self, account: str, roles: Collection[Role], track: Track) -> Decimal | None:
        """Return the rate of a person with these roles on a track; None when there is none.

        The person's own rate counts before that of a role, and the role of the track before the others.
        """
        if account in self.people:
            return self.people[account]
        held = [role for role in (Role(track), *Role) if role in roles]
        return next((self.roles[role] for role in held if role in self.roles), None)


@dataclass(frozen=True, slots=True)
class Cost:
    """What was spent on one line of a product's budget in one month (``2026-11``), in CNY (M71).

    Labour is not among them: it is computed from the hours that were booked.
    """

    product: str
    track: Track
    month: str
    line: CostLine
    amount: Decimal
