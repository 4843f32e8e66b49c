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
from tests.builders import CONFIG, MAINTAINER, MONDAY, NOW, SERVICE
from tests.contract.jira_kit import MODES, JiraWorld, a_jira

CUSTOMER = "恒通机械有限公司"


@pytest.fixture(params=MODES)
def company(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[JiraWorld, list[str], Services]]:
    settings = load_settings(CONFIG, {"SVC_DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}, now=NOW)
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


def moved_too_early(world: JiraWorld, services: Services) -> IssueRef:
    fields = {Field.CUSTOMER: CUSTOMER, Field.SOURCE: "customer", Field.VISIT_NEEDED: "no"}
    ref = world.create(IssueKind.MAINTENANCE, fields=fields, assignee=MAINTAINER)
    services.reconciler.reconcile(ref)
    world.does(ref, MAINTAINER, stage=Stage.IN_WORK)
    return ref


def test_an_event_that_changes_something_costs_a_read_a_write_and_a_look_at_what_came_of_it(
    company: tuple[JiraWorld, list[str], Services],
) -> None:
    world, asked, services = company
    registered = world.mapping.status_of(IssueKind.MAINTENANCE, Stage.REGISTERED)
    with_screen(world, registered)
    refs = [moved_too_early(world, services) for _ in range(2)]
    # what is on the screen of this step, and who is who, is learned at the first one
    services.reconciler.reconcile(refs[0])
    asked.clear()
    services.reconciler.reconcile(refs[1])
    path = f"/issue/{refs[1].key}"
    assert asked == [f"GET {path}", f"POST {path}/transitions", f"GET {path}"]
    assert [world.site.fetch(ref).stage for ref in refs] == [Stage.REGISTERED] * 2


def test_without_a_screen_a_move_costs_one_request_more(
    company: tuple[JiraWorld, list[str], Services],
) -> None:
    world, asked, services = company
    refs = [moved_too_early(world, services) for _ in range(2)]
    services.reconciler.reconcile(refs[0])
    asked.clear()
    services.reconciler.reconcile(refs[1])
    path = f"/issue/{refs[1].key}"
    assert asked == [f"GET {path}", f"PUT {path}", f"POST {path}/transitions", f"GET {path}"]
    issue = world.site.fetch(refs[1])
    assert issue.stage is Stage.REGISTERED
    assert services.reconciler.reconcile(refs[1]).plans == ()


def with_screen(world: JiraWorld, status: str) -> None:
    """Give every move to a status the screen that others have."""
    types, statuses = world.standin.catalogue.types, world.standin.catalogue.statuses
    for number, kind in types.items():
        usual = next((move for move in kind.transitions if move.screen), None)
        if usual is not None:
            moves = (
                replace(move, screen=usual.screen, plan=replace(move.plan, screen=usual.plan.screen))
                if statuses[move.to].name == status
                else move
                for move in kind.transitions
            )
            types[number] = replace(kind, transitions=tuple(moves))


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
