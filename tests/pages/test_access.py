"""Every route, for everybody, with and without a token, and for another project's things: nothing leaks."""

from dataclasses import replace

import pytest

from svc_plugin.demo.stage import ADMIN
from svc_plugin.web.app import create_app
from tests.pages.access_matrix import Matrix, header_faults
from tests.pages.access_world import World
from tests.pages.conftest import SECRET, House, Visitor


@pytest.fixture(scope="module")
def world(house: House, papers) -> World:
    return World.of(house, papers)


def test_nobody_reads_or_changes_what_is_not_theirs(world: World) -> None:
    assert Matrix(world).fill().surprises == []


NOWHERE = ("/issues/other/1", "/issues/main/99999", "/issues/main/1%3Fkey=x", "/issues/main/..%2F1")


@pytest.mark.parametrize("path", NOWHERE)
def test_an_issue_that_is_not_there_is_not_found(house: House, path) -> None:
    assert house.signed_in(ADMIN).get(path).status_code == 404


@pytest.mark.parametrize("encrypted", [True, False])
def test_every_answer_protects_itself_refusals_and_errors_too(house: House, papers, encrypted) -> None:
    scheme = "https" if encrypted else "http"
    app = house.app(public_url=f"{scheme}://svc.example.com")
    admin, thing = Visitor(app.test_client()), World.of(house, papers).things["erp"]
    admin.client.environ_base["wsgi.url_scheme"] = scheme
    assert admin.sign_in(ADMIN).status_code == 303
    paths = [thing.address(rule) for rule in app.url_map.iter_rules()]
    for path in [*paths, "/nowhere", "/issues/main/1/nowhere"]:
        for method in ("GET", "POST", "PUT", "OPTIONS"):
            answer = admin.client.open(path, method=method)
            assert not list(header_faults(answer, encrypted=encrypted)), (method, path)
    large = admin.client.post("/language", data={"language": "x" * 99_999})
    assert not list(header_faults(large, encrypted=encrypted))


def test_a_route_that_lets_anybody_in_is_a_surprise(world: World) -> None:
    app = world.house.app()
    app.add_url_rule("/open", "open", lambda: SECRET)
    app.add_url_rule("/thing/<unheard_of>", "thing", str)
    matrix = Matrix(world.at(app))
    for endpoint in ("open", "thing"):
        (rule,) = app.url_map.iter_rules(endpoint)
        matrix.ask(rule)
    for expected in (
        "/thing/<unheard_of>: say in access_world what 'unheard_of' stands for",
        "GET /open by nobody: 200 without being signed in",
        f"GET /open by wang.fang: shows {SECRET!r} of mes",
    ):
        assert expected in matrix.surprises


def test_the_receiver_still_takes_posts_without_a_token(house: House) -> None:
    answer = house.app().test_client().post("/hooks/main", data=b"{}", content_type="application/json")
    assert answer.status_code == 401


def test_without_pages_there_are_none(house: House) -> None:
    client = create_app(replace(house.web, pages=None)).test_client()
    for path in ("/", "/sign-in", "/shelf"):
        assert client.get(path).status_code == 404
    assert client.get("/live").status_code == 200
