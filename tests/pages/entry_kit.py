"""Somebody at the telephone, on a site in memory that can be down or lose an answer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from svc_plugin.domain.model import Issue
from svc_plugin.engine.identity import Access
from svc_plugin.sites.memory import MemorySite
from svc_plugin.sites.memory_identity import MemoryIdentity
from tests.builders import LEADER, SERVICE
from tests.pages.conftest import House, Visitor

CALL = {
    "customer": "恒通机械有限公司",
    "contact": "李建国 010-5550 3311",
    "title": "打印发票时崩溃",
    "text": "每到月末\n打印就崩溃",
    "received_at": "2026-11-22T10:30",
    "zone": "Asia/Shanghai",
    "channel": "phone",
    "kind": "",
    "product": "erp",
    "do": "file",
}


@dataclass
class Line:
    """Somebody at the telephone, and the site in memory on which it is filed."""

    house: House
    visitor: Visitor
    identity: MemoryIdentity
    pages: Any

    def token(self) -> str:
        return submit_token(self.visitor.get("/entry").text)

    def send(self, token: str = "", **changes: str) -> Any:
        return self.visitor.post("/entry", {**CALL, "token": token or self.token(), **changes})

    def filed(self) -> list[Issue]:
        site = self.identity.site
        return [site.fetch(one.ref) for one in site.changed_since(None)]


def submit_token(page: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f]{32})"', page)
    assert found, page
    return found[1]


@contextmanager
def a_line(house: House) -> Iterator[Line]:
    site = MemorySite("main", house.watch)
    people = {
        SERVICE: Access(SERVICE, False, frozenset({"erp"})),
        LEADER: Access(LEADER, False, frozenset({"erp"})),
    }
    identity = MemoryIdentity(site, people)
    visitor = Visitor(house.app(identities={"main": identity}).test_client())
    assert visitor.sign_in(SERVICE, SERVICE).status_code == 303
    assert house.web.pages
    yield Line(house, visitor, identity, house.web.pages)
    for draft in house.web.pages.drafts.of("main", SERVICE, limit=100):
        house.web.pages.drafts.drop(draft.id, "main", SERVICE, house.watch() + timedelta(days=1))


def later(line: Line, **span: float) -> None:
    line.house.watch.ahead += timedelta(**span)


def settled(line: Line, path: str = "/") -> None:
    """Open a page and wait until what it set going has ended."""
    assert line.visitor.get(path).status_code == 200
    for rule in line.visitor.client.application.before_request_funcs["pages"]:
        if owner := getattr(rule, "__self__", None):
            courier = getattr(owner, "courier", None)
            if courier:
                courier.rest()
