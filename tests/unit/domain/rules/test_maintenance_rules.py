"""M08, M12, M50, M53 to M55: judged first, never refused, decided by the leader."""

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.vocabulary import Field, Stage
from tests.builders import (
    LEADER,
    MAINTAINER,
    SERVICE,
    comment,
    corrective,
    maintenance,
    moved,
    perfective,
    seen,
    set_by,
    stage_wanted,
    standard,
)

BEYOND = [Stage.CLASSIFIED, Stage.SCHEDULED, Stage.IN_WORK, Stage.TESTING, Stage.DONE, Stage.CLOSED]


@pytest.mark.clause("M50")
@pytest.mark.parametrize("stage", BEYOND)
def test_maintenance_that_moved_on_unclassified_goes_back_to_registered(stage):
    plan = decide(seen(maintenance(stage)), standard())
    assert stage_wanted(plan) is Stage.REGISTERED
    assert "M50" in comment(plan, "M50")


@pytest.mark.clause("M50")
def test_a_class_set_by_somebody_who_is_not_maintenance_staff_does_not_count():
    issue = maintenance(
        Stage.IN_WORK,
        fields={Field.MAINTENANCE_CLASS: "corrective"},
        history=(set_by(SERVICE, Field.MAINTENANCE_CLASS, "corrective"),),
    )
    plan = decide(seen(issue), standard())
    assert stage_wanted(plan) is Stage.REGISTERED
    assert "王芳" in comment(plan, "M50")


@pytest.mark.clause("M50")
def test_a_maintainer_of_another_product_may_not_judge():
    issue = maintenance(
        Stage.IN_WORK,
        fields={Field.MAINTENANCE_CLASS: "corrective"},
        history=(set_by("yang.min", Field.MAINTENANCE_CLASS, "corrective"),),
    )
    assert stage_wanted(decide(seen(issue), standard())) is Stage.REGISTERED


@pytest.mark.clause("M50")
def test_an_issue_that_waits_unclassified_in_registered_is_left_in_peace():
    assert not decide(seen(maintenance(Stage.REGISTERED)), standard())


@pytest.mark.clause("M08")
@pytest.mark.clause("M50")
def test_classified_by_maintenance_staff_may_go_on():
    assert not decide(seen(corrective(Stage.IN_WORK)), standard())


@pytest.mark.clause("M50")
def test_the_demand_stays_until_it_is_met_and_then_says_thanks():
    issue = maintenance(Stage.IN_WORK)
    text = comment(decide(seen(issue), standard()), "M50")
    back = maintenance(Stage.REGISTERED, comments={"M50": text})
    assert not decide(seen(back), standard())
    met = maintenance(
        Stage.REGISTERED,
        comments={"M50": text},
        fields={Field.MAINTENANCE_CLASS: "corrective"},
        history=(set_by(MAINTAINER, Field.MAINTENANCE_CLASS, "corrective"),),
    )
    assert "已满足" in comment(decide(seen(met), standard()), "M50")


@pytest.mark.clause("M12")
@pytest.mark.parametrize("stage", [Stage.REJECTED, Stage.CONVERTED, Stage.AWAITING_DECISION])
def test_a_corrective_issue_cannot_be_refused(stage):
    issue = corrective(stage, moved(MAINTAINER, stage, frm=Stage.SCHEDULED))
    plan = decide(seen(issue), standard())
    assert stage_wanted(plan) is Stage.SCHEDULED
    assert "M12" in comment(plan, "M12")


@pytest.mark.clause("M12")
def test_a_corrective_issue_created_as_rejected_goes_to_classified():
    assert stage_wanted(decide(seen(corrective(Stage.REJECTED)), standard())) is Stage.CLASSIFIED


@pytest.mark.clause("M12")
def test_a_perfective_issue_may_be_rejected():
    declined = perfective(
        Stage.REJECTED, fields={Field.CLASS_REASON: "报表", Field.EXPLANATION: "与战略不符"}
    )
    assert not decide(seen(declined), standard())


@pytest.mark.clause("M54")
@pytest.mark.clause("M55")
@pytest.mark.parametrize("stage", [Stage.SCHEDULED, Stage.IN_WORK, Stage.TESTING, Stage.DONE])
def test_perfective_work_that_began_without_the_leader_waits_for_the_decision(stage):
    plan = decide(seen(perfective(stage)), standard())
    assert stage_wanted(plan) is Stage.AWAITING_DECISION
    assert "张伟" in comment(plan, "M54")


@pytest.mark.clause("M54")
def test_a_decision_field_filled_in_by_somebody_else_does_not_count():
    issue = perfective(
        Stage.SCHEDULED,
        set_by(MAINTAINER, Field.DECISION, "approved"),
        fields={Field.DECISION: "approved"},
    )
    plan = decide(seen(issue), standard())
    assert stage_wanted(plan) is Stage.AWAITING_DECISION
    assert "刘洋" in comment(plan, "M54")


@pytest.mark.clause("M54")
def test_the_leaders_own_approval_schedules_the_work():
    issue = perfective(
        Stage.AWAITING_DECISION,
        set_by(LEADER, Field.DECISION, "approved"),
        fields={Field.DECISION: "approved"},
    )
    assert stage_wanted(decide(seen(issue), standard())) is Stage.SCHEDULED


@pytest.mark.clause("M54")
def test_the_leader_of_another_product_cannot_decide():
    issue = perfective(
        Stage.IN_WORK, set_by("zhou.hao", Field.DECISION, "approved"), fields={Field.DECISION: "approved"}
    )
    assert stage_wanted(decide(seen(issue), standard())) is Stage.AWAITING_DECISION


@pytest.mark.clause("M54")
@pytest.mark.parametrize("stage", [Stage.AWAITING_DECISION, Stage.IN_WORK])
def test_what_the_leader_declined_is_not_carried_out(stage):
    issue = perfective(stage, set_by(LEADER, Field.DECISION, "declined"), fields={Field.DECISION: "declined"})
    assert stage_wanted(decide(seen(issue), standard())) is Stage.REJECTED


@pytest.mark.clause("M54")
def test_what_the_leader_declined_is_not_carried_out_however_small_it_is():
    decided = set_by(LEADER, Field.DECISION, "declined")
    issue = perfective(
        Stage.SCHEDULED, decided, fields={Field.DECISION: "declined", Field.ESTIMATE_HOURS: "2"}
    )
    assert stage_wanted(decide(seen(issue), standard())) is Stage.REJECTED
