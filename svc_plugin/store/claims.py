"""Claiming: whose turn it is, whether the site may be asked now, and the one UPDATE that takes an issue."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import WorkItem
from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import site_states, turns, work

_W, _T, _S = work.c, turns.c, site_states.c
_MOST_LOST = 8  # claims that others snatched away before we give up: then they are at work
_BURST = 1.0  # seconds of unused turns that may be made up for
_MANY = 20  # issues: a queue that is longer is not only worked off in the order in which they came

_AT = sa.bindparam("at", type_=sa.Double)
_SITE, _PROJECT = sa.bindparam("of_site", type_=sa.Text), sa.bindparam("of_project", type_=sa.Text)
_FREE = sa.and_(_W.due <= _AT, _W.busy < _AT)
_BEYOND = sa.func.coalesce(sa.case((_S.next_at > _S.paused_until, _S.next_at), else_=_S.paused_until), 0)
_held = work.alias("held")
_BUSY = sa.select(sa.func.count()).where(_held.c.site == _T.site, _held.c.busy >= _AT).scalar_subquery()
_HAS_WORK = sa.exists().where(_W.site == _T.site, _W.project == _T.project, _FREE)
_OPEN = sa.and_(
    _BEYOND <= _AT, sa.or_(sa.func.coalesce(_S.at_once, 0) == 0, sa.func.coalesce(_S.at_once, 0) > _BUSY)
)
_NEXT_TURN = (
    sa.select(_T.site, _T.project, _T.newest)
    .outerjoin_from(turns, site_states, _S.site == _T.site)
    .where(_HAS_WORK, _OPEN)
    .order_by(_T.served, _T.site, _T.project)
    .limit(1)
)
_MAY = (
    sa.select(_T.site)
    .outerjoin_from(turns, site_states, _S.site == _T.site)
    .where(_T.site == _SITE, _OPEN)
    .limit(1)
)
_LOCK = sa.select(_S.gap, _S.failures).where(_S.site == _SITE).with_for_update()
_DUE = (
    sa.select(_W.site, _W.key)
    .where(_W.site == _SITE, _W.project == _PROJECT, _FREE)
    .limit(1)
    .with_for_update(skip_locked=True)
)


def _claiming(first: sa.Select[*tuple[Any, ...]]) -> sa.UpdateBase:
    return (
        sa.update(work)
        # PostgreSQL may run a plain subquery once a row and would then claim several
        .where(sa.tuple_(_W.site, _W.key).in_(sa.select(first.cte("first"))), _FREE)
        # counted now: a worker that dies says nothing afterwards
        .values(busy=sa.bindparam("until", type_=sa.Double), tries=_W.tries + 1)
        .returning(_W.site, _W.key, _W.wanted, _W.tries)
    )


_CLAIM_OLDEST = _claiming(_DUE.order_by(_W.due, _W.key))
_CLAIM_NEWEST = _claiming(_DUE.order_by(_W.due.desc(), _W.key.desc()))
_NAMED = (
    sa.update(work)
    .where(_W.site == _SITE, _W.key == sa.bindparam("its_key"), _FREE)
    .values(busy=sa.bindparam("until", type_=sa.Double), tries=_W.tries + 1)
    .returning(_W.site, _W.key, _W.wanted, _W.tries)
)
_MANY_LEFT = (
    sa.select(_W.key).where(_W.site == _SITE, _W.project == _PROJECT, _FREE).limit(1).offset(_MANY).exists()
)
_last = turns.alias("last")
_SERVED = (
    sa.update(turns)
    .where(_T.site == _SITE, _T.project == _PROJECT)
    .values(
        served=sa.select(sa.func.coalesce(sa.func.max(_last.c.served), 0) + 1).scalar_subquery(),
        newest=sa.and_(sa.not_(_T.newest), _MANY_LEFT),
    )
)
_SPEND = (
    sa.update(site_states)
    .where(_S.site == _SITE)
    .values(next_at=sa.case((_S.next_at > _AT - _BURST, _S.next_at), else_=_AT - _BURST) + _S.gap)
)
_ENLISTING = MappingProxyType(
    {
        True: sqlite.insert(turns).on_conflict_do_nothing(),
        False: postgresql.insert(turns).on_conflict_do_nothing(),
    }
)
_FREE_AT = (
    sa.select(sa.func.min(_BEYOND))
    .select_from(site_states.join(turns, _S.site == _T.site))
    .where(_BEYOND > _AT, _HAS_WORK)
)


def enlist(database: Database, connection: sa.Connection, rows: Iterable[Mapping[str, object]]) -> None:
    """Give the project of each row (``site``, ``project``) a place in the order of turns."""
    places = sorted({(str(row["site"]), str(row["project"])) for row in rows})
    connection.execute(
        _ENLISTING[database.embedded], [{"site": site, "project": project} for site, project in places]
    )


def claim(connection: sa.Connection, *, now: datetime, lease: timedelta) -> WorkItem | None:
    """Take an issue of the project whose turn it is; None when nothing may be taken.

    That is its longest overdue one. While many wait behind it, its newest is next, and so on alternately:
    nobody waits for ever, and what comes after a bulk edit of thousands not for all of them.
    """
    at = {"at": now.timestamp(), "until": (now + lease).timestamp()}
    tried: list[tuple[str, str]] = []
    for _ in range(_MOST_LOST):
        chosen = _NEXT_TURN.where(sa.tuple_(_T.site, _T.project).not_in(tried)) if tried else _NEXT_TURN
        turn = connection.execute(chosen, at).first()
        if turn is None:
            return None
        place = {"of_site": turn.site, "of_project": turn.project}
        tried.append((turn.site, turn.project))
        state = connection.execute(_LOCK, place).first()
        if state and not connection.execute(_MAY, {**at, **place}).first():
            continue  # others were quicker, and the site has enough of them
        row = connection.execute(_CLAIM_NEWEST if turn.newest else _CLAIM_OLDEST, {**at, **place}).first()
        if row is None:
            continue
        connection.execute(_SERVED, {**at, **place})
        if state and state.gap:
            connection.execute(_SPEND, {**at, **place})
        return _item(row, at["until"], troubled=bool(state and state.failures))
    return None


def claim_named(
    connection: sa.Connection, ref: IssueRef, *, now: datetime, lease: timedelta
) -> WorkItem | None:
    """Take this very issue, if it is due, whatever the turns and limits are."""
    until = (now + lease).timestamp()
    named = {"at": now.timestamp(), "until": until, "of_site": ref.site, "its_key": ref.key}
    row = connection.execute(_NAMED, named).first()
    return _item(row, until, troubled=True) if row else None


def free_at(connection: sa.Connection, *, now: datetime) -> datetime | None:
    """Return when something that is due, on a site that is left alone now, may be taken."""
    moment: float | None = connection.execute(_FREE_AT, {"at": now.timestamp()}).scalar()
    return to_utc(moment) if moment is not None else None


def _item(row: Any, until: float, *, troubled: bool) -> WorkItem:
    return WorkItem(IssueRef(row.site, row.key), row.wanted, row.tries - 1, until, troubled)
