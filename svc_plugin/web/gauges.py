"""Figures that the store knows, for Prometheus: the same from whichever process they are read."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import sqlalchemy as sa
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from svc_plugin.engine.ports import Clock
from svc_plugin.store.database import Database
from svc_plugin.store.heartbeats import SqlContacts, SqlHeartbeats
from svc_plugin.store.tables import audit_head, documents, mirror, notifications, sweeps
from svc_plugin.store.views import UNDER_WAY
from svc_plugin.store.work import SqlWorkTable

Values: TypeAlias = Mapping[tuple[str, ...], float]
"""Figures by the values of their labels."""


@dataclass(frozen=True, slots=True)
class Gauges(Collector):
    """Reads the figures when they are asked for; each query goes by an index or over a small table."""

    database: Database
    work: SqlWorkTable
    products: Collection[str]
    clock: Clock

    def describe(self) -> list[Metric]:
        """Name nothing in advance: nothing is read when the collector is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield every gauge. Raises ``TransientError`` when the store is down."""
        yield from self._queue()
        yield from self._sites()
        yield from self._records()

    def _queue(self) -> Iterator[Metric]:
        now = self.clock()
        backlog = self.work.pending(now=now)
        states = ("waiting", "retrying", "parked", "busy")
        counts: Values = {(state,): float(getattr(backlog, state)) for state in states}
        yield _gauge("svc_queue_issues", "Issues in the work table by state.", ("state",), counts)
        age = (now - backlog.oldest_due).total_seconds() if backlog.oldest_due else 0.0
        yield _gauge(
            "svc_queue_oldest_seconds", "How long the longest due issue has been due.", (), {(): age}
        )
        beats: Values = {
            (one.name,): (now - one.at).total_seconds() for one in SqlHeartbeats(self.database).all()
        }
        yield _gauge("svc_heartbeat_age_seconds", "Since a process was heard of.", ("process",), beats)

    def _sites(self) -> Iterator[Metric]:
        seen = SqlContacts(self.database).all()
        answered: Values = {
            (name,): one.answered_at.timestamp() for name, one in seen.items() if one.answered_at
        }
        yield _gauge("svc_site_answered_timestamp_seconds", "When a site last answered.", ("site",), answered)
        failures: Values = {(name,): float(one.failures) for name, one in seen.items()}
        yield _gauge("svc_site_failures", "Failures of a site since it last answered.", ("site",), failures)
        swept = self._read(sa.select(sweeps.c.site, sweeps.c.until), 1)
        yield _gauge("svc_site_swept_timestamp_seconds", "How far a site was swept.", ("site",), swept)
        missed = self._read(sa.select(sweeps.c.site, sweeps.c.unreported), 1)
        yield _gauge("svc_site_unreported_changes", "Changes that only sweeps found.", ("site",), missed)

    def _records(self) -> Iterator[Metric]:
        by = (documents.c.kind, documents.c.status)
        issued = self._read(sa.select(*by, sa.func.count()).group_by(*by), 2)
        yield _gauge("svc_documents", "Issued versions by kind and status.", ("kind", "status"), issued)
        late = (
            sa.select(mirror.c.product, sa.cast(mirror.c.level, sa.Text), sa.func.count())
            .where(mirror.c.product.in_(sorted(self.products)), mirror.c.level >= 1)
            .where(mirror.c.stage.in_(UNDER_WAY))
            .group_by(mirror.c.product, mirror.c.level)
        )
        breached = self._read(late, 2)
        yield _gauge("svc_breached_issues", "Open escalated issues by level.", ("product", "level"), breached)
        unsent = sa.select(
            sa.func.count().filter(notifications.c.due.is_not(None)),
            sa.func.count().filter(notifications.c.due.is_(None), notifications.c.error != ""),
        )
        with self.database.begin() as connection:
            waiting, given_up = connection.execute(unsent).one()
            entries = connection.execute(sa.select(audit_head.c.seq)).scalar() or 0
        told: Values = {("waiting",): float(waiting), ("given_up",): float(given_up)}
        yield _gauge("svc_notifications", "Notifications not sent, by state.", ("state",), told)
        yield _gauge("svc_audit_entries", "Entries of the audit log.", (), {(): float(entries)})

    def _read(self, rows: sa.Executable, names: int) -> Values:
        with self.database.begin() as connection:
            found = connection.execute(rows).all()
        return {tuple(str(part) for part in row[:names]): float(row[names]) for row in found}


def _gauge(name: str, help_: str, labels: tuple[str, ...], values: Values) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_, labels=labels)
    for named, value in values.items():
        family.add_metric(named, value)
    return family
