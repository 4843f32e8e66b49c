"""The administrators' pages: what they show, what they do, and that it stands in the audit log."""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from svc_plugin.bootstrap import sync_desk
from svc_plugin.demo.stage import ADMIN, BOT, api_key
from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Notice
from svc_plugin.engine.sync import Syncer
from svc_plugin.running.sync_desk import SyncDesk
from svc_plugin.store.audit import AuditKind, Entry, SqlAudit, Wanted
from svc_plugin.store.heartbeats import Contact, SqlContacts
from tests.builders import LEADER
from tests.pages.conftest import House, Visitor, a_house

PAGES = ("/admin", "/queue", "/admin/deliveries", "/admin/sync", "/admin/clauses", "/admin/audit")


@pytest.fixture(scope="module")
def admin(house: House) -> Visitor:
    return house.signed_in(ADMIN)


@pytest.fixture
def log(house: House) -> SqlAudit:
    return SqlAudit(house.services.database)


@pytest.fixture
def delivered(house: House) -> Iterator[IssueRef]:
    """Two deliveries on an issue, one of another site; the issue is set aside."""
    ref, work = house.issues["erp"], house.services.work
    now = house.watch()
    for number, one in enumerate((ref, ref, IssueRef("other", "77"))):
        house.services.inbox.accept(Notice(one, f"{now.timestamp()}-{number}", b"{}", now))
    item = work.take(now=now + timedelta(seconds=1), lease=timedelta(minutes=1), ref=ref)
    assert item
    work.park(item, error="客户不在登记册中")
    yield ref
    work.add([ref], due=now + timedelta(days=400))


def acts(log: SqlAudit) -> list[object]:
    return [one.entry.detail["act"] for one in log.walk(Wanted(kind=AuditKind.ADMIN, actor=ADMIN))]


@pytest.mark.parametrize("path", [*PAGES, "/admin/configuration"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_speaks_one_language_and_needs_no_script(admin: Visitor, path: str, language: str) -> None:
    admin.post("/language", {"language": language})
    page = admin.get(path).text
    assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in page
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", page)
    assert "admin." not in re.sub(r"href=\S+|svc-plugin|admin\.css\S*", "", page)
    admin.post("/language", {"language": "zh"})


def test_a_delivery_is_shown_with_what_came_of_it_and_can_be_sent_again(house, admin, delivered, log) -> None:
    page = admin.get(f"/admin/deliveries?key={delivered.key}").text
    assert "已挂起" in page
    assert "客户不在登记册中" in page
    assert "other/77" not in admin.get("/admin/deliveries").text
    number = re.search(r'name="id" value="(\d+)"', page)
    assert number
    assert admin.post("/admin/deliveries/again", {"id": number[1]}).status_code == 303
    assert house.services.work.queued(delivered).due_at is not None
    assert house.hints == [delivered]
    assert acts(log)[-1] == "redeliver"
    assert "已挂起" not in admin.get(f"/admin/deliveries?key={delivered.key}").text


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "9" * 30, "１"])
def test_a_delivery_that_is_not_there_is_not_found(admin, number) -> None:
    assert admin.post("/admin/deliveries/again", {"id": number}).status_code == 404


def test_a_delivery_of_another_site_is_not_there(house, admin, delivered) -> None:
    found = house.web.admin.desk.deliveries("other", limit=1)
    assert admin.post("/admin/deliveries/again", {"id": str(found[0].id)}).status_code == 404


def test_lists_are_paged(house, admin) -> None:
    now = house.watch()
    for number in range(120):
        ref = IssueRef("main", f"5{number:03}")
        house.services.inbox.accept(Notice(ref, f"page-{now.timestamp()}-{number}", b"{}", now))
    first = admin.get("/admin/deliveries").text
    assert first.count('name="id"') == 50
    older = re.search(r"before=(\d+)", first)
    assert older
    second = admin.get(f"/admin/deliveries?before={older[1]}").text
    assert not set(re.findall(r'name="id" value="(\d+)"', first)) & set(
        re.findall(r'name="id" value="(\d+)"', second)
    )
    house.watch.ahead = timedelta(seconds=1)
    assert 'href="/queue?page=2"' in admin.get("/queue").text
    assert 'href="/queue?page=1"' in admin.get("/queue?page=2").text


def test_what_was_set_aside_is_released_once_and_that_is_on_record(house, admin, delivered, log) -> None:
    assert "客户不在登记册中" in admin.get("/queue").text
    assert admin.post("/queue/release", {"key": delivered.key}).status_code == 303
    assert "客户不在登记册中" not in admin.get("/queue").text
    last = list(log.walk(Wanted(kind=AuditKind.ADMIN)))[-1].entry
    assert (last.actor, last.detail) == (ADMIN, {"act": "release", "reason": "客户不在登记册中"})
    assert admin.post("/queue/release", {"key": "no such"}).status_code == 404


def test_a_site_that_fails_is_seen_to_fail_until_it_answers(house, admin) -> None:
    contacts, now = SqlContacts(house.services.database), house.watch()
    contacts.merge({"main": Contact(now, None, 0, "")})
    contacts.merge({"main": Contact(None, now, 3, "GET /issues/1.json: 500")})
    contacts.merge({"main": Contact(None, now, 1, "GET /issues/2.json: 503")})
    page = admin.get("/admin").text
    assert "连续失败 4 次" in page
    assert "GET /issues/2.json: 503" in page
    contacts.merge({"main": Contact(now, None, 0, "")})
    assert "正常应答" in admin.get("/admin").text


def test_a_brake_that_holds_is_seen_and_its_release_is_on_record(migrated: Path, tmp_path: Path) -> None:
    with a_house(shutil.copy(migrated, tmp_path / "svc.db")) as house:
        states, now, admin = house.services.site_states, house.watch(), house.signed_in(ADMIN)
        for number in range(11):
            states.press(IssueRef("main", str(number)), now=now)
        page = admin.get("/admin").text
        assert "起制动：一小时内 11 单将被改动" in page
        assert 'action="/admin/brake/release"' in page
        assert admin.post("/admin/brake/release").status_code == 303
        page = admin.get("/admin").text
        assert "的制动已放行 24 小时" in page
        assert "可以改动，不计数" in page
        assert 'action="/admin/brake/release"' not in page
        assert states.press(IssueRef("main", "12"), now=now) is None
        assert acts(SqlAudit(house.services.database)) == ["release-site"]


def test_a_sync_that_is_asked_for_is_carried_out_with_progress(house, admin, log) -> None:
    syncs = house.web.admin.syncs
    sync_desk(house.services).run()  # what other tests asked for
    before = len(syncs.latest("main", now=house.watch(), limit=99))
    assert admin.post("/admin/sync/start", {"full": "yes"}).status_code == 303
    page = admin.get("/admin/sync").text
    assert "等待处理线程" in page
    assert "显示最新进度" in page
    assert (
        "已有一次对账" in admin.get("/admin/sync").text or admin.post("/admin/sync/start").status_code == 303
    )
    assert len(syncs.latest("main", now=house.watch(), limit=99)) == before + 1
    asked = syncs.claim(now=house.watch(), lease=timedelta(seconds=0))
    syncs.progress(asked.id, "plan", 30, 120, until=house.watch() + timedelta(minutes=1))
    page = admin.get("/admin/sync").text
    assert "逐单检查 30 / 120" in page
    syncs.progress(asked.id, "plan", 30, 120, until=house.watch())  # its worker died
    sync_desk(house.services).run()
    page = admin.get("/admin/sync").text
    assert "完成：检查" in page
    assert "显示最新进度" not in page
    assert acts(log)[-1] == "sync"


def test_a_sync_stops_between_two_issues_when_the_process_ends_and_is_begun_anew(house, log) -> None:
    syncs, services = house.web.admin.syncs, house.services
    assert syncs.ask("main", full=True, account=ADMIN, at=house.watch())
    done: list[int] = []

    def ends_soon() -> bool:
        done.append(1)
        return len(done) > 1

    syncer = Syncer(services.sweeper, services.reconciler.weigher, services.worker)
    SyncDesk(syncs, syncer, services.sites, house.watch, stopping=ends_soon).run()
    [left] = [one for one in syncs.latest("main", now=house.watch(), limit=9) if one.ended_at is None]
    assert not left.running
    sync_desk(services).run()
    assert all(one.ended_at for one in syncs.latest("main", now=house.watch(), limit=9))


def test_the_audit_log_is_filtered_and_exported_without_formulas(house, admin, log) -> None:
    at = house.watch()
    log.record(Entry(AuditKind.ADMIN, at, "=HYPERLINK(1)", {"act": "+1"}, "main", "4711"))
    log.record(Entry(AuditKind.ADMIN, at, "somebody", {"act": "elsewhere"}, "other", "1"))
    page = admin.get("/admin/audit?key=4711").text
    assert "=HYPERLINK(1)" in page
    assert "main/4711" in page
    assert "elsewhere" not in admin.get("/admin/audit").text
    assert "4711" not in admin.get("/admin/audit?kind=approval&key=").text
    answer = admin.get("/admin/audit.csv?key=4711")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[3] for row in rows] == ["actor", "'=HYPERLINK(1)"]
    assert answer.headers["Content-Disposition"] == "attachment; filename=audit.csv"
    assert f"{log.head().seq}:{log.head().hash}" in page


@pytest.mark.parametrize(
    "query", ["since=x", "kind=no", "before=x", "until=9999-12-31", "key=%00", "since=0001-01-01"]
)
def test_a_filter_that_nobody_can_mean_does_not_break_the_page(admin, query) -> None:
    assert admin.get(f"/admin/audit?{query}").status_code == 200


def test_the_configuration_is_shown_without_a_secret(house, admin) -> None:
    page = admin.get("/admin/configuration").text
    assert "sweep_every" in page
    assert "SVC_SECRET_KEY" in page
    assert "registers/people.yaml" in page
    assert "文件没有错误" in page
    for secret in ("k" * 40, api_key(BOT), ">hook<"):
        assert secret not in page


def test_faults_of_the_files_as_they_stand_now_are_shown(house, tmp_path) -> None:
    from dataclasses import replace

    (tmp_path / "svc-plugin.yaml").write_text("workers: many\n", encoding="utf-8")
    broken = replace(house.web.admin, settings=replace(house.web.admin.settings, folder=tmp_path))
    page = Visitor(house.app_with(broken).test_client())
    page.sign_in(ADMIN)
    text = page.get("/admin/configuration").text
    assert "workers" in text
    assert "many" in text
    assert "registers/people.yaml" in text  # of the start, gone now


def test_clause_coverage_tells_what_the_command_tells(admin) -> None:
    page = admin.get("/admin/clauses").text
    assert page.count('<tr id="M') == 76


def test_only_administrators_are_offered_and_shown_anything(house) -> None:
    leader = house.signed_in(LEADER)
    assert "/admin" not in leader.get("/").text
    assert [leader.get(path).status_code for path in PAGES] == [403] * len(PAGES)
