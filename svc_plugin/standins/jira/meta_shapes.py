"""What fields of a screen are and which values they take."""

from __future__ import annotations

from svc_plugin.standins.jira import shapes
from svc_plugin.standins.jira.catalogue import Project
from svc_plugin.standins.jira.json_values import Json
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.system_fields import FieldDef, offered, schema


def field_meta(site: Site, root: str, field: FieldDef, project: Project, *, required: bool) -> Json:
    """A field on a screen."""
    found: Json = {
        "required": required,
        "schema": schema(field),
        "name": field.name,
        "key": field.id,
        "hasDefaultValue": False,
        "operations": ["add", "set", "remove"] if field.kind in {"labels", "versions"} else ["set"],
    }
    allowed = {
        "select": [_option(root, number, value) for number, value in offered(field, project.id).items()],
        "priority": [shapes.choice(root, "priority", one) for one in site.catalogue.priorities.values()],
        "resolution": [shapes.choice(root, "resolution", one) for one in site.catalogue.resolutions.values()],
    }
    if field.kind in allowed:
        found["allowedValues"] = allowed[field.kind]
    return found


def _option(root: str, number: str, value: str) -> Json:
    return {"self": f"{root}/rest/api/2/customFieldOption/{number}", "value": value, "id": number}
