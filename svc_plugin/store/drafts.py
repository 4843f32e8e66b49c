"""Requests taken down and not yet on their site: each is one row, whatever is clicked how often."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import drafts

_D = drafts.c
# built once: to build a statement costs more than to run it, and every page asks this
_WAITING = sa.select(_D.id, _D.due, _D.busy).where(
    _D.site == sa.bindparam("of_site", type_=sa.Text),
    _D.account == sa.bindparam("of_account", type_=sa.Text),
    _D.issue == "",
)
_KEPT = timedelta(days=30)  # how long a delivered draft still tells where it went


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody took down. ``issue`` is the key it has on its site, "" while it waits.

    It is tried again when ``due_at``; None while it waits for its owner to mend it. ``fault`` is the kind of
    failure, ``reason`` the site's own words. ``lease`` fences off whoever claimed it too long ago.
    """

    id: str
    site: str
    account: str
    form: Mapping[str, str]
    created_at: datetime
    due_at: datetime | None
    tries: int
    fault: str
    reason: str
    issue: str
    lease: float

    @property
    def waiting(self) -> bool:
        """Whether it is not on its site yet, as far as we know."""
        return not self.issue

    def says(self, form: Mapping[str, str]) -> bool:
        """Whether these are its words; of a delivered draft only their digest is left."""
        return self.form == form or self.form.get("sha256") == _digest(form)


class SqlDrafts:
    """The drafts of everybody; each question names whose."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, draft: str, site: str, account: str, form: Mapping[str, str], now: datetime) -> bool:
        """Keep a draft under its submit token; the same again changes nothing, other words replace it.

        False when it is being delivered, was delivered, or the token is somebody else's: nothing is changed.
        """
        row = {"id": draft, "site": site, "account": account, "form": json.dumps(dict(form))}
        moments = {"created_at": now.timestamp(), "due": now.timestamp()}
        make = self._database.insert(drafts).values({**row, **moments})
        make = make.on_conflict_do_nothing(index_elements=[_D.id])
        open_ = sa.and_(_own(draft, site, account), _D.issue == "", _D.busy < now.timestamp())
        mended = {"form": row["form"], "due": now.timestamp(), "fault": "", "reason": ""}
        change = sa.update(drafts).where(open_, _D.form != row["form"]).values(mended)
        same = sa.select(_D.id).where(_own(draft, site, account), _D.form == row["form"])
        with self._database.begin() as connection:
            old = sa.and_(_D.issue != "", _D.created_at < (now - _KEPT).timestamp())
            connection.execute(sa.delete(drafts).where(old))
            connection.execute(make)
            connection.execute(change)
            return connection.execute(same).first() is not None

    def find(self, draft: str, site: str, account: str) -> Draft | None:
        """Return a person's own draft, None when there is none under this token."""
        return next(iter(self._read(_own(draft, site, account), limit=1)), None)

    def of(self, site: str, account: str, *, limit: int) -> Sequence[Draft]:
        """List a person's drafts: those that wait, then the delivered ones, the newest first."""
        return self._read(_belongs(site, account), limit=limit)

    def waiting(self, site: str, account: str, now: datetime) -> tuple[int, Sequence[str]]:
        """Count a person's drafts that wait, and name those to be tried now."""
        with self._database.reading() as connection:
            found = connection.execute(_WAITING, {"of_site": site, "of_account": account}).all()
        at = now.timestamp()
        return len(found), [
            row.id for row in found if row.due is not None and row.due <= at and row.busy < at
        ]

    def claim(self, draft: Draft, now: datetime, *, lease: timedelta) -> Draft | None:
        """Claim a draft for delivery; None when somebody else has it, it is delivered, or it is too soon."""
        at, until = now.timestamp(), (now + lease).timestamp()
        ready = sa.or_(_D.due.is_(None), _D.due <= at)
        free = sa.and_(_own(draft.id, draft.site, draft.account), _D.issue == "", _D.busy < at, ready)
        claim = sa.update(drafts).where(free).values(busy=until).returning(drafts)
        with self._database.begin() as connection:
            row = connection.execute(claim).first()
        return _draft(row) if row else None

    def delivered(self, claimed: Draft, issue: str) -> None:
        """Write down where the draft is now; of its words only title and digest are kept."""
        short = json.dumps({"title": claimed.form.get("title", ""), "sha256": _digest(claimed.form)})
        self._give_back(claimed, {"issue": issue, "form": short, "fault": "", "reason": "", "due": None})

    def failed(self, claimed: Draft, fault: str, reason: str, *, due: datetime | None) -> None:
        """Write down why it is not on its site, and when to try again (None: when its owner says so)."""
        at = due.timestamp() if due else None
        change = {"fault": fault, "reason": reason, "due": at, "tries": claimed.tries + 1}
        self._give_back(claimed, change)

    def drop(self, draft: str, site: str, account: str, now: datetime) -> bool:
        """Forget a draft that its owner gives up; False when it is being delivered or is not there."""
        idle = sa.and_(_own(draft, site, account), _D.issue == "", _D.busy < now.timestamp())
        with self._database.begin() as connection:
            return bool(connection.execute(sa.delete(drafts).where(idle)).rowcount)

    def _give_back(self, claimed: Draft, change: Mapping[str, object]) -> None:
        ours = sa.and_(_D.id == claimed.id, _D.busy == claimed.lease)
        with self._database.begin() as connection:
            connection.execute(sa.update(drafts).where(ours).values({**change, "busy": 0}))

    def _read(self, which: sa.ColumnElement[bool], *, limit: int) -> Sequence[Draft]:
        ordered = sa.select(drafts).where(which).order_by(_D.issue != "", _D.created_at.desc()).limit(limit)
        with self._database.begin() as connection:
            return [_draft(row) for row in connection.execute(ordered)]


def _digest(form: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(dict(form), sort_keys=True).encode()).hexdigest()


def _belongs(site: str, account: str) -> sa.ColumnElement[bool]:
    return sa.and_(_D.site == site, _D.account == account)


def _own(draft: str, site: str, account: str) -> sa.ColumnElement[bool]:
    return sa.and_(_D.id == draft, _belongs(site, account))


def _draft(row: sa.Row[tuple[object, ...]]) -> Draft:
    return Draft(
        id=row.id,
        site=row.site,
        account=row.account,
        form=json.loads(row.form),
        created_at=to_utc(row.created_at),
        due_at=to_utc(row.due) if row.due is not None else None,
        tries=row.tries,
        fault=row.fault,
        reason=row.reason,
        issue=row.issue,
        lease=row.busy,
    )
