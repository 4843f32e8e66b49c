"""People of two products and their things, so that whoever reaches across is seen to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from svc_plugin.demo.stage import ADMIN
from svc_plugin.domain.model import IssueRef, TimeEntry
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.counting import count_some
from svc_plugin.engine.ports import Notice
from svc_plugin.links import DocumentKey
from svc_plugin.store.administration import SqlAdministration
from svc_plugin.store.documents import StoredDocument
from svc_plugin.store.tables import metadata
from tests.builders import LEADER, MAINTAINER, SERVICE
from tests.pages.conftest import ELSEWHERE, SECRET, House, Visitor
from tests.pages.entry_kit import CALL

ROLES = {
    "nobody": "",
    "service": SERVICE,
    "maintainer": MAINTAINER,
    "leader": LEADER,
    "administrator": ADMIN,
    "elsewhere": ELSEWHERE,
}
"""Who asks, by the name of their column; whom of them a product belongs to see ``World.sees``."""
TITLES = {"erp": "alert(1)", "mes": SECRET}
HOURS = {"erp": 7391.25, "mes": 8642.75}
_PASSING = {"sessions", "attempts", "heartbeats"}  # tables that reading moves too


@dataclass(frozen=True)
class Thing:
    """Something of a product, or something that nobody has: what its addresses and forms say."""

    path: Mapping[str, str]
    form: Mapping[str, str]
    link: str

    def address(self, rule: Rule) -> str:
        """Fill in a rule. Raises ``KeyError`` for a variable of which nobody has said what it stands for."""
        more = {"token": self.link} if rule.endpoint.startswith("downloads.") else {}
        given = {**self.path, **more}
        return re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda part: given[part[1]], rule.rule)


@dataclass
class World:
    """A house full of things of two products, and a browser for everybody."""

    house: House
    app: Flask = field(init=False)
    browsers: dict[str, Visitor] = field(default_factory=dict)
    things: dict[str, Thing] = field(default_factory=dict)
    marks: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, house: House, papers: Mapping[str, StoredDocument]) -> "World":
        world = cls(house)
        world.app = house.app()
        world.things = {product: world._thing(product, papers[product]) for product in TITLES}
        world.things["none"] = _nothing()
        world.things["other site"] = world._elsewhere()
        for account in ROLES.values():
            world.visitor(account).get("/")
        world._rest()
        count_some(
            house.web.pages.board,
            house.services.settings.registers,
            house.services.settings.policies,
            house.watch,
        )
        for product, title in TITLES.items():
            page = world.visitor(ADMIN).get(f"/products/{product}").text
            spent = re.search(r'id="budget-service"[^>]*>[^<]*?(\d[\d,]{6,})', page)
            assert spent, page
            world.marks[product] = [title, spent[1]]
        return world

    def at(self, app: Flask) -> "World":
        """Return the same things behind another application."""
        other = World(self.house, things=self.things, marks=self.marks)
        other.app = app
        return other

    def sees(self, account: str) -> set[str]:
        """Name the products that the tracker shows to somebody."""
        return {"": set(), ELSEWHERE: {"mes"}, ADMIN: {"erp", "mes"}}.get(account, {"erp"})

    def own(self, account: str) -> Thing:
        """Return a thing of the person's own product; for nobody, one that exists."""
        return self.things["mes" if account == ELSEWHERE else "erp"]

    def foreign(self, account: str) -> Thing:
        """Return a thing of another product; to the administrator, who sees all of a site, another site's."""
        return self.things[{ELSEWHERE: "erp", ADMIN: "other site"}.get(account, "mes")]

    def visitor(self, account: str) -> Visitor:
        """Return the person's browser, signed in."""
        if account not in self.browsers:
            self.browsers[account] = Visitor(self.app.test_client())
            assert not account or self.browsers[account].sign_in(account).status_code == 303
        return self.browsers[account]

    def another_token(self) -> str:
        """Return a token of somebody else's session."""
        return Visitor(self.app.test_client()).token()

    def state(self) -> Mapping[str, int]:
        """Sum up everything that is kept here and on the tracker."""
        with self.house.services.database.begin() as connection:
            told = {
                name: hash(tuple(sorted(map(repr, connection.execute(sa.select(table))))))
                for name, table in metadata.tables.items()
                if name not in _PASSING
            }
        store = self.house.redmine.extensions["redmine_standin"].store
        return {**told, "the tracker": hash(repr(store.issues)), "hints": len(self.house.hints)}

    def _thing(self, product: str, paper: StoredDocument) -> Thing:
        house, ref = self.house, self.house.issues[product]
        now, owner = house.watch(), SERVICE if product == "erp" else ELSEWHERE
        more = {"product": product, "title": TITLES[product]}
        hours = (TimeEntry("1", owner, house.day_of(now), HOURS[product]),)
        house.keep(f"9{ref.key}", IssueKind.SERVICE_REQUEST, Stage.IN_PROGRESS, time_entries=hours, **more)
        plan = {Field.DOCUMENT_KIND: "service_plan", Field.ESCALATION_LEVEL: "2"}
        house.keep(f"8{ref.key}", IssueKind.DOCUMENT, Stage.SUBMITTED, fields=plan, **more)
        house.keep(f"7{ref.key}", IssueKind.MAINTENANCE, Stage.AWAITING_DECISION, **more)
        form = CALL | more | {"customer": TITLES[product], "text": TITLES[product]}
        draft = ("a" if product == "erp" else "b") * 32
        assert house.web.pages
        house.web.pages.drafts.put(draft, "main", owner, form, now + timedelta(days=1))
        house.services.inbox.accept(Notice(ref, f"access-{product}", b"{}", now))
        key = DocumentKey(paper.document_id, paper.version, paper.language)
        link = house.services.links().to_document(key).rpartition("/")[2]
        return _thing(ref, product, paper.document_id, draft, link)

    def _elsewhere(self) -> Thing:
        """Return a thing of another site, of which a delivery has come."""
        ref, nothing = IssueRef("other", "77"), _nothing()
        self.house.services.inbox.accept(Notice(ref, "access-other", b"{}", self.house.watch()))
        (delivered,) = SqlAdministration(self.house.services.database).deliveries("other", limit=1)
        there = {"site": ref.site, "key": ref.key}
        return Thing({**nothing.path, **there}, {**nothing.form, **there, "id": str(delivered.id)}, "forged")

    def _rest(self) -> None:
        """Wait until what signing in set going has ended."""
        for step in self.app.before_request_funcs["pages"]:
            courier = getattr(getattr(step, "__self__", None), "courier", None)
            if courier:
                courier.rest()


def _thing(ref: IssueRef, product: str, document: str, draft: str, link: str) -> Thing:
    path = {"site": ref.site, "key": ref.key, "name": document, "version": "1", "old": "1", "new": "1"}
    path |= {"language": "zh", "filename": "pages.css", "token": draft, "product": product}
    # everything that some form says, complete enough to be carried out where it is allowed
    form = {**CALL, **path, "id": "0", "choice": "agree", "opinion": "access", "account": "", "q": "access"}
    return Thing(path, form, link)


def _nothing() -> Thing:
    return _thing(IssueRef("main", "99999"), "none", "CSR-none-2026-Q3", "f" * 32, "forged")
