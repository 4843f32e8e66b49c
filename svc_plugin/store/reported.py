"""Which issues of the mirror a document on some months may tell of: found by what is counted of them."""

from datetime import datetime

import sqlalchemy as sa

from svc_plugin.domain.vocabulary import IssueKind
from svc_plugin.store.tables import facts, hours, mirror

_M, _F, _H = mirror.c, facts.c, hours.c
_SAME = sa.and_(_F.site == _M.site, _F.key == _M.key)


def reported(product: str, since: datetime, until: datetime | None) -> sa.CompoundSelect[str, str]:
    """Select site and key of a product's issues that a document on the time from ``since`` may tell of.

    These are the issues that were asked for before ``until`` (None: whenever) and changed since or are open,
    those with hours booked in these months, every document, and what serves or is served by one of all
    these. What is not counted yet is among them.
    """
    told = sa.union(
        *(_changed(product, since, until), _open(product, until), _booked(product, since, until)),
        *(_documents(product), _uncounted(product)),
    ).cte("told")
    served = sa.select(_F.owner).join(told, sa.and_(_F.site == told.c.site, _F.key == told.c.key))
    owners = _facts(product, _name(_F.site, _F.key).in_(served.where(_F.owner != "")))
    heads = sa.union(sa.select(told.c.site, told.c.key), owners).cte("heads")
    serving = _facts(product, _F.owner.in_(sa.select(_name(heads.c.site, heads.c.key))))
    return sa.union(sa.select(heads.c.site, heads.c.key), serving)


def _changed(product: str, since: datetime, until: datetime | None) -> sa.Select[str, str]:
    rows = sa.select(_M.site, _M.key).join_from(mirror, facts, _SAME)
    return rows.where(_M.product == product, _M.updated_at >= since.timestamp(), *_asked(until))


def _open(product: str, until: datetime | None) -> sa.Select[str, str]:
    return _facts(product, _F.done_at.is_(None), *_asked(until))


def _asked(until: datetime | None) -> tuple[sa.ColumnElement[bool], ...]:
    return (_F.received_at < until.timestamp(),) if until else ()


def _booked(product: str, since: datetime, until: datetime | None) -> sa.Select[str, str]:
    rows = sa.select(_H.site, _H.key).where(_H.product == product, _H.month >= f"{since:%Y-%m}")
    return rows.where(_H.month < f"{until:%Y-%m}") if until else rows


def _documents(product: str) -> sa.Select[str, str]:
    return _facts(product, _F.kind == IssueKind.DOCUMENT)


def _uncounted(product: str) -> sa.Select[str, str]:
    rows = sa.select(_M.site, _M.key).outerjoin_from(mirror, facts, _SAME)
    return rows.where(_M.product == product, _F.key.is_(None))


def _facts(product: str, *chosen: sa.ColumnElement[bool]) -> sa.Select[str, str]:
    return sa.select(_F.site, _F.key).where(_F.product == product, *chosen)


def _name(site: sa.ColumnElement[str], key: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    return site.concat("/").concat(key)
