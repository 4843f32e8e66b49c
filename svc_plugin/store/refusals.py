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
        wanted = sa.select(refusals.c.digest, refusals.c.reason).where(
            refusals.c.site == ref.site, refusals.c.key == ref.key, refusals.c.digest != ""
        )
        with self._database.begin() as connection:
            row = connection.execute(wanted).first()
        return Refusal(row.digest, row.reason) if row else None

    def release(self, ref: IssueRef, *, at: datetime) -> None:
        """Let it be tried again because a person says so, even if it was a fight."""
        with self._database.begin() as connection:
            let_again(self._database, connection, ref, at)

    def released_at(self, ref: IssueRef) -> datetime | None:
        """Return when a person last did so."""
        wanted = sa.select(refusals.c.released_at).where(
            refusals.c.site == ref.site, refusals.c.key == ref.key
        )
        with self._database.begin() as connection:
            at: float | None = connection.execute(wanted).scalar()
        return to_utc(at) if at is not None else None

    def forget(self, ref: IssueRef) -> None:
        """Let it be tried again, because it worked."""
        ours = sa.and_(refusals.c.site == ref.site, refusals.c.key == ref.key)
        with self._database.begin() as connection:
            connection.execute(sa.update(refusals).where(ours).values(digest="", reason=""))
