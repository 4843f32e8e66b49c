"""The versions of a product's project: read with the issue that they were made for, and made once."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from svc_plugin.domain.errors import ChangeRefusedError, UnmappedError
from svc_plugin.domain.model import ProductVersion
from svc_plugin.domain.plan import EnsureVersion
from svc_plugin.sites.errors import ForbiddenError
from svc_plugin.sites.notes import note_text, read_note
from svc_plugin.sites.plain import lines
from svc_plugin.sites.redmine.client import Json
from svc_plugin.sites.redmine.directory import Project
from svc_plugin.sites.redmine.reader import Reader
from svc_plugin.sites.redmine.wording import PERMISSIONS, in_language

RIGHT: Final = "manage_versions"


@dataclass(frozen=True, slots=True)
class ProductVersions:
    """Reads and makes versions on one site; two threads of one process never make the same one twice."""

    reader: Reader
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, product: str, holding: str) -> Sequence[ProductVersion]:
        """Return the versions of a product, not older than a minute and read anew to find ``holding``."""
        place = self._place(product)
        rows = self.reader.directory.versions(
            place.id, lambda known: not holding or any(row["name"] == holding for row in known)
        )
        return [self._version(row) for row in rows]

    def ensure(self, wanted: EnsureVersion) -> None:
        """See to it that one version has the origin, or the name, wanted.

        Raises ``UnmappedError`` and ``ChangeRefusedError``; the latter says so when we lack the permission.
        """
        place = self._place(wanted.product)
        body = {"name": wanted.name, "description": note_text(wanted.origin, wanted.description)}
        with self._lock:
            if self._there(place, wanted):
                return
            try:
                self.reader.client.send("post", f"/projects/{place.id}/versions.json", {"version": body})
            except ForbiddenError as error:
                texts = self.reader.values.texts
                facts = {"version": wanted.name, "project": place.identifier}
                permission = in_language(PERMISSIONS, texts.language)[RIGHT]
                raise ChangeRefusedError(
                    texts.say("no_version_right", permission=permission, **facts)
                ) from error
            except ChangeRefusedError:
                # somebody was faster: what counts is that the version is there
                if not self._there(place, wanted):
                    raise
            else:
                self._there(place, wanted)  # what is remembered must hold it at the next look

    def _there(self, place: Project, wanted: EnsureVersion) -> bool:
        rows = self.reader.directory.versions(place.id, lambda _: False)
        known = [self._version(row) for row in rows]
        return any(wanted.origin == one.origin or wanted.name == one.name for one in known)

    def _version(self, row: Json) -> ProductVersion:
        marked = read_note(lines(row.get("description")))
        url = f"{self.reader.client.url}/versions/{row['id']}"
        return ProductVersion(str(row["name"]), url, marked[0] if marked else "")

    def _place(self, product: str) -> Project:
        identifier = self.reader.mapping.projects.get(product, "")
        place = self.reader.directory.project(identifier) if identifier else None
        if place is None:
            texts = self.reader.values.texts
            raise UnmappedError(texts.say("no_project", product=product, project=identifier or "-"))
        return place
