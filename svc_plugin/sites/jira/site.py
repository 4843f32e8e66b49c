"""One configured Jira as the engine sees it."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from svc_plugin.domain.model import Issue, IssueRef, ProductVersion
from svc_plugin.engine.examining import SiteCheck
from svc_plugin.engine.native import NativeRecord
from svc_plugin.engine.ports import Changed, Write
from svc_plugin.sites.jira.bulk import BulkReader
from svc_plugin.sites.jira.changes import Walker
from svc_plugin.sites.jira.checks import Checker
from svc_plugin.sites.jira.linked import LinkedIssues
from svc_plugin.sites.jira.moving import Moves
from svc_plugin.sites.jira.native import native_of
from svc_plugin.sites.jira.pages import PageLinks
from svc_plugin.sites.jira.reader import connect
from svc_plugin.sites.jira.settings import JiraSettings
from svc_plugin.sites.jira.versions import ProductVersions
from svc_plugin.sites.jira.writer import Writer


class JiraSite:
    """``engine.ports.Site`` on Jira Cloud and Data Center, over REST with one token. Safe for threads."""

    def __init__(self, settings: JiraSettings, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._settings = settings
        self._reader = reader = connect(settings, sleep)
        self._bulk = BulkReader(reader)
        self._versions = ProductVersions(reader, reader.browse_url)
        title, url = reader.values.texts.say("page"), settings.pages_url.rstrip("/")
        pages = PageLinks(reader.client, settings.name, url, title)
        linked = LinkedIssues(reader, settings.link_type, pages)
        check_url = f"{url}/issues/{settings.name}" if url else ""
        self._writer = Writer(reader, linked, self._versions, Moves(reader.client), check_url)
        projects = tuple(settings.mapping.projects.values())
        self._walker = Walker(settings.name, reader.client, reader.directory, projects)

    @property
    def name(self) -> str:
        """The configured name of the site."""
        return self._settings.name

    @property
    def language(self) -> str:
        """The language of our comments there."""
        return self._settings.language

    def fetch(self, ref: IssueRef) -> Issue:
        """See ``engine.ports.Site.fetch``."""
        return self._reader.issue(ref)

    def read_many(self, refs: Sequence[IssueRef]) -> Mapping[IssueRef, Issue]:
        """See ``engine.ports.Site.read_many``: a hundred at a time, the changelogs of a thousand."""
        return self._bulk.read(refs)

    def changed_since(self, since: datetime | None) -> Iterator[Changed]:
        """See ``engine.ports.Site.changed_since``; what changes during the walk is met at its end."""
        return self._walker.changed_since(since)

    def apply(self, ref: IssueRef, writes: Sequence[Write], *, seen: Issue | None = None) -> None:
        """See ``engine.ports.Site.apply``."""
        self._writer.apply(ref, writes, seen)

    def versions(self, product: str, *, holding: str = "") -> Sequence[ProductVersion]:
        """See ``engine.ports.Site.versions``; read anew each time."""
        return self._versions.of(product)

    def native(self, ref: IssueRef) -> NativeRecord | None:
        """See ``engine.native.KeepsOwn.native``."""
        return native_of(self._reader, ref)

    def check(self) -> Sequence[str]:
        """See ``engine.ports.Site.check``."""
        return self.examine().faults

    def examine(self) -> SiteCheck:
        """See ``engine.examining.Examined.examine``."""
        return Checker(self._reader, self._settings).examine()
