"""M24, M47, M63: before a plan is approved, its staff have had both kinds of training."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from svc_plugin.domain.evidence import last_moved
from svc_plugin.domain.explain import demanded
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import TrainingKind
from svc_plugin.domain.vocabulary import Field, IssueKind, Role, Stage

_STAFF_OF: Mapping[str, Role] = MappingProxyType(
    {"service_plan": Role.SERVICE, "maintenance_plan": Role.MAINTENANCE}
)


def staff_are_trained(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Name who of a submitted plan's staff lacks which training; hold the approval if enforced."""
    if seen.issue.kind is IssueKind.DOCUMENT:
        yield from demanded(
            seen,
            policy,
            "M24",
            missing_trainings(seen),
            gate={Stage.APPROVED},
            shown_in={Stage.SUBMITTED},
            back=Stage.SUBMITTED,
        )


def missing_trainings(seen: Snapshot) -> list[str]:
    """Name who of a plan's staff lacks which training; [] when all have had both kinds."""
    issue, registers, texts = seen.issue, seen.registers, seen.texts
    return [
        texts.say("M24.lacks", person=registers.name_of(account), training=texts.say(f"training.{kind}"))
        for account in _staff(seen)
        for kind in TrainingKind
        if not registers.trained(account, kind, issue.product)
    ]


def _staff(seen: Snapshot) -> list[str]:
    """Return the staff of the plan; who was appointed after its approval does not undo it."""
    issue, product = seen.issue, seen.registers.products.get(seen.issue.product)
    role = _STAFF_OF.get(issue.value(Field.DOCUMENT_KIND))
    at = last_moved(issue, Stage.APPROVED).at if issue.stage is Stage.APPROVED else seen.now
    day = seen.registers.calendar.day_of(at)
    appointed = product.appointments if product else ()
    return [one.account for one in appointed if one.role is role and one.on <= day]
