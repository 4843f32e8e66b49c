"""Who is signed in, and how often somebody tried to: kept in the database, so that it can be ended there."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from cryptography.fernet import Fernet

from svc_plugin.engine.identity import Access
from svc_plugin.store.audit import AuditKind, Entry, append
from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import attempts, sessions

LIFE = timedelta(hours=12)
"""How long a session lasts at most."""
IDLE = timedelta(hours=2)
"""How long it lasts without being used."""

_S, _A = sessions.c, attempts.c
_ALIVE = sa.and_(
    _S.opened_at > sa.bindparam("opened_after", type_=sa.Double),
    _S.checked_at > sa.bindparam("used_after", type_=sa.Double),
)
# built once: to build a statement costs more than to run it, and every page begins with this one
_FOUND = sa.select(sessions).where(_S.token_sha256 == sa.bindparam("token", type_=sa.Text), _ALIVE)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person on a site; ``key`` is the person's own, ``access`` was read at ``checked_at``."""

    site: str
    access: Access
    key: str = field(repr=False)
    opened_at: datetime
    checked_at: datetime


class SqlSessions:
    """The sessions, found by the token that only the browser holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, token: str, session: Session) -> None:
        """Keep a new session; those that have ended are forgotten."""
        row = {
            "token_sha256": _digest(token),
            "site": session.site,
            "account": session.access.account,
            "sealed_key": _sealed(token, session.key),
            "opened_at": session.opened_at.timestamp(),
            **_checked(session.access, session.checked_at),
        }
        with self._database.begin() as connection:
            connection.execute(sa.delete(sessions).where(sa.not_(_ALIVE)), _alive(session.opened_at))
            connection.execute(sa.insert(sessions).values(row))
            append(self._database, connection, [_signed_in(session)])

    def find(self, token: str, now: datetime) -> Session | None:
        """Return the session of a token; None when it has ended or never was."""
        with self._database.reading() as connection:
            row = connection.execute(_FOUND, {"token": _digest(token), **_alive(now)}).first()
        if row is None:
            return None
        return Session(
            site=row.site,
            access=Access(row.account, row.administrator, frozenset(json.loads(row.products))),
            key=_seal(token).decrypt(row.sealed_key).decode(),
            opened_at=to_utc(row.opened_at),
            checked_at=to_utc(row.checked_at),
        )

    def refresh(self, token: str, session: Session) -> None:
        """Keep what the site says of the account now, and the key, which may be a new one."""
        told = {**_checked(session.access, session.checked_at), "sealed_key": _sealed(token, session.key)}
        change = sa.update(sessions).where(_S.token_sha256 == _digest(token)).values(told)
        with self._database.begin() as connection:
            connection.execute(change)

    def close(self, token: str) -> None:
        """End one session."""
        with self._database.begin() as connection:
            connection.execute(sa.delete(sessions).where(_S.token_sha256 == _digest(token)))

    def close_all(self, site: str, account: str) -> None:
        """End every session of an account, in whichever browser."""
        with self._database.begin() as connection:
            connection.execute(sa.delete(sessions).where(_S.site == site, _S.account == account))


@dataclass(frozen=True, slots=True)
class Limits:
    """How many sign-ins may fail ``within`` a time: of an account from one address, of either alone."""

    pair: int = 5
    account: int = 50
    address: int = 50
    within: timedelta = timedelta(minutes=15)


class SqlAttempts:
    """Counts sign-ins before their outcome is known: who tries many at once gains nothing."""

    def __init__(self, database: Database, limits: Limits | None = None) -> None:
        self._database = database
        self._limits = limits or Limits()

    def claim(self, account: str, address: str, now: datetime) -> timedelta | None:
        """Count one more; None when it may go on, else how long to wait."""
        limits, account = self._limits, account.casefold()
        begin = (now - limits.within).timestamp()
        same_account, same_address = _A.account == account, _A.address == address
        figures = sa.select(
            sa.func.count().filter(same_account, same_address),
            sa.func.count().filter(same_account, sa.literal(account != "")),
            sa.func.count().filter(same_address),
            sa.func.min(_A.at),
        ).where(sa.or_(same_account, same_address))
        with self._database.begin() as connection:
            connection.execute(sa.delete(attempts).where(_A.at <= begin))
            pair, by_account, by_address, first = connection.execute(figures).one()
            if pair >= limits.pair or by_account >= limits.account or by_address >= limits.address:
                return to_utc(first) + limits.within - now
            row = {"account": account, "address": address, "at": now.timestamp()}
            connection.execute(sa.insert(attempts).values(row))
        return None

    def forget(self, account: str, address: str) -> None:
        """Forget what an account tried from an address: it has succeeded."""
        mine = sa.and_(_A.account == account.casefold(), _A.address == address)
        with self._database.begin() as connection:
            connection.execute(sa.delete(attempts).where(mine))


def _alive(now: datetime) -> dict[str, float]:
    return {"opened_after": (now - LIFE).timestamp(), "used_after": (now - IDLE).timestamp()}


def _checked(access: Access, at: datetime) -> dict[str, object]:
    return {
        "administrator": access.administrator,
        "products": json.dumps(sorted(access.products)),
        "checked_at": at.timestamp(),
    }


def _signed_in(session: Session) -> Entry:
    access = session.access
    return Entry(
        AuditKind.SIGN_IN,
        session.opened_at,
        access.account,
        {"administrator": access.administrator},
        site=session.site,
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _sealed(token: str, key: str) -> bytes:
    return _seal(token).encrypt(key.encode())


def _seal(token: str) -> Fernet:
    # the token itself is not in the database: a copy of that gives away nobody's key
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"svc-plugin key of " + token.encode()).digest()))
