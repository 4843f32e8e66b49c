"""Who gave a field its present value, and what a decision is about."""

from datetime import timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.evidence import Act, last_moved, last_set, value_at
from svc_plugin.domain.vocabulary import Field, Stage
from svc_plugin.domain.working_time import add_working
from tests.builders import (
    LEADER,
    MAINTAINER,
    MONDAY,
    SERVICE,
    an_issue,
    example,
    moved,
    seen,
    set_by,
    standard,
)

CALENDAR = example().registers.calendar


def test_a_value_belongs_to_who_set_this_field_to_it_last():
    history = (
        set_by(LEADER, Field.SEVERITY, "major", after=timedelta(minutes=1)),
        set_by(SERVICE, Field.SEVERITY, "minor", after=timedelta(minutes=2)),
        set_by(SERVICE, Field.REQUEST_KIND, "major", after=timedelta(minutes=3)),
    )
    issue = an_issue(fields={Field.SEVERITY: "major"}, history=history)
    assert last_set(issue, Field.SEVERITY) == Act(LEADER, MONDAY + timedelta(minutes=1), "major")


def test_a_value_that_nobody_set_was_the_authors_from_the_start():
    issue = an_issue(fields={Field.SEVERITY: "major"}, author=MAINTAINER)
    assert last_set(issue, Field.SEVERITY) == Act(MAINTAINER, MONDAY, "major")
    assert last_set(issue, Field.MEASURE) is None


def test_a_plan_names_its_issue():
    assert decide(seen(an_issue(key="77")), standard()).ref.key == "77"


def test_a_moment_keeps_the_zone_it_was_given_in():
    assert add_working(CALENDAR, MONDAY, timedelta(hours=1)).tzinfo is MONDAY.tzinfo


def test_no_working_time_is_over_at_once_also_outside_working_hours():
    night = MONDAY - timedelta(hours=5)
    assert add_working(CALENDAR, night, timedelta(0)) == night


def test_negative_working_time_is_refused_by_its_value():
    with pytest.raises(ValueError, match="duration must not be negative: -1 day"):
        add_working(CALENDAR, MONDAY, timedelta(hours=-1))


def test_who_moved_an_issue_last_is_told_with_when_and_where_to():
    history = (
        moved(SERVICE, Stage.IN_PROGRESS, after=timedelta(minutes=1)),
        moved(LEADER, Stage.ANSWERED, frm=Stage.IN_PROGRESS, after=timedelta(minutes=2)),
        moved(MAINTAINER, Stage.IN_PROGRESS, frm=Stage.ANSWERED, after=timedelta(minutes=3)),
    )
    issue = an_issue(stage=Stage.IN_PROGRESS, history=history)
    assert last_moved(issue, Stage.IN_PROGRESS) == Act(
        MAINTAINER, MONDAY + timedelta(minutes=3), "in_progress"
    )
    assert last_moved(issue, Stage.CLOSED) == Act(SERVICE, MONDAY, "closed")


@pytest.mark.parametrize(("minutes", "value"), [(0, "minor"), (1, "major"), (2, "major"), (3, "critical")])
def test_a_change_counts_from_its_own_moment_on(minutes, value):
    history = (
        set_by(LEADER, Field.SEVERITY, "major", old="minor", after=timedelta(minutes=1)),
        set_by(LEADER, Field.MEASURE, "x", after=timedelta(minutes=2)),
        set_by(LEADER, Field.SEVERITY, "critical", old="major", after=timedelta(minutes=3)),
    )
    issue = an_issue(fields={Field.SEVERITY: "critical"}, history=history)
    assert value_at(issue, Field.SEVERITY, MONDAY + timedelta(minutes=minutes)) == value
