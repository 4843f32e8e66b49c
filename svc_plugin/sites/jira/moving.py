"""Ways from one status to another: read anew each time, what stands on their screens remembered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import structlog

from svc_plugin.domain.errors import ChangeRefusedError, TransientError
from svc_plugin.sites.jira.client import Client, Json

Place: TypeAlias = tuple[str, str, str, str]  # project, issue type, status and transition


@dataclass(frozen=True, slots=True)
class Screen:
    """What a transition takes along: which fields, and whether a comment. ``fresh``: read just now."""

    fields: frozenset[str] = frozenset()
    comment: bool = False
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class Moves:
    """Finds and makes transitions; ids and names differ between workflows, so that they are never kept."""

    client: Client
    _screens: dict[Place, Screen] = field(default_factory=dict[Place, Screen])

    def to(self, raw: Json, status: str) -> Json | None:
        """Return the transition that leads to a status (its id) now; None when our account has none.

        ``raw`` is the issue as just read, with its transitions where Jira gave them along.
        """
        given = raw if "transitions" in raw else self.client.get(f"/issue/{raw['id']}/transitions")
        found: Sequence[Json] = given["transitions"]
        for one in found:
            if str(one["to"]["id"]) == status:
                return one
        log = structlog.get_logger(__name__)
        log.warning("transition.missing", issue=raw["key"], status=status)
        return None

    def screen(self, raw: Json, move: Json) -> Screen:
        """Return what a transition takes along; asked once for each step of a workflow.

        A screen takes a comment and does not list it; Data Center does not say whether there is one.
        """
        if move.get("hasScreen") is False:
            return Screen()
        place = _place(raw, move)
        known = self._screens.get(place)
        if known:
            return known
        path = f"/issue/{raw['id']}/transitions"
        found: Sequence[Json] = self.client.get(path, expand="transitions.fields")["transitions"]
        same = [one for one in found if str(one["id"]) == str(move["id"])]
        names = frozenset(str(name) for one in same for name in one.get("fields") or ())
        comment = bool(move.get("hasScreen", names))
        self._screens[place] = Screen(names, comment, fresh=False)
        return Screen(names, comment)

    def make(self, raw: Json, move: Json, screen: Screen, more: Json) -> None:
        """Make a transition with what it takes along.

        Raises ``ChangeRefusedError``, and ``TransientError`` when its screen may have changed meanwhile.
        """
        key = str(raw["id"])
        body = {"transition": {"id": str(move["id"])}, **more}
        try:
            self.client.post(f"/issue/{key}/transitions", body, issue=key)
        except ChangeRefusedError as error:
            if screen.fresh or not more:
                raise
            self._screens.pop(_place(raw, move), None)
            raise TransientError(str(error)) from error


def _place(raw: Json, move: Json) -> Place:
    fields = raw["fields"]
    steps = (fields["project"], fields["issuetype"], fields["status"], move)
    project, kind, status, transition = (str(one["id"]) for one in steps)
    return project, kind, status, transition
