"""The policies as they ship, on the whole engine: the light one asks for little, one may follow another."""

from datetime import timedelta

import pytest

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.settings import load_settings
from tests.builders import LEADER, MAINTAINER, MONDAY, NOW, SERVICE, standard
from tests.unit.engine.world import World
from tests.unit.settings.kit import copied

FAULT = {Field.CUSTOMER: "恒通机械有限公司", Field.REQUEST_KIND: "fault"}


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    company = copied(tmp_path_factory.mktemp("light") / "config")
    company.edit("svc-plugin.yaml", "policy: standard", "policy: light")
    return load_settings(company.folder, {}, now=NOW).policy


def asked(world: World, ref: IssueRef) -> dict[str, str]:
    """What our comments on an issue still ask for."""
    return {name: said for name, said in world.issue(ref).comments.items() if "已满足" not in said}


def test_under_light_a_fault_told_with_few_fields_closes_and_nothing_is_asked_for(light: Policy) -> None:
    world = World(policy=light)
    request = world.create(fields=FAULT)
    world.hook(request)
    world.settle()
    (work,) = world.issue(request).links
    told = [
        (Stage.CLASSIFIED, {Field.MAINTENANCE_CLASS: "corrective"}),
        (Stage.SCHEDULED, {}),
        (Stage.IN_WORK, {}),
        (Stage.TESTING, {}),
        (Stage.DONE, {Field.MEASURE: "更新税率表", Field.ROOT_CAUSE: "税率表缺失"}),
    ]
    for stage, fields in told:
        world.does(work, MAINTAINER, stage=stage, fields=fields)
        world.hook(work)
        world.settle()
        assert world.issue(work).stage is stage
    assert set(asked(world, work)) == {"M56"}, "the test is the one thing that is spoken of"
    world.does(request, SERVICE, stage=Stage.ANSWERED, fields={Field.ANSWER: "已更新"})
    world.does(request, SERVICE, stage=Stage.CLOSED)
    world.hook(request)
    world.settle()
    assert world.issue(request).stage is Stage.CLOSED
    assert set(asked(world, request)) == {"M32"}, "what became of the fault"


def test_under_light_the_core_of_the_process_still_holds(light: Policy) -> None:
    world = World(policy=light)
    work = world.create(IssueKind.MAINTENANCE, fields={Field.CUSTOMER: "恒通机械有限公司"})
    world.does(work, MAINTAINER, stage=Stage.IN_WORK)
    world.hook(work)
    world.settle()
    assert world.issue(work).stage is Stage.REGISTERED, "the class comes first"
    fields = {Field.MAINTENANCE_CLASS: "corrective"}
    world.does(work, MAINTAINER, stage=Stage.CLASSIFIED, fields=fields)
    world.does(work, LEADER, stage=Stage.REJECTED)
    world.hook(work)
    world.settle()
    assert world.issue(work).stage is Stage.CLASSIFIED, "corrective work is not refused"


@pytest.mark.clause("M06")
def test_what_was_asked_under_the_old_policy_keeps_its_target_and_is_closed_under_the_new_one(
    light: Policy,
) -> None:
    """Light until Monday noon, standard from then on."""
    policies = Policies(((MONDAY - timedelta(days=365), light), (MONDAY + timedelta(hours=3), standard())))
    world = World(policy=policies)
    before = world.create(author="a-customer", fields={**FAULT, Field.REQUEST_KIND: "complaint"})
    world.hook(before)
    world.settle()
    world.clock.later(hours=4)
    after = world.create(author="a-customer", fields={**FAULT, Field.REQUEST_KIND: "complaint"})
    world.hook(after)
    world.settle()
    world.clock.later(hours=1, minutes=31)
    world.settle()
    assert "M06" in asked(world, before)
    assert "本规则只提醒" in asked(world, before)["M06"]
    assert {"M06-50", "M06-80"} & set(asked(world, before)) == set(), "light has one step"
    assert {"M06-50", "M06-80", "M06-100"} <= set(asked(world, after))
    for ref in (before, after):
        world.does(ref, SERVICE, stage=Stage.IN_PROGRESS)
        world.does(ref, SERVICE, stage=Stage.CLOSED, fields={Field.ANSWER: "已说明"})
        world.hook(ref)
        world.settle()
        assert world.issue(ref).stage is Stage.IN_PROGRESS, "closing is judged by the policy of the day"
