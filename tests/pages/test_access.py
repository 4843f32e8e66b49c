"""Every route, for everybody, with and without a token, and for another project's things: nothing leaks."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from svc_plugin.demo.stage import ADMIN
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.web.app import create_app
from tests.builders import LEADER, MAINTAINER, SERVICE
from tests.pages.conftest import ELSEWHERE, SECRET, House, Visitor

OPEN = {"/sign-in", "/language", "/static/pages.css"}
EMPTY = {"copy": 303, "pdf": 404}  # nobody has handed a copy in, or had a PDF made
DRAFT = "e" * 32  # of somebody who works for mes


def is_for_administrators(path: str) -> bool:
    return path.startswith(("/queue", "/admin"))


SIGNED_IN = (SERVICE, MAINTAINER, LEADER, ELSEWHERE, ADMIN)


def paths(house: House, product: str, papers) -> dict[str, tuple[str, dict[str, str]]]:
    """Every rule of the pages: its address for a product's things, and what its form sends."""
    issue = house.issues[product]
    filled = {"site": "main", "key": issue.key, "name": papers[product].document_id, "version": "1"}
    filled |= {"language": "zh", "filename": "pages.css", "token": DRAFT}
    filled |= {"product": product, "old": "1", "new": "1"}
    found = {}
    for rule in house.app().url_map.iter_rules():
        if rule.endpoint.startswith("pages."):
            path = re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda part: filled[part[1]], rule.rule)
            found[path] = (rule, {"key": issue.key, "language": "zh"})
    return found


@pytest.fixture(scope="module")
def people(house: House) -> dict[str, Visitor]:
    return {"": house.visitor(), **{account: house.signed_in(account) for account in SIGNED_IN}}


@pytest.fixture(autouse=True)
def things_elsewhere(house: House) -> None:
    """What of mes could show on a desk of erp."""
    fields = {Field.DOCUMENT_KIND: "service_plan", Field.ESCALATION_LEVEL: "2"}
    more = {"product": "mes", "title": SECRET, "fields": fields}
    form = {"title": SECRET, "customer": SECRET, "product": "mes", "text": SECRET, "kind": ""}
    form |= {"contact": "", "received_at": "2026-11-22 09:00", "zone": "", "channel": "phone", "unknown": ""}
    assert house.web.pages
    house.web.pages.drafts.put(DRAFT, "main", ELSEWHERE, form, house.watch() + timedelta(days=1))
    house.keep("70", IssueKind.DOCUMENT, Stage.SUBMITTED, **more)
    house.keep("71", IssueKind.MAINTENANCE, Stage.AWAITING_DECISION, **more)


@pytest.mark.parametrize("product", ["erp", "mes"])
@pytest.mark.parametrize("account", ["", *SIGNED_IN])
def test_nobody_reads_what_the_site_does_not_show_them(house, people, papers, account, product) -> None:
    visitor, sees = people[account], {"": "", ELSEWHERE: "mes", ADMIN: "erp mes"}.get(account, "erp")
    for path, (rule, _) in paths(house, product, papers).items():
        if "GET" not in rule.methods or path.startswith("/sign-in"):
            continue
        answer = visitor.get(path)
        open_to_all = {"/", "/shelf", "/products", "/entry", "/entry/drafts", *OPEN}
        of_product = product in sees or path in open_to_all
        if path not in OPEN and not account:
            expected = 303
        elif is_for_administrators(path):
            expected = 200 if account == ADMIN else 403
        elif DRAFT in path:
            expected = 200 if account == ELSEWHERE else 404
        else:
            expected = EMPTY.get(path.rpartition("/")[2], 200) if of_product else 404
        assert answer.status_code == expected, (account, path)
        assert "mes" in sees or SECRET.encode() not in answer.data, (account, path)


@pytest.mark.parametrize("token", [None, "", "forged", "another's"])
@pytest.mark.parametrize("account", ["", *SIGNED_IN])
def test_no_form_is_taken_without_the_token_of_its_own_session(house, people, papers, account, token) -> None:
    given = house.visitor().token() if token == "another's" else token
    waiting = house.services.work.pending(now=house.watch())
    for path, (rule, form) in paths(house, "erp", papers).items():
        if "POST" in rule.methods:
            data = form if given is None else {**form, "csrf_token": given}
            assert people[account].client.post(path, data=data).status_code == 400, path
    if account:
        assert people[account].get("/").status_code == 200  # not even signed out
    assert house.services.work.pending(now=house.watch()) == waiting


@pytest.mark.parametrize("account", ["", *SIGNED_IN])
def test_what_a_form_does_is_done_for_whom_it_is_meant(house, people, papers, account) -> None:
    visitor, (of_erp, of_mes) = people[account], (house.issues["erp"], house.issues["mes"])
    looks = {ref: visitor.post(f"/issues/{ref}/look").status_code for ref in (of_erp, of_mes)}
    release = visitor.post("/queue/release", {"key": of_erp.key}).status_code
    seen = {"": [], ELSEWHERE: [of_mes], ADMIN: [of_erp, of_mes]}.get(account, [of_erp])
    if account:
        assert [ref for ref, status in looks.items() if status == 303] == seen
        assert release == (303 if account == ADMIN else 403)
    assert house.hints == [*seen, of_erp] if account == ADMIN else house.hints == seen


NOWHERE = ("/issues/other/1", "/issues/main/99999", "/issues/main/1%3Fkey=x", "/issues/main/..%2F1")


@pytest.mark.parametrize("path", NOWHERE)
def test_an_issue_that_is_not_there_is_not_found(people, path) -> None:
    assert people[ADMIN].get(path).status_code == 404


def test_every_page_keeps_out_of_caches_and_frames(house, people, papers) -> None:
    for path, (rule, _) in paths(house, "erp", papers).items():
        if "GET" in rule.methods and not path.startswith("/static"):
            headers = people[ADMIN].get(path).headers
            policy = headers["Content-Security-Policy"]
            assert headers["Cache-Control"] == "no-store", path
            assert "default-src 'none'" in policy, path
            assert "unsafe" not in policy, path
            assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_receiver_still_takes_posts_without_a_token(house: House) -> None:
    answer = house.app().test_client().post("/hooks/main", data=b"{}", content_type="application/json")
    assert answer.status_code == 401


def test_without_pages_there_are_none(house: House) -> None:
    client = create_app(replace(house.web, pages=None)).test_client()
    for path in ("/", "/sign-in", "/shelf"):
        assert client.get(path).status_code == 404
    assert client.get("/live").status_code == 200
