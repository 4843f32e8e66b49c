"""The outbox: every notification once, claimed by one UPDATE, kept for good lest it is sent again."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.plan import Notification
from svc_plugin.engine.outbox import Message
from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import notifications

_N = notifications.c
_KEY = (_N.site, _N.key, _N.marker)


class SqlOutbox:
    """The outbox on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self, ref: IssueRef, notification: Notification, channels: Sequence[str], *, due: datetime
    ) -> None:
        """Keep a notification for ``channels``, unless there was one of its marker on the issue before."""
        row = {
            "site": ref.site,
            "key": ref.key,
            "marker": notification.marker,
            "at": notification.at.timestamp(),
            "title": notification.title,
            "text": notification.text,
            "channels": json.dumps(list(channels)),
            "due": due.timestamp(),
        }
        insert = self._database.insert(notifications).values(row)
        with self._database.begin() as connection:
            connection.execute(insert.on_conflict_do_nothing(index_elements=list(_KEY)))

    def take(self, *, now: datetime, lease: timedelta) -> Message | None:
        """Claim the message longest due; None when there is none."""
        at, until = now.timestamp(), (now + lease).timestamp()
        free = sa.and_(_N.due <= at, _N.busy < at)
        first = sa.select(*_KEY).where(free).order_by(_N.due, *_KEY).limit(1)
        # PostgreSQL may run a plain subquery once a row and would then claim several
        chosen = sa.tuple_(*_KEY).in_(sa.select(first.with_for_update(skip_locked=True).cte("first")))
        claim = sa.update(notifications).where(chosen, free).values(busy=until).returning(notifications)
        with self._database.begin() as connection:
            row = connection.execute(claim).first()
        return _message(row) if row else None

    def give_back(
        self, message: Message, *, channels: Sequence[str], due: datetime | None, error: str
    ) -> None:
        """Write down which channels are left, when to try again (None: no more) and why."""
        ref = message.ref
        ours = sa.and_(
            _N.site == ref.site, _N.key == ref.key, _N.marker == message.marker, _N.busy == message.lease
        )
        left = {
            "channels": json.dumps(list(channels)),
            "due": due.timestamp() if due else None,
            "busy": 0,
            "tries": message.tries + 1,
            "error": error,
        }
        with self._database.begin() as connection:
            connection.execute(sa.update(notifications).where(ours).values(left))

    def unsent(self, *, limit: int) -> Sequence[Message]:
        """List what waits and what was given up, the newest first."""
        open_ = sa.or_(_N.due.is_not(None), _N.error != "")
        rows = sa.select(notifications).where(open_).order_by(_N.at.desc(), *_KEY).limit(limit)
        with self._database.begin() as connection:
            return [_message(row) for row in connection.execute(rows)]


def _message(row: sa.Row[tuple[object, ...]]) -> Message:
    return Message(
        ref=IssueRef(row.site, row.key),
        marker=row.marker,
        title=row.title,
        text=row.text,
        channels=tuple(json.loads(row.channels)),
        due_at=to_utc(row.due) if row.due is not None else None,
        tries=row.tries,
        error=row.error,
        lease=row.busy,
    )
