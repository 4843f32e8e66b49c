"""The work table: one row an issue, claimed in turns, healed by one SELECT."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Backlog, Queued, WorkItem
from svc_plugin.store.by_site import by_site
from svc_plugin.store.claims import claim, claim_named, enlist, free_at
from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import work

_W = work.c
PARKED = sa.and_(_W.error != "", _W.tries == 0)
"""Who fails and is tried again has tries to show."""
_NO_PROJECTS: Mapping[IssueRef, str] = MappingProxyType({})
_AT = sa.bindparam("at", type_=sa.Double)
_SEEN, _LATER = sa.bindparam("seen", type_=sa.BigInteger), sa.bindparam("later", type_=sa.Double)
_NEWER = _W.wanted > _SEEN
_COUNT, _WHY = sa.bindparam("count", type_=sa.Integer), sa.bindparam("why", type_=sa.Text)
# built once: to build a statement costs more than to run it
_BACK = (
    sa.update(work)
    # the lease is the fence: who comes back too late finds another one's lease and changes nothing
    .where(
        _W.site == sa.bindparam("of_site"),
        _W.key == sa.bindparam("of_key"),
        _W.busy == sa.bindparam("lease", type_=sa.Double),
    )
    .values(busy=0)
    .returning(_W.due)
)
_DONE = _BACK.values(done=_SEEN, due=sa.case((_NEWER, _AT), else_=_LATER), tries=0, error="")
_STILL_DUE = sa.case((_NEWER, _W.due), else_=_LATER)
_RETRY = _BACK.values(due=_STILL_DUE, tries=_COUNT, error=_WHY)
_POSTPONE = _BACK.values(due=_STILL_DUE, tries=_COUNT)
_PARK = _BACK.values(done=_SEEN, due=_STILL_DUE, tries=0, error=sa.case((_NEWER, ""), else_=_WHY))
_LET_GO = _BACK.values(busy=_AT, tries=_COUNT)
_OVERDUE = (
    sa.select(_W.site, _W.key)
    .where(_W.due <= _AT, _W.busy < _AT)
    .order_by(_W.due, _W.site, _W.key)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_WAITING = (
    sa.select(sa.func.count())
    .select_from(work)
    .where(
        _W.site == sa.bindparam("of_site", type_=sa.Text),
        _W.key.in_(sa.bindparam("names", expanding=True)),
        _W.due <= _AT,
    )
)
_CHUNK = 200  # rows a statement: well under every database's limit of parameters


def touching(database: Database) -> sqlite.Insert | postgresql.Insert:
    """Return the statement that marks issues as due, one row each of ``site, key, wanted, due, project``.

    Their projects must be given a place in the order of turns too, see ``enlist``.

    ``wanted`` counts the wishes that come with it. An earlier due wins, a parked or failing issue gets a
    fresh start. Built once and executed with many rows: to build it costs more than to run it.
    """
    insert = database.insert(work)
    new = insert.excluded
    earlier = sa.case((sa.or_(_W.due.is_(None), _W.due > new.due, _W.tries > 0), new.due), else_=_W.due)
    return insert.on_conflict_do_update(
        index_elements=[_W.site, _W.key],
        set_={
            "wanted": _W.wanted + new.wanted,
            "due": earlier,
            "tries": 0,
            "error": "",
            "project": sa.case((new.project != "", new.project), else_=_W.project),
        },
    )


def wish(ref: IssueRef, due: datetime, project: str = "") -> dict[str, object]:
    """Return the row for one wish to look at an issue."""
    return {"site": ref.site, "key": ref.key, "wanted": 1, "due": due.timestamp(), "project": project}


class SqlWorkTable:
    """The work table on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._touching = touching(database)
        self._held: dict[IssueRef, WorkItem] = {}

    def add(
        self, refs: Iterable[IssueRef], *, due: datetime, projects: Mapping[IssueRef, str] = _NO_PROJECTS
    ) -> int:
        """Mark issues as due, with their projects as far as known; return how many did not wait already."""
        # sorted: two transactions that lock many rows in the same order cannot block each other
        wanted, waiting = sorted(set(refs)), 0
        if wanted:
            with self._database.begin() as connection:
                for start in range(0, len(wanted), _CHUNK):
                    chunk = wanted[start : start + _CHUNK]
                    for site, keys in by_site((ref.site, ref.key) for ref in chunk).items():
                        named = {"of_site": site, "names": keys, "at": due.timestamp()}
                        waiting += connection.execute(_WAITING, named).scalar_one()
                    rows = [wish(ref, due, projects.get(ref, "")) for ref in chunk]
                    connection.execute(self._touching, rows)
                    enlist(self._database, connection, rows)
        return len(wanted) - waiting

    def take(self, *, now: datetime, lease: timedelta, ref: IssueRef | None = None) -> WorkItem | None:
        """Claim ``ref``, or an issue of the project whose turn it is; see ``claims``."""
        with self._database.begin() as connection:
            if ref:
                item = claim_named(connection, ref, now=now, lease=lease)
            else:
                item = claim(connection, now=now, lease=lease)
        if item:
            self._held[item.ref] = item
        return item

    def together(self) -> AbstractContextManager[None]:
        """Keep what is written inside in one go; see ``Database.together``."""
        return self._database.together()

    def free_at(self, *, now: datetime) -> datetime | None:
        """Return when something that is due, on a site that is left alone now, may be taken."""
        with self._database.begin() as connection:
            return free_at(connection, now=now)

    def done(self, item: WorkItem, *, now: datetime, again: datetime | None) -> datetime | None:
        """Give the claim back; what came meanwhile keeps its own due."""
        later = again.timestamp() if again else None
        return self._give_back(_DONE, item, later=later, at=now.timestamp())

    def retry(self, item: WorkItem, *, due: datetime, error: str) -> datetime | None:
        """Look again at ``due``, or as soon as something new came meanwhile."""
        return self._give_back(_RETRY, item, later=due.timestamp(), count=item.tries + 1, why=error)

    def postpone(self, item: WorkItem, *, due: datetime) -> datetime | None:
        """Give the claim back as if it had not been made."""
        return self._give_back(_POSTPONE, item, later=due.timestamp(), count=item.tries)

    def park(self, item: WorkItem, *, error: str, again: datetime | None = None) -> datetime | None:
        """Set aside for a person, at most until ``again``; what came meanwhile keeps it going."""
        return self._give_back(_PARK, item, later=again.timestamp() if again else None, why=error)

    def _give_back(self, how: sa.UpdateBase, item: WorkItem, **facts: object) -> datetime | None:
        with self._database.begin() as connection:
            row = connection.execute(how, {**_ours(item), "seen": item.wanted, **facts}).first()
        self._held.pop(item.ref, None)
        return to_utc(row.due) if row and row.due is not None else None

    def let_go(self, *, until: datetime) -> Sequence[IssueRef]:
        """Give back what this process still holds, as if it had not been tried: others may have it after
        ``until``, by when the process must have ended. What it does for it after this call does not count.
        """
        held = sorted(self._held.values(), key=lambda item: item.ref)
        with self._database.begin() as connection:
            for item in held:
                facts = {"at": until.timestamp(), "count": item.tries}
                connection.execute(_LET_GO, {**_ours(item), **facts})
        return [item.ref for item in held]

    def release_leases(self) -> int:
        """Give back every claim."""
        with self._database.begin() as connection:
            return connection.execute(sa.update(work).where(_W.busy > 0).values(busy=0)).rowcount

    def due(self, *, now: datetime, limit: int) -> Sequence[IssueRef]:
        """Name what is due and not claimed, longest overdue first."""
        with self._database.begin() as connection:
            rows = connection.execute(_OVERDUE, {"at": now.timestamp(), "most": limit})
            return [IssueRef(row.site, row.key) for row in rows]

    def parked(self, *, limit: int, site: str = "", offset: int = 0) -> Sequence[Queued]:
        """List what waits for a person, with the reason; of one site, a part after the other."""
        rows = sa.select(work).where(PARKED, *_of(site)).order_by(_W.site, _W.key)
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
            sa.func.count().filter(PARKED),
            sa.func.count().filter(_W.busy >= at),
            sa.func.min(_W.due).filter(overdue),
        )
        with self._database.begin() as connection:
            waiting, retrying, parked, busy, oldest = connection.execute(figures).one()
        return Backlog(waiting, retrying, parked, busy, to_utc(oldest) if oldest is not None else None)


def _ours(item: WorkItem) -> dict[str, object]:
    return {"of_site": item.ref.site, "of_key": item.ref.key, "lease": item.lease}


def _of(site: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (_W.site == site,) if site else ()


def _queued(row: sa.Row[tuple[object, ...]]) -> Queued:
    due = to_utc(row.due) if row.due is not None else None
    return Queued(IssueRef(row.site, row.key), due, row.tries, row.error, row.busy > 0)
