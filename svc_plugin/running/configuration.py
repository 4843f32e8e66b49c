"""The configuration as files: their marks, and whether they changed since the last start (audit log)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import cast

from svc_plugin.store.audit import PRODUCT, AuditKind, Entry, SqlAudit, Wanted

_PATTERNS = ("*.yaml", "mappings/*.yaml", "policies/*.yaml", "registers/*.yaml", "templates/*.docx")


def marks_of(folder: Path) -> Mapping[str, str]:
    """Return the SHA-256 of every configuration file by its path in the folder; secrets are none of them."""
    found = {path for pattern in _PATTERNS for path in folder.glob(pattern) if path.is_file()}
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(found)
    }


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Name the files that were added, removed or altered."""
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))


def note_configuration(log: SqlAudit, folder: Path, *, at: datetime) -> Mapping[str, str]:
    """Write down at a start what differs from the last one; return the marks of the files."""
    now = marks_of(folder)
    last = log.entries(Wanted(kind=AuditKind.CONFIGURATION), limit=1)
    files = last[0].entry.detail.get("files") if last else None
    before = cast("dict[str, str]", files) if isinstance(files, dict) else {}
    different = changed(before, now)
    if different or not last:
        detail = {"changed": different, "files": dict(now)}
        log.record(Entry(AuditKind.CONFIGURATION, at, PRODUCT, detail))
    return now
