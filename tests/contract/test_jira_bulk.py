"""Reading many issues of a Jira at once: the same issues, in few requests, whatever cannot be read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from svc_plugin.bootstrap import Services, build
from svc_plugin.domain.decide import decide
from svc_plugin.domain.errors import TransientError
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.plan import PutComment, Watch
from svc_plugin.domain.vocabulary import Field, IssueKind
from svc_plugin.engine.sync import Syncer, SyncOptions, SyncSummary
from svc_plugin.settings import load_settings
from svc_plugin.sites.jira import bulk
from tests.builders import CONFIG, LEADER, MAINTAINER, NOW, SERVICE
from tests.contract.jira_kit import MODES, JiraWorld, a_jira
from tests.contract.test_site_contract import WORK_FIELDS, a_fault

TRAINING = {Field.CUSTOMER: "恒通机械有限公司", Field.TASK_KIND: "training"}

REQUEST = {Field.CUSTOMER: "恒通机械有限公司", Field.REQUEST_KIND: "fault", Field.CHANNEL: "phone"}


@pytest.fixture(params=MODES)
def jira(request: pytest.FixtureRequest) -> Iterator[tuple[JiraWorld, list[str]]]:
    with a_jira(request.param) as (world, asked):
        yield world, asked


def bare(issue: Issue) -> Issue:
    """Who watches is not read in bulk."""
    return replace(issue, watchers=frozenset())


def busy(world: JiraWorld) -> list[IssueRef]:
    """Issues with all that an issue can have."""
    work = world.create(IssueKind.MAINTENANCE, fields=WORK_FIELDS, assignee=MAINTAINER, description="一\n二")
    world.standin.faults.write_limit = False
    for number in range(45):  # more than Jira gives along with an issue in a list
        world.does(work, MAINTAINER, fields={Field.ESTIMATE_HOURS: str(number + 1)})
    world.does(work, SERVICE, note="请看附件", fields={Field.ESTIMATE_HOURS: "2"})
    world.does(work, MAINTAINER, note="内部", private=True)
    for _ in range(22):  # more hours than Jira gives along
        world.book(work, MAINTAINER, 1.5, date(2026, 11, 20), "开发")
    world.site.apply(work, [PutComment("M50", "已判断"), Watch(LEADER), a_fault(work)])
    return [work, *world.site.fetch(work).links]


def test_many_are_read_as_one_is(jira: tuple[JiraWorld, list[str]]) -> None:
    world, asked = jira
    refs = [*busy(world), world.create(title="另一个")]
    alone = {ref: bare(world.site.fetch(ref)) for ref in refs}
    site = world.connect()
    site.read_many(refs)  # who is who
    asked.clear()
    found = site.read_many(refs)
    assert {ref: bare(issue) for ref, issue in found.items()} == alone
    lists = (
        ["POST /issue/bulkfetch", "POST /changelog/bulkfetch"] if world.mode == "cloud" else ["POST /search"]
    )
    assert asked == [*lists, f"GET /issue/{refs[0].key}/worklog"]


def test_changelogs_of_many_pages_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_MOST_CHANGES", 5)
    with a_jira("cloud") as (world, asked):
        refs = [world.create(title=f"第 {number} 个") for number in range(3)]
        for ref in refs:
            for number in range(4):
                world.does(ref, SERVICE, fields={Field.CUSTOMER: f"客户 {number}"})
        found = world.site.read_many(refs)
        assert [len(found[ref].history) for ref in refs] == [4, 4, 4]
        assert asked.count("POST /changelog/bulkfetch") == 3


def test_what_is_gone_spoils_nothing(jira: tuple[JiraWorld, list[str]]) -> None:
    world, _ = jira
    here, gone = world.create(), world.create()
    world.ask(LEADER, "delete", f"/issue/{gone.key}")
    found = world.site.read_many([here, gone, IssueRef("main", "ERP-1")])
    # what is missing is read alone: a search of Data Center fails altogether
    assert set(found) == ({here} if world.mode == "cloud" else set())


def test_a_jira_that_is_down_is_told(jira: tuple[JiraWorld, list[str]]) -> None:
    world, _ = jira
    ref = world.create()
    world.fault(method="POST", path="/(search|issue/bulkfetch)$", status=503, times=9)
    with pytest.raises(TransientError):
        world.site.read_many([ref])


@pytest.fixture
def services(jira: tuple[JiraWorld, list[str]], tmp_path: Path) -> Iterator[Services]:
    settings = load_settings(CONFIG, {"SVC_DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}, now=NOW)
    services = build(settings, sites={"main": jira[0].site})
    yield services
    services.close()


def synced(services: Services, **options: bool) -> SyncSummary:
    syncer = Syncer(services.sweeper, services.reconciler.weigher, services.worker)
    return syncer.run(services.sites.values(), SyncOptions(full=True, **options), lambda *_: None)


def test_a_sync_of_what_wants_nothing_costs_a_handful_of_requests(
    jira: tuple[JiraWorld, list[str]], services: Services
) -> None:
    world, asked = jira
    refs = [world.create(IssueKind.SERVICE_TASK, f"第 {n} 个", fields=TRAINING) for n in range(30)]
    synced(services)
    asked.clear()
    summary = synced(services)
    assert (summary.looked_at, summary.count("unchanged"), summary.failed) == (30, 30, {})
    assert len(asked) <= (5 if world.mode == "cloud" else 3)
    assert set(services.mirror.versions("main")) == {ref.key for ref in refs}


def test_a_sync_does_what_one_issue_after_the_other_would(
    jira: tuple[JiraWorld, list[str]], services: Services
) -> None:
    world, _ = jira
    refs = [world.create(fields=REQUEST, assignee=SERVICE) for _ in range(2)]
    idle = world.create(IssueKind.SERVICE_TASK, fields=TRAINING)
    gone = world.create(IssueKind.SERVICE_TASK, fields=TRAINING)
    services.reconciler.reconcile(gone)
    world.ask(LEADER, "delete", f"/issue/{gone.key}")
    summary = synced(services, force=True)
    assert (summary.failed, summary.gone) == ({}, 1)
    for ref in refs:
        (work,) = world.site.fetch(ref).links
        assert world.site.fetch(work).owner == ref
    assert services.mirror.get(idle) is not None
    assert services.mirror.get(gone) is None
    assert synced(services).plans == []


def test_watchers_that_are_there_already_are_not_planned_again(
    jira: tuple[JiraWorld, list[str]], services: Services
) -> None:
    """In bulk nobody seems to watch: what would be done about that is looked at alone."""
    world, _ = jira
    ref = world.create(fields={**REQUEST, Field.REQUEST_KIND: "complaint"}, assignee=SERVICE)
    services.reconciler.reconcile(ref)
    assert LEADER in world.site.fetch(ref).watchers
    sites = {"main": world.connect()}  # knows nobody yet
    again = build(services.settings, sites=sites)
    glanced = again.reconciler.weigher.look_at_many([ref])[ref]
    assert LEADER not in glanced.issue.watchers
    assert decide(glanced, again.reconciler.policies)
    weighed = again.reconciler.weigher.weigh(ref, glanced)
    assert not weighed.plan
    assert LEADER in weighed.seen.issue.watchers
    assert again.reconciler.reconcile(ref).plans == ()
    again.close()
