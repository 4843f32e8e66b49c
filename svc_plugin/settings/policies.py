"""Which policy is in force from when: the entry ``policy`` of the main file and the files that it names."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from pathlib import Path

from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.settings.build import MAIN, to_policy
from svc_plugin.settings.files import MainFile, PolicyFile
from svc_plugin.settings.reading import Place, Reader


@dataclass(frozen=True, slots=True)
class DatedPolicy:
    """A policy that was read: from which day it is in force, and the digest of its file."""

    starts_on: date
    policy: Policy
    digest: str


def read_policy(reader: Reader, name: str, where: str, people: Collection[str] | None) -> tuple[Policy, str]:
    """Read one policy from the file ``where``, with its digest; ``reader`` keeps its faults.

    ``people`` are the known accounts, None when the register could not be read.
    """
    return to_policy(reader, name, where, reader.read(where, PolicyFile) or PolicyFile(), people)


def read_policies(
    reader: Reader, folder: Path, main: MainFile | None, people: Collection[str] | None, today: date
) -> list[DatedPolicy]:
    """Read the policies that the main file names, in order; ``reader`` keeps the faults of their dates.

    ``people`` are the known accounts, None when the register could not be read. The policy ``standard`` is
    read when the main file cannot be: its own faults are told too.
    """
    named = [(entry.starts_on, entry.use) for entry in main.policy] if main else [(date.min, "standard")]
    if not named:
        reader.fault(MAIN, ("policy",), "too_short", min_length=1)
    _check_dates(reader, [starts_on for starts_on, _ in named], today)
    known = sorted(path.stem for path in (folder / "policies").glob("*.yaml"))
    found: list[DatedPolicy] = []
    for number, (starts_on, name) in enumerate(named):
        if name not in known:
            dated: Place = ("policy", number, "use")
            place = dated if reader.found(MAIN, dated) else ("policy",)
            reader.fault(MAIN, place, "policy_unknown", known=", ".join(known))
            continue
        found.append(DatedPolicy(starts_on, *read_policy(reader, name, f"policies/{name}.yaml", people)))
    return found


def in_order(found: Sequence[DatedPolicy], zone: tzinfo) -> Policies:
    """Return the policies as the domain asks for them: each from midnight of its day in ``zone``."""
    return Policies(tuple((datetime.combine(one.starts_on, time(0), zone), one.policy) for one in found))


def set_digest(found: Sequence[DatedPolicy]) -> str:
    """Return the digest by which decisions remember all policies and their dates."""
    lines = "\n".join(f"{one.starts_on.isoformat()} {one.digest}" for one in found)
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def _check_dates(reader: Reader, days: Sequence[date], today: date) -> None:
    for number, day in enumerate(days):
        place: Place = ("policy", number, "from")
        if number == 0 and day > today:
            reader.fault(MAIN, place, "policy_future", today=today.isoformat())
        elif number and day == days[number - 1]:
            reader.fault(MAIN, place, "doubled")
        elif number and day < days[number - 1]:
            reader.fault(MAIN, place, "policy_order", before=days[number - 1].isoformat())
