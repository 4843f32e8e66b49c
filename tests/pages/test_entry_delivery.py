"""Phone entry: filed once in its owner's name, whatever breaks off meanwhile."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from svc_plugin.demo.stage import BOT, api_key
from svc_plugin.domain.errors import TransientError
from svc_plugin.sites.redmine import RedmineIdentity
from svc_plugin.web.pages.courier import LEASE
from tests.builders import LEADER, SERVICE
from tests.pages.conftest import House, Visitor
from tests.pages.entry_kit import CALL, Line, a_line, later, settled, submit_token


@pytest.fixture
def line(house: House) -> Iterator[Line]:
    with a_line(house) as ready:
        yield ready


def test_two_clicks_make_one_request(line: Line) -> None:
    token = line.token()
    answers = [line.send(token) for _ in range(3)]
    assert {one.location for one in answers} == {f"/entry/drafts/{token}"}
    assert "没有采用" not in line.visitor.get(answers[-1].location).text
    assert len(line.filed()) == 1


def test_two_clicks_at_the_same_moment_make_one_request(line: Line) -> None:
    token = line.token()
    held = {**CALL, "token": token, "csrf_token": line.visitor.token()}
    cookie = line.visitor.client.get_cookie("svc")
    assert cookie
    app = line.visitor.client.application

    def click(_: int) -> int:
        client = app.test_client()
        client.set_cookie("svc", cookie.value)
        return client.post("/entry", data=held).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(click, range(8))) == {303}
    assert len(line.filed()) == 1


def test_while_the_tracker_is_down_it_is_kept_and_delivered_on_the_next_page(line: Line) -> None:
    token = line.token()
    line.identity.down = True
    page = line.visitor.get(line.send(token).location).text
    assert "站点没有应答" in page
    assert CALL["title"] in line.visitor.get("/entry/drafts").text
    settled(line)
    assert line.filed() == []
    line.identity.down = False
    settled(line)
    assert line.filed() == []  # not at once: what was still under way could not be found yet
    later(line, seconds=31)
    settled(line, "/shelf")
    (issue,) = line.filed()
    assert (issue.author, issue.title) == (SERVICE, CALL["title"])
    for _ in range(3):
        later(line, minutes=10)
        settled(line)
    assert len(line.filed()) == 1
    assert f"/issues/{issue.ref}" in line.visitor.get(f"/entry/drafts/{token}").text


def test_a_call_can_be_taken_down_while_the_tracker_is_down_for_long(line: Line) -> None:
    line.identity.down = True
    later(line, minutes=100)
    assert line.visitor.get("/entry").status_code == 200
    assert line.visitor.get("/").status_code == 503
    assert line.send().status_code == 303
    line.identity.down = False
    later(line, minutes=1)
    settled(line)
    assert len(line.filed()) == 1


def test_an_answer_that_was_lost_makes_no_second_request(line: Line) -> None:
    def lost() -> None:
        line.identity.after_filing = lambda: None
        raise TransientError("cut off")

    line.identity.after_filing = lost
    line.send()
    assert len(line.filed()) == 1
    later(line, minutes=1)
    settled(line)
    (issue,) = line.filed()
    assert f"/issues/{issue.ref}" in line.visitor.get("/entry/drafts").text


class PowerCutError(BaseException):
    """Nothing catches it: the process is gone."""


def test_who_dies_between_filing_and_noting_it_leaves_one_request(line: Line) -> None:
    def dead() -> None:
        line.identity.after_filing = lambda: None
        raise PowerCutError

    line.identity.after_filing = dead
    token = line.token()
    with pytest.raises(PowerCutError):
        line.send(token)
    assert len(line.filed()) == 1
    settled(line)  # nobody touches it while it may still be under way
    assert "正在递交" in line.visitor.get(f"/entry/drafts/{token}").text
    line.house.watch.ahead += LEASE + timedelta(seconds=1)
    settled(line)
    (issue,) = line.filed()
    assert f"/issues/{issue.ref}" in line.visitor.get(f"/entry/drafts/{token}").text


def test_what_the_tracker_refuses_waits_with_its_reason_until_it_is_mended(line: Line) -> None:
    token, people = line.token(), line.identity.people
    line.identity.people = {SERVICE: replace(people[SERVICE], products=frozenset())}
    page = line.visitor.get(line.send(token).location).text
    assert "not this person" in page
    line.identity.people = people
    later(line, minutes=20)
    settled(line)
    assert line.filed() == []  # nobody said so
    edit = line.visitor.get(f"/entry/drafts/{token}/edit").text
    assert CALL["title"] in edit
    assert submit_token(edit) == token
    assert 'value="2026-11-22T10:30"' in edit
    assert line.send(token, title="改好了").status_code == 303
    assert [one.title for one in line.filed()] == ["改好了"]


def test_a_draft_is_tried_by_its_owners_hand(line: Line) -> None:
    token = line.token()
    line.identity.down = True
    line.send(token)
    line.identity.down = False
    assert line.visitor.post(f"/entry/drafts/{token}").status_code == 303
    assert line.filed() == []  # too soon
    later(line, seconds=31)
    line.visitor.post(f"/entry/drafts/{token}")
    assert len(line.filed()) == 1


def test_a_draft_that_was_given_up_is_gone(line: Line) -> None:
    token = line.token()
    line.identity.down = True
    line.send(token)
    assert line.visitor.post(f"/entry/drafts/{token}/drop").status_code == 303
    assert line.visitor.get(f"/entry/drafts/{token}").status_code == 404
    line.identity.down = False
    later(line, minutes=10)
    settled(line)
    assert line.filed() == []


def test_what_was_delivered_is_not_changed_by_an_old_form(line: Line) -> None:
    token = line.token()
    line.send(token)
    page = line.visitor.get(line.send(token, title="另一件事").location).text
    assert "没有采用" in page
    assert [one.title for one in line.filed()] == [CALL["title"]]


def test_a_draft_is_its_owners_alone(line: Line) -> None:
    token = line.token()
    line.identity.down = True
    line.send(token)
    line.identity.down = False
    other = Visitor(line.visitor.client.application.test_client())
    other.sign_in(LEADER, LEADER)
    later(line, minutes=1)
    for path in (f"/entry/drafts/{token}", f"/entry/drafts/{token}/edit"):
        assert other.get(path).status_code == 404
    for path in (f"/entry/drafts/{token}", f"/entry/drafts/{token}/drop"):
        assert other.post(path).status_code == 404
    assert other.post("/entry", {**CALL, "token": token}).status_code == 404
    assert line.filed() == []


def test_a_draft_holds_no_key_of_a_person(house: House) -> None:
    visitor = house.signed_in(SERVICE)
    assert house.web.pages
    known = house.web.pages.identities["main"].settings
    down = RedmineIdentity(replace(known, url="http://127.0.0.1:1"))
    gone = house.visitor(identities={"main": down})
    cookie = visitor.client.get_cookie("svc")
    assert cookie
    gone.client.set_cookie("svc", cookie.value)
    token = submit_token(gone.get("/entry").text)
    assert gone.post("/entry", {**CALL, "token": token}).status_code == 303
    (draft,) = [one for one in house.web.pages.drafts.of("main", SERVICE, limit=9) if one.id == token]
    assert draft.fault == "down"
    assert api_key(SERVICE) not in repr(draft)
    assert api_key(BOT) not in repr(draft)
    house.web.pages.drafts.drop(token, "main", SERVICE, house.watch())
