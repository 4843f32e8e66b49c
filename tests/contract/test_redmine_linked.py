"""One linked issue for one origin: never two, never in the wrong place."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from svc_plugin.domain.errors import UnmappedError
from svc_plugin.domain.model import origin_marker
from svc_plugin.domain.plan import EnsureIssue
from svc_plugin.domain.vocabulary import Field, IssueKind
from svc_plugin.sites.mapping import KindMapping
from svc_plugin.sites.redmine import RedmineSite
from tests.builders import BOT, SERVICE
from tests.contract.redmine_kit import KNOWN, a_redmine, changed_plan, field_of, like_redmine_5_0
from tests.contract.test_site_contract import WORK_FIELDS, a_fault
from tests.contract.worlds import (
    RedmineWorld,
    api_key,
    settings,
)


def issues_of(world: RedmineWorld) -> int:
    return int(world.ask("admin", "get", "/issues.json?status_id=*")["total_count"])


def test_nothing_is_made_when_the_origin_has_no_field() -> None:
    def only_on_requests(plan: dict[str, Any]) -> None:
        field_of(plan, Field.ORIGIN)["trackers"] = ["客户要求"]

    with a_redmine(changed_plan(only_on_requests)) as (world, _):
        ref = world.create()
        world.create(IssueKind.MAINTENANCE)
        with pytest.raises(UnmappedError, match="来源标识"):
            world.site.apply(ref, [a_fault(ref)])
        assert issues_of(world) == 2


def test_the_first_issue_without_an_origin_is_the_last_one() -> None:
    """Nothing shows beforehand that the tracker lacks the field; from the second try on everything does."""

    def only_on_requests(plan: dict[str, Any]) -> None:
        field_of(plan, Field.ORIGIN)["trackers"] = ["客户要求"]

    with a_redmine(changed_plan(only_on_requests)) as (world, _):
        ref = world.create()
        for _ in range(3):
            with pytest.raises(UnmappedError, match="来源标识"):
                world.site.apply(ref, [a_fault(ref)])
        assert issues_of(world) == 2


def test_nothing_is_made_when_the_origin_cannot_be_searched() -> None:
    def no_filter(plan: dict[str, Any]) -> None:
        field_of(plan, Field.ORIGIN)["is_filter"] = False

    with a_redmine(changed_plan(no_filter)) as (world, _):
        ref = world.create()
        with pytest.raises(UnmappedError, match="作为过滤条件"):
            world.site.apply(ref, [a_fault(ref)])
        assert issues_of(world) == 1


def test_fields_that_only_the_new_issue_shows_are_filled_in_afterwards() -> None:
    with a_redmine(answered=like_redmine_5_0) as (world, _):
        ref = world.create()
        site = RedmineSite(settings(world.url, api_key(BOT), KNOWN))
        site.apply(ref, [a_fault(ref, fields=tuple(WORK_FIELDS.items()))])
        (other,) = site.fetch(ref).links
        assert dict(WORK_FIELDS).items() <= dict(site.fetch(other).fields).items()


def test_an_origin_that_only_the_linked_kind_has_is_searched_all_the_same() -> None:
    def only_on_work(plan: dict[str, Any]) -> None:
        field_of(plan, Field.ORIGIN)["trackers"] = ["维护要求"]

    with a_redmine(changed_plan(only_on_work), answered=like_redmine_5_0) as (world, _):
        ref = world.create()
        with pytest.raises(UnmappedError, match="来源标识"):
            world.site.apply(ref, [a_fault(ref)])
        world.create(IssueKind.MAINTENANCE)
        for _ in range(2):
            world.site.apply(ref, [a_fault(ref)])
        assert issues_of(world) == 3


def test_two_threads_that_both_looked_first_make_one_issue() -> None:
    both_looked = Barrier(2)

    def wait_for_the_other(path: str, data: Any) -> None:
        if path == "/issues.json" and data.get("issues") == []:
            with suppress(BrokenBarrierError):
                both_looked.wait(timeout=0.3)

    with a_redmine(answered=wait_for_the_other) as (world, _):
        ref = world.create()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: world.site.apply(ref, [a_fault(ref)]), range(2)))
        assert issues_of(world) == 2


@pytest.mark.parametrize("where", ["product", "tracker"])
def test_an_issue_is_not_made_in_the_wrong_place(where: str) -> None:
    kinds = {**KNOWN.kinds, IssueKind.MAINTENANCE: KindMapping("没有的跟踪", {})}
    known = replace(KNOWN, projects={}) if where == "product" else replace(KNOWN, kinds=kinds)
    with a_redmine() as (world, _):
        ref = world.create()
        site = RedmineSite(settings(world.url, api_key(BOT), known))
        with pytest.raises(UnmappedError):
            site.apply(ref, [a_fault(ref)])
        assert issues_of(world) == 1


def test_of_two_issues_with_one_origin_the_elder_counts() -> None:
    with a_redmine() as (world, _):
        ref = world.create()
        marker = origin_marker("M32", ref)
        elder, _younger = [world.create(IssueKind.MAINTENANCE, fields={Field.ORIGIN: marker}) for _ in "12"]
        world.site.apply(ref, [a_fault(ref)])
        assert world.site.fetch(ref).links == {elder}
        assert issues_of(world) == 3


def test_a_long_title_is_cut_to_what_redmine_takes() -> None:
    with a_redmine() as (world, _):
        ref = world.create()
        world.site.apply(ref, [a_fault(ref, title="长" * 254 + "\n🙂 尾巴")])
        (other,) = world.site.fetch(ref).links
        title = world.site.fetch(other).title
        assert title == "长" * 254 + "…"


def test_a_link_that_points_here_is_a_link_too() -> None:
    with a_redmine() as (world, asked):
        ref = world.create()
        marker = origin_marker("M32", ref)
        other = world.create(IssueKind.MAINTENANCE, fields={Field.ORIGIN: marker})
        body = {"relation": {"issue_to_id": int(ref.key), "relation_type": "relates"}}
        world.ask(SERVICE, "post", f"/issues/{other.key}/relations.json", body)
        world.site.apply(ref, [a_fault(ref)])
        assert not [one for one in asked if one.startswith("POST")]
        assert world.site.fetch(ref).links == {other}


def test_ensuring_says_nothing_about_a_product_of_another_site() -> None:
    with a_redmine() as (world, _):
        ref = world.create()
        wanted = EnsureIssue("M32@main/1", IssueKind.MAINTENANCE, "crm", "t", "d", ())
        with pytest.raises(UnmappedError, match="crm"):
            world.site.apply(ref, [wanted])
