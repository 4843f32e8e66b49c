"""Gathering: everything one decision may look at, read from the site now."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from types import MappingProxyType

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
        return self._snapshot(issue, now, _reading(site), partial(_versions, site))

    def look_at_many(self, refs: Sequence[IssueRef]) -> Mapping[IssueRef, Snapshot]:
        """Read issues in few requests where their site can; what is missing is to be looked at alone.

        Their watchers are told as far as they are known. Raises ``TransientError`` and ``TerminalError``.
        """
        found: dict[IssueRef, Snapshot] = {}
        for name in dict.fromkeys(ref.site for ref in refs):
            now, site = self._clock(), self._sites[name]
            issues = site.read_many([ref for ref in refs if ref.site == name])
            ends = {end for one in issues.values() if _decided_with_others(one) for end in one.links}
            known = {**site.read_many(sorted(ends - issues.keys())), **issues} if ends else issues
            read, versions = _reading(site, known), _Versions(site)
            found |= {ref: self._snapshot(one, now, read, versions) for ref, one in issues.items()}
        return found

    def _snapshot(
        self,
        issue: Issue,
        now: datetime,
        read: Callable[[IssueRef], Issue | None],
        versions: Callable[[Issue], Sequence[ProductVersion] | None],
    ) -> Snapshot:
        return Snapshot(
            issue=issue,
            registers=self._rulebook.registers,
            texts=self.texts(issue.ref),
            now=now,
            linked=linked_issues(issue, read),
            versions=versions(issue),
            context=self._context.of(issue),
            issued=self._register.newest(issue, self.site(issue.ref).language) if self._register else None,
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


def _reading(
    site: Site, known: Mapping[IssueRef, Issue] = MappingProxyType({})
) -> Callable[[IssueRef], Issue | None]:
    def read(ref: IssueRef) -> Issue | None:
        try:
            return known.get(ref) or site.fetch(ref)
        except IssueNotFoundError:
            return None

    return read


def _needs_versions(issue: Issue) -> bool:
    return bool(issue.product) and issue.kind is IssueKind.MAINTENANCE and issue.stage in _VERSIONED


def _versions(site: Site, issue: Issue) -> Sequence[ProductVersion] | None:
    if not _needs_versions(issue):
        return None
    return site.versions(issue.product, holding=issue.value(Field.FIXED_VERSION))


@dataclass(frozen=True, slots=True)
class _Versions:
    """The versions of products, each read once unless one is missing."""

    site: Site
    known: dict[str, Sequence[ProductVersion]] = field(default_factory=dict[str, Sequence[ProductVersion]])

    def __call__(self, issue: Issue) -> Sequence[ProductVersion] | None:
        if not _needs_versions(issue):
            return None
        wanted, product = issue.value(Field.FIXED_VERSION), issue.product
        known = self.known.get(product)
        if known is None or (wanted and wanted not in {one.name for one in known}):
            known = self.known[product] = self.site.versions(product, holding=wanted)
        return known


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
