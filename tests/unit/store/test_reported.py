"""A document says of the part of the record that is read for it what it would say of all of it."""

import random
from datetime import datetime, timedelta

import pytest

from svc_plugin.domain.costs import Track
from svc_plugin.domain.figures.facts import facts_of
from svc_plugin.domain.figures.window import span_of, wordless
from svc_plugin.domain.model import FieldChange, HistoryEntry, Issue, IssueRef, TimeEntry
from svc_plugin.domain.moments import period_before
from svc_plugin.domain.planning import work_plan
from svc_plugin.domain.report import customer_service_report, product_maintenance_report
from svc_plugin.domain.vocabulary import FIELD_SPECS, STAGES, Field, IssueKind, Stage
from svc_plugin.store.database import Database
from svc_plugin.store.records import SqlMirror
from tests.builders import ref
from tests.documents.company import POLICY, REGISTERS, ZONE

_ISSUES = 40
_YEAR = datetime(2026, 1, 1, 9, tzinfo=ZONE)
_MADE_BY = {
    IssueKind.MAINTENANCE: ("M32", IssueKind.SERVICE_REQUEST),
    IssueKind.SERVICE_TASK: ("M58", IssueKind.MAINTENANCE),
}
_CHOSEN = {
    IssueKind.SERVICE_REQUEST: (Field.REQUEST_KIND, Field.CHANNEL),
    IssueKind.MAINTENANCE: (Field.MAINTENANCE_CLASS, Field.SEVERITY, Field.SOURCE),
    IssueKind.SERVICE_TASK: (Field.TASK_KIND,),
    IssueKind.DOCUMENT: (Field.DOCUMENT_KIND,),
}


class Year:
    """A year of a product, made up: issues of all kinds that serve each other, done, open or done again."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.issues: list[Issue] = []
        for number in range(_ISSUES):
            self.issues.append(self._issue(str(number + 1)))

    def _issue(self, key: str) -> Issue:
        chance, kind = self._chance, self._chance.choice(list(IssueKind))
        created = self._later(_YEAR, 330)
        fields = {name: chance.choice(FIELD_SPECS[name].choices) for name in _CHOSEN[kind]}
        fields |= {Field.RECEIVED_AT: (created - timedelta(days=chance.choice((0, 0, 3, 40)))).isoformat()}
        fields |= self._of_kind(kind)
        made_by, owner_kind = _MADE_BY.get(kind, ("", None))
        owners = [one for one in self.issues if one.kind is owner_kind]
        if owners and chance.random() < 0.7:
            fields[Field.ORIGIN] = f"{made_by}@{chance.choice(owners).ref}"
        history = self._history(kind, created)
        hours = [
            TimeEntry(f"{key}-{n}", "liu.yang", self._later(created - timedelta(days=5), 60).date(), 1.5)
            for n in range(chance.choice((0, 0, 1, 2)))
        ]
        last = max((created, *(entry.at for entry in history)))
        stage = history[-1].moved_to if history else STAGES[kind][0]
        return Issue(
            IssueRef("main", key), kind, stage, "?", f"标题 {key}", created, last, "wang.fang",
            chance.choice(("wang.fang", "liu.yang")), "erp",
            fields=fields, history=tuple(history), time_entries=tuple(hours),
        )  # fmt: skip

    def _of_kind(self, kind: IssueKind) -> dict[Field, str]:
        if kind is IssueKind.DOCUMENT:
            return {Field.PERIOD: self._chance.choice(("2026", "2026-Q2", "2026-05", "2026-06"))}
        if kind is IssueKind.MAINTENANCE:
            broad = self._chance.choice(("yes", "no"))
            return {Field.ESTIMATE_HOURS: "50", Field.BROAD_VALUE: broad, Field.FIXED_VERSION: "3.2.1"}
        return {Field.CUSTOMER: self._chance.choice(("c1", "c2"))}

    def _history(self, kind: IssueKind, created: datetime) -> list[HistoryEntry]:
        ways, at, stage = list(STAGES[kind]), created, STAGES[kind][0]
        entries: list[HistoryEntry] = []
        for _ in range(self._chance.choice((0, 1, 2, 3))):
            at, entered = self._later(at, 70), self._chance.choice(ways)
            named = _CHOSEN[kind][0]
            change = FieldChange(named, *self._chance.sample(FIELD_SPECS[named].choices, 2))
            entries.append(
                HistoryEntry(at, "liu.yang", moved_from=stage, moved_to=entered, changes=(change,))
            )
            stage = entered
        return entries

    def _later(self, moment: datetime, days: int) -> datetime:
        return moment + timedelta(days=self._chance.randrange(days), minutes=self._chance.randrange(500))


def documents(told: list[Issue], now: list[Issue], before: list[Issue], period: str) -> list[object]:
    """Both reports on ``told``, held against what was issued on ``before``, and both plans on ``now``."""
    known = REGISTERS, POLICY
    made: list[object] = []
    for report in (customer_service_report, product_maintenance_report):
        given = {"product": "erp", "now": datetime(2027, 1, 5, tzinfo=ZONE)}
        issued = report(before, *known, period=period_before(period), **given)
        made.append(report(told, *known, period=period, issued=issued, **given))
    for track in Track:
        drafted = span_of(period, ZONE)[0] + timedelta(days=70)
        made.append(work_plan(now, *known, track=track, product="erp", period=period, now=drafted))
    return made


@pytest.mark.clause("M76")
@pytest.mark.parametrize("seed", range(4))
def test_what_is_read_for_a_document_says_all_of_it(database: Database, seed: int) -> None:
    issues, mirror = Year(seed).issues, SqlMirror(database)
    for issue in issues:
        seen = wordless(issue, REGISTERS, _YEAR + timedelta(days=400))
        counted = facts_of(seen, POLICY) if issue.ref.key != "7" else None
        mirror.put(issue, seen_at=seen.now, facts=counted)
    for period in ("2026-06", "2026-Q2"):
        since, until = span_of(period, ZONE)
        read = [list(mirror.reported("erp", since, end)) for end in (until, None)]
        assert len(read[0]) < len(issues)
        assert documents(*read, issues[::2], period) == documents(issues, issues, issues[::2], period)


def test_what_is_long_done_is_not_read_again(database: Database) -> None:
    mirror, request = SqlMirror(database), IssueKind.SERVICE_REQUEST
    for key, product, day in (("10", "erp", 300), ("9", "erp", 200), ("8", "mes", 200), ("100", "erp", 200)):
        at = _YEAR + timedelta(days=day)
        done = HistoryEntry(at, "wang.fang", Stage.REGISTERED, Stage.CLOSED)
        issue = Issue(ref(key), request, Stage.CLOSED, "", "", at, at, product=product, history=(done,))
        mirror.put(issue, seen_at=at, facts=facts_of(wordless(issue, REGISTERS, at), POLICY))

    def read(period: str) -> list[str]:
        return [one.ref.key for one in mirror.reported("erp", *span_of(period, ZONE))]

    assert read("2026-07") == ["9", "100"]
    assert read("2026-08") == ["9", "100"], "a report compares with the period before"
    assert read("2026-09") == []
    assert read("2026-10") == ["10"]
