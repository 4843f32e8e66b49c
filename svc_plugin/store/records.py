"""What the product knows and did: mirror of the issues, ledger of plans, cursors of the sweeps."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa

from svc_plugin.domain.figures.facts import Facts
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.moments import read_number
from svc_plugin.domain.plan import Plan
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.ports import Begun, Version
from svc_plugin.store.audit import append
from svc_plugin.store.audit_entries import carried_out, new_deeds
from svc_plugin.store.board import drop_facts, keep_facts
from svc_plugin.store.by_site import by_site
from svc_plugin.store.claims import enlist
from svc_plugin.store.codec import issue_from_json, issue_to_json, plan_from_data, plan_to_data
from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.reported import reported
from svc_plugin.store.tables import begun, ledger, mirror, sweeps
from svc_plugin.store.work import touching, wish

# built once: to build a statement costs more than to run it
_OF_SITE, _OF_KEY = sa.bindparam("of_site", type_=sa.Text), sa.bindparam("of_key", type_=sa.Text)
_MIRRORED = sa.select(mirror.c.issue).where(mirror.c.site == _OF_SITE, mirror.c.key == _OF_KEY)
_BEGUN = sa.select(begun).where(begun.c.site == _OF_SITE, begun.c.key == _OF_KEY)
_OF_PRODUCT = (
    mirror.c.product == sa.bindparam("of_product"),
    mirror.c.kind == sa.bindparam("of_kind"),
    mirror.c.stage.in_(sa.bindparam("stages", expanding=True)),
)
_SINCE = sa.bindparam("since", type_=sa.Double)
_STANDING = sa.select(mirror.c.issue).where(*_OF_PRODUCT)
_STANDING_SINCE = _STANDING.where(mirror.c.updated_at >= _SINCE)
_REFS_STANDING = (
    sa.select(mirror.c.site, mirror.c.key)
    .where(*_OF_PRODUCT)
    .order_by(mirror.c.updated_at.desc(), mirror.c.site, mirror.c.key)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_VERSIONS = sa.select(mirror.c.key, mirror.c.updated_at, mirror.c.seen_at).where(mirror.c.site == _OF_SITE)
_VERSIONS_OF = _VERSIONS.where(mirror.c.key.in_(sa.bindparam("keys", expanding=True)))
_ENDED = sa.delete(begun).where(begun.c.site == _OF_SITE, begun.c.key == _OF_KEY)
_RECORDING = sa.insert(ledger)
_OURS = (ledger.c.site == _OF_SITE, ledger.c.key == _OF_KEY)
_ACTS = sa.select(sa.func.count()).where(*_OURS, ledger.c.at >= _SINCE)
_SWEPT = sa.select(sweeps.c.until).where(sweeps.c.site == _OF_SITE)
_PART = 500  # issues read at a time
_REMEMBERED = 1000  # snapshots of which neither the text nor its reading is thrown away
_HIGHEST_LEVEL = 1000  # people may write any number into the field


class SqlMirror:
    """The last snapshot of every issue."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # approved plans, what a month holds: wanted at each look at the product's work, and seldom changed
        self._standing_one = lru_cache(_REMEMBERED)(issue_from_json)
        self._touching = touching(database)
        insert = database.insert(mirror)
        self._putting = insert.on_conflict_do_update(
            index_elements=[mirror.c.site, mirror.c.key],
            set_={column.name: insert.excluded[column.name] for column in mirror.c if not column.primary_key},
        )

    def put(
        self,
        issue: Issue,
        *,
        seen_at: datetime,
        concerned: Sequence[IssueRef] = (),
        facts: Facts | None = None,
    ) -> None:
        """Keep the snapshot in place of the one before, and mark as due whom the change concerns.

        Without ``facts`` the issue is counted later.
        """
        row = {
            "site": issue.ref.site,
            "key": issue.ref.key,
            "product": issue.product,
            "updated_at": issue.updated_at.timestamp(),
            "seen_at": seen_at.timestamp(),
            "issue": issue_to_json(issue),
            "kind": issue.kind or "",
            "stage": issue.stage or "",
            "request_kind": issue.value(Field.REQUEST_KIND),
            "level": _level(issue),
        }
        with self._database.begin() as connection:
            connection.execute(self._putting, row)
            if facts:
                keep_facts(connection, issue, facts)
            else:
                drop_facts(connection, issue.ref)
            self._touch(connection, concerned, seen_at)
            append(self._database, connection, new_deeds(connection, issue, seen_at))

    def get(self, ref: IssueRef) -> Issue | None:
        """Return the issue as it was last seen."""
        with self._database.begin() as connection:
            text: str | None = connection.execute(_MIRRORED, _named(ref)).scalar()
        return issue_from_json(text) if text else None

    def drop(self, ref: IssueRef, *, at: datetime, concerned: Sequence[IssueRef] = ()) -> None:
        """Forget an issue that its site no longer has, and mark as due whom that concerns."""
        gone = sa.delete(mirror).where(mirror.c.site == ref.site, mirror.c.key == ref.key)
        with self._database.begin() as connection:
            connection.execute(gone)
            drop_facts(connection, ref)
            self._touch(connection, concerned, at)

    def _touch(self, connection: sa.Connection, refs: Sequence[IssueRef], at: datetime) -> None:
        rows = [wish(ref, at) for ref in sorted(set(refs))]
        if rows:
            connection.execute(self._touching, rows)
            enlist(self._database, connection, rows)

    def reported(self, product: str, since: datetime, until: datetime | None) -> Iterator[Issue]:
        """Walk what a document may tell of, a part at a time; see ``engine.ports.Mirror``."""
        with self._database.begin() as connection:
            rows = connection.execute(reported(product, since, until)).all()
        refs = sorted(((site, key) for site, key in rows), key=lambda ref: (ref[0], len(ref[1]), ref[1]))
        for site, keys in by_site(refs).items():
            for start in range(0, len(keys), _PART):
                part = keys[start : start + _PART]
                wanted = sa.select(mirror.c.key, mirror.c.issue)
                named = wanted.where(mirror.c.site == site, mirror.c.key.in_(part))
                with self._database.begin() as connection:
                    texts = {row.key: row.issue for row in connection.execute(named)}
                yield from (issue_from_json(texts[key]) for key in part if key in texts)

    def standing(
        self, product: str, kind: IssueKind, stages: Collection[Stage], *, since: datetime | None = None
    ) -> Iterator[Issue]:
        """Walk a product's issues of a kind in some stages; see ``engine.ports.Mirror``."""
        wanted = _STANDING_SINCE if since else _STANDING
        facts = _standing(product, kind, stages) | ({"since": since.timestamp()} if since else {})
        with self._database.begin() as connection:
            texts = list(connection.execute(wanted, facts).scalars())
        return (self._standing_one(text) for text in texts)

    def refs_standing(
        self, product: str, kind: IssueKind, stages: Collection[Stage], *, limit: int
    ) -> Sequence[IssueRef]:
        """Name those issues, the latest changed first; see ``engine.ports.Mirror``."""
        facts = _standing(product, kind, stages) | {"most": limit}
        with self._database.begin() as connection:
            return [IssueRef(row.site, row.key) for row in connection.execute(_REFS_STANDING, facts)]

    def walk(self, since: datetime | None) -> Iterator[Issue]:
        """Walk every issue that changed at or after a moment, a part at a time."""
        place = sa.tuple_(mirror.c.site, mirror.c.key)
        wanted = sa.select(mirror.c.site, mirror.c.key, mirror.c.issue).where(*_changed(since))
        part = wanted.order_by(mirror.c.site, mirror.c.key).limit(_PART)
        last: tuple[str, str] | None = None
        while True:
            with self._database.begin() as connection:
                rows = connection.execute(part.where(place > last) if last else part).all()
            yield from (issue_from_json(row.issue) for row in rows)
            if len(rows) < _PART:
                return
            last = (rows[-1].site, rows[-1].key)

    def count(self, since: datetime | None) -> int:
        """Count the issues of such a walk."""
        wanted = sa.select(sa.func.count()).select_from(mirror).where(*_changed(since))
        with self._database.begin() as connection:
            return connection.execute(wanted).scalar_one()

    def versions(self, site: str, keys: Collection[str] | None = None) -> Mapping[str, Version]:
        """Return what is known of the issues of a site with some keys (None: of every one), by key."""
        every = {"of_site": site}
        wanted = sorted(keys) if keys is not None else []
        parts = [{**every, "keys": wanted[at : at + _PART]} for at in range(0, len(wanted), _PART)]
        with self._database.begin() as connection:
            if keys is None:
                rows = connection.execute(_VERSIONS, every).all()
            else:
                rows = [row for part in parts for row in connection.execute(_VERSIONS_OF, part)]
        return {key: Version(to_utc(updated_at), to_utc(seen_at)) for key, updated_at, seen_at in rows}


def _named(ref: IssueRef) -> dict[str, str]:
    return {"of_site": ref.site, "of_key": ref.key}


def _standing(product: str, kind: IssueKind, stages: Collection[Stage]) -> dict[str, object]:
    return {"of_product": product, "of_kind": kind, "stages": sorted(stages)}


def _changed(since: datetime | None) -> tuple[sa.ColumnElement[bool], ...]:
    return (mirror.c.updated_at >= since.timestamp(),) if since else ()


def _level(issue: Issue) -> int:
    return int(min(max(read_number(issue.value(Field.ESCALATION_LEVEL)) or 0, 0), _HIGHEST_LEVEL))


class SqlLedger:
    """Every plan that was carried out."""

    def __init__(self, database: Database) -> None:
        self._database = database
        insert = database.insert(begun)
        self._beginning = insert.on_conflict_do_update(
            index_elements=[begun.c.site, begun.c.key],
            set_={column.name: insert.excluded[column.name] for column in begun.c if not column.primary_key},
        )

    def begin(self, plan: Plan, *, policy: str, at: datetime) -> None:
        """Write down a plan that is about to be carried out, with the digest of its policy."""
        with self._database.begin(at_once=True) as connection:
            connection.execute(self._beginning, _plan_row(plan, policy, at))

    def begun(self, ref: IssueRef) -> Begun | None:
        """Return what was begun on an issue and not recorded since."""
        with self._database.begin() as connection:
            row = connection.execute(_BEGUN, _named(ref)).first()
        return Begun(plan_from_data(json.loads(row.plan)), row.policy, to_utc(row.at)) if row else None

    def record(self, plan: Plan, *, policy: str, at: datetime) -> None:
        """Write down what was carried out, nothing for an empty plan, in place of what was begun."""
        with self._database.begin() as connection:
            connection.execute(_ENDED, _named(plan.ref))
            if plan:
                connection.execute(_RECORDING, _plan_row(plan, policy, at))
                append(self._database, connection, carried_out(plan, policy, at))

    def done_on(self, ref: IssueRef, *, limit: int) -> Sequence[Begun]:
        """Return the plans carried out on an issue, the newest first."""
        wanted = sa.select(ledger).where(*_OURS).order_by(ledger.c.at.desc(), ledger.c.id.desc()).limit(limit)
        with self._database.begin() as connection:
            rows = connection.execute(wanted, _named(ref)).all()
        return [Begun(plan_from_data(json.loads(row.plan)), row.policy, to_utc(row.at)) for row in rows]

    def acts_since(self, ref: IssueRef, since: datetime) -> int:
        """Count the plans carried out on an issue since a moment."""
        with self._database.begin() as connection:
            return connection.execute(_ACTS, {**_named(ref), "since": since.timestamp()}).scalar_one()


def _plan_row(plan: Plan, policy: str, at: datetime) -> dict[str, object]:
    return {
        "site": plan.ref.site,
        "key": plan.ref.key,
        "at": at.timestamp(),
        "policy": policy,
        "plan": json.dumps(plan_to_data(plan), ensure_ascii=False),
    }


class SqlCursors:
    """How far each site was swept."""

    def __init__(self, database: Database) -> None:
        self._database = database
        insert = database.insert(sweeps)
        self._advancing = insert.on_conflict_do_update(
            index_elements=[sweeps.c.site],
            set_={
                "until": insert.excluded.until,
                "unreported": sweeps.c.unreported + insert.excluded.unreported,
            },
        )

    def read(self, site: str) -> datetime | None:
        """Return the moment up to which the site was swept; None when it never was."""
        with self._database.begin() as connection:
            until = connection.execute(_SWEPT, {"of_site": site}).scalar()
        return to_utc(until) if until is not None else None

    def advance(self, site: str, to: datetime, *, unreported: int) -> None:
        """Remember how far the sweep came and how many changes no delivery had reported."""
        row = {"site": site, "until": to.timestamp(), "unreported": unreported}
        with self._database.begin() as connection:
            connection.execute(self._advancing, row)

    def unreported(self, site: str) -> int:
        """Return how many changes of the site only a sweep has found so far."""
        with self._database.begin() as connection:
            count = connection.execute(sa.select(sweeps.c.unreported).where(sweeps.c.site == site)).scalar()
        return count or 0
