"""People sign in with their own account, on the stand-in and on the real Redmine alike."""

import pytest

from svc_plugin.domain.model import IssueRef
from svc_plugin.sites.redmine import RedmineIdentity
from tests.builders import LEADER, SERVICE
from tests.contract.worlds import OTHER_PRODUCT, PRODUCT, RedmineWorld, settings


@pytest.fixture(params=["standin", pytest.param("real_redmine", marks=pytest.mark.real_redmine)])
def world(request: pytest.FixtureRequest) -> RedmineWorld:
    found: RedmineWorld = request.getfixturevalue(f"{request.param}_world")
    return found


@pytest.fixture
def identity(world: RedmineWorld) -> RedmineIdentity:
    return RedmineIdentity(settings(world.url, "", world.mapping))


def test_a_password_is_exchanged_for_the_persons_own_key(world: RedmineWorld, identity) -> None:
    assert identity.key_of(SERVICE, f"planted-{SERVICE}-1") == world.keys[SERVICE]


@pytest.mark.parametrize("password", ["wrong", "密码", "", "a:b"])
def test_a_wrong_password_gives_none(identity: RedmineIdentity, password: str) -> None:
    assert identity.key_of(SERVICE, password) is None


def test_a_key_tells_who_it_is_and_what_they_see(world: RedmineWorld, identity) -> None:
    access = identity.access(world.keys[LEADER])
    assert access.account == LEADER
    assert not access.administrator
    assert access.products == {PRODUCT, OTHER_PRODUCT}


def test_an_administrator_is_known_as_one(world: RedmineWorld, identity: RedmineIdentity) -> None:
    access = identity.access(world.keys["admin"])
    assert access is not None
    assert access.administrator


@pytest.mark.parametrize("key", ["0" * 40, "", "two words", "键"])
def test_a_key_that_is_none_opens_nothing(world: RedmineWorld, identity, key: str) -> None:
    ref = world.create()
    assert identity.access(key) is None
    assert not identity.sees(key, ref)


def test_an_issue_is_seen_by_whom_the_site_shows_it(world: RedmineWorld, identity) -> None:
    ref = world.create()
    assert identity.sees(world.keys[LEADER], ref)
    for key in ("99999999", f"{ref.key}?x=1", f"../issues/{ref.key}", "٣"):
        assert not identity.sees(world.keys[LEADER], IssueRef(ref.site, key))
