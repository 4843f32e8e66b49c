"""One house for all tests of pages: a Redmine with two projects, people who see different things of it."""

import io
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from svc_plugin.bootstrap import Services, build
from svc_plugin.demo.stage import ADMIN, BOT, api_key, cast, demo_people
from svc_plugin.demo.stage import password as password_of
from svc_plugin.documents.library import wanted_document
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.settings import load_settings
from svc_plugin.sites.redmine import blueprint
from svc_plugin.standins.redmine import create_app as create_redmine
from svc_plugin.standins.redmine import serve
from svc_plugin.store.documents import StoredDocument
from svc_plugin.web.app import WebParts, create_app
from svc_plugin.web.pages import AdminParts
from svc_plugin.web.serving import parts
from tests.builders import CONFIG, LEADER, MAINTAINER, NOW, SERVICE, an_issue

STRANGER, ELSEWHERE = "some.customer", "li.na"  # a member without a role in the process; staff of mes only
SECRET = "保密 hidden"  # what stands on everything of mes: nobody of erp may ever read it


@dataclass
class Watch:
    """Time as it passes, which a test may push on."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class House:
    """The pages and what stands behind them."""

    services: Services
    watch: Watch
    web: WebParts
    redmine: Flask
    issues: Mapping[str, IssueRef]
    hints: list[IssueRef] = field(default_factory=list)

    def day_of(self, moment: datetime) -> date:
        """The company's day, which is another than UTC's for some hours."""
        return self.services.settings.registers.calendar.day_of(moment)

    def app(self, **changes: Any) -> Flask:
        """The application; ``changes`` replace what the pages are given."""
        assert self.web.pages
        pages = replace(self.web.pages, **changes)
        return create_app(replace(self.web, pages=pages, encrypted=pages.encrypted))

    def app_with(self, admin: AdminParts) -> Flask:
        """The application with other parts for administrators."""
        return create_app(replace(self.web, admin=admin))

    def visitor(self, **changes: Any) -> "Visitor":
        return Visitor(self.app(**changes).test_client())

    def signed_in(self, account: str, **changes: Any) -> "Visitor":
        visitor = self.visitor(**changes)
        answer = visitor.sign_in(account)
        assert (answer.status_code, answer.location) == (303, "/"), answer.text
        return visitor

    def keep(self, key: str, kind: IssueKind, stage: Stage, **more: Any) -> Issue:
        """Put an issue into the mirror."""
        issue = an_issue(kind, stage, key=key, **more)
        self.services.mirror.put(issue, seen_at=self.watch())
        return issue


@dataclass
class Visitor:
    """A browser: fills in forms with the token that their page gave it."""

    client: FlaskClient

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def token(self, page: str = "/sign-in") -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get(page).text)
        assert found
        return found[1]

    def post(self, path: str, data: Mapping[str, str] | None = None, **more: Any) -> TestResponse:
        return self.client.post(path, data={**(data or {}), "csrf_token": self.token()}, **more)

    def sign_in(self, account: str, password: str | None = None, **more: Any) -> TestResponse:
        given = password_of(account) if password is None else password
        return self.post("/sign-in", {"account": account, "password": given}, **more)


class Hints:
    """Nobody works here; who is asked to is written down."""

    def __init__(self) -> None:
        self.asked: list[IssueRef] = []

    def send(self, ref: IssueRef) -> None:
        self.asked.append(ref)

    def send_sync(self) -> None:
        """The sync is written down; a test carries it out."""


@contextmanager
def a_house(database: Path) -> Iterator[House]:
    """Open the pages on an SQLite file that has its tables."""
    environ = {
        "SVC_SECRET_KEY": "k" * 40,
        "SVC_SITE_MAIN_API_KEY": api_key(BOT),
        "SVC_SITE_MAIN_HOOK_SECRETS": "hook",
        "SVC_DATABASE_URL": f"sqlite:///{database}",
    }
    settings = load_settings(CONFIG, environ, now=NOW)
    site, watch = settings.sites["main"], Watch()
    redmine = create_redmine(plan_of(settings), clock=watch)
    with serve(redmine) as served:
        settings = replace(settings, sites={"main": replace(site, url=served.url)})
        services = build(settings)
        issues = file_issues(served.url, settings)
        hints = Hints()
        web = parts(services, services.inbox, hints)  # type: ignore[arg-type]
        web = replace(web, clock=watch, pages=replace(web.pages, clock=watch))  # type: ignore[type-var]
        yield House(services, watch, web, redmine, issues, hints.asked)
        services.close()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[House]:
    with a_house(shutil.copy(migrated, tmp_path_factory.mktemp("pages"))) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _present(house: House) -> Iterator[None]:
    """Time that a test pushed on is the present again, and nobody has failed to sign in."""
    yield
    house.watch.ahead = timedelta()
    assert house.web.pages
    house.web.pages.attempts.claim("", "-", house.watch() + timedelta(days=1))  # forgets what is old
    house.web.pages.attempts.forget("", "-")
    house.hints.clear()


def plan_of(settings: Any) -> dict[str, Any]:
    site = settings.sites["main"]
    names = {key: product.name for key, product in settings.registers.products.items()}
    plan = blueprint(site.mapping, "zh", names) | demo_people(settings.registers, site.mapping, "zh")
    seeing = {"erp": {BOT, LEADER, SERVICE, MAINTAINER}, "mes": {BOT, ELSEWHERE, "zhou.hao"}, "crm": {BOT}}
    plan["memberships"] = [one for one in plan["memberships"] if one["login"] in seeing[one["project"]]]
    plan["users"] = [*plan["users"], {**plan["users"][0], "login": STRANGER, "api_key": api_key(STRANGER),
                                      "password": f"{STRANGER}-demo-1"}]  # fmt: skip
    plan["memberships"].append({"project": "erp", "login": STRANGER, "roles": ["服务人员"]})
    return plan


def file_issues(url: str, settings: Any) -> Mapping[str, IssueRef]:
    mapping = settings.sites["main"].mapping
    people = cast(url, mapping, {one: api_key(one) for one in (SERVICE, ELSEWHERE)}, api_key(ADMIN))
    customer = {Field.CUSTOMER: "恒通机械有限公司", Field.CHANNEL: "phone", Field.REQUEST_KIND: "request"}
    kind = IssueKind.SERVICE_REQUEST
    numbers = {
        "erp": people[SERVICE].create(kind, "erp", "<script>alert(1)</script> 开票", customer),
        "mes": people[ELSEWHERE].create(kind, "mes", SECRET, customer),
    }
    return {product: IssueRef("main", str(number)) for product, number in numbers.items()}


def _remarked(word: bytes) -> bytes:
    """A Word file that bears the secret where anybody finds it who gets the file."""
    target = io.BytesIO(word)
    with ZipFile(target, "a") as package:
        package.comment = SECRET.encode()
    return target.getvalue()


def reports(house: House) -> Mapping[str, StoredDocument]:
    """Issue a report of each product; that of erp is a real one."""
    wanted = wanted_document("service_report", "erp", "2026-Q3")
    real = house.services.library.create(wanted, language="zh", now=house.watch())
    other = replace(
        real, document_id="CSR-mes-2026-Q3", product="mes", title=SECRET, content=_remarked(real.content)
    )
    house.services.library.store.put(other)
    bare = replace(real, document_id="CSR-erp-2025", period="2025", data="")
    house.services.library.store.put(bare)
    return {"erp": real, "mes": other, "bare": bare}


@pytest.fixture(scope="session")
def papers(house: House) -> Mapping[str, StoredDocument]:
    return reports(house)
