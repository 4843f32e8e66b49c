"""Every page in a browser: nothing shuts people out, in either language, light or dark, at two widths."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from svc_plugin.demo.stage import ADMIN, password
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.ports import Notice
from svc_plugin.standins.redmine import serve
from svc_plugin.store.approvals import Copy
from tests.browsing import NARROW, WIDE, Browser, Tab, browser
from tests.builders import LEADER, SERVICE, a_plan
from tests.documents.copies import filled
from tests.pages.conftest import House
from tests.pages.papers import Paper, Papers, renew
from tests.pages.test_products import count, some_work

__all__ = ["browser"]
SHOTS = "SVC_TEST_SHOTS"  # a folder that gets a picture of every page
LOOKS = {"light": ("zh", WIDE, NARROW), "dark": ("en", NARROW, WIDE)}
ONLY_PRESSED = "button:visible, .button:visible, header:has(nav):visible, iframe:visible"
PAPER = 642  # px: what A4 leaves between margins of 2 cm
NO_PAGE = {"static", "word", "pdf", "audit_csv", "depart", "arrive"}
"""What answers with a file, or sends elsewhere."""


@dataclass
class Site:
    """The pages with something on each of them, served; ``pages`` are addresses by name and by who looks."""

    url: str
    pages: Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
def site(house: House, browser: Browser) -> Iterator[Site]:
    """Needs the browser to be there: without one nobody looks."""
    papers = Papers.of(house)
    decided, open_plan, returned, report = (
        papers.submitted(kind) for kind in ["maintenance_plan"] * 3 + ["service_report"]
    )
    leader = house.signed_in(LEADER)
    assert leader.post(decided.path, decided.form("agree_with_changes", "差旅预算偏低")).status_code == 303
    decided.look()
    some_work(house)
    keep_more(house)
    renew(decided)
    hand_in_copy(house, returned)
    drafts = take_down(house)
    plan = a_plan("service_plan", str(house.day_of(house.watch()).year))
    house.services.mirror.put(plan, seen_at=house.watch())
    count(house)
    with serve(house.app()) as served:
        yield Site(served.url, addresses(house, decided, open_plan, returned, report, drafts))
    for issue in list(house.services.mirror.walk(None)):
        house.services.mirror.drop(issue.ref, at=house.watch())
    for one in drafts:
        house.web.pages.drafts.drop(one, "main", SERVICE, house.watch() + timedelta(days=1))
    house.services.work.add([IssueRef("main", "77")], due=house.watch() + timedelta(days=400))


def keep_more(house: House) -> None:
    """What waits for the leader, what escalated, and a patch that is halfway out."""
    now, work = house.watch(), IssueKind.MAINTENANCE
    house.keep("701", work, Stage.AWAITING_DECISION, title="报表导出改为后台执行", assignee="zhang.wei",
               fields={Field.MAINTENANCE_CLASS: "perfective", Field.ESTIMATE_HOURS: "40"})  # fmt: skip
    house.keep("702", IssueKind.SERVICE_REQUEST, Stage.IN_PROGRESS, title="月末结账两小时无法登录",
               fields={Field.REQUEST_KIND: "complaint", Field.ESCALATION_LEVEL: "2"})  # fmt: skip
    asked, fields = now - timedelta(days=90), {Field.MAINTENANCE_CLASS: "corrective"}
    house.keep("703", work, Stage.IN_WORK, title="夜间批处理中断", created_at=asked, fields=fields)
    for n, stage in enumerate((Stage.CLOSED, Stage.CLOSED, Stage.OPEN)):
        fields = {Field.TASK_KIND: "patch_update", Field.ORIGIN: "M58@main/9"}
        house.keep(str(710 + n), IssueKind.SERVICE_TASK, stage, fields=fields)
    ref, queue = IssueRef("main", "77"), house.services.work
    house.services.inbox.accept(Notice(ref, "browser-1", b"{}", now))
    item = queue.take(now=now + timedelta(seconds=1), lease=timedelta(minutes=1), ref=ref)
    assert item
    queue.park(item, error="客户“恒通机械”不在登记册中；请补充 customers.yaml 或改正工单")
    queue.add([IssueRef("main", "78")], due=now + timedelta(days=1))


def hand_in_copy(house: House, paper: Paper) -> None:
    content = filled(paper.document.content)
    copy = Copy(paper.ref, LEADER, house.watch(), "签回.docx", content)
    house.services.register.approvals.hand_in(copy)


def take_down(house: House) -> list[str]:
    """A draft that waits for the tracker, and one that it refused."""
    drafts, now, made = house.web.pages.drafts, house.watch(), []
    form = {"customer": "恒通机械有限公司", "title": "打印发票时崩溃", "text": "每到月末", "product": "erp",
            "contact": "", "received_at": "2026-11-22 10:30", "zone": "Asia/Shanghai",
            "channel": "phone", "kind": ""}  # fmt: skip
    for n, (fault, reason) in enumerate([("down", "no route to host"), ("refused", "标题不能为空")]):
        token = f"{n + 1:032x}"
        assert drafts.put(token, "main", SERVICE, form, now)
        claimed = drafts.claim(drafts.find(token, "main", SERVICE), now, lease=timedelta(minutes=1))
        due = now + timedelta(days=1) if fault == "down" else None
        drafts.failed(claimed, fault, reason, due=due)
        made.append(token)
    return made


def addresses(
    house: House, decided: Paper, open_plan: Paper, returned: Paper, report: Paper, drafts: list[str]
) -> dict[str, dict[str, str]]:
    """By who looks: names of views, with a word behind a dash where one is seen in several states."""
    shelf = f"/shelf/{decided.document.document_id}"
    return {
        "": {"sign_in": "/sign-in"},
        LEADER: {
            "desk": "/",
            "products": "/products",
            "product": "/products/erp",
            "shelf": "/shelf",
            "document": f"{shelf}/1/zh",
            "preview": f"{shelf}/1/zh/preview",
            "compare": f"{shelf}/zh/compare/1/2",
            "check": f"/issues/{house.issues['erp']}",
            "check-approved": f"/issues/{decided.ref}",
            "decide": open_plan.path,
            "decide-report": report.path,
            "copy": f"/issues/{returned.ref}/copy",
            "message": "/issues/main/999999",
        },
        SERVICE: {
            "entry": "/entry?customer=hengtong",
            "entry-search": "/entry?q=恒通",
            "drafts": "/entry/drafts",
            "draft": f"/entry/drafts/{drafts[0]}",
            "edit_draft": f"/entry/drafts/{drafts[1]}/edit",
            "decide-refused": open_plan.path,
        },
        ADMIN: {
            "sites": "/admin",
            "queue": "/queue",
            "deliveries": "/admin/deliveries",
            "syncs": "/admin/sync",
            "clauses": "/admin/clauses",
            "audit": "/admin/audit",
            "configuration": "/admin/configuration",
        },
    }


def test_no_page_is_left_out(house: House, site: Site) -> None:
    asked = {name.partition("-")[0] for pages in site.pages.values() for name in pages}
    there = {
        rule.endpoint.removeprefix("pages.")
        for rule in house.app().url_map.iter_rules()
        if rule.endpoint.startswith("pages.") and "GET" in rule.methods
    }
    assert asked - {"message"} == there - NO_PAGE


@pytest.mark.parametrize("scheme", LOOKS)
def test_every_page_is_open_to_everybody(site: Site, browser: Browser, scheme: str) -> None:
    language, width, other = LOOKS[scheme]
    wrong = []
    for account, pages in site.pages.items():
        with browser.tab(site.url, width=width, color_scheme=scheme) as tab:
            tab.page.goto("/sign-in")
            tab.speak(language)
            if account:
                tab.sign_in(account)
            for name, path in pages.items():
                look_at(tab, path)
                wrong += [f"{name}: {one}" for one in tab.violations()]
                for size in (width, other):
                    tab.page.set_viewport_size({"width": size, "height": 800})
                    wrong += [f"{name}: {word} is broken in two at {size}" for word in tab.broken_links()]
                    wrong += [f"{name}: {tab.overflow()} px too wide at {size}"] if tab.overflow() > 0 else []
                    shoot(tab, f"{name}-{language}-{size}")
                tab.page.set_viewport_size({"width": width, "height": 800})
    assert wrong == []


def test_what_is_printed_is_dark_on_white_without_buttons_and_fits_the_paper(
    site: Site, browser: Browser
) -> None:
    wrong = []
    with browser.tab(site.url, width=PAPER, color_scheme="dark") as tab:
        tab.sign_in(LEADER)
        for name, path in site.pages[LEADER].items():
            look_at(tab, path)
            tab.page.emulate_media(media="print", color_scheme="dark")
            if tab.page.locator(
                "button:visible, .button:visible, header:has(nav):visible, iframe:visible"
            ).count():
                wrong.append(f"{name}: prints what can only be pressed")
            if tab.overflow() > 0:
                wrong.append(f"{name}: {tab.overflow()} px too wide for the paper")
            ink, ground = tab.colours()
            if not (max(ink) < 0x60 and min(ground) > 0xF0):
                wrong.append(f"{name}: {ink} on {ground}")
            shoot(tab, f"{name}-printed")
            tab.page.emulate_media(media="screen")
    assert wrong == []


def test_what_shuts_people_out_would_be_found(browser: Browser) -> None:
    with browser.tab("about:blank", width=NARROW) as tab:
        tab.page.set_content('<p style="color:#bbb;width:500px">faint</p><input><button></button>')
        found = {one.partition(" ")[0] for one in tab.violations()}
        assert {"color-contrast", "label", "button-name"} <= found
        assert tab.overflow() > 0


def look_at(tab: Tab, path: str) -> None:
    """Open a page and what is folded on it: axe does not look at what nobody sees."""
    if path.endswith("/preview"):  # nothing may run in it, and nothing can look into it
        tab.page.goto("about:blank")
        tab.page.set_content(tab.page.request.get(path).text())
    else:
        tab.page.goto(path)
    tab.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def shoot(tab: Tab, name: str) -> None:
    if folder := os.environ.get(SHOTS):
        tab.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_call_is_taken_down_and_a_plan_decided_by_keyboard_alone(
    house: House, site: Site, browser: Browser
) -> None:
    with browser.tab(site.url) as tab:
        sign_in_by_keyboard(tab, SERVICE)
        reach(tab, "a[href='/entry']", "Enter")
        reach(tab, "[name=q]")
        tab.page.keyboard.type("恒通")
        tab.page.keyboard.press("Enter")
        tab.page.wait_for_selector(".cards")
        reach(tab, "a[href='/entry?customer=hengtong']", "Enter")
        tab.page.wait_for_selector("#title:focus")  # where one goes on typing
        tab.page.keyboard.type("打印发票时崩溃")
        reach(tab, "#text")
        tab.page.keyboard.type("每到月末")
        reach(tab, ".actions button[value=file]", "Space")
        tab.page.wait_for_selector("article .good a")
        key = tab.page.get_attribute("article .good a", "href").rpartition("/")[2]
    issue = house.services.sites["main"].fetch(IssueRef("main", key))
    assert (issue.author, issue.title, issue.description) == (SERVICE, "打印发票时崩溃", "每到月末")
    plan = Papers.of(house).submitted()
    with browser.tab(site.url) as tab:
        sign_in_by_keyboard(tab, LEADER)
        reach(tab, f"a.button[href='{plan.path}']", "Enter")
        tab.page.wait_for_selector("[name=choice]")
        reach(tab, "[name=choice]", "Space", "ArrowDown")
        reach(tab, "[name=opinion]")
        tab.page.keyboard.type("差旅预算偏低")
        reach(tab, "form[action$='/decide'] button", "Enter")
        tab.page.wait_for_selector(".note[role=status]")
    issue = plan.issue
    assert issue.stage is Stage.APPROVED
    assert issue.value(Field.APPROVAL_DECISION) == "agree_with_changes"
    assert issue.value(Field.APPROVAL_OPINION) == "差旅预算偏低"


def sign_in_by_keyboard(tab: Tab, account: str) -> None:
    tab.page.goto("/sign-in")
    reach(tab, "[name=account]")
    tab.page.keyboard.type(account)
    reach(tab, "[name=password]")
    tab.page.keyboard.type(password(account))
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("footer form")


def reach(tab: Tab, selector: str, *keys: str) -> None:
    """Press Tab until the element has the focus, and a frame shows it; then press ``keys``."""
    for _ in range(300):  # a desk may be long
        if tab.page.locator(f"{selector}:focus").count():
            outline = tab.page.eval_on_selector(":focus", "one => getComputedStyle(one).outlineStyle")
            assert outline != "none", f"nobody sees that {selector} has the focus"
            break
        tab.page.keyboard.press("Tab")
    else:
        raise AssertionError(f"{selector} cannot be reached with Tab")
    for key in keys:
        tab.page.keyboard.press(key)
