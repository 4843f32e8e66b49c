"""The marker on a project: which installation looks after it; two would undo each other's work."""

from typing import Any, cast

from svc_plugin.sites.errors import NotThereError
from svc_plugin.sites.jira.client import Client, Json
from svc_plugin.sites.jira.linked import PROPERTY
from svc_plugin.sites.jira.settings import JiraSettings


def path_of(project: str) -> str:
    """Return where a project keeps the marker."""
    return f"/project/{project}/properties/{PROPERTY}"


def marker(settings: JiraSettings) -> Json:
    """Return our marker."""
    return {"address": settings.public_url, "site": settings.name}


def keeper_of(client: Client, project: str) -> str | None:
    """Return the address of the installation that looks after a project, None for none."""
    try:
        value: Any = client.get(path_of(project))["value"]
    except NotThereError:
        return None
    return str(cast("Json", value).get("address", "?")) if isinstance(value, dict) else "?"
