"""The way from an issue to our page about it: a remote link, one for each issue."""

from dataclasses import dataclass

import structlog

from svc_plugin.domain.errors import SvcPluginError
from svc_plugin.sites.jira.client import Client


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Puts links to our pages on issues of the site ``site``; ``url`` is where our pages are, "" for none."""

    client: Client
    site: str
    url: str
    title: str

    def put(self, number: str) -> None:
        """See to it that an issue (its id) has the link: Jira replaces the one with the same global id.

        Work does not wait for it: a Jira that does not take it is not asked again.
        """
        if not self.url:
            return
        body = {
            "globalId": f"svc-plugin:{self.site}:{number}",
            "application": {"name": "svc-plugin"},
            "object": {"url": f"{self.url}/issues/{self.site}/{number}", "title": self.title},
        }
        try:
            self.client.post(f"/issue/{number}/remotelink", body, issue=number)
        except SvcPluginError as error:
            log = structlog.get_logger(__name__)
            log.warning("remote_link.refused", issue=number, error=str(error))
