"""One configured Jira as the engine sees it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from svc_plugin.domain.model import Issue, IssueRef, ProductVersion
from svc_plugin.engine.ports import Changed, Write
from svc_plugin.sites.jira.changes import Walker
from svc_plugin.sites.jira.checks import Checker
from svc_plugin.sites.jira.client import Client
from svc_plugin.sites.jira.directory import Directory
from svc_plugin.sites.jira.linked import LinkedIssues
from svc_plugin.sites.jira.reader import Reader, Watching
from svc_plugin.sites.jira.settings import JiraSettings
from svc_plugin.sites.jira.values import Values
from svc_plugin.sites.jira.versions import ProductVersions
from svc_plugin.sites.jira.wording import wording
from svc_plugin.sites.jira.writer import Writer


class JiraSite:
    """``engine.ports.Site`` on Jira Cloud and Data Center, over REST with one token. Safe for threads."""

    def __init__(self, settings: JiraSettings) -> None:
        self._settings = settings
        self._reader = reader_of(settings)
        self._versions = ProductVersions(self._reader, self._reader.browse_url)
        linked = LinkedIssues(self._reader, settings.link_type)
        self._writer = Writer(self._reader, linked, self._versions, settings.check_url)
        projects = tuple(settings.mapping.projects.values())
        self._walker = Walker(settings.name, self._reader.client, self._reader.directory, projects)

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

    def changed_since(self, since: datetime | None) -> Iterator[Changed]:
        """See ``engine.ports.Site.changed_since``; what changes during the walk is met at its end."""
        return self._walker.changed_since(since)

    def apply(self, ref: IssueRef, writes: Sequence[Write]) -> None:
        """See ``engine.ports.Site.apply``."""
        self._writer.apply(ref, writes)

    def versions(self, product: str, *, holding: str = "") -> Sequence[ProductVersion]:
        """See ``engine.ports.Site.versions``; read anew each time."""
        return self._versions.of(product)

    def check(self) -> Sequence[str]:
        """See ``engine.ports.Site.check``."""
        return Checker(self._reader, self._settings).check()


def reader_of(settings: JiraSettings) -> Reader:
    """Return the reader of a Jira with our own account's token; nothing is asked yet."""
    texts = wording(settings.language)
    client = Client(settings)
    directory = Directory(client, settings, texts)
    values = Values(settings.mapping, directory, settings.zone, texts)
    watching, url = Watching(client, directory), settings.browse_url.rstrip("/")
    return Reader(settings.name, url, client, directory, settings.mapping, values, watching)
