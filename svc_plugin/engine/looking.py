"""Gathering: everything one decision may look at, read from the site now."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from svc_plugin.domain.errors import IssueNotFoundError, UnmappedError
from svc_plugin.domain.model import Issue, IssueRef, Snapshot
from svc_plugin.domain.plan import Change
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import Field, IssueKind
from svc_plugin.engine.ports import Clock, Site

_MOST_LINKS = 50  # more than one request sensibly has; each costs a read


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What every decision is made with; ``digest`` names the policy in the ledger."""

    policy: Policy
    digest: str
    registers: Registers
    texts: Mapping[str, Texts]


class Looker:
    """Reads snapshots from the configured sites."""

    def __init__(self, sites: Mapping[str, Site], rulebook: Rulebook, clock: Clock) -> None:
        self._sites = sites
        self._rulebook = rulebook
        self._clock = clock

    def look(self, ref: IssueRef) -> Snapshot:
        """Read the issue and what it is linked to. Raises ``IssueNotFoundError`` or ``TransientError``."""
        now = self._clock()  # before reading: what changes while we read is newer than our look
        site = self.site(ref)
        issue = site.fetch(ref)
        return Snapshot(
            issue=issue,
            registers=self._rulebook.registers,
            texts=self.texts(ref),
            now=now,
            linked=self._linked(site, issue),
        )

    def site(self, ref: IssueRef) -> Site:
        """Return the site of a reference. Raises ``UnmappedError``."""
        if ref.site not in self._sites:
            raise UnmappedError(f"site '{ref.site}' is not configured; known are {', '.join(self._sites)}")
        return self._sites[ref.site]

    def texts(self, ref: IssueRef) -> Texts:
        """Return the sentences in the language of the reference's site."""
        return self._rulebook.texts[self.site(ref).language]

    @staticmethod
    def _linked(site: Site, issue: Issue) -> Sequence[Issue]:
        # a request is decided with its maintenance issue in view, a broad change with its update tasks
        if issue.kind is not IssueKind.SERVICE_REQUEST and issue.value(Field.BROAD_VALUE) != "yes":
            return ()
        found: list[Issue] = []
        newest_first = sorted(issue.links, key=lambda ref: (len(ref.key), ref.key), reverse=True)
        for ref in newest_first[:_MOST_LINKS]:
            try:
                found.append(site.fetch(ref))
            except IssueNotFoundError:
                continue
        return found


def digest(issue: Issue, changes: Sequence[Change]) -> str:
    """Name a state and what was wanted of it; our own comments and the site's time stamp do not count."""
    bare = replace(issue, comments={}, updated_at=issue.created_at)
    stable = [repr(part) for part in (replace(bare, fields={}, links=frozenset(), watchers=frozenset()),)]
    stable += [repr(sorted(issue.fields.items())), repr(sorted(issue.links)), repr(sorted(issue.watchers))]
    return hashlib.sha256("\n".join([*stable, repr(changes)]).encode()).hexdigest()
