"""Files: attached and found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from svc_plugin.standins.jira import events, journal, shapes
from svc_plugin.standins.jira.errors import Refused
from svc_plugin.standins.jira.json_values import whole
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.state import Attachment, Issue

MOST: Final = 60


def attach(
    site: Site, person: Person, issue: Issue, given: Sequence[tuple[str, str, bytes]]
) -> list[Attachment]:
    """Attach files (name, type, content) and tell the webhooks; files of one name stand side by side.

    Raises ``Refused`` (413) when one is too large or there are too many.
    """
    if len(given) > MOST:
        raise Refused(413, f"No more than {MOST} files can be attached at once.")
    if any(len(content) > site.faults.upload_limit for _, _, content in given):
        raise Refused(
            413, f"The file exceeds its maximum permitted size of {site.faults.upload_limit} bytes."
        )
    field = site.catalogue.fields["attachment"]
    made: list[Attachment] = []
    for name, mime, content in given:
        one = Attachment(site.state.next_id("attachment"), person, name, mime, content, site.now())
        issue.attachments.append(one)
        made.append(one)
        entry = journal.write(site, issue, person, (journal.item(field, (None, None), (str(one.id), name)),))
        events.attachment_event(site, "created", shapes.attachment(site, events.site_root(), one))
        events.issue_updated(site, issue, person, entry, "issue_updated")
    return made


def find_file(site: Site, person: Person, number: str) -> Attachment:
    """The file by its id. Raises ``Refused`` (404) when it is not there or not to be seen."""
    for issue in site.state.issues.values():
        for one in issue.attachments:
            if one.id == whole(number, 0) and site.may(person, "BROWSE_PROJECTS", issue.project):
                return one
    raise Refused(404, f"The attachment with id '{number}' does not exist")
