"""A store as it is after years of service: a hundred thousand issues, counted, and a long register."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import sqlalchemy as sa

from bench.samples import request
from svc_plugin.bootstrap import Services
from svc_plugin.documents.library import wanted_document
from svc_plugin.domain.figures.facts import facts_of
from svc_plugin.domain.figures.window import wordless
from svc_plugin.domain.model import HistoryEntry, Issue, TimeEntry
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.store.database import Database
from svc_plugin.store.tables import documents, facts, hours, mirror, timers

DIFFERENT = 1000
"""Issues that are made one by one; the others are copies of them with keys of their own."""
FIRST = 1_000_000  # keys above those of the site: a sweep leaves them alone
VERSIONS = 250
_YEARS = 3
_OPEN, _OPEN_PAPERS = 0.05, 0.3  # the share that is not done
_STAFF = {"erp": ("wang.fang", "liu.yang"), "mes": ("li.na", "chen.jie"), "crm": ("li.na", "yang.min")}
_WORK: dict[IssueKind, tuple[tuple[Stage, ...], Stage]] = {
    IssueKind.SERVICE_REQUEST: ((Stage.IN_PROGRESS, Stage.WAITING_CUSTOMER), Stage.CLOSED),
    IssueKind.MAINTENANCE: ((Stage.IN_WORK, Stage.AWAITING_DECISION), Stage.CLOSED),
    IssueKind.SERVICE_TASK: ((Stage.OPEN,), Stage.CLOSED),
    IssueKind.DOCUMENT: ((Stage.SUBMITTED,), Stage.APPROVED),
}


def fill(services: Services, issues: int, now: datetime) -> None:
    """Put ``issues`` into the mirror, with what is counted of each, and versions into the register."""
    settings = services.settings
    for issue in _different(min(issues, DIFFERENT), now):
        counted = facts_of(wordless(issue, settings.registers, now), settings.policies)
        services.mirror.put(issue, seen_at=now, facts=counted)
    for kind, period in (("service_report", f"{now.year - 1}-Q4"), ("maintenance_report", f"{now.year - 1}")):
        services.library.create(wanted_document(kind, "erp", period), language="zh", now=now)
    _repeat(services.database, documents, VERSIONS // 2, {"version": "t.version + c.n"})
    for table in (mirror, facts, timers, hours):
        _copy(services.database, table, issues // DIFFERENT)
    with services.database.begin() as connection:
        # as PostgreSQL does by itself in time, and an embedded database never
        if not services.database.embedded:
            connection.exec_driver_sql("ANALYZE")


def _different(count: int, now: datetime) -> Iterator[Issue]:
    kinds = [IssueKind.SERVICE_REQUEST] * 6 + [IssueKind.MAINTENANCE] * 3
    for number in range(count):
        kind = IssueKind.DOCUMENT if number % 125 == 124 else [*kinds, IssueKind.SERVICE_TASK][number % 10]
        yield _issue(number, kind, now)


def _issue(number: int, kind: IssueKind, now: datetime) -> Issue:
    # the same every time, and independent of the kind: every product has some of each, every list is long
    chance = Random(number)
    product = chance.choice(("erp", "erp", "erp", "mes", "crm"))
    sample, who = request(number, 6), _STAFF[product][kind is IssueKind.MAINTENANCE]
    received = now - timedelta(days=_YEARS * 365 * number / DIFFERENT, hours=1)
    open_stages, end = _WORK[kind]
    is_open = chance.random() < (_OPEN_PAPERS if kind is IssueKind.DOCUMENT else _OPEN)
    stage = chance.choice(open_stages) if is_open else end
    moves = (
        HistoryEntry(received + timedelta(hours=2), who, moved_from=Stage.REGISTERED, moved_to=open_stages[0]),
        *(HistoryEntry(received + timedelta(days=1, hours=n), who, note=one.note or "…")
          for n, one in enumerate(sample.history)),
        *(() if is_open else (
            HistoryEntry(received + timedelta(days=3), who, moved_from=open_stages[0], moved_to=end),)),
    )  # fmt: skip
    level = str(chance.choice((1, 2, 3))) if chance.random() < (0.5 if is_open else 0.02) else ""
    fields = {**sample.fields, **_fields(number, kind, level), Field.RECEIVED_AT: received.isoformat()}
    changes = {"kind": kind, "stage": stage, "product": product, "author": who, "assignee": who}
    return replace(
        sample,
        ref=replace(sample.ref, key=str(FIRST + number)),
        created_at=received,
        updated_at=received + timedelta(days=3),
        fields=fields,
        history=moves,
        time_entries=(TimeEntry("1", who, received.date(), 1.5),),
        **changes,  # type: ignore[arg-type]
    )


def _fields(number: int, kind: IssueKind, level: str) -> dict[Field, str]:
    if kind is IssueKind.MAINTENANCE:
        classes = ("corrective", "adaptive", "perfective", "preventive")
        return {Field.MAINTENANCE_CLASS: classes[number % 4], Field.ESCALATION_LEVEL: level}
    if kind is IssueKind.SERVICE_TASK:
        return {Field.TASK_KIND: "patch_update", Field.ORIGIN: f"M58@main/{number // 100}"}
    if kind is IssueKind.DOCUMENT:
        kinds = ("service_plan", "maintenance_plan", "service_report", "maintenance_report")
        return {Field.DOCUMENT_KIND: kinds[number // 50 % 4], Field.PERIOD: str(2020 + number % 7)}
    return {Field.ESCALATION_LEVEL: level}


def _copy(database: Database, table: sa.Table, copies: int) -> None:
    """Write every row ``copies`` - 1 times more, each under a key of its own, also inside a snapshot."""
    if copies < 2:
        return
    key = f"CAST(CAST(t.key AS INTEGER) + {DIFFERENT} * c.n AS TEXT)"
    own = {
        "key": key,
        "issue": f"""replace(t.issue, '"key":"' || t.key || '"', '"key":"' || {key} || '"')""",
        "updated_at": "t.updated_at + 37 * c.n",
    }
    _repeat(database, table, copies, own)


def _repeat(database: Database, table: sa.Table, copies: int, changed: dict[str, str]) -> None:
    names = [column.name for column in table.c]
    told = ", ".join(changed.get(name, f"t.{name}") for name in names)
    with database.begin() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({', '.join(names)}) "
            f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < {copies}) "
            f"SELECT {told} FROM {table.name} t CROSS JOIN c"
        )
