"""From a policy file's ``escalation`` to ladders, and what a ladder must not say."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from svc_plugin.domain.policy import Ladder, Recipient, Step
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field
from svc_plugin.settings.files import LadderFile, StepFile
from svc_plugin.settings.reading import Place, Reader

_MOVING = frozenset({Recipient.ASSIGNEE, Recipient.LEAD})


def to_ladders(
    reader: Reader, where: str, files: Sequence[LadderFile], people: Collection[str] | None
) -> tuple[Ladder, ...]:
    """Build the ladders of the policy file ``where``; what does not make sense becomes faults.

    ``people`` are the known accounts, None when the register could not be read.
    """
    chosen: set[tuple[object, str]] = set()
    for index, file in enumerate(files):
        place: Place = ("escalation", index)
        if (file.kind, file.severity) in chosen:
            reader.fault(where, place, "ladder_doubled")
        chosen.add((file.kind, file.severity))
        _check_severity(reader, where, place, file)
        _check_order(reader, where, (*place, "steps"), file.steps)
        _check_recipients(reader, where, (*place, "steps"), file.steps, people)
    return tuple(Ladder(tuple(_step(step) for step in f.steps), f.kind, f.severity) for f in files)


def _step(file: StepFile) -> Step:
    return Step(file.at, file.to, file.level, file.assign)


def _check_severity(reader: Reader, where: str, place: Place, file: LadderFile) -> None:
    spec = FIELD_SPECS[Field.SEVERITY]
    if file.severity and file.kind and file.kind not in spec.kinds:
        reader.fault(where, (*place, "severity"), "severity_none")
    elif file.severity and file.severity not in spec.choices:
        reader.fault(where, (*place, "severity"), "severity_unknown", known=", ".join(spec.choices))


def _check_order(reader: Reader, where: str, place: Place, steps: Sequence[StepFile]) -> None:
    for number, (before, step) in enumerate(pairwise(steps), 1):
        if step.at == before.at:
            reader.fault(where, (*place, number, "at"), "step_doubled", at=step.at)
        elif step.at < before.at:
            reader.fault(where, (*place, number, "at"), "step_order", before=before.at)
        if 0 < step.level < max(earlier.level for earlier in steps[:number]):
            reader.fault(where, (*place, number, "raise"), "step_lowers")


def _check_recipients(
    reader: Reader, where: str, place: Place, steps: Sequence[StepFile], people: Collection[str] | None
) -> None:
    words = ", ".join(Recipient)
    for number, step in enumerate(steps):
        if step.to not in set(Recipient) and people is not None and step.to not in people:
            reader.fault(where, (*place, number, "to"), "recipient_unknown", known=words)
        if step.assign and step.to in _MOVING:
            reader.fault(where, (*place, number, "assign"), "assign_moving", to=step.to)
        earlier = [other for other in steps[:number] if other.to == step.to]
        if earlier and steps[number - 1].to != step.to:
            reader.fault(where, (*place, number, "to"), "ladder_cycle", to=step.to, before=earlier[-1].at)
