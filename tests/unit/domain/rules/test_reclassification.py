"""M12, M50: who judges anew says why; who does so when time is nearly up is asked by the leader."""

from dataclasses import replace
from datetime import timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.evidence import acts
from svc_plugin.domain.model import FieldChange, HistoryEntry
from svc_plugin.domain.plan import Watch
from svc_plugin.domain.vocabulary import Field, Stage
from tests.builders import (
    LEADER,
    MAINTAINER,
    MONDAY,
    SERVICE,
    comment,
    maintenance,
    moved,
    seen,
    set_by,
    stage_wanted,
    standard,
    under,
)

CLASS, REASON = Field.MAINTENANCE_CLASS, Field.CLASS_REASON
# critical: 8 working hours from 09:00, lunch from 12:00 to 13:30, so the last fifth begins at 16:54 …
LATE = timedelta(hours=7, minutes=54)
LATER = LATE + timedelta(minutes=10)


def judged(by: str, value: str, *, after: timedelta, reason: str = "", old: str = "") -> HistoryEntry:
    given = (FieldChange(REASON, "", reason),) if reason else ()
    return HistoryEntry(MONDAY + after, by, changes=(FieldChange(CLASS, old, value), *given))


def renamed(
    stage: Stage, *later: HistoryEntry, after: timedelta = LATE, first: str = MAINTAINER, **fields: str
):
    """A critical fault that was judged perfective, with a reason, some time after it was asked for."""
    history = (
        judged(first, "corrective", after=timedelta(minutes=2)),
        judged(MAINTAINER, "perfective", after=after, reason="是新需求", old="corrective"),
        *later,
    )
    given = {
        CLASS: "perfective",
        REASON: "是新需求",
        Field.SEVERITY: "critical",
        Field.ESTIMATE_HOURS: "2",
        **{Field(name): value for name, value in fields.items()},
    }
    return maintenance(stage, fields=given, history=tuple(sorted(history, key=lambda entry: entry.at)))


def decided(issue, policy=None, *, at: timedelta = LATER):
    return decide(seen(issue, now=MONDAY + at), policy or standard())


@pytest.mark.clause("M12")
@pytest.mark.parametrize(
    ("after", "late"), [(LATE - timedelta(seconds=1), False), (LATE, True), (timedelta(days=9), True)]
)
def test_a_fault_renamed_in_the_last_fifth_of_its_time_or_after_it_waits_for_the_leader(after, late):
    plan = decided(renamed(Stage.IN_WORK, after=after), at=timedelta(days=10))
    assert (stage_wanted(plan) is Stage.AWAITING_DECISION) is late
    assert (Watch(LEADER) in plan.changes) is late
    assert ("刘洋" in comment(plan, "M12")) is late


@pytest.mark.clause("M12")
def test_how_long_the_watch_is_the_policy_says():
    issue = renamed(Stage.IN_WORK)
    assert not comment(decided(issue, replace(standard(), reclassify_watch=0.1)), "M12")
    untimed = replace(standard(), resolution={})
    assert not comment(decided(issue, untimed), "M12")


@pytest.mark.clause("M12")
@pytest.mark.parametrize("stage", [Stage.REGISTERED, Stage.CLASSIFIED])
def test_what_has_not_gone_on_is_reported_and_left_where_it_is(stage):
    plan = decided(renamed(stage))
    assert stage_wanted(plan) is None
    assert Watch(LEADER) in plan.changes
    assert comment(plan, "M12")


_ALONE = under(M40="off", M56="off", M57="off", M58="off", M62="off")


@pytest.mark.clause("M12")
@pytest.mark.parametrize("stage", [Stage.DONE, Stage.CLOSED, Stage.REJECTED, Stage.CONVERTED])
def test_neither_finishing_nor_refusing_it_leads_around_the_leader(stage):
    assert stage_wanted(decided(renamed(stage), _ALONE)) is (Stage.AWAITING_DECISION)


@pytest.mark.clause("M12")
@pytest.mark.parametrize(
    ("by", "when", "confirmed"),
    [
        (LEADER, LATER, True),
        (LEADER, LATE, True),  # in the same moment
        (LEADER, timedelta(hours=1), False),
        ("zhou.hao", LATER, False),
        (SERVICE, LATER, False),
    ],
)
def test_only_the_leaders_own_decision_after_the_change_confirms_it(by, when, confirmed):
    decision = set_by(by, Field.DECISION, "approved", after=when)
    plan = decided(renamed(Stage.SCHEDULED, decision, decision="approved"), at=LATER * 2)
    assert (stage_wanted(plan) is None) is confirmed
    assert bool(comment(plan, "M12")) is not confirmed


@pytest.mark.clause("M12")
def test_an_approval_before_the_change_within_its_second_does_not_confirm_it():
    issue = renamed(
        Stage.SCHEDULED, set_by(LEADER, Field.DECISION, "approved", after=LATE), decision="approved"
    )
    first, change, approval = issue.history
    before = replace(issue, history=(first, approval, change))
    assert stage_wanted(decided(before, at=LATER * 2)) is Stage.AWAITING_DECISION


@pytest.mark.clause("M12")
def test_an_earlier_approval_does_not_schedule_it_again():
    decision = set_by(LEADER, Field.DECISION, "approved", after=timedelta(hours=1))
    issue = renamed(Stage.AWAITING_DECISION, decision, decision="approved", estimate_hours="40")
    assert stage_wanted(decided(issue)) is None


@pytest.mark.clause("M12")
def test_what_was_never_judged_corrective_is_not_watched():
    issue = renamed(Stage.IN_WORK, first=SERVICE)  # a suggestion is no judgement
    assert not comment(decided(issue), "M12")


@pytest.mark.clause("M12")
def test_writing_it_back_and_forth_in_another_hand_does_not_hide_the_change():
    there = judged(SERVICE, "corrective", after=LATE + timedelta(minutes=1), old="perfective")
    back = judged(MAINTAINER, "perfective", after=LATE + timedelta(minutes=2), old="corrective")
    assert stage_wanted(decided(renamed(Stage.IN_WORK, there, back))) is Stage.AWAITING_DECISION


@pytest.mark.clause("M12")
def test_two_judgements_within_one_second_are_two():
    issue = renamed(Stage.IN_WORK)
    first, second = issue.history
    at_once = replace(issue, history=(replace(first, at=second.at), second))
    assert stage_wanted(decided(at_once)) is Stage.AWAITING_DECISION


@pytest.mark.clause("M12")
def test_warned_it_is_told_and_stays_and_off_nothing_is_said():
    plan = decided(renamed(Stage.IN_WORK), under(M12="warned"))
    assert comment(plan, "M12")
    assert stage_wanted(plan) is None
    assert Watch(LEADER) not in plan.changes
    assert not comment(decided(renamed(Stage.IN_WORK), under(M12="off")), "M12")


def anew(stage: Stage, *history: HistoryEntry, reason: str, by: str = MAINTAINER):
    given = {CLASS: "corrective", REASON: reason}
    first = judged(MAINTAINER, "perfective", after=timedelta(minutes=2), reason="原来的理由")
    second = judged(by, "corrective", after=timedelta(minutes=9), old="perfective")
    all_of_it = sorted((first, second, *history), key=lambda entry: entry.at)
    return maintenance(stage, fields=given, history=tuple(all_of_it))


@pytest.mark.clause("M50")
@pytest.mark.parametrize(
    ("reason", "after", "stands"),
    [
        ("原来的理由", timedelta(minutes=2), False),  # the reason of the judgement before
        ("其实是缺陷", timedelta(minutes=8), False),
        ("其实是缺陷", timedelta(minutes=9), True),  # in the same act
        ("其实是缺陷", timedelta(minutes=30), True),
        (" ", timedelta(minutes=30), False),
        ("", timedelta(minutes=30), False),
    ],
)
def test_who_judges_anew_gives_the_reason_with_it_or_after_it(reason, after, stands):
    issue = anew(Stage.IN_WORK, set_by(MAINTAINER, REASON, reason, after=after), reason=reason)
    plan = decided(issue, at=timedelta(hours=1))
    assert stage_wanted(plan) is (None if stands else Stage.CLASSIFIED)
    assert bool(comment(plan, "M50")) is not stands


@pytest.mark.clause("M50")
def test_a_reason_given_before_the_judgement_is_none_for_it_even_in_the_same_second():
    issue = maintenance(
        Stage.IN_WORK,
        fields={CLASS: "corrective", REASON: "看不全长的名称"},
        author=MAINTAINER,
        history=(judged(MAINTAINER, "corrective", after=timedelta(0), old="perfective"),),
    )
    assert issue.history[0].at == issue.created_at
    assert stage_wanted(decided(issue, at=timedelta(hours=1))) is Stage.CLASSIFIED


@pytest.mark.clause("M50")
@pytest.mark.parametrize("stage", [Stage.REGISTERED, Stage.CLASSIFIED])
def test_the_reason_is_asked_for_before_it_goes_on(stage):
    plan = decided(anew(stage, reason="原来的理由"), at=timedelta(hours=1))
    assert stage_wanted(plan) is None
    assert "改判之后写明的判断理由" in comment(plan, "M50")


@pytest.mark.clause("M50")
def test_the_first_judgement_and_the_same_one_again_need_no_new_reason():
    again = judged(MAINTAINER, "corrective", after=timedelta(minutes=9), old="corrective")
    first = judged(MAINTAINER, "corrective", after=timedelta(minutes=2))
    for history in ((first,), (first, again)):
        issue = maintenance(Stage.IN_WORK, fields={CLASS: "corrective"}, history=history)
        assert not comment(decided(issue, at=timedelta(hours=1)), "M50")


@pytest.mark.clause("M50")
def test_a_class_emptied_in_between_is_remembered():
    history = (
        judged(MAINTAINER, "perfective", after=timedelta(minutes=2)),
        judged(MAINTAINER, "", after=timedelta(minutes=5), old="perfective"),
        judged(MAINTAINER, "corrective", after=timedelta(minutes=9)),
    )
    issue = maintenance(Stage.IN_WORK, fields={CLASS: "corrective"}, history=history)
    assert stage_wanted(decided(issue, at=timedelta(hours=1))) is Stage.CLASSIFIED


@pytest.mark.clause("M50")
def test_a_class_given_at_creation_by_maintenance_staff_was_a_judgement():
    change = judged(MAINTAINER, "corrective", after=timedelta(minutes=9), old="perfective")
    issue = maintenance(Stage.IN_WORK, fields={CLASS: "corrective"}, history=(change,), author=MAINTAINER)
    assert stage_wanted(decided(issue, at=timedelta(hours=1))) is Stage.CLASSIFIED
    assert [(act.account, act.value) for act in acts(issue, CLASS)] == [
        (MAINTAINER, "perfective"),
        (MAINTAINER, "corrective"),
    ]


@pytest.mark.clause("M50")
def test_warned_an_unreasoned_judgement_is_told_and_stays():
    plan = decided(anew(Stage.IN_WORK, reason=""), under(M50="warned"), at=timedelta(hours=1))
    assert comment(plan, "M50")
    assert stage_wanted(plan) is None


@pytest.mark.clause("M12")
def test_moves_alone_are_no_judgement():
    issue = maintenance(Stage.IN_WORK, history=(moved(MAINTAINER, Stage.IN_WORK),))
    assert acts(issue, CLASS) == ()
