"""The service account on a real Redmine: its role is enough, and ``check`` names what is taken away."""

import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from svc_plugin.connecting import connect_sites
from svc_plugin.demo.stage import BOT
from svc_plugin.domain.vocabulary import IssueKind
from svc_plugin.sites.redmine.blueprint import BOT as BOT_ROLE
from svc_plugin.sites.redmine.blueprint import ROLE_NAMES
from svc_plugin.sites.redmine.wording import PERMISSIONS
from tests.e2e.conftest import NEEDED, REAL, RealHouse

pytestmark = pytest.mark.real_redmine
VISIBLE = {"issues": "一部分问题", "hours": "一部分工时记录"}


class Role:
    """The role of the service account, which can be changed while Redmine runs."""

    def __init__(self, folder: Path) -> None:
        script = folder / "change_role.rb"
        script.write_text((REAL / script.name).read_text(encoding="utf-8"), encoding="utf-8")
        command = [*shlex.split(os.environ[NEEDED[2]]), str(script), ROLE_NAMES[BOT_ROLE][0]]
        self._console = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._expect("ready")

    def tell(self, order: str, name: str) -> None:
        assert self._console.stdin
        self._console.stdin.write(f"{order} {name}\n")
        self._console.stdin.flush()
        self._expect("done")

    def close(self) -> None:
        assert self._console.stdin
        self._console.stdin.close()
        self._console.wait(60)

    def _expect(self, word: str) -> None:
        assert self._console.stdout
        for line in self._console.stdout:
            if line.strip() == word:
                return
        pytest.fail("the console of Redmine ended")


@pytest.fixture
def role(real_house: RealHouse) -> Iterator[Role]:
    role = Role(real_house.config.parent)
    yield role
    role.close()


def sentences(house: RealHouse) -> list[str]:
    # a new door each time: what was read of the server is kept in one
    return list(connect_sites(house.settings)["main"].check())


def test_the_role_is_enough_and_each_permission_that_it_loses_is_named(real_house: RealHouse, role: Role):
    for kind in IssueKind:  # fields and moves of a kind can only be read from an issue
        real_house.people["zhang.wei"].create(kind, "erp", "第一单", {})
    projects = real_house.settings.sites["main"].mapping.projects.values()
    assert sentences(real_house) == []
    for permission, (label, _) in PERMISSIONS.items():
        role.tell("take", permission)
        try:
            told = sentences(real_house)
        finally:
            role.tell("give", permission)
        assert len(told) == len(projects), f"{permission}: {told}"
        assert all(f"“{label}”" in one and BOT in one for one in told), told
        assert all(any(f"“{project}”" in one for one in told) for project in projects), told
    for what, sentence in VISIBLE.items():
        role.tell(what, "own")
        try:
            told = sentences(real_house)
        finally:
            role.tell(what, "all")
        assert len(told) == len(projects)
        assert all(sentence in one for one in told), told
    assert sentences(real_house) == []
