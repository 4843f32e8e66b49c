"""Syncs that administrators ask for on a page: asked once, carried out by one worker, with progress."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from svc_plugin.store.audit import AuditKind, Entry, append
from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import syncs

_S = syncs.c


@dataclass(frozen=True, slots=True)
class AskedSync:
    """One sync: how far it is (``step`` walk, plan or work; ``total`` 0: not known), and its result."""

    id: int
    site: str
    full: bool
    account: str
    asked_at: datetime
    running: bool
    step: str
    done: int
    total: int
    ended_at: datetime | None
    result: Mapping[str, Any] = field(default_factory=dict[str, Any])


class SqlSyncs:
    """The syncs that were asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, site: str, *, full: bool, account: str, at: datetime) -> bool:
        """Ask for a sync of a site; False while one is waiting or running there."""
        row = {"site": site, "full_walk": full, "account": account, "asked_at": at.timestamp()}
        open_ = sa.exists().where(_S.site == site, _S.ended_at.is_(None))
        values = sa.select(*(sa.literal(value).label(name) for name, value in row.items())).where(~open_)
        insert = sa.insert(syncs).from_select(list(row), values).returning(_S.id)
        told = Entry(AuditKind.ADMIN, at, account, {"act": "sync", "full": full}, site)
        with self._database.begin() as connection:
            new = connection.execute(insert).first()
            if new:
                append(self._database, connection, [told])
        return new is not None

    def claim(self, *, now: datetime, lease: timedelta) -> AskedSync | None:
        """Take the eldest that nobody works on; who stops telling of progress loses it after ``lease``."""
        first = (
            sa.select(_S.id)
            .where(_S.ended_at.is_(None), _S.busy < now.timestamp())
            .order_by(_S.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        claim = sa.update(syncs).where(_S.id.in_(sa.select(first.cte("first"))))
        with self._database.begin() as connection:
            row = connection.execute(
                claim.values(busy=(now + lease).timestamp(), step="walk", done=0, total=0).returning(*_S)
            ).first()
        return _asked(row, now) if row else None

    def progress(self, number: int, step: str, done: int, total: int, *, until: datetime) -> None:
        """Tell how far it is, and keep the claim until a moment."""
        change = {"step": step, "done": done, "total": total, "busy": until.timestamp()}
        with self._database.begin() as connection:
            connection.execute(sa.update(syncs).where(_S.id == number).values(change))

    def end(self, number: int, result: Mapping[str, Any], *, at: datetime) -> None:
        """Write down how it ended."""
        told = json.dumps(result, ensure_ascii=False)
        change = sa.update(syncs).where(_S.id == number)
        with self._database.begin() as connection:
            connection.execute(change.values(ended_at=at.timestamp(), result=told, busy=0))

    def latest(self, site: str, *, now: datetime, limit: int) -> Sequence[AskedSync]:
        """Return the last syncs of a site, the newest first."""
        rows = sa.select(syncs).where(_S.site == site).order_by(_S.id.desc()).limit(limit)
        with self._database.begin() as connection:
            return [_asked(row, now) for row in connection.execute(rows)]


def _asked(row: sa.Row[tuple[Any, ...]], now: datetime) -> AskedSync:
    return AskedSync(
        id=row.id,
        site=row.site,
        full=row.full_walk,
        account=row.account,
        asked_at=to_utc(row.asked_at),
        running=row.ended_at is None and row.busy >= now.timestamp(),
        step=row.step,
        done=row.done,
        total=row.total,
        ended_at=to_utc(row.ended_at) if row.ended_at is not None else None,
        result=json.loads(row.result) if row.result else {},
    )
