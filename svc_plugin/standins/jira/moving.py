"""Moving an issue to another project, as people do on Jira's pages: REST cannot."""

from __future__ import annotations

from svc_plugin.standins.jira import events, journal
from svc_plugin.standins.jira.catalogue import Project
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.state import Issue, Item


def move_issue(site: Site, person: Person, issue: Issue, project: Project) -> None:
    """Give the issue its new project and key; its id stays and the old key still finds it.

    To be called in a request context of the app, since webhooks name its address.
    """
    old, old_key = site.project_of(issue), issue.key
    issue.former_keys.append(old_key)
    issue.project = project.key
    issue.key = f"{project.key}-{site.state.next_id(f'key {project.key}', 1)}"
    items = (
        Item("project", "project", False, (old.id, old.plan.name), (project.id, project.plan.name)),
        Item("issuekey", "Key", False, (None, old_key), (None, issue.key)),
    )
    entry = journal.write(site, issue, person, items)
    events.issue_updated(site, issue, person, entry, "issue_moved")
