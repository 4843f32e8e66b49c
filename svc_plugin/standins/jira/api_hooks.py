"""REST: webhooks that an administrator registers, at the place of each kind of Jira."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response

from svc_plugin.standins.jira.catalogue import Hook
from svc_plugin.standins.jira.errors import Refused
from svc_plugin.standins.jira.json_values import Json, listing, mapping, text, whole
from svc_plugin.standins.jira.web import administrator, document, done, reply, root, site

api = Blueprint("hooks", __name__)
CLOUD_HOOKS, DC_HOOKS = "/rest/webhooks/1.0/webhook", "/rest/jira-webhook/1.0/webhooks"


def _hook_shape(hook: Hook, place: str) -> Json:
    shown: Json = {
        "self": f"{root()}{place}/{hook.id}",
        "id": hook.id,
        "name": hook.name,
        "url": hook.url,
        "events": list(hook.events),
        "excludeBody": False,
    }
    # the secret is never shown again
    if site().cloud:
        return {**shown, "enabled": hook.enabled, "isSigned": bool(hook.secret)}
    return {**shown, "active": hook.enabled}


def _hooks_place(place: str) -> None:
    """Cloud and Data Center 10 have their webhooks at different places."""
    administrator()
    if place != (CLOUD_HOOKS if site().cloud else DC_HOOKS):
        raise Refused(404, f"null for uri: {place}")


@api.get(CLOUD_HOOKS, endpoint="cloud_hooks", defaults={"place": CLOUD_HOOKS})
@api.get(DC_HOOKS, endpoint="dc_hooks", defaults={"place": DC_HOOKS})
def get_hooks(place: str) -> Response:
    """The registered webhooks."""
    _hooks_place(place)
    return reply([_hook_shape(hook, place) for hook in site().catalogue.hooks.values()])


@api.post(CLOUD_HOOKS, endpoint="new_cloud_hook", defaults={"place": CLOUD_HOOKS})
@api.post(DC_HOOKS, endpoint="new_dc_hook", defaults={"place": DC_HOOKS})
def post_hook(place: str) -> Response:
    """Register a webhook. Data Center takes the secret from its configuration alone."""
    _hooks_place(place)
    own = ("secret", "enabled") if site().cloud else ("configuration", "active")
    body = document("name", "url", "events", "excludeBody", *own)
    given = body if site().cloud else mapping(body.get("configuration"))
    secret = text(given.get("secret" if site().cloud else "SECRET"))
    hook = site().catalogue.add_hook(
        text(body.get("name")),
        _address(body),
        secret,
        tuple(text(one) for one in listing(body.get("events"))),
    )
    return reply(_hook_shape(hook, place), 201)


def _address(body: Mapping[str, object]) -> str:
    found = text(body.get("url"))
    if not found.startswith(("http://", "https://")):
        raise Refused(400, "The URL of a webhook must be absolute.")
    return found


@api.delete(f"{CLOUD_HOOKS}/<number>", endpoint="no_cloud_hook", defaults={"place": CLOUD_HOOKS})
@api.delete(f"{DC_HOOKS}/<number>", endpoint="no_dc_hook", defaults={"place": DC_HOOKS})
def delete_hook(place: str, number: str) -> Response:
    """Take a webhook away."""
    _hooks_place(place)
    if site().catalogue.hooks.pop(whole(number, 0), None) is None:
        raise Refused(404, "The webhook was not found.")
    return done()
