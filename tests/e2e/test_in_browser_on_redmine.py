"""People at work in a browser with a real Redmine behind the pages: from password to approval."""

import contextlib
import os
import select
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

import pytest
import requests

from svc_plugin.bootstrap import utc_now
from svc_plugin.demo.stage import password
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.browsing import NARROW, Browser, browser
from tests.builders import LEADER, MAINTAINER, SERVICE
from tests.documents.copies import filled
from tests.e2e.conftest import RealHouse, serving, wait_for

__all__ = ["browser"]
pytestmark = [pytest.mark.real_redmine, pytest.mark.clause("M26")]
APPROVED_BY = "修改后同意"
_YEARS = count(2051)


@dataclass
class Gate:
    """What stands between the product and its Redmine; while it is shut nobody is there."""

    target: tuple[str, int]
    port: int = 0
    _listener: socket.socket | None = None
    _open: list[socket.socket] = field(default_factory=list)

    def raise_it(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def shut(self) -> None:
        assert self._listener
        for one in [self._listener, *self._open]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(self.target)
                self._open += [client, server]
                threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), one, other:
            while True:
                for ready in select.select([one, other], [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    (other if ready is one else one).sendall(data)


@dataclass
class Pages:
    """The product's pages, its Redmine, and the gate between them."""

    url: str
    house: RealHouse
    redmine: str
    gate: Gate

    def submitted(self) -> int:
        """Have the maintainer file a plan on Redmine and submit what the product wrote."""
        author = self.house.people[MAINTAINER]
        fields = {Field.DOCUMENT_KIND: "maintenance_plan", Field.PERIOD: str(next(_YEARS))}
        number = author.create(IssueKind.DOCUMENT, "erp", "维护计划", fields)
        written = author.names.fields[author.mapping.fields[Field.CONTENT_HASH]]

        def has_code() -> bool:
            return any(one["id"] == written and one["value"] for one in author.read(number)["custom_fields"])

        wait_for(has_code)
        author.change(number, IssueKind.DOCUMENT, stage=Stage.SUBMITTED)
        return number

    def status(self, number: int) -> str:
        return self.house.people[LEADER].look(number).status

    def approved(self) -> str:
        mapping = self.house.settings.sites["main"].mapping
        return mapping.status_of(IssueKind.DOCUMENT, Stage.APPROVED)


@pytest.fixture(scope="module")
def pages(real_house: RealHouse, browser: Browser) -> Iterator[Pages]:
    redmine = real_house.settings.sites["main"].url
    place = urlsplit(redmine)
    gate = Gate((place.hostname or "", place.port or 80))
    gate.raise_it()
    for account in (LEADER, MAINTAINER, SERVICE):
        give_password(real_house, account)
    try:
        with serving(real_house, url=f"http://127.0.0.1:{gate.port}") as url:
            real_house.point_hooks_at(f"{url}/hooks/main")
            yield Pages(url, real_house, redmine, gate)
            real_house.point_hooks_at("")
    finally:
        gate.shut()


def give_password(house: RealHouse, account: str) -> None:
    """Set the password that tests know: a Redmine that was there before may hold another."""
    person = house.people[account]
    answer = requests.put(
        f"{person.url}/users/{person.names.users[account]}.json",
        json={"user": {"password": password(account), "must_change_passwd": False}},
        headers={"X-Redmine-API-Key": os.environ["SVC_TEST_REDMINE_ADMIN_KEY"]},
        timeout=30,
    )
    answer.raise_for_status()


def find_on_desk(tab, number: int) -> None:
    """Open the decision from the desk, as soon as the plan is on it."""
    link = f"a.button[href='/issues/main/{number}/decide']"

    def there() -> bool:
        tab.page.goto("/")
        return tab.page.locator(link).count() == 1

    wait_for(there)
    tab.page.click(link)


def download(tab) -> bytes:
    with tab.page.expect_download() as waiting:
        tab.page.click("a[href$='/word']")
    return waiting.value.path().read_bytes()


def test_a_plan_submitted_on_redmine_is_read_and_approved_on_the_page(pages: Pages, browser: Browser) -> None:
    number = pages.submitted()
    with browser.tab(pages.url, width=NARROW) as leader:
        leader.sign_in(LEADER)
        find_on_desk(leader, number)
        assert download(leader).startswith(b"PK")
        leader.page.check("input[value=agree_with_changes]")
        leader.page.fill("[name=opinion]", "差旅预算偏低")
        leader.page.click("form[action$='/decide'] button")
        leader.page.wait_for_selector(".note[role=status]")
    with browser.tab(pages.redmine) as redmine:  # what Redmine itself says
        redmine.page.goto("/login")
        redmine.page.fill("#username", LEADER)
        redmine.page.fill("#password", password(LEADER))
        redmine.page.press("#password", "Enter")
        redmine.page.wait_for_selector("#loggedas")
        redmine.page.goto(f"/issues/{number}")
        assert redmine.page.inner_text(".status .value") == pages.approved()
        shown = redmine.page.inner_text("#content")
        assert APPROVED_BY in shown
        assert "差旅预算偏低" in shown
        person = pages.house.people[LEADER].names.users[LEADER]
        assert redmine.page.locator(f"#history h4 a[href$='/users/{person}']").count() >= 1


@pytest.mark.parametrize("account", [MAINTAINER, SERVICE], ids=["who wrote it", "who has no say"])
def test_who_may_not_approve_a_plan_is_refused_by_page_and_by_post(
    pages: Pages, browser: Browser, account: str
) -> None:
    number = pages.submitted()
    with browser.tab(pages.url) as tab:
        tab.sign_in(account)
        tab.page.goto(f"/issues/main/{number}/decide")
        assert tab.page.locator("main form").count() == 0
        assert tab.page.locator("[role=alert]").count() == 1
        token = tab.page.locator("[name=csrf_token]").first.input_value()
        forged = tab.page.request.post(
            f"{pages.url}/issues/main/{number}/decide",
            form={"csrf_token": token, "choice": "agree"},
            headers={"Referer": f"{pages.url}/"},
        )
        assert forged.status == 403
    assert pages.status(number) != pages.approved()


def test_who_gives_a_wrong_password_sees_nothing(pages: Pages, browser: Browser) -> None:
    with browser.tab(pages.url) as tab:
        tab.page.goto("/sign-in")
        tab.page.fill("[name=account]", LEADER)
        tab.page.fill("[name=password]", "not it")
        tab.page.press("[name=password]", "Enter")
        tab.page.wait_for_selector("[role=alert]")
        tab.page.goto("/shelf")
        assert tab.page.url.endswith("/sign-in")


def test_a_filled_in_word_file_is_handed_in_and_confirmed(pages: Pages, browser: Browser, tmp_path) -> None:
    number = pages.submitted()
    with browser.tab(pages.url) as leader:
        leader.sign_in(LEADER)
        find_on_desk(leader, number)
        (signed := tmp_path / "签回.docx").write_bytes(filled(download(leader)))
        leader.page.set_input_files("input[name=copy]", signed)
        leader.page.click("form[action$='/copy'] button")
        leader.page.wait_for_selector("dl")
        assert leader.page.is_checked("input[value=agree_with_changes]")  # as the file says
        assert "差旅预算偏低" in leader.page.input_value("[name=opinion]")
        leader.page.click("form[action$='/copy/confirm'] button")
        leader.page.wait_for_selector(".note[role=status]")
    assert pages.status(number) == pages.approved()
    files = pages.house.people[LEADER].look(number).files
    assert any("-signed-" in name for name in files), files


@pytest.mark.clause("M04")
def test_a_call_is_taken_down_while_redmine_is_gone_and_filed_once(pages: Pages, browser: Browser) -> None:
    title = f"打印发票时崩溃 {utc_now():%H%M%S}"
    with browser.tab(pages.url, width=NARROW) as tab:
        tab.sign_in(SERVICE)
        tab.page.goto("/entry?customer=hengtong")
        pages.gate.shut()
        try:
            tab.page.fill("#title", title)
            tab.page.select_option("#product", "erp")
            tab.page.click(".actions button[value=file]")
            tab.page.wait_for_selector("article details")
            assert filed(pages, title) == []
        finally:
            pages.gate.raise_it()

        def delivered() -> bool:
            tab.page.goto("/entry/drafts")
            tab.page.wait_for_timeout(1_000)
            return bool(filed(pages, title))

        wait_for(delivered, 90)  # tried again half a minute later, beside the next page
        tab.page.goto("/entry/drafts")
        tab.page.goto("/entry")
        [issue] = filed(pages, title)
        assert issue["author"]["id"] == pages.house.people[SERVICE].names.users[SERVICE]


def filed(pages: Pages, title: str) -> list[dict]:
    """The issues of this title, read from Redmine itself."""
    headers = {"X-Redmine-API-Key": pages.house.people[SERVICE].key}
    asked = {"subject": title, "status_id": "*"}
    answer = requests.get(f"{pages.redmine}/issues.json", params=asked, headers=headers, timeout=10)
    found: list[dict] = answer.json()["issues"]
    return found
