"""Versions on a Redmine: read sparingly, made once also by two processes, refused in a clear sentence."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from svc_plugin.domain.errors import ChangeRefusedError, UnmappedError
from svc_plugin.domain.plan import EnsureVersion
from svc_plugin.domain.vocabulary import IssueKind
from svc_plugin.sites.redmine import RedmineSite
from tests.builders import BOT, LEADER
from tests.contract.creation import a_version
from tests.contract.redmine_kit import KNOWN, a_redmine, changed_plan
from tests.contract.worlds import PRODUCT, api_key, settings

VERSIONS = "/versions.json"


def test_versions_are_read_once_a_minute_also_when_there_are_none() -> None:
    with a_redmine() as (world, asked):
        for _ in range(3):
            assert world.site.versions(PRODUCT) == []
        assert len([one for one in asked if one.endswith(VERSIONS)]) == 1
        world.release("5.2")
        assert [one.name for one in world.site.versions(PRODUCT, holding="5.2")] == ["5.2"]
        world.site.versions(PRODUCT, holding="5.2")
        assert len([one for one in asked if one.endswith(VERSIONS)]) == 2


def test_what_was_made_is_known_without_asking_again() -> None:
    with a_redmine() as (world, asked):
        ref = world.create(IssueKind.MAINTENANCE)
        wanted = a_version(ref)
        world.site.apply(ref, [wanted])
        asked.clear()
        assert [one.name for one in world.site.versions(PRODUCT, holding=wanted.name)] == [wanted.name]
        assert asked == []


def test_a_version_that_was_renamed_keeps_its_issue() -> None:
    with a_redmine() as (world, _):
        ref = world.create(IssueKind.MAINTENANCE)
        wanted = a_version(ref)
        world.site.apply(ref, [wanted])
        (made,) = world.ask(LEADER, "get", f"/projects/erp{VERSIONS}")["versions"]
        assert made["description"].startswith(wanted.description)
        renamed = RedmineSite(settings(world.url, api_key(BOT), KNOWN))
        assert [one.origin for one in renamed.versions(PRODUCT)] == [wanted.origin]


def test_two_processes_that_both_looked_first_make_one_version() -> None:
    both_looked = Barrier(2)

    def wait_for_the_other(path: str, data: Any) -> None:
        if path.endswith(VERSIONS) and data.get("versions") == []:
            with suppress(BrokenBarrierError):
                both_looked.wait(timeout=1)

    with a_redmine(answered=wait_for_the_other) as (world, asked):
        ref = world.create(IssueKind.MAINTENANCE)
        wanted = a_version(ref)
        sites = [RedmineSite(settings(world.url, api_key(BOT), KNOWN)) for _ in range(2)]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda site: site.apply(ref, [wanted]), sites))
        assert len(world.ask(LEADER, "get", f"/projects/erp{VERSIONS}")["versions"]) == 1
        assert len([one for one in asked if one.startswith("POST")]) == 2, "both must have tried"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_the_permission_the_refusal_says_what_to_tick(language: str) -> None:
    def may_not(plan: dict[str, Any]) -> None:
        plan["roles"][0]["permissions"].remove("manage_versions")

    with a_redmine(changed_plan(may_not)) as (world, _):
        ref = world.create(IssueKind.MAINTENANCE)
        own = settings(world.url, api_key(BOT), KNOWN)
        object.__setattr__(own, "language", language)
        wanted = a_version(ref)
        with pytest.raises(ChangeRefusedError) as refusal:
            RedmineSite(own).apply(ref, [wanted])
        assert wanted.name in str(refusal.value)
        assert {"zh": "管理版本", "en": "Manage versions"}[language] in str(refusal.value)
        assert world.site.versions(PRODUCT) == []


def test_a_name_that_redmine_does_not_take_is_told() -> None:
    with a_redmine() as (world, _):
        ref = world.create(IssueKind.MAINTENANCE)
        with pytest.raises(ChangeRefusedError, match="422"):
            world.site.apply(ref, [a_version(ref, " ")])


def test_a_product_of_another_site_has_no_versions_here() -> None:
    with a_redmine() as (world, _):
        ref = world.create(IssueKind.MAINTENANCE)
        with pytest.raises(UnmappedError, match="crm"):
            world.site.versions("crm")
        with pytest.raises(UnmappedError, match="crm"):
            world.site.apply(ref, [EnsureVersion("M11@main/1", "crm", "6.0", "d")])
