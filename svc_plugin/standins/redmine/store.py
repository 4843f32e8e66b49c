"""The changing half: tables of records under one lock, written to a file after each change."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Generic, TypeVar, cast

from svc_plugin.standins.redmine.blueprint import Numbers
from svc_plugin.standins.redmine.codec import decode, encode
from svc_plugin.standins.redmine.model import Attachment, Issue, Journal, Relation, TimeEntry, Version

R = TypeVar("R", Issue, Journal, Relation, Attachment, TimeEntry, Version)


@dataclass(slots=True)
class Table(Generic[R]):
    """Records by id; ids only ever grow, so a deleted one is never used again."""

    kind: type[R]
    records: dict[int, R] = field(default_factory=dict[int, R])
    last: int = 0

    def next_id(self) -> int:
        """A fresh id."""
        self.last += 1
        return self.last

    def put(self, record: R) -> R:
        """Add the record or replace the one with its id."""
        self.records[record.id] = record
        return record

    def drop(self, number: int) -> None:
        """Delete the record."""
        del self.records[number]

    def get(self, number: int | None) -> R | None:
        """The record, None when there is none."""
        return None if number is None else self.records.get(number)

    def all(self) -> Iterator[R]:
        """All records, oldest first."""
        return iter(list(self.records.values()))

    def dump(self) -> object:
        """The JSON form."""
        return {"last": self.last, "records": [encode(record) for record in self.records.values()]}

    def load(self, data: Mapping[str, object]) -> None:
        """Take over what `dump` made."""
        self.last = int(str(data["last"]))
        for item in cast("list[object]", data["records"]):
            self.put(decode(self.kind, item))


@dataclass(slots=True)
class Store:
    """All tables, the contents of attachments, and the file they live in (None = memory only).

    `born` is when the state was first made; it dates what the blueprint created.
    """

    file: Path | None
    born: datetime
    numbers: Numbers = field(default_factory=Numbers)
    lock: RLock = field(default_factory=RLock)
    issues: Table[Issue] = field(default_factory=lambda: Table(Issue))
    journals: Table[Journal] = field(default_factory=lambda: Table(Journal))
    relations: Table[Relation] = field(default_factory=lambda: Table(Relation))
    attachments: Table[Attachment] = field(default_factory=lambda: Table(Attachment))
    times: Table[TimeEntry] = field(default_factory=lambda: Table(TimeEntry))
    versions: Table[Version] = field(default_factory=lambda: Table(Version))
    blobs: dict[int, bytes] = field(default_factory=dict[int, bytes])

    @contextmanager
    def changing(self) -> Generator[None]:
        """Save when the block ends well; a block that raises must not have changed anything."""
        with self.lock:
            yield
            self.save()

    def save(self) -> None:
        """Write the state beside the file and put it in place in one step."""
        if self.file is None:
            return
        state = {
            "born": self.born.isoformat(),
            "numbers": self.numbers.known,
            **{name: table.dump() for name, table in self._tables().items()},
        }
        replace_file(self.file, json.dumps(state, ensure_ascii=False).encode())

    def load(self) -> None:
        """Read the state back if the file exists; raises ValueError naming the file when it is unreadable."""
        if self.file is None or not self.file.exists():
            return
        try:
            state = json.loads(self.file.read_text(encoding="utf-8"))
            self.born = datetime.fromisoformat(state["born"])
            self.numbers = Numbers(state["numbers"])
            for name, table in self._tables().items():
                table.load(state[name])
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"state file {self.file}: {error!r}; move it away to start with an empty stand-in"
            ) from error

    def keep(self, number: int, content: bytes) -> None:
        """Keep the content of an attachment, in its own file when there is a state file."""
        if self.file is None:
            self.blobs[number] = content
            return
        self._blob(self.file, number).parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._blob(self.file, number), content)

    def content(self, number: int) -> bytes:
        """The content of an attachment."""
        return self.blobs[number] if self.file is None else self._blob(self.file, number).read_bytes()

    def forget(self, number: int) -> None:
        """Delete the content of an attachment."""
        if self.file is None:
            del self.blobs[number]
        else:
            self._blob(self.file, number).unlink(missing_ok=True)

    @staticmethod
    def _blob(file: Path, number: int) -> Path:
        return file.with_name(f"{file.name}.files") / str(number)

    def _tables(self) -> Mapping[str, _AnyTable]:
        return {
            "issues": self.issues,
            "journals": self.journals,
            "relations": self.relations,
            "attachments": self.attachments,
            "times": self.times,
            "versions": self.versions,
        }


_AnyTable = (
    Table[Issue] | Table[Journal] | Table[Relation] | Table[Attachment] | Table[TimeEntry] | Table[Version]
)


def replace_file(file: Path, content: bytes) -> None:
    """Write `content` so that a reader, or a crash, sees the old file or the new one, never a half."""
    temporary = file.with_name(f"{file.name}.new")
    with temporary.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(file)
