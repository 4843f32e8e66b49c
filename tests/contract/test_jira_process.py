"""The whole process on a stand-in for Jira: what an event costs, and that the work settles."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from svc_plugin.bootstrap import Services, build
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.policy import Mode, Policies
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.settings import load_settings
from tests.builders import CONFIG, MAINTAINER, MONDAY, SERVICE, TODAY
from tests.contract.jira_kit import MODES, JiraWorld, a_jira

CUSTOMER = "恒通机械有限公司"


@pytest.fixture(params=MODES)
def company(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[JiraWorld, list[str], Services]]:
    settings = load_settings(CONFIG, {"SVC_DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}, today=TODAY)
    # no plan is in force here, and what is counted is the cost of one demand
    policy = replace(settings.policy, modes={**settings.policy.modes, "M75": Mode.OFF})
    settings = replace(settings, policy=policy, policies=Policies(((MONDAY, policy),)))
    with a_jira(request.param) as (world, asked):
        services = build(settings, sites={"main": world.site})
        yield world, asked, services
        services.close()


def a_fault_of(world: JiraWorld) -> IssueRef:
    fields = {Field.CUSTOMER: CUSTOMER, Field.REQUEST_KIND: "fault", Field.CHANNEL: "phone"}
    return world.create(
        fields=fields, assignee=SERVICE, title="开票 [失败] {x}", description="*第一行*\n# 二"
    )


def test_a_fault_is_handed_over_once_in_words_that_people_know(
    company: tuple[JiraWorld, list[str], Services],
) -> None:
    world, _, services = company
    ref = a_fault_of(world)
    for _ in range(3):
        services.reconciler.reconcile(ref)
    request = world.site.fetch(ref)
    (work,) = [world.site.fetch(one) for one in request.links]
    assert (request.stage, work.kind, work.assignee) == (Stage.HANDED_OVER, IssueKind.MAINTENANCE, MAINTAINER)
    assert work.owner == ref
    assert "ERP-2" in request.comments["M32"]
    assert "由客户要求 ERP-1 转来" in work.description
    assert services.reconciler.reconcile(ref).plans == ()


def test_an_event_that_changes_nothing_costs_one_request(
    company: tuple[JiraWorld, list[str], Services],
) -> None:
    world, asked, services = company
    ref = world.create(IssueKind.SERVICE_TASK, fields={Field.CUSTOMER: CUSTOMER, Field.TASK_KIND: "training"})
    services.reconciler.reconcile(ref)
    asked.clear()
    assert services.reconciler.reconcile(ref).plans == ()
    assert asked == [f"GET /issue/{ref.key}"]


def test_an_event_that_changes_something_costs_three_requests_to_write(
    company: tuple[JiraWorld, list[str], Services],
) -> None:
    world, asked, services = company
    ref = world.create(
        IssueKind.MAINTENANCE,
        fields={Field.CUSTOMER: CUSTOMER, Field.SOURCE: "customer", Field.VISIT_NEEDED: "no"},
        assignee=MAINTAINER,
    )
    list(world.site.changed_since(None))
    services.reconciler.reconcile(ref)
    world.does(ref, MAINTAINER, stage=Stage.IN_WORK)
    looks = services.reconciler.plan(ref)
    assert looks.changes
    asked.clear()
    services.reconciler.reconcile(ref)
    path = f"/issue/{ref.key}"
    reads = [one for one in asked if one == f"GET {path}"]
    others = [one for one in asked if one != f"GET {path}"]
    # before, by the writer, and after; the transition back has no screen, so that the comment goes first
    assert len(reads) == 3
    assert others == [f"GET {path}/transitions", f"PUT {path}", f"POST {path}/transitions"]
    issue = world.site.fetch(ref)
    assert issue.stage is Stage.REGISTERED
    assert services.reconciler.reconcile(ref).plans == ()


def test_a_move_that_the_workflow_does_not_have_is_told_on_the_issue(
    company: tuple[JiraWorld, list[str], Services],
) -> None:
    world, _, services = company
    ref = a_fault_of(world)
    issue = world.standin.state.issues[int(ref.key)]
    world.standin.faults.closed.add(
        (issue.key, world.mapping.status_of(IssueKind.SERVICE_REQUEST, Stage.HANDED_OVER))
    )
    services.work.add([ref], due=world.now())
    result = services.worker.work_on(ref)
    assert result is not None
    assert result.state == "parked"
    assert "refused" in world.site.fetch(ref).comments


def test_the_sweep_finds_what_no_delivery_told(company: tuple[JiraWorld, list[str], Services]) -> None:
    world, _, services = company
    ref = a_fault_of(world)
    assert services.sweeper.sweep(world.site).unknown == (ref,)
    services.worker.drain()
    again = services.sweeper.sweep(world.site)
    assert set(again.unknown) <= world.site.fetch(ref).links
    assert {one.ref.key for one in services.work.parked(limit=9)} == set()
