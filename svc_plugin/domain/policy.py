"""Policy: the process as one company tailors it, as data (section 3 of the process design)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from svc_plugin.domain.vocabulary import Field, IssueKind, Stage


class Recipient(StrEnum):
    """Whom a step of a ladder may name beside a person's account.

    ``LEAD`` is the one whom the assignee reports to, ``SUPERIOR`` the one whom the product's leader does.
    """

    ASSIGNEE = "assignee"
    LEAD = "lead"
    SERVICE = "service"
    MAINTENANCE = "maintenance"
    LEADER = "leader"
    SUPERIOR = "superior"
    APPROVER = "approver"


class Mode(StrEnum):
    """What happens when a rule finds something."""

    ENFORCED = "enforced"
    WARNED = "warned"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Keywords:
    """Words that suggest a value of a field: one of them in the title or the description is enough."""

    words: tuple[str, ...]
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ladder: what is done once a share of a clock's target has been used.

    ``at`` is that share in percent of the target's working time. ``to`` is a ``Recipient`` or the account of
    a person. ``level`` is the escalation level from then on, 0 leaves it. ``assign``: the issue is given to
    the first of those whom the step names.
    """

    at: int
    to: str
    level: int = 0
    assign: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps, in order, for issues of a kind and a severity; None and "" stand for any."""

    steps: tuple[Step, ...]
    kind: IssueKind | None = None
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """Which rules act, and their numbers.

    ``modes`` is by rule id, a rule not named is enforced. ``first_response`` is working time by request
    kind, with ``default`` for the rest. ``closing`` names the fields without which an issue of that kind
    may not be closed, ``ending`` those that maintenance must hold when it is rejected or converted instead
    (M40, M61). A perfective change of at most ``small_change_hours`` needs neither a check of the
    resources nor the leader (M53), one of at least ``new_project_hours`` is proposed as a new project (M11;
    0: never). ``resolution`` is working time by severity, like ``first_response``. ``tester_differs``: who
    did the work may not test it (M56). ``suggestions`` are keywords by field: they suggest, they never judge
    (M27, M50). ``escalation`` holds the ladders, of which ``ladder`` chooses one.

    A contract that ends within ``contract_warning_days`` after the customer asked is spoken of (M03; 0:
    never). A change of class from corrective to perfective is late in the last ``reclassify_watch`` (0 to
    1) of the time to target (M12). In working time: a request recorded later than ``recording_delay`` is
    spoken of (M28; None: never), an inquiry must be answered within ``consult_within`` (M31; None: on the
    same working day), a report be submitted within ``report_within`` after its period (M72; None: any time).

    ``task_closing`` names the fields without which a service task of that kind may not be closed. A visit
    in the same city that is decided before ``visit_cut_off``, in local time, is due that day (M33).

    ``classification`` (M50), ``decision`` (M54), ``thanks`` (M36), ``approval`` (M26) and
    ``update_coverage`` (M58) are the working time of one clock each; None: no clock. ``pauses`` names, by
    clock, the stages in which it stands still. ``customer_hours``: the first response is measured in the
    company's hours as the clock on the customer's wall shows them.
    """

    name: str
    modes: Mapping[str, Mode] = field(default_factory=dict[str, Mode])
    first_response: Mapping[str, timedelta] = field(default_factory=dict[str, timedelta])
    closing: Mapping[IssueKind, tuple[Field, ...]] = field(default_factory=dict[IssueKind, tuple[Field, ...]])
    ending: Mapping[Stage, tuple[Field, ...]] = field(default_factory=dict[Stage, tuple[Field, ...]])
    small_change_hours: float = 0.0
    resolution: Mapping[str, timedelta] = field(default_factory=dict[str, timedelta])
    new_project_hours: float = 0.0
    tester_differs: bool = True
    contract_warning_days: int = 0
    reclassify_watch: float = 0.0
    recording_delay: timedelta | None = None
    consult_within: timedelta | None = None
    report_within: timedelta | None = None
    suggestions: Mapping[Field, tuple[Keywords, ...]] = field(
        default_factory=dict[Field, tuple[Keywords, ...]]
    )
    escalation: tuple[Ladder, ...] = ()
    task_closing: Mapping[str, tuple[Field, ...]] = field(default_factory=dict[str, tuple[Field, ...]])
    visit_cut_off: time = time(15)
    classification: timedelta | None = None
    decision: timedelta | None = None
    thanks: timedelta | None = None
    approval: timedelta | None = None
    update_coverage: timedelta | None = None
    pauses: Mapping[str, tuple[Stage, ...]] = field(default_factory=dict[str, tuple[Stage, ...]])
    customer_hours: bool = False

    def at(self, _moment: datetime) -> "Policy":
        """Return itself: a policy that stands alone was always in force."""
        return self

    def mode(self, rule: str) -> Mode:
        """Return how ``rule`` acts under this policy."""
        return self.modes.get(rule, Mode.ENFORCED)

    def ladder(self, kind: IssueKind | None, severity: str) -> tuple[Step, ...]:
        """Return the steps for a kind and a severity, none without a ladder; the most specific one counts."""
        ladders = {(ladder.kind, ladder.severity): ladder.steps for ladder in self.escalation}
        wanted = ((kind, severity), (kind, ""), (None, severity), (None, ""))
        return next((ladders[key] for key in wanted if key in ladders), ())

    def resolution_target(self, severity: str) -> timedelta | None:
        """Return the working time within which a fault of this severity must be resolved (M44)."""
        return self.resolution.get(severity) or self.resolution.get("default")

    def response_target(self, request_kind: str) -> timedelta | None:
        """Return the working time within which a request of this kind must be responded to (M06, M30)."""
        return self.first_response.get(request_kind) or self.first_response.get("default")


@dataclass(frozen=True, slots=True)
class Policies:
    """Policies one after the other: ``entries`` tells from when each is in force, the earliest first.

    What happened before the first one is judged by the first one.
    """

    entries: tuple[tuple[datetime, Policy], ...]

    def at(self, moment: datetime) -> Policy:
        """Return the policy in force at an aware ``moment``."""
        begun = (policy for since, policy in reversed(self.entries) if since <= moment)
        return next(begun, self.entries[0][1])
