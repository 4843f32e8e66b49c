"""Our webhook at a Jira, as an administrator registers it: where, for which events, and its faults."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from svc_plugin.sites.jira.client import Json

EVENTS: Final = (
    *(f"jira:issue_{what}" for what in ("created", "updated", "deleted")),
    *(f"comment_{what}" for what in ("created", "updated", "deleted")),
    *(f"worklog_{what}" for what in ("created", "updated", "deleted")),
    *(f"issuelink_{what}" for what in ("created", "deleted")),
)
_CLOUD, _DATA_CENTER_10 = "/rest/webhooks/1.0/webhook", "/rest/jira-webhook/1.0/webhooks"
_SIGNED_SINCE: Final = 10  # the first Data Center of which it is known


def place(info: Json) -> str:
    """Return where webhooks are registered; ``info`` is what ``/serverInfo`` answers."""
    return _DATA_CENTER_10 if _new_data_center(info) else _CLOUD


def signs(info: Json) -> bool:
    """Tell whether this Jira signs its deliveries; an older one has to carry the secret in the address."""
    return info.get("deploymentType") == "Cloud" or _new_data_center(info)


def _new_data_center(info: Json) -> bool:
    numbers: Sequence[int] = info.get("versionNumbers") or (0,)
    return info.get("deploymentType") != "Cloud" and int(numbers[0]) >= _SIGNED_SINCE


def ours_of(hooks: Sequence[Json], address: str) -> Json | None:
    """Return the webhook that leads to ``address`` (ours, or the end of it), None for none."""
    leads_here = re.compile(f"{re.escape(address)}(?:[/?].*)?$")
    found = [one for one in hooks if leads_here.search(str(one.get("url", "")))]
    return max(found, key=_enabled) if found else None


def faults_of(hook: Json) -> Mapping[str, str]:
    """Return what is wrong with a webhook: a name for each fault, and the facts of it in one text."""
    found: dict[str, str] = {}
    if not _enabled(hook):
        found["off"] = ""
    events: Sequence[str] = hook.get("events") or ()
    missing = [one for one in EVENTS if one not in events]
    if events and missing:
        found["events"] = ", ".join(missing)
    if hook.get("isSigned") is False:
        found["unsigned"] = ""
    if hook.get("excludeBody") in {True, "true"}:
        found["bodiless"] = ""
    return found


def registration(info: Json, name: str, url: str, secret: str) -> Json:
    """Return the body that registers our webhook; the two editions take the secret at different places."""
    body: Json = {"name": name, "url": url if signs(info) else f"{url}/{secret}", "events": list(EVENTS)}
    if not signs(info):
        return {**body, "excludeBody": False, "enabled": True}
    if info.get("deploymentType") == "Cloud":
        return {**body, "excludeBody": False, "enabled": True, "secret": secret}
    return {**body, "active": True, "configuration": {"EXCLUDE_BODY": "false", "SECRET": secret}}


def _enabled(hook: Json) -> bool:
    return bool(hook.get("enabled", hook.get("active", True)))
