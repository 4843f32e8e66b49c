"""Pages that read lists: as quick and as small for many issues as for few."""

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from svc_plugin.demo.stage import ADMIN
from svc_plugin.domain.plan import Finding, Plan, SetStage
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.counting import count_some
from svc_plugin.engine.ports import Notice
from svc_plugin.store.documents import StoredDocument
from svc_plugin.store.records import SqlLedger
from svc_plugin.store.views import SqlViews
from svc_plugin.web.app import create_app
from tests.builders import LEADER
from tests.pages.conftest import House, Visitor, a_house, reports
from tests.pages.test_pages import DESK, queries

SHELVED = "CSR-erp-2026-Q3"
OF_LEADERS = ("/", "/shelf", "/products", "/products/erp")
OF_ADMINISTRATORS = ("/queue", "/admin", "/admin/deliveries", "/admin/audit", "/admin/audit.csv", "/metrics")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[House]:
    """A house of its own: lists that other tests have filled to their bound would not grow."""
    with a_house(shutil.copy(migrated, tmp_path_factory.mktemp("lists"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def papers(house: House) -> Mapping[str, StoredDocument]:
    return reports(house)


@pytest.fixture
def readers(house: House) -> Iterator[dict[str, Visitor]]:
    """Each page with somebody who sees what it lists."""
    health = replace(house.web.health, metrics_from=frozenset({"127.0.0.1"}))
    app = create_app(replace(house.web, health=health))
    leader, administrator = (Visitor(app.test_client()) for _ in range(2))
    assert leader.sign_in(LEADER).status_code == administrator.sign_in(ADMIN).status_code == 303
    yield {**dict.fromkeys(OF_LEADERS, leader), **dict.fromkeys(OF_ADMINISTRATORS, administrator)}
    for issue in list(house.services.mirror.walk(None)):
        house.services.mirror.drop(issue.ref, at=house.watch())


def list_things(house: House, numbers: range) -> None:
    """Keep six issues a number: for each heading of the desk and a task, counted, queued, acted on."""
    now, store, settings = house.watch(), house.services.library.store, house.services.settings
    paper = store.get(SHELVED, 1, "zh")
    assert paper
    for number in numbers:
        for place, (kind, stage, fields) in enumerate(DESK.values()):
            house.keep(f"{place}{number:04}", kind, stage, fields=fields)
        task = house.keep(
            f"6{number:04}", IssueKind.SERVICE_TASK, Stage.OPEN, fields={Field.TASK_KIND: "patch_update"}
        )
        house.services.inbox.accept(Notice(task.ref, f"list-{number}", b"{}", now))
        plan = Plan(task.ref, (Finding("M40", "x"),), (SetStage(Stage.CLOSED),))
        SqlLedger(house.services.database).record(plan, policy="p", at=now)
        store.put(replace(paper, version=number + 2))
    assert house.web.pages
    while count_some(house.web.pages.board, settings.registers, settings.policies, house.watch):
        pass
    house.watch.ahead += timedelta(seconds=31)  # what was remembered is old


def test_a_page_asks_the_database_as_often_for_300_issues_as_for_6(house: House, papers, readers) -> None:
    counts, answers = [], []
    for numbers in (range(1), range(1, 50)):
        list_things(house, numbers)
        counts.append({path: queries(house, reader, path) for path, reader in readers.items()})
        answers.append({path: reader.get(path).data for path, reader in readers.items()})
    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 25
    assert [path for path in readers if answers[0][path] == answers[1][path]] == []
    large = [path for path, told in answers[1].items() if len(told) > 50_000 and not path.endswith(".csv")]
    assert large == []


def test_the_list_of_documents_goes_on_where_a_page_ends(house: House, papers) -> None:
    store, leader = house.services.library.store, house.signed_in(LEADER)
    paper = store.get(SHELVED, 1, "zh")
    assert paper
    for number in range(400, 520):
        store.put(replace(paper, version=number))
    seen: set[str] = set()
    page: int | None = 1
    while page:
        text = leader.get(f"/shelf?page={page}").text
        found = set(re.findall(r'href="(/shelf/[^"?]+/zh)"', text))
        assert 0 < len(found) <= 50
        assert not found & seen
        seen |= found
        page = page + 1 if f'href="/shelf?page={page + 1}"' in text else None
    assert {f"/shelf/{SHELVED}/{number}/zh" for number in range(400, 520)} <= seen


def test_the_list_of_documents_is_read_past_the_files(house: House) -> None:
    plans: list[str] = []

    def explain(connection, _cursor, statement, parameters, *_rest):
        if "FROM documents" in statement and not statement.startswith("EXPLAIN"):
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            plans.append(str(rows))

    engine = house.services.database._engine
    sa.event.listen(engine, "before_cursor_execute", explain)
    SqlViews(house.services.database).issued(["erp"], limit=9)
    sa.event.remove(engine, "before_cursor_execute", explain)
    assert "COVERING INDEX documents_listed" in plans[0]


def test_only_the_newest_version_stands_where_its_issue_stands(house: House, papers) -> None:
    views = house.web.pages.views  # type: ignore[union-attr]
    house.services.library.store.put(replace(papers["erp"], document_id="CSR-erp-2026-Q2", version=7))
    assert views.newest({"CSR-erp-2026-Q2", "CSR-erp-2025"}) == {
        ("CSR-erp-2026-Q2", "zh"): 7,
        ("CSR-erp-2025", "zh"): 1,
    }
