"""What the pages list: each list is one query over indexed columns, bounded, and limited to products."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from types import MappingProxyType

import sqlalchemy as sa

from svc_plugin.domain.model import IssueRef, Outline
from svc_plugin.domain.vocabulary import FINAL_STAGES, IssueKind, Stage
from svc_plugin.store.codec import outline_from_json
from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import deliveries, documents, mirror

_M, _D = mirror.c, documents.c
UNDER_WAY = ("", *sorted(set(Stage) - FINAL_STAGES))
"""The stages of what is not at its end, named: by an index they are found, by exclusion they are filtered."""
_CHOICES: Mapping[str, sa.ColumnElement[bool]] = MappingProxyType(
    {
        "kind": _M.kind == sa.bindparam("kind", type_=sa.Text),
        "request_kind": _M.request_kind == sa.bindparam("request_kind", type_=sa.Text),
        "level": _M.level >= sa.bindparam("level", type_=sa.Integer),
    }
)
"""What a list may be narrowed to."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which issues of a site: of some products, a kind and some stages, or whatever of these is not given.

    ``request_kind`` narrows requests, ``level`` is the least level of escalation. Without stages, those
    issues that are not at their end.
    """

    site: str
    products: Collection[str]
    kind: IssueKind | None = None
    stages: Collection[Stage] = ()
    request_kind: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued version of a document, without its bytes."""

    document_id: str
    version: int
    language: str
    kind: str
    product: str
    period: str
    created_at: datetime
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class Received:
    """A delivery: which issue it was about, and when it came."""

    ref: IssueRef
    received_at: datetime


def _filters(wanted: Wanted) -> tuple[str, ...]:
    return tuple(name for name in _CHOICES if getattr(wanted, name))


def _values(wanted: Wanted, limit: int) -> Mapping[str, object]:
    return {
        "site": wanted.site,
        "products": sorted(wanted.products),
        "stages": sorted(wanted.stages) or UNDER_WAY,
        "most": limit,
        **{name: getattr(wanted, name) for name in _filters(wanted)},
    }


@cache  # to build a statement costs more than to run it
def _listing(filters: tuple[str, ...], *, newest: bool) -> sa.Select[str]:
    order = (_M.updated_at.desc() if newest else _M.updated_at, _M.site, _M.key)
    found = (
        sa.select(_M.site, _M.key)
        # an expression, not the column: else SQLite, which keeps no statistics, walks the site by its key
        .where(_M.site.concat("") == sa.bindparam("site", type_=sa.Text))
        .where(_M.product.in_(sa.bindparam("products", expanding=True)))
        .where(_M.stage.in_(sa.bindparam("stages", expanding=True)))
        .where(*(_CHOICES[name] for name in filters))
        .order_by(*order)
        .limit(sa.bindparam("most", type_=sa.Integer))
        .subquery()
    )
    # the snapshots of these alone are read: what is sorted must be small
    same = sa.and_(_M.site == found.c.site, _M.key == found.c.key)
    return sa.select(_M.issue).join_from(found, mirror, same).order_by(*order)


class SqlViews:
    """Reads lists for the pages; writes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def issues(self, wanted: Wanted, *, limit: int, newest: bool = False) -> Sequence[Outline]:
        """Return issues of the mirror, those that changed longest ago first, or the ``newest``."""
        return self.lists([wanted], limit=limit, newest=newest)[0]

    def lists(
        self, wanted: Sequence[Wanted], *, limit: int, newest: bool = False
    ) -> Sequence[Sequence[Outline]]:
        """Return such a list for each of ``wanted``; where no product is, nothing is looked up."""
        asked = [(_listing(_filters(one), newest=newest), _values(one, limit)) for one in wanted]
        with self._database.reading() as connection:
            found = [
                list(connection.execute(listing, values).scalars()) if values["products"] else ()
                for listing, values in asked
            ]
        return [[outline_from_json(text) for text in texts] for texts in found]

    def issued(self, products: Collection[str], *, limit: int, offset: int = 0) -> Sequence[Issued]:
        """Return issued versions of some products' documents, the newest first, from ``offset`` on."""
        rows = (
            sa.select(*(_D[one.name] for one in fields(Issued)))
            .where(_D.product.in_(sorted(products)))
            .order_by(_D.created_at.desc(), _D.document_id, _D.version.desc(), _D.language)
            .limit(limit)
            .offset(offset)
        )
        with self._database.reading() as connection:
            found = connection.execute(rows).all()
        return [
            Issued(
                document_id=row.document_id,
                version=row.version,
                language=row.language,
                kind=row.kind,
                product=row.product,
                period=row.period,
                created_at=to_utc(row.created_at),
                title=row.title,
                status=row.status,
            )
            for row in found
        ]

    def newest(self, documents: Collection[str]) -> Mapping[tuple[str, str], int]:
        """Return the number of the newest version of some documents, by document and language."""
        place = (_D.document_id, _D.language)
        rows = sa.select(*place, sa.func.max(_D.version)).where(_D.document_id.in_(sorted(documents)))
        with self._database.reading() as connection:
            return {
                (one, language): version
                for one, language, version in connection.execute(rows.group_by(*place))
            }

    def deliveries(self, *, limit: int) -> Sequence[Received]:
        """Return the deliveries that came last."""
        rows = (
            sa.select(deliveries.c.site, deliveries.c.key, deliveries.c.received_at)
            .order_by(deliveries.c.id.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [
                Received(IssueRef(row.site, row.key), to_utc(row.received_at))
                for row in connection.execute(rows)
            ]

    def deliveries_since(self, since: datetime) -> Sequence[tuple[str, int]]:
        """Count the deliveries of each site since a moment."""
        rows = (
            sa.select(deliveries.c.site, sa.func.count())
            .where(deliveries.c.received_at >= since.timestamp())
            .group_by(deliveries.c.site)
            .order_by(deliveries.c.site)
        )
        with self._database.reading() as connection:
            return [(site, count) for site, count in connection.execute(rows)]
