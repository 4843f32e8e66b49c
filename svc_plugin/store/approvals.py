"""Decisions on documents as their issues tell them, and signed copies on their way to one (M26, M65)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.ruling import Ruling
from svc_plugin.store.codec import storable
from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import approvals, copies

COPY_KEPT = timedelta(days=1)
"""How long a copy waits for its confirmation."""

_A, _C = approvals.c, copies.c


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision in the record: on which version, with the digest of the signed copy if one came with it.

    It counted until ``ended_at``, None while it does.
    """

    ruling: Ruling
    version: int
    copy: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Copy:
    """A signed copy that a person handed in for an issue and has not confirmed yet."""

    ref: IssueRef
    account: str
    at: datetime
    name: str
    content: bytes = field(repr=False)


class SqlApprovals:
    """The decisions and the copies."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(
        self, ref: IssueRef, ruling: Ruling | None, *, version: int, copy: str, ended_at: datetime
    ) -> None:
        """Keep the decision that stands on an issue, once; any other one on it has ended."""
        ours = sa.and_(_A.site == ref.site, _A.key == ref.key, _A.ended_at.is_(None))
        at = ruling.at.timestamp() if ruling else None
        over = sa.update(approvals).where(ours, sa.true() if at is None else _A.at != at)
        with self._database.begin() as connection:
            connection.execute(over.values(ended_at=ended_at.timestamp()))
            if ruling:
                insert = self._database.insert(approvals).on_conflict_do_nothing()
                connection.execute(insert.values(_row(ruling, version, copy)))

    def of_document(self, document_id: str) -> Sequence[Recorded]:
        """Return every decision on any version of a document, the newest first."""
        wanted = sa.select(approvals).where(_A.document_id == document_id)
        with self._database.begin() as connection:
            rows = connection.execute(wanted.order_by(_A.at.desc())).all()
        return [
            Recorded(
                Ruling(
                    ref=IssueRef(row.site, row.key),
                    at=to_utc(row.at),
                    document_id=row.document_id,
                    code=row.code,
                    account=row.account,
                    decision=row.decision,
                    opinion=row.opinion,
                ),
                row.version,
                row.copy,
                None if row.ended_at is None else to_utc(row.ended_at),
            )
            for row in rows
        ]

    def hand_in(self, copy: Copy) -> None:
        """Keep a copy in place of the one that the person handed in before; old ones are forgotten."""
        row = {
            "site": copy.ref.site,
            "key": copy.ref.key,
            "account": copy.account,
            "at": copy.at.timestamp(),
            "name": copy.name,
            "content": copy.content,
        }
        insert = self._database.insert(copies).values(row)
        with self._database.begin() as connection:
            connection.execute(sa.delete(copies).where(_C.at < (copy.at - COPY_KEPT).timestamp()))
            connection.execute(
                insert.on_conflict_do_update(index_elements=[_C.site, _C.key, _C.account], set_=row)
            )

    def handed_in(self, ref: IssueRef, account: str, now: datetime) -> Copy | None:
        """Return the copy that a person handed in for an issue and has not confirmed."""
        wanted = sa.select(copies).where(
            _C.site == ref.site,
            _C.key == ref.key,
            _C.account == account,
            _C.at >= (now - COPY_KEPT).timestamp(),
        )
        with self._database.begin() as connection:
            row = connection.execute(wanted).first()
        return Copy(ref, account, to_utc(row.at), row.name, row.content) if row else None

    def forget_copy(self, ref: IssueRef, account: str) -> None:
        """Forget a copy: it was confirmed, or the person thought better of it."""
        gone = sa.delete(copies).where(_C.site == ref.site, _C.key == ref.key, _C.account == account)
        with self._database.begin() as connection:
            connection.execute(gone)


def _row(ruling: Ruling, version: int, copy: str) -> dict[str, object]:
    return {
        "site": ruling.ref.site,
        "key": ruling.ref.key,
        "at": ruling.at.timestamp(),
        "document_id": ruling.document_id,
        "version": version,
        "code": storable(ruling.code),
        "account": storable(ruling.account),
        "decision": storable(ruling.decision),
        "opinion": storable(ruling.opinion),
        "copy": copy,
    }
