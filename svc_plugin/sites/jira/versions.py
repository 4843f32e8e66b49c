"""The versions of a product's project: read with the issue that they were made for, and made once."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from svc_plugin.domain.errors import ChangeRefusedError, UnmappedError
from svc_plugin.domain.model import ProductVersion
from svc_plugin.domain.plan import EnsureVersion
from svc_plugin.sites.errors import ForbiddenError, NotThereError
from svc_plugin.sites.jira.client import Json
from svc_plugin.sites.jira.reader import Reader
from svc_plugin.sites.notes import note_text, read_note
from svc_plugin.sites.plain import lines


@dataclass(frozen=True, slots=True)
class ProductVersions:
    """Reads and makes versions on one site; two threads of one process never make the same one twice."""

    reader: Reader
    browse_url: str
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, product: str) -> Sequence[ProductVersion]:
        """Return the versions of a product's project, as they are now. Raises ``UnmappedError``."""
        project = self.reader.mapping.projects.get(product, "")
        try:
            rows: Sequence[Json] | None = (
                self.reader.client.get(f"/project/{project}/versions") if project else None
            )
        except NotThereError:
            rows = None
        if rows is None:
            texts = self.reader.values.texts
            raise UnmappedError(texts.say("no_project", product=product, project=project or "-"))
        return [self._version(row, project) for row in rows]

    def ensure(self, wanted: EnsureVersion) -> None:
        """See to it that one version has the origin, or the name, wanted.

        Raises ``UnmappedError``, and ``ChangeRefusedError`` when our account does not administer the project.
        """
        with self._lock:
            if self._there(wanted):
                return
            project = self.reader.mapping.projects[wanted.product]
            body = {
                "project": project,
                "name": wanted.name,
                "description": note_text(wanted.origin, wanted.description),
            }
            try:
                self.reader.client.post("/version", body, issue=f"project {project}")
            except (ForbiddenError, NotThereError) as error:
                # without the right, Jira denies that there is such a project
                texts = self.reader.values.texts
                raise ChangeRefusedError(
                    texts.say("no_version_right", version=wanted.name, project=project)
                ) from error
            except ChangeRefusedError:
                # somebody was faster: what counts is that the version is there
                if not self._there(wanted):
                    raise

    def _there(self, wanted: EnsureVersion) -> bool:
        return any(wanted.origin == one.origin or wanted.name == one.name for one in self.of(wanted.product))

    def _version(self, row: Json, project: str) -> ProductVersion:
        marked = read_note(lines(row.get("description")))
        url = f"{self.browse_url}/projects/{project}/versions/{row['id']}"
        return ProductVersion(str(row["name"]), url, marked[0] if marked else "")
