"""One configured Redmine as the engine sees it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from svc_plugin.domain.model import Issue, IssueRef, ProductVersion
from svc_plugin.engine.ports import Changed, Write
from svc_plugin.sites.redmine.changes import Walker
from svc_plugin.sites.redmine.checks import Checker
from svc_plugin.sites.redmine.client import Client
from svc_plugin.sites.redmine.directory import Directory
from svc_plugin.sites.redmine.linked import LinkedIssues
from svc_plugin.sites.redmine.reader import Reader
from svc_plugin.sites.redmine.settings import RedmineSettings
from svc_plugin.sites.redmine.values import Values
from svc_plugin.sites.redmine.versions import ProductVersions
from svc_plugin.sites.redmine.wording import wording
from svc_plugin.sites.redmine.writer import Writer


class RedmineSite:
    """``engine.ports.Site`` on Redmine 5.0 to 7.0, over REST with one account's key. Safe for threads."""

    def __init__(self, settings: RedmineSettings) -> None:
        self._settings = settings
        self._reader = reader_of(settings)
        self._versions = ProductVersions(self._reader)
        linked = LinkedIssues(self._reader)
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

    def read_many(self, refs: Sequence[IssueRef]) -> Mapping[IssueRef, Issue]:
        """See ``engine.ports.Site.read_many``: there is no such request."""
        return {}

    def versions(self, product: str, *, holding: str = "") -> Sequence[ProductVersion]:
        """See ``engine.ports.Site.versions``."""
        return self._versions.of(product, holding)

    def changed_since(self, since: datetime | None) -> Iterator[Changed]:
        """See ``engine.ports.Site.changed_since``; what changes during the walk is met at its end."""
        return self._walker.changed_since(since)

    def apply(self, ref: IssueRef, writes: Sequence[Write], *, seen: Issue | None = None) -> None:
        """See ``engine.ports.Site.apply``; the issue is read again, whatever was ``seen``."""
        self._writer.apply(ref, writes)

    def check(self) -> Sequence[str]:
        """See ``engine.ports.Site.check``."""
        return Checker(self._reader).check()


def reader_of(settings: RedmineSettings) -> Reader:
    """Return the reader of a Redmine with our own account's key; nothing is asked yet."""
    client = Client(
        settings.url,
        settings.api_key,
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        site=settings.name,
    )
    directory = Directory(client, settings.people)
    values = Values(settings.mapping, directory, settings.zone, wording(settings.language))
    return Reader(settings.name, client, directory, settings.mapping, values)
