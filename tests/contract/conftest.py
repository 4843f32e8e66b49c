import json
import os
import shlex
import subprocess
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import requests

from svc_plugin.standins.jira import Mode
from svc_plugin.standins.redmine import create_app, serve
from tests.contract.jira_kit import MODES, JiraWorld, a_jira
from tests.contract.offices import FailingRedmine, Office, jira_office, memory_office, real_office
from tests.contract.worlds import (
    OTHER_PRODUCT,
    PRODUCT,
    ROLES,
    MemoryWorld,
    RedmineWorld,
    Watch,
    api_key,
    mapping,
    plan_of,
)
from tests.thorough import some

URL, ADMIN_KEY, CONSOLE = (
    "SVC_TEST_REDMINE_URL",
    "SVC_TEST_REDMINE_ADMIN_KEY",
    "SVC_TEST_REDMINE_CONSOLE",
)


@pytest.fixture(params=some(MODES, of=2))
def mode(request: pytest.FixtureRequest) -> Mode:
    """Each edition of Jira, by default Cloud: the contract, scenarios and faults are tried on both anyway."""
    found: Mode = request.param
    return found


@pytest.fixture(scope="session")
def standin_world() -> Iterator[RedmineWorld]:
    known = mapping({PRODUCT: "erp", OTHER_PRODUCT: "mes"})
    watch = Watch()
    keys = {login: api_key(login) for login in ("admin", *ROLES)}
    with serve(create_app(plan_of(known), clock=watch)) as served:
        yield RedmineWorld(served.url, keys, known, watch)


@pytest.fixture(scope="session")
def jira_cloud_world() -> Iterator[JiraWorld]:
    with a_jira("cloud") as (world, _):
        yield world


@pytest.fixture(scope="session")
def jira_dc_world() -> Iterator[JiraWorld]:
    with a_jira("dc") as (world, _):
        yield world


@pytest.fixture(scope="session")
def real_redmine_world() -> RedmineWorld:
    url, key = os.environ.get(URL, ""), os.environ.get(ADMIN_KEY, "")
    if not (url and key):
        pytest.skip(f"set {URL} and {ADMIN_KEY} to test against a real Redmine")
    known = mapping({PRODUCT: "svc-contract-erp", OTHER_PRODUCT: "svc-contract-mes"})
    plan = plan_of(known)
    if console := os.environ.get(CONSOLE, ""):
        with TemporaryDirectory() as folder:
            _set_up(console, plan, Path(folder))
    return RealRedmineWorld(url, {"admin": key, **_people(url, key, plan)}, known)


class RealRedmineWorld(RedmineWorld):
    """Its clock is its own: waiting is the only way to a later second."""

    def later(self, seconds: int) -> None:
        time.sleep(seconds)


def _set_up(console: str, plan: dict[str, Any], folder: Path) -> None:
    """Apply the blueprint by the product's own script; REST cannot create fields, statuses or roles."""
    script = folder / "setup.rb"
    script.write_text((files("svc_plugin.sites.redmine.console") / "setup.rb").read_text(encoding="utf-8"))
    blueprint = folder / "blueprint.json"
    blueprint.write_text(json.dumps({**plan, "users": [], "memberships": []}))
    folder.chmod(0o755)  # the console runs as another user
    command = [*shlex.split(console), str(script), str(blueprint)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr


def _people(url: str, key: str, plan: dict[str, Any]) -> dict[str, str]:
    """Create the people and make them members, over REST; return their keys by login."""

    def ask(method: str, path: str, body: object = None) -> Any:
        headers = {"X-Redmine-API-Key": key}
        answer = requests.request(method, f"{url}{path}", json=body, headers=headers, timeout=30)
        return answer.json() if answer.content.strip() else {}

    roles = {one["name"]: one["id"] for one in ask("get", "/roles.json")["roles"]}
    keys: dict[str, str] = {}
    for one in plan["users"][1:]:
        login = one["login"]
        user = {name: value for name, value in one.items() if name != "api_key"}
        ask("post", "/users.json", {"user": user})
        number = next(
            found["id"]
            for found in ask("get", f"/users.json?name={login}")["users"]
            if found["login"] == login
        )
        keys[login] = ask("get", f"/users/{number}.json")["user"]["api_key"]
        for member in plan["memberships"]:
            if member["login"] == login:
                body = {"user_id": number, "role_ids": [roles[name] for name in member["roles"]]}
                ask("post", f"/projects/{member['project']}/memberships.json", {"membership": body})
    return keys


@pytest.fixture
def memory_world() -> MemoryWorld:
    return MemoryWorld()


@pytest.fixture(
    params=["memory", "redmine", "cloud", "dc", pytest.param("real", marks=pytest.mark.real_redmine)]
)
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    """Each kind of site, with a person known there."""
    match request.param:
        case "memory":
            yield memory_office()
        case "real":
            yield real_office(request.getfixturevalue("real_redmine_world"))
        case "redmine":
            with FailingRedmine() as made:
                yield made
        case mode:
            with jira_office(mode) as made:
                yield made
