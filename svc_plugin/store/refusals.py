"""What the sites would not do, and since when a person lets it be tried again."""

from datetime import datetime

import sqlalchemy as sa

from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.refusal import Refusal
from svc_plugin.store.audit import append
from svc_plugin.store.audit_entries import refused
from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import refusals

# built once: to build a statement costs more than to run it
_OURS = (refusals.c.site == sa.bindparam("of_site"), refusals.c.key == sa.bindparam("of_key"))
_KNOWN = sa.select(refusals.c.digest, refusals.c.reason).where(*_OURS, refusals.c.digest != "")
_RELEASED = sa.select(refusals.c.released_at).where(*_OURS)


def let_again(database: Database, connection: sa.Connection, ref: IssueRef, at: datetime) -> None:
    """Let what was refused be tried again because a person says so, even if it was a fight."""
    freed = {"digest": "", "reason": "", "released_at": at.timestamp()}
    insert = database.insert(refusals).values(site=ref.site, key=ref.key, **freed)
    connection.execute(
        insert.on_conflict_do_update(index_elements=[refusals.c.site, refusals.c.key], set_=freed)
    )


class SqlRefusals:
    """What the sites would not do."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def remember(self, ref: IssueRef, refusal: Refusal, *, at: datetime) -> None:
        """Remember what the site refused, in place of what it refused before."""
        row = {"site": ref.site, "key": ref.key, "digest": refusal.digest, "reason": refusal.reason}
        insert = self._database.insert(refusals).values(row)
        with self._database.begin() as connection:
            connection.execute(
                insert.on_conflict_do_update(index_elements=[refusals.c.site, refusals.c.key], set_=row)
            )
            append(self._database, connection, [refused(ref, refusal, at)])

    def known(self, ref: IssueRef) -> Refusal | None:
        """Return what was last refused, unless it may be tried again."""
        with self._database.begin() as connection:
            row = connection.execute(_KNOWN, _named(ref)).first()
        return Refusal(row.digest, row.reason) if row else None

    def release(self, ref: IssueRef, *, at: datetime) -> None:
        """Let it be tried again because a person says so, even if it was a fight."""
        with self._database.begin() as connection:
            let_again(self._database, connection, ref, at)

    def released_at(self, ref: IssueRef) -> datetime | None:
        """Return when a person last did so."""
        with self._database.begin() as connection:
            at: float | None = connection.execute(_RELEASED, _named(ref)).scalar()
        return to_utc(at) if at is not None else None

    def forget(self, ref: IssueRef) -> None:
        """Let it be tried again, because it worked."""
        forgetting = sa.update(refusals).where(*_OURS).values(digest="", reason="")
        with self._database.begin() as connection:
            connection.execute(forgetting, _named(ref))


def _named(ref: IssueRef) -> dict[str, str]:
    return {"of_site": ref.site, "of_key": ref.key}
