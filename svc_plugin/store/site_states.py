"""What all workers must know of a site: limits, outages, brake. One row a site, changed under its lock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from svc_plugin.domain.limits import BRAKE_COUNT, BRAKE_SPAN, pause, too_much
from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.pacing import Brake, Limits, Outage, SiteState
from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import mirror, site_states, touched, work
from svc_plugin.store.work import PARKED

_S, _T = site_states.c, touched.c
_ANSWERED = (
    sa.update(site_states)
    .where(_S.site == sa.bindparam("of_site"), _S.failures > 0)
    .values(failures=0, paused_until=0, error="")
)
# built once: to build a statement costs more than to run it
_LOCKED = sa.select(site_states).where(_S.site == sa.bindparam("of_site")).with_for_update()
_COUNTED = sa.select(_T.at).where(
    _T.site == sa.bindparam("of_site"),
    _T.key == sa.bindparam("of_key"),
    _T.at > sa.bindparam("since", type_=sa.Double),
)
_RECENT = (
    sa.select(sa.func.count())
    .select_from(touched)
    .where(_T.site == sa.bindparam("of_site"), _T.at > sa.bindparam("since", type_=sa.Double))
)
_RELEASED_FOR = timedelta(hours=24)


class SqlSiteStates:
    """The state of each site, on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def limit(self, limits: Mapping[str, Limits]) -> None:
        """Write down the configured limits of each site; every worker keeps to them."""
        with self._database.begin() as connection:
            for site, one in sorted(limits.items()):
                gap = 60 / one.per_minute if one.per_minute else 0.0
                self._set(connection, site, at_once=one.at_once, gap=gap)

    def failed(self, site: str, *, now: datetime, retry_after: float | None, error: str) -> Outage:
        """Leave the site alone for a while; what fails during a pause does not make it longer."""
        with self._database.begin() as connection:
            self._set(connection, site)
            row = self._locked(connection, site)
            first, paused = row.failures == 0, row.paused_until > now.timestamp()
            failures = row.failures if paused else row.failures + 1
            until = max(row.paused_until, (now + pause(failures, retry_after)).timestamp())
            self._set(connection, site, failures=failures, paused_until=until, error=error)
        return Outage(to_utc(until), first)

    def answered(self, site: str) -> None:
        """Forget that the site did not answer."""
        with self._database.begin() as connection:
            connection.execute(_ANSWERED, {"of_site": site})

    def press(self, ref: IssueRef, *, now: datetime) -> Brake | None:
        """Count a change of an issue, once an hour; return the brake when it may not be made."""
        since = (now - BRAKE_SPAN).timestamp()
        with self._database.begin() as connection:
            if connection.execute(_COUNTED, {"of_site": ref.site, "of_key": ref.key, "since": since}).first():
                return None
            self._set(connection, ref.site)
            row = self._locked(connection, ref.site)
            if row.free_until <= now.timestamp():
                if row.braked_at is not None:
                    return Brake(to_utc(row.braked_at), row.changed, row.known)
                if brake := self._judge(connection, ref.site, now):
                    self._set(
                        connection,
                        ref.site,
                        braked_at=now.timestamp(),
                        changed=brake.changed,
                        known=brake.known,
                    )
                    return brake
            self._touch(connection, ref, now)
        return None

    def _judge(self, connection: sa.Connection, site: str, now: datetime) -> Brake | None:
        since = (now - BRAKE_SPAN).timestamp()
        recent: int = connection.execute(_RECENT, {"of_site": site, "since": since}).scalar_one()
        changed = recent + 1
        if changed <= BRAKE_COUNT:
            return None
        every = sa.select(sa.func.count()).select_from(mirror).where(mirror.c.site == site)
        known: int = connection.execute(every).scalar_one()
        return Brake(now, changed, known) if too_much(changed, known) else None

    def _touch(self, connection: sa.Connection, ref: IssueRef, now: datetime) -> None:
        at = now.timestamp()
        row = self._database.insert(touched).values(site=ref.site, key=ref.key, at=at)
        connection.execute(row.on_conflict_do_update(index_elements=[_T.site, _T.key], set_={"at": at}))

    def forget_before(self, moment: datetime) -> None:
        """Delete what the brake does not count any more."""
        with self._database.begin() as connection:
            connection.execute(sa.delete(touched).where(_T.at < moment.timestamp()))

    def release(self, site: str, *, now: datetime) -> None:
        """Let a site be changed without counting for a day, and take up at once what was set aside."""
        with self._database.begin() as connection:
            take_brake_off(self._database, connection, site, now)

    def states(self, sites: Iterable[str]) -> Sequence[SiteState]:
        """Return what there is to say of each of these sites, in this order."""
        with self._database.begin() as connection:
            known = {row.site: row for row in connection.execute(sa.select(site_states))}
        return [_state(known[site]) if site in known else SiteState(site) for site in sites]

    def _set(self, connection: sa.Connection, site: str, **values: object) -> None:
        _note(self._database, connection, site, values)

    @staticmethod
    def _locked(connection: sa.Connection, site: str) -> sa.Row[tuple[object, ...]]:
        return connection.execute(_LOCKED, {"of_site": site}).one()


def take_brake_off(database: Database, connection: sa.Connection, site: str, now: datetime) -> None:
    """Let a site be changed without counting for a day, and take up at once what was set aside."""
    _note(database, connection, site, {"braked_at": None, "free_until": (now + _RELEASED_FOR).timestamp()})
    again = sa.update(work).where(work.c.site == site, PARKED)
    connection.execute(again.values(due=now.timestamp(), error="", wanted=work.c.wanted + 1))


def _note(database: Database, connection: sa.Connection, site: str, values: Mapping[str, object]) -> None:
    insert = database.insert(site_states).values(site=site, **values)
    if values:
        connection.execute(insert.on_conflict_do_update(index_elements=[_S.site], set_=dict(values)))
    else:
        connection.execute(insert.on_conflict_do_nothing(index_elements=[_S.site]))


def _state(row: sa.Row[Any]) -> SiteState:
    return SiteState(
        row.site,
        to_utc(row.paused_until) if row.paused_until else None,
        row.error,
        None if row.braked_at is None else Brake(to_utc(row.braked_at), row.changed, row.known),
        to_utc(row.free_until) if row.free_until else None,
    )
