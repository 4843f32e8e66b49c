"""Uploads that wait for their token, and the files of issues."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from mimetypes import guess_type
from typing import Final

from svc_plugin.standins.redmine.faults import Fault, Invalid
from svc_plugin.standins.redmine.model import Attachment, Detail, User
from svc_plugin.standins.redmine.site import Site
from svc_plugin.standins.redmine.values import as_text, listing, mapping

MAX_BYTES: Final = 20 * 1024 * 1024


def upload(site: Site, user: User, filename: str, content: bytes) -> Attachment:
    """Keep a file until its token is used; raises Invalid over 20 MiB."""
    if len(content) > MAX_BYTES:
        raise Invalid(Fault("", "too_big"))
    with site.store.changing():
        number = site.store.attachments.next_id()
        digest = hashlib.sha256(content).hexdigest()
        name = filename.replace("\\", "/").rsplit("/", 1)[-1] or digest[:32]
        kind = guess_type(name)[0] or "application/octet-stream"
        site.store.keep(number, content)
        return site.store.attachments.put(
            Attachment(number, name, len(content), kind, "", digest, user.id, site.clock())
        )


def claim(site: Site, attrs: Mapping[str, object]) -> list[Attachment]:
    """The files whose tokens a request carries, named as it asks; raises Invalid for a bad or used token."""
    found: list[Attachment] = []
    waiting = {item.token: item for item in site.store.attachments.all() if item.issue_id is None}
    for entry in listing(attrs.get("uploads")):
        asked = mapping(entry)
        attachment = waiting.pop(as_text(asked.get("token")), None)
        if attachment is None:
            raise Invalid(Fault("", "not_saved"))
        found.append(
            replace(
                attachment,
                filename=as_text(asked.get("filename")) or attachment.filename,
                content_type=_media_type(as_text(asked.get("content_type"))) or attachment.content_type,
                description=as_text(asked.get("description")).strip(),
            )
        )
    return found


def _media_type(text: str) -> str:
    """The text if it is a media type (RFC 6838), else "": it becomes a header of downloads."""
    return text if re.fullmatch(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+", text) else ""


def attach(site: Site, issue_id: int, files: list[Attachment]) -> tuple[Detail, ...]:
    """Give the files to the issue; returns what a journal says about it."""
    for item in files:
        site.store.attachments.put(replace(item, issue_id=issue_id))
    return tuple(Detail("attachment", str(item.id), None, item.filename) for item in files)
