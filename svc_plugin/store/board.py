"""What a product's page counts: kept beside each snapshot of the mirror, read by indexed columns alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import sqlalchemy as sa

from svc_plugin.domain.clocks import State
from svc_plugin.domain.costs import Track
from svc_plugin.domain.figures.facts import Facts, Hours
from svc_plugin.domain.model import Issue, IssueRef, Outline
from svc_plugin.domain.vocabulary import IssueKind
from svc_plugin.store.codec import issue_from_json, outline_from_json, storable
from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import facts, hours, mirror, timers

# built once: to build a statement costs more than to run it
_DROPPING = tuple(
    sa.delete(table).where(table.c.site == sa.bindparam("of_site"), table.c.key == sa.bindparam("of_key"))
    for table in (facts, timers, hours)
)
_KEEPING, _TIMING, _BOOKING = sa.insert(facts), sa.insert(timers), sa.insert(hours)
_COUNTED = (IssueKind.SERVICE_REQUEST, IssueKind.MAINTENANCE)
_F, _T, _H, _M = facts.c, timers.c, hours.c, mirror.c
_BOTH = sa.select(
    sa.select(sa.func.count()).select_from(mirror).scalar_subquery(),
    sa.select(sa.func.count()).select_from(facts).scalar_subquery(),
)
# by the keys alone: past the snapshots themselves
_MISSED = (
    sa.select(_M.site, _M.key)
    .outerjoin_from(mirror, facts, sa.and_(_F.site == _M.site, _F.key == _M.key))
    .where(_F.key.is_(None))
    .limit(sa.bindparam("most", type_=sa.Integer))
    .subquery()
)
_UNCOUNTED = sa.select(_M.issue).join_from(
    _MISSED, mirror, sa.and_(_M.site == _MISSED.c.site, _M.key == _MISSED.c.key)
)


@dataclass(frozen=True, slots=True)
class Risk:
    """A clock of an issue that is used up, or soon will be."""

    issue: Outline
    name: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """Clocks of one name that fell due: how many, and how many of them were stopped in time."""

    due: int
    kept: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How many requests and maintenance requirements are open, how many clocks at risk and missed of them."""

    requests: int
    maintenance: int
    at_risk: int
    missed: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many customers a patch was to reach, and how many it has; ``owner`` is its issue."""

    owner: IssueRef
    all: int
    done: int


def keep_facts(connection: sa.Connection, issue: Issue, found: Facts) -> None:
    """Keep what is counted of an issue in place of what was counted before."""
    drop_facts(connection, issue.ref)
    place = {"site": issue.ref.site, "key": issue.ref.key, "product": issue.product}
    row = {
        **place,
        "kind": issue.kind or "",
        "heading": storable(found.heading),
        "received_at": found.received_at.timestamp(),
        "done_at": _seconds(found.done_at),
        "owner": found.owner,
    }
    connection.execute(_KEEPING, row)
    kept = [
        {
            **place,
            "name": one.name,
            "state": one.state,
            "warn_at": one.warn_at.timestamp(),
            "due_at": one.due_at.timestamp(),
            "stopped_at": _seconds(one.stopped_at),
        }
        for one in found.timers
    ]
    booked = [
        {
            **place,
            "track": found.track,
            "account": storable(one.account),
            "month": one.month,
            "hours": one.hours,
        }
        for one in found.hours
    ]
    for inserting, rows in ((_TIMING, kept), (_BOOKING, booked)):
        if rows:
            connection.execute(inserting, rows)


def drop_facts(connection: sa.Connection, ref: IssueRef) -> None:
    """Forget what was counted of an issue."""
    for dropping in _DROPPING:
        connection.execute(dropping, {"of_site": ref.site, "of_key": ref.key})


class SqlBoard:
    """Reads figures for the pages; ``fill`` alone writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def uncounted(self, *, limit: int) -> Sequence[Issue]:
        """Return issues of the mirror of which nothing is counted yet."""
        with self._database.reading() as connection:
            # each minute: as many as are mirrored are counted, and to find none takes a hundred times as long
            mirrored, counted = connection.execute(_BOTH).one()
            if mirrored == counted:
                return []
            texts = list(connection.execute(_UNCOUNTED, {"most": limit}).scalars())
        return [issue_from_json(text) for text in texts]

    def fill(self, found: Sequence[tuple[Issue, Facts]]) -> None:
        """Keep what is counted of issues; what the mirror has got anew meanwhile is left to its next look."""
        with self._database.begin() as connection:
            for issue, counted in found:
                known = sa.select(_F.key).where(_F.site == issue.ref.site, _F.key == issue.ref.key)
                if connection.execute(known).first() is None:
                    keep_facts(connection, issue, counted)

    def headings(
        self, product: str, kind: IssueKind, since: datetime, until: datetime
    ) -> Mapping[str, tuple[int, int]]:
        """Count the issues received, and those done, from ``since`` up to ``until``, by heading."""
        found: dict[str, list[int]] = {}
        ours = _F.product == product, _F.kind == kind
        with self._database.reading() as connection:
            for place, moment in enumerate((_F.received_at, _F.done_at)):
                within = moment >= since.timestamp(), moment < until.timestamp()
                rows = sa.select(_F.heading, sa.func.count()).where(*ours, *within).group_by(_F.heading)
                for heading, count in connection.execute(rows):
                    found.setdefault(heading, [0, 0])[place] = count
        return {heading: (counts[0], counts[1]) for heading, counts in found.items()}

    def spread(
        self, product: str, kind: IssueKind, bounds: Sequence[datetime], *, done: bool = False
    ) -> Sequence[int]:
        """Count the issues received (or ``done``) between each two neighbours of ``bounds``."""
        moment = _F.done_at if done else _F.received_at
        return self._between(moment, bounds, _F.product == product, _F.kind == kind)

    def ages(self, product: str, kind: IssueKind, bounds: Sequence[datetime]) -> Sequence[int]:
        """Count the open issues received between each two neighbours of ``bounds``."""
        open_ones = _F.product == product, _F.kind == kind, _F.done_at.is_(None)
        return self._between(_F.received_at, bounds, *open_ones)

    def _between(
        self, moment: sa.Column[float], bounds: Sequence[datetime], *chosen: sa.ColumnElement[bool]
    ) -> Sequence[int]:
        # a range of an index each: to tell of every row where it lies takes several times longer
        ends = [one.timestamp() for one in bounds]
        counts = [
            sa.select(sa.func.count()).where(*chosen, moment >= start, moment < end).scalar_subquery()
            for start, end in pairwise(ends)
        ]
        with self._database.reading() as connection:
            return list(connection.execute(sa.select(*counts)).one())

    def risks(self, product: str, now: datetime, *, limit: int) -> tuple[int, int, Sequence[Risk]]:
        """Count the running clocks at risk, those of them already missed, and return the first to be due."""
        at_risk = _T.product == product, _T.state == State.RUNNING, _T.warn_at <= now.timestamp()
        missed = sa.func.count().filter(_T.due_at < now.timestamp())
        place = _T.due_at, _T.site, _T.key, _T.name
        # the first are picked before any snapshot is read
        first = sa.select(*place).where(*at_risk).order_by(*place).limit(limit).subquery()
        same = sa.and_(first.c.site == _M.site, first.c.key == _M.key)
        found = sa.select(first.c.name, first.c.due_at, _M.issue).join_from(first, mirror, same)
        listed = found.order_by(*first.c)
        with self._database.reading() as connection:
            all_of_them, late = connection.execute(sa.select(sa.func.count(), missed).where(*at_risk)).one()
            rows = connection.execute(listed).all()
        return (
            all_of_them,
            late,
            [Risk(outline_from_json(row.issue), row.name, to_utc(row.due_at)) for row in rows],
        )

    def standing(self, products: Sequence[str], now: datetime) -> Mapping[str, Standing]:
        """Count what is open and at risk in each of some products."""
        chosen = _F.product.in_(products), _F.done_at.is_(None), _F.kind.in_(_COUNTED)
        opened = sa.select(_F.product, _F.kind, sa.func.count().label("number")).where(*chosen)
        at_risk = _T.product.in_(products), _T.state == State.RUNNING, _T.warn_at <= now.timestamp()
        late = sa.func.count().filter(_T.due_at < now.timestamp()).label("missed")
        risky = sa.select(_T.product, sa.func.count().label("number"), late).where(*at_risk)
        with self._database.reading() as connection:
            open_ones = connection.execute(opened.group_by(_F.product, _F.kind)).all()
            risks = connection.execute(risky.group_by(_T.product)).all()
        numbers = {(row.product, row.kind): row.number for row in open_ones}
        clocks = {row.product: (row.number, row.missed) for row in risks}
        requests, works = _COUNTED
        return {
            one: Standing(
                numbers.get((one, requests), 0), numbers.get((one, works), 0), *clocks.get(one, (0, 0))
            )
            for one in products
        }

    def kept(
        self, product: str, names: Sequence[str], since: datetime, until: datetime
    ) -> Mapping[str, Kept]:
        """Tell of the clocks that fell due from ``since`` up to ``until`` how many were stopped in time."""
        rows = (
            sa.select(_T.name, sa.func.count(), sa.func.count().filter(_T.stopped_at <= _T.due_at))
            .where(_T.product == product, _T.name.in_(names))
            .where(_T.due_at >= since.timestamp(), _T.due_at < until.timestamp())
            .group_by(_T.name)
        )
        with self._database.reading() as connection:
            return {name: Kept(due, kept) for name, due, kept in connection.execute(rows)}

    def coverage(self, product: str, *, limit: int) -> Sequence[Coverage]:
        """Return how far the patches have come, the latest first."""
        rows = (
            sa.select(_F.owner, sa.func.count().label("all"), sa.func.count(_F.done_at).label("done"))
            .where(_F.product == product, _F.kind == IssueKind.SERVICE_TASK, _F.heading == "patch_update")
            .where(_F.owner != "")
            .group_by(_F.owner)
            .order_by(sa.func.max(_F.received_at).desc(), _F.owner)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [
                Coverage(IssueRef(*owner.split("/", 1)), whole, done)
                for owner, whole, done in connection.execute(rows)
            ]

    def hours(self, product: str, track: Track, months: Sequence[str]) -> Sequence[Hours]:
        """Add up the hours booked on a track's issues, by person and month."""
        rows = (
            sa.select(_H.account, _H.month, sa.func.sum(_H.hours))
            .where(_H.product == product, _H.track == track, _H.month.in_(months))
            .group_by(_H.account, _H.month)
            .order_by(_H.account, _H.month)
        )
        with self._database.reading() as connection:
            return [Hours(account, month, booked) for account, month, booked in connection.execute(rows)]


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()
