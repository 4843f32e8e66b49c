"""Gathering: everything one decision may look at, read from the site now."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from svc_plugin.domain.errors import IssueNotFoundError, UnmappedError
from svc_plugin.domain.model import Issue, IssueRef, ProductVersion, Snapshot
from svc_plugin.domain.plan import Change
from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.context import ContextReader
from svc_plugin.engine.documents import DocumentRegister
from svc_plugin.engine.ports import Clock, Mirror, Site

_MOST_LINKS = 300  # more than one issue sensibly has; each costs a read
_VERSIONED = frozenset({Stage.TESTING, Stage.DONE, Stage.CLOSED, Stage.CONVERTED})


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What every decision is made with; ``digest`` names the policies in the ledger."""

    policies: Policies | Policy
    digest: str
    registers: Registers
    texts: Mapping[str, Texts]


class Looker:
    """Reads snapshots: the issue from its site, its product's other issues from the mirror.

    Without ``register`` nothing is known of issued documents.
    """

    def __init__(
        self,
        sites: Mapping[str, Site],
        rulebook: Rulebook,
        clock: Clock,
        mirror: Mirror,
        register: DocumentRegister | None = None,
    ) -> None:
        self._sites = sites
        self._rulebook = rulebook
        self._clock = clock
        self._register = register
        self._context = ContextReader(mirror, rulebook.registers)

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
            linked=linked_issues(issue, _reading(site)),
            versions=_versions(site, issue),
            context=self._context.of(issue),
            issued=self._register.newest(issue, site.language) if self._register else None,
        )

    def concerned(self, was: Issue | None, now: Issue | None) -> Sequence[IssueRef]:
        """Name the issues whose decision may change because this one changed from ``was`` to ``now``."""
        return self._context.concerned(was, now)

    def site(self, ref: IssueRef) -> Site:
        """Return the site of a reference. Raises ``UnmappedError``."""
        if ref.site not in self._sites:
            raise UnmappedError(f"site '{ref.site}' is not configured; known are {', '.join(self._sites)}")
        return self._sites[ref.site]

    def texts(self, ref: IssueRef) -> Texts:
        """Return the sentences in the language of the reference's site."""
        return self._rulebook.texts[self.site(ref).language]


def linked_issues(issue: Issue, read: Callable[[IssueRef], Issue | None]) -> Sequence[Issue]:
    """Read the linked issues that the decision on this one needs; ``read`` returns None for what is gone."""
    if not _decided_with_others(issue):
        return ()
    newest_first = sorted(issue.links, key=lambda ref: (len(ref.key), ref.key), reverse=True)
    found = (read(ref) for ref in newest_first[:_MOST_LINKS])
    return [one for one in found if one]


def _reading(site: Site) -> Callable[[IssueRef], Issue | None]:
    def read(ref: IssueRef) -> Issue | None:
        try:
            return site.fetch(ref)
        except IssueNotFoundError:
            return None

    return read


def _versions(site: Site, issue: Issue) -> Sequence[ProductVersion] | None:
    if issue.kind is not IssueKind.MAINTENANCE or not issue.product or issue.stage not in _VERSIONED:
        return None
    return site.versions(issue.product, holding=issue.value(Field.FIXED_VERSION))


def _decided_with_others(issue: Issue) -> bool:
    """Tell whether rules look at what was made for this issue: only then the related issues are read."""
    match issue.kind:
        case IssueKind.SERVICE_REQUEST:  # its maintenance issue
            return True
        case IssueKind.MAINTENANCE:  # its visit, its customers' updates
            return "yes" in {issue.value(Field.VISIT_NEEDED), issue.value(Field.BROAD_VALUE)}
        case IssueKind.DOCUMENT:  # its surveys
            return issue.stage is Stage.APPROVED and issue.value(Field.DOCUMENT_KIND) == "service_plan"
        case _:
            return False


def digest(issue: Issue, changes: Sequence[Change]) -> str:
    """Name a state and what was wanted of it; our own comments and the site's time stamp do not count."""
    bare = replace(issue, comments={}, updated_at=issue.created_at)
    stable = [repr(part) for part in (replace(bare, fields={}, links=frozenset(), watchers=frozenset()),)]
    stable += [repr(sorted(issue.fields.items())), repr(sorted(issue.links)), repr(sorted(issue.watchers))]
    return hashlib.sha256("\n".join([*stable, repr(changes)]).encode()).hexdigest()
