"""A worker killed at any step of its work: the next one finishes, nothing is lost and nothing done twice.

By default every fifth step of each scenario is tried (an odd number: both "before" and "after");
``SVC_TEST_ALL_KILLS=1`` tries all of them.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from svc_plugin.demo.redmine_actor import RedmineActor
from svc_plugin.demo.stage import ADMIN, api_key, cast, demo_people
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.sites.redmine.blueprint import BOT as BOT_ROLE
from svc_plugin.sites.redmine.blueprint import ROLE_NAMES, blueprint
from svc_plugin.standins.redmine import Served, create_app, serve
from svc_plugin.standins.redmine.store import Store
from svc_plugin.standins.redmine.web import EXTENSION
from svc_plugin.store.database import Database
from svc_plugin.store.tables import documents, ledger, work
from tests.builders import LEADER, MAINTAINER, SERVICE, example
from tests.thorough import some, thorough

ROOT = Path(__file__).parents[2]
ALL, EVERY = "SVC_TEST_ALL_KILLS", 5 if thorough() else 20
REQUEST, WORK, PAPER = IssueKind.SERVICE_REQUEST, IssueKind.MAINTENANCE, IssueKind.DOCUMENT
Facts = Counter[tuple[object, ...]]


class Launcher:
    """The fork server of workers."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.launcher"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._line() == "ready"

    def run(
        self, database: Path | str, site: str, kill_at: int | None, *, alone: bool = True
    ) -> tuple[int, list[str]]:
        assert self._process.stdin
        url = f"sqlite:///{database}" if isinstance(database, Path) else database
        order = {"database": url, "site": site, "kill_at": kill_at, "alone": alone}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._line())
        return answer["ended"], answer["steps"]

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


@pytest.fixture(scope="module")
def launcher() -> Iterator[Launcher]:
    launcher = Launcher()
    yield launcher
    launcher.close()


class Tracker:
    """A stand-in Redmine on which people acted, and which can be put back to that moment."""

    def __init__(self, *, without_moves: bool) -> None:
        company = example()
        self.mapping = company.sites["main"].mapping
        products = {key: product.name for key, product in company.registers.products.items()}
        plan: dict[str, Any] = blueprint(self.mapping, "zh", products)
        plan |= demo_people(company.registers, self.mapping, "zh")
        if without_moves:
            ours = ROLE_NAMES[BOT_ROLE][0]
            rows = [row for row in plan["workflow"] if row["role"] != ours]
            plan["workflow"] = [*rows, *({**r, "moves": []} for r in plan["workflow"] if r["role"] == ours)]
        self.served: Served = serve(create_app(plan, clock=lambda: datetime.now(UTC)))
        self.store: Store = self.served.app.extensions[EXTENSION].store
        keys = {account: api_key(account) for account in company.registers.people}
        self.people: Mapping[str, RedmineActor] = cast(self.served.url, self.mapping, keys, api_key(ADMIN))
        users = self.served.app.extensions[EXTENSION].catalogue.users
        self.users = {user.id: user.login for user in users.values()}

    def remember(self) -> None:
        self._kept = {name: (dict(t.records), t.last) for name, t in self.store._tables().items()}

    def put_back(self) -> None:
        for name, table in self.store._tables().items():
            records, table.last = self._kept[name]
            table.records = dict(records)

    def facts(self) -> Facts:
        """Every fact that people can see, without moments.

        A note and a move count as two facts: a worker that goes on may do in one request what its
        predecessor would have done in two.
        """
        store = self.store
        found: Facts = Counter()
        for issue in store.issues.all():
            born = store.born
            bare = replace(issue, created_on=born, updated_on=born, start_date=None, closed_on=None)
            found["issue", issue.id, repr(replace(bare, lock_version=0))] += 1
        for journal in store.journals.all():
            who = self.users[journal.user_id]
            if journal.notes:
                found["comment", journal.issue_id, who, _told(journal.notes)] += 1
            for detail in journal.details:
                # a file is named by its number, and an upload that nobody used has taken one
                name = "" if detail.property == "attachment" else detail.name
                found["change", journal.issue_id, who, name, detail.old_value, detail.new_value] += 1
        for relation in store.relations.all():
            found["relation", relation.issue_from_id, relation.issue_to_id] += 1
        for file in store.attachments.all():
            if file.issue_id is not None:
                found["file", file.issue_id, file.filename] += 1
        for version in store.versions.all():
            found["version", version.project_id, version.name, version.description] += 1
        return found


def _told(note: str) -> str:
    """A note without its download link and moments."""
    return re.sub(r"http\S+|\d{4}-\d\d-\d\d \d\d:\d\d", "*", note)


def own_facts(file: Path) -> Facts:
    """What our own store holds, without moments: each change in the ledger, documents, work that is left.

    Of a comment that was rewritten the last words count: those in between may never have been said.
    """
    database = Database(f"sqlite:///{file}")
    found: Facts = Counter()
    comments: dict[tuple[object, ...], str] = {}
    with database.begin() as connection:
        for row in connection.execute(sa.select(ledger).order_by(ledger.c.id)):
            for change in json.loads(row.plan)["changes"]:
                if change["change"] == "PutComment":
                    comments["ledger", row.key, change["marker"]] = change["text"]
                else:
                    found["ledger", row.key, json.dumps(change, sort_keys=True)] += 1
        found.update((*key, text) for key, text in comments.items())
        for row in connection.execute(sa.select(documents.c.document_id, documents.c.version)):
            found["document", row.document_id, row.version] += 1
        for row in connection.execute(sa.select(work)):
            found["work", row.key, row.due is None, row.error, row.busy] += 1
    database.close()
    return found


def hand_over(people: Mapping[str, RedmineActor]) -> None:
    fields = {
        Field.CUSTOMER: "恒通机械有限公司", Field.CHANNEL: "phone",
        Field.REQUEST_KIND: "fault", Field.SEVERITY: "major",
    }  # fmt: skip
    people[SERVICE].create(REQUEST, "erp", "开票时提示“税率无效”", fields)


def closing(people: Mapping[str, RedmineActor]) -> None:
    fields = {Field.CHANNEL: "phone", Field.REQUEST_KIND: "request"}
    number = people[SERVICE].create(REQUEST, "erp", "怎样导出", fields)
    people[SERVICE].change(number, REQUEST, stage=Stage.IN_PROGRESS)
    people[SERVICE].change(number, REQUEST, stage=Stage.CLOSED)


def report(people: Mapping[str, RedmineActor]) -> None:
    fields = {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: "2026-Q4"}
    people[SERVICE].create(PAPER, "erp", "客户服务报告", fields)


def visit(people: Mapping[str, RedmineActor]) -> None:
    fields = {
        Field.CUSTOMER: "恒通机械有限公司", Field.SOURCE: "customer", Field.MAINTENANCE_CLASS: "corrective",
        Field.VISIT_NEEDED: "1", Field.VISIT_AT: "2099-11-23 15:00",
    }  # fmt: skip
    people[MAINTAINER].create(WORK, "erp", "税率错误", fields)


def survey(people: Mapping[str, RedmineActor]) -> None:
    fields = {Field.DOCUMENT_KIND: "service_plan", Field.PERIOD: "2099-12"}
    number = people[SERVICE].create(PAPER, "erp", "客户服务计划", fields)
    people[SERVICE].change(number, PAPER, stage=Stage.SUBMITTED)
    people[LEADER].change(number, PAPER, stage=Stage.APPROVED, fields={Field.APPROVAL_DECISION: "agree"})


def conversion(people: Mapping[str, RedmineActor]) -> None:
    fields = {
        Field.CUSTOMER: "恒通机械有限公司", Field.SOURCE: "customer",
        Field.MAINTENANCE_CLASS: "perfective", Field.ESTIMATE_HOURS: "400",
    }  # fmt: skip
    number = people[MAINTAINER].create(WORK, "erp", "重写报表", fields)
    people[MAINTAINER].change(number, WORK, stage=Stage.CLASSIFIED)
    people[LEADER].change(number, WORK, stage=Stage.CONVERTED)


@dataclass(frozen=True)
class Scenario:
    """What people did, what must have come of it, and whether the tracker lets us move issues."""

    acts: Callable[[Mapping[str, RedmineActor]], None]
    outcome: Callable[[Facts], bool]
    without_moves: bool = False


def _has(facts: Facts, *parts: object) -> bool:
    return any(all(any(str(part) in str(one) for one in fact) for part in parts) for fact in facts)


SCENARIOS = {
    "hand-over": Scenario(
        hand_over, lambda found: _has(found, "relation") and _has(found, "comment", "svc:M32")
    ),
    "closing": Scenario(closing, lambda found: _has(found, "comment", "svc:M40")),
    "report": Scenario(report, lambda found: _has(found, "file", "CSR-erp-2026-Q4-v1.docx")),
    "visit": Scenario(visit, lambda found: _has(found, "relation")),
    "survey": Scenario(survey, lambda found: sum(fact[0] == "relation" for fact in found) == 3),
    "conversion": Scenario(
        conversion,
        lambda found: _has(found, "version", "重写报表 #") and _has(found, "comment", "svc:M11"),
    ),
    "refused": Scenario(closing, lambda found: _has(found, "comment", "svc:refused"), without_moves=True),
}


@pytest.mark.parametrize("name", some(list(SCENARIOS), of=8))
def test_a_worker_killed_at_any_step_loses_nothing_and_doubles_nothing(
    name: str, launcher: Launcher, migrated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = SCENARIOS[name]
    tracker = Tracker(without_moves=scenario.without_moves)
    scenario.acts(tracker.people)
    tracker.remember()

    def run(kills: int | None) -> tuple[Facts, list[str]]:
        """Run from the same start, killed at a step or not, and again to the end; return all facts."""
        tracker.put_back()
        file = tmp_path / f"{kills}.db"
        shutil.copy(migrated, file)
        ended, steps = launcher.run(file, tracker.served.url, kills)
        if kills is not None:
            assert ended == -9, f"it should have died at step {kills}"
            again, _ = launcher.run(file, tracker.served.url, None)
            assert again == 0
        else:
            assert ended == 0
        return tracker.facts() + own_facts(file), steps

    expected, steps = run(None)
    assert scenario.outcome(expected), expected
    chosen = range(0, len(steps), 1 if os.environ.get(ALL) else EVERY)
    lost: dict[str, Facts] = {}
    doubled: dict[str, Facts] = {}
    for number in chosen:
        found, _ = run(number)
        where = f"{number}: {steps[number]}"
        if missing := expected - found:
            lost[where] = missing
        if extra := found - expected:
            doubled[where] = extra
    tracker.served.close()
    with capsys.disabled():
        counts = f"{len(steps)} steps, {len(chosen)} kills, {len(lost)} lost, {len(doubled)} doubled"
        sys.stdout.write(f"\n{name:>10}: {counts}\n")
    assert not lost, _listed(lost)
    assert not doubled, _listed(doubled)


def _listed(wrong: Mapping[str, Facts]) -> str:
    return "\n".join(f"{where}: {fact}" for where, facts in wrong.items() for fact in facts)
