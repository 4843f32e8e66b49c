"""The work table: one row an issue, claimed by one UPDATE, healed by one SELECT."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Backlog, Queued, WorkItem
from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import work

_W = work.c
_PARKED = sa.and_(_W.error != "", _W.tries == 0)  # who fails and is tried again has tries to show
_CHUNK = 200  # rows a statement: well under every database's limit of parameters


def touching(database: Database) -> sqlite.Insert | postgresql.Insert:
    """Return the statement that marks issues as due, one row each of ``site, key, wanted, due``.

    ``wanted`` counts the wishes that come with it. An earlier due wins, a parked or failing issue gets a
    fresh start. Built once and executed with many rows: to build it costs more than to run it.
    """
    insert = database.insert(work)
    new = insert.excluded
    earlier = sa.case((sa.or_(_W.due.is_(None), _W.due > new.due, _W.tries > 0), new.due), else_=_W.due)
    return insert.on_conflict_do_update(
        index_elements=[_W.site, _W.key],
        set_={"wanted": _W.wanted + new.wanted, "due": earlier, "tries": 0, "error": ""},
    )


class SqlWorkTable:
    """The work table on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._touching = touching(database)
        self._held: dict[IssueRef, WorkItem] = {}

    def add(self, refs: Iterable[IssueRef], *, due: datetime) -> int:
        """Mark issues as due; return how many did not wait already."""
        # sorted: two transactions that lock many rows in the same order cannot block each other
        wanted, waiting = sorted(set(refs)), 0
        if wanted:
            with self._database.begin() as connection:
                for start in range(0, len(wanted), _CHUNK):
                    chunk = wanted[start : start + _CHUNK]
                    waiting += connection.execute(self._waiting(chunk, due)).scalar_one()
                    rows = [
                        {"site": ref.site, "key": ref.key, "wanted": 1, "due": due.timestamp()}
                        for ref in chunk
                    ]
                    connection.execute(self._touching, rows)
        return len(wanted) - waiting

    @staticmethod
    def _waiting(refs: Sequence[IssueRef], due: datetime) -> sa.Select[int]:
        named = sa.tuple_(_W.site, _W.key).in_([(ref.site, ref.key) for ref in refs])
        return sa.select(sa.func.count()).select_from(work).where(named, _W.due <= due.timestamp())

    def take(self, *, now: datetime, lease: timedelta, ref: IssueRef | None = None) -> WorkItem | None:
        """Claim ``ref``, or the issue longest overdue: one UPDATE, so only one worker gets it."""
        at, until = now.timestamp(), (now + lease).timestamp()
        free = sa.and_(_W.due <= at, _W.busy < at)
        chosen: sa.ColumnElement[bool]
        if ref is None:
            first = (
                sa.select(_W.site, _W.key)
                .where(free)
                .order_by(_W.due, _W.site, _W.key)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            # PostgreSQL may run a plain subquery once a row and would then claim several
            chosen = sa.tuple_(_W.site, _W.key).in_(sa.select(first.cte("first")))
        else:
            chosen = sa.and_(_W.site == ref.site, _W.key == ref.key)
        claim = (
            sa.update(work)
            .where(chosen, free)
            # counted now: a worker that dies says nothing afterwards
            .values(busy=until, tries=_W.tries + 1)
            .returning(_W.site, _W.key, _W.wanted, _W.tries)
        )
        with self._database.begin() as connection:
            row = connection.execute(claim).first()
        if row is None:
            return None
        item = WorkItem(IssueRef(row.site, row.key), row.wanted, row.tries - 1, until)
        self._held[item.ref] = item
        return item

    def done(self, item: WorkItem, *, now: datetime, again: datetime | None) -> datetime | None:
        """Give the claim back; what came meanwhile keeps its own due."""
        later = again.timestamp() if again else None
        due = sa.case((_W.wanted > item.wanted, now.timestamp()), else_=sa.literal(later, sa.Double))
        return self._give_back(item, done=item.wanted, due=due, tries=0, error="")

    def retry(self, item: WorkItem, *, due: datetime, error: str) -> datetime | None:
        """Look again at ``due``, or as soon as something new came meanwhile."""
        when = sa.case((_W.wanted > item.wanted, _W.due), else_=due.timestamp())
        return self._give_back(item, due=when, tries=item.tries + 1, error=error)

    def park(self, item: WorkItem, *, error: str, again: datetime | None = None) -> datetime | None:
        """Set aside for a person, at most until ``again``; what came meanwhile keeps it going."""
        newer, later = _W.wanted > item.wanted, again.timestamp() if again else None
        due = sa.case((newer, _W.due), else_=sa.literal(later, sa.Double))
        reason = sa.case((newer, ""), else_=error)
        return self._give_back(item, done=item.wanted, due=due, tries=0, error=reason)

    def _give_back(self, item: WorkItem, **values: object) -> datetime | None:
        with self._database.begin() as connection:
            row = connection.execute(self._ours(item).values(busy=0, **values).returning(_W.due)).first()
        self._held.pop(item.ref, None)
        return to_utc(row.due) if row and row.due is not None else None

    def let_go(self, *, until: datetime) -> Sequence[IssueRef]:
        """Give back what this process still holds, as if it had not been tried: others may have it after
        ``until``, by when the process must have ended. What it does for it after this call does not count.
        """
        held = sorted(self._held.values(), key=lambda item: item.ref)
        with self._database.begin() as connection:
            for item in held:
                connection.execute(self._ours(item).values(busy=until.timestamp(), tries=item.tries))
        return [item.ref for item in held]

    def release_leases(self) -> int:
        """Give back every claim."""
        with self._database.begin() as connection:
            return connection.execute(sa.update(work).where(_W.busy > 0).values(busy=0)).rowcount

    def due(self, *, now: datetime, limit: int) -> Sequence[IssueRef]:
        """Name what is due and not claimed, longest overdue first."""
        at = now.timestamp()
        wanted = sa.select(_W.site, _W.key).where(_W.due <= at, _W.busy < at).order_by(_W.due).limit(limit)
        with self._database.begin() as connection:
            return [IssueRef(row.site, row.key) for row in connection.execute(wanted)]

    def parked(self, *, limit: int, site: str = "", offset: int = 0) -> Sequence[Queued]:
        """List what waits for a person, with the reason; of one site, a part after the other."""
        rows = sa.select(work).where(_PARKED, *_of(site)).order_by(_W.site, _W.key)
        rows = rows.limit(limit).offset(offset)
        with self._database.begin() as connection:
            return [_queued(row) for row in connection.execute(rows)]

    def queued(self, ref: IssueRef) -> Queued | None:
        """Return an issue's row; None when nothing ever asked for a look at it."""
        wanted = sa.select(work).where(_W.site == ref.site, _W.key == ref.key)
        with self._database.begin() as connection:
            row = connection.execute(wanted).first()
        return _queued(row) if row else None

    def waiting(self, *, until: datetime, limit: int, site: str = "", offset: int = 0) -> Sequence[Queued]:
        """List what is due by ``until`` or failed and waits to be tried again, the longest due first."""
        open_ = sa.and_(_W.due.is_not(None), sa.or_(_W.due <= until.timestamp(), _W.tries > 0))
        rows = sa.select(work).where(open_, *_of(site)).order_by(_W.due, _W.site, _W.key)
        rows = rows.limit(limit).offset(offset)
        with self._database.begin() as connection:
            return [_queued(row) for row in connection.execute(rows)]

    def pending(self, *, now: datetime) -> Backlog:
        """Count what waits; ``oldest_due`` looks only at what could be worked on now."""
        at = now.timestamp()
        overdue = sa.and_(_W.due <= at, _W.busy < at)
        figures = sa.select(
            sa.func.count().filter(overdue, _W.tries == 0),
            sa.func.count().filter(_W.due.is_not(None), _W.tries > 0, _W.busy < at),
            sa.func.count().filter(_PARKED),
            sa.func.count().filter(_W.busy >= at),
            sa.func.min(_W.due).filter(overdue),
        )
        with self._database.begin() as connection:
            waiting, retrying, parked, busy, oldest = connection.execute(figures).one()
        return Backlog(waiting, retrying, parked, busy, to_utc(oldest) if oldest is not None else None)

    @staticmethod
    def _ours(item: WorkItem) -> sa.Update:
        # the lease is the fence: who comes back too late finds another one's lease and changes nothing
        ref = item.ref
        return sa.update(work).where(_W.site == ref.site, _W.key == ref.key, _W.busy == item.lease)


def _of(site: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (_W.site == site,) if site else ()


def _queued(row: sa.Row[tuple[object, ...]]) -> Queued:
    due = to_utc(row.due) if row.due is not None else None
    return Queued(IssueRef(row.site, row.key), due, row.tries, row.error, row.busy > 0)
