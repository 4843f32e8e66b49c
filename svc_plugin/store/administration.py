"""What administrators look at and do: deliveries with their results, sending one again, releasing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from svc_plugin.domain.model import IssueRef
from svc_plugin.store.audit import AuditKind, Entry, append
from svc_plugin.store.claims import enlist
from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.refusals import let_again
from svc_plugin.store.site_states import take_brake_off
from svc_plugin.store.tables import deliveries, work
from svc_plugin.store.work import touching, wish

_D, _W = deliveries.c, work.c


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery and what came of it: ``result`` is done, parked, retrying or waiting, with its error."""

    id: int
    ref: IssueRef
    delivery: str
    received_at: datetime
    result: str
    error: str


class SqlAdministration:
    """The administrators' acts, each written into the audit log with what it does."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._touching = touching(database)

    def deliveries(
        self, site: str, *, key: str = "", before: int | None = None, limit: int
    ) -> Sequence[Delivered]:
        """Return deliveries of a site, the newest first; ``before`` is where the last page ended."""
        result = sa.case(
            # an issue that is set aside is so for every delivery on it
            (sa.and_(_W.error != "", _W.tries == 0), "parked"),
            (_W.done >= _D.seq, "done"),
            (_W.error != "", "retrying"),
            else_="waiting",
        )
        rows = (
            sa.select(_D.id, _D.key, _D.delivery, _D.received_at, result.label("result"), _W.error)
            .outerjoin(work, sa.and_(_W.site == _D.site, _W.key == _D.key))
            .where(_D.site == site)
            .order_by(_D.id.desc())
            .limit(limit)
        )
        if key:
            rows = rows.where(_D.key == key)
        if before is not None:
            rows = rows.where(_D.id < before)
        with self._database.begin() as connection:
            return [
                Delivered(
                    row.id,
                    IssueRef(site, row.key),
                    row.delivery,
                    to_utc(row.received_at),
                    row.result,
                    (row.error or "") if row.result in {"parked", "retrying"} else "",
                )
                for row in connection.execute(rows)
            ]

    def redeliver(self, site: str, number: int, *, account: str, at: datetime) -> IssueRef | None:
        """Have the issue of a delivery looked at again; None when the site has no such delivery."""
        wanted = sa.select(_D.key, _D.delivery).where(_D.site == site, _D.id == number)
        with self._database.begin() as connection:
            row = connection.execute(wanted).first()
            if row is None:
                return None
            told = {"act": "redeliver", "delivery": row.delivery}
            self._look(connection, IssueRef(site, row.key), account, told, at)
        return IssueRef(site, row.key)

    def release(self, ref: IssueRef, *, account: str, at: datetime) -> bool:
        """Let an issue be tried again, what its site refused too; False when nothing ever asked for it."""
        known = sa.select(_W.error).where(_W.site == ref.site, _W.key == ref.key)
        with self._database.begin() as connection:
            row = connection.execute(known).first()
            if row is None:
                return False
            self._look(connection, ref, account, {"act": "release", "reason": row.error}, at)
        return True

    def release_site(self, site: str, *, account: str, at: datetime) -> None:
        """Let a site be changed without counting for a day, and take up at once what was set aside."""
        with self._database.begin() as connection:
            take_brake_off(self._database, connection, site, at)
            entry = Entry(AuditKind.ADMIN, at, account, {"act": "release-site"}, site)
            append(self._database, connection, [entry])

    def _look(
        self, connection: sa.Connection, ref: IssueRef, account: str, told: Mapping[str, object], at: datetime
    ) -> None:
        let_again(self._database, connection, ref, at)
        row = wish(ref, at)
        connection.execute(self._touching, [row])
        enlist(self._database, connection, [row])
        entry = Entry(AuditKind.ADMIN, at, account, told, ref.site, ref.key)
        append(self._database, connection, [entry])
