"""Where an issue has been, read from its history."""

from datetime import timedelta

from svc_plugin.domain.stays import present_since, stays
from svc_plugin.domain.vocabulary import Stage
from tests.builders import MAINTAINER, MONDAY, SERVICE, an_issue, moved, said

HOUR = timedelta(hours=1)


def test_an_issue_that_never_moved_has_been_where_it_is_since_its_creation():
    issue = an_issue(history=(said(SERVICE, "您好", after=HOUR),))
    (only,) = stays(issue)
    assert (only.stage, only.since, only.until, only.moved_by) == (Stage.REGISTERED, MONDAY, None, SERVICE)
    assert present_since(issue) == MONDAY


def test_stays_follow_each_other_without_gap_also_through_a_status_that_is_not_mapped():
    history = (
        moved(MAINTAINER, None, frm=Stage.REGISTERED, after=HOUR),
        moved(SERVICE, Stage.IN_PROGRESS, frm=None, after=2 * HOUR),
        moved(SERVICE, Stage.IN_PROGRESS, frm=Stage.IN_PROGRESS, after=3 * HOUR),  # no move at all
    )
    found = stays(an_issue(stage=Stage.IN_PROGRESS, history=history))
    assert [stay.stage for stay in found] == [Stage.REGISTERED, None, Stage.IN_PROGRESS]
    assert [stay.until for stay in found[:-1]] == [stay.since for stay in found[1:]]
    assert [stay.moved_by for stay in found] == [SERVICE, MAINTAINER, SERVICE]


def test_the_last_stay_is_in_the_stage_that_the_site_shows_now():
    issue = an_issue(stage=None, history=(moved(SERVICE, Stage.IN_PROGRESS, after=HOUR),))
    assert (stays(issue)[-1].stage, present_since(issue)) == (None, MONDAY + HOUR)
