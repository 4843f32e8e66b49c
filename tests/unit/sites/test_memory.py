from datetime import UTC, datetime, timedelta

import pytest

from svc_plugin.domain.errors import TransientError, UnmappedError
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.plan import PutComment, SetStage
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.sites.memory import MemorySite

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


def a_site() -> tuple[MemorySite, IssueRef]:
    site = MemorySite("main", lambda: NOW)
    return site, site.create(IssueKind.SERVICE_REQUEST, "erp", "开票失败", author="wang.fang")


def test_a_failure_does_nothing_and_passes() -> None:
    site, ref = a_site()
    site.fail_next(2)
    for _ in range(2):
        with pytest.raises(TransientError):
            site.apply(ref, [PutComment("M40", "缺")])
    assert site.fetch(ref).comments == {}
    site.apply(ref, [PutComment("M40", "缺")])
    assert site.fetch(ref).comments == {"M40": "缺"}


def test_a_deaf_stage_is_ignored_for_us_and_not_for_people() -> None:
    site, ref = a_site()
    site.deaf = frozenset({Stage.ANSWERED})
    site.apply(ref, [SetStage(Stage.ANSWERED)])
    assert site.fetch(ref).stage is Stage.REGISTERED
    site.person_does(ref, "wang.fang", stage=Stage.ANSWERED)
    assert site.fetch(ref).stage is Stage.ANSWERED


def test_a_stage_of_another_kind_is_refused() -> None:
    site, ref = a_site()
    with pytest.raises(UnmappedError, match="testing"):
        site.apply(ref, [SetStage(Stage.TESTING)])


def test_a_refused_plan_leaves_nothing_behind() -> None:
    site, ref = a_site()
    before = site.fetch(ref)
    with pytest.raises(UnmappedError):
        site.apply(ref, [PutComment("M40", "缺"), SetStage(Stage.TESTING)])
    assert site.fetch(ref) == before


def test_an_act_that_changes_nothing_leaves_no_entry() -> None:
    site, ref = a_site()
    site.person_does(ref, "wang.fang", fields={Field.ANSWER: ""}, stage=Stage.REGISTERED)
    assert site.fetch(ref).history == ()


def test_acts_are_dated_by_the_clock_that_was_given() -> None:
    moments = iter(NOW + timedelta(minutes=number) for number in range(9))
    site = MemorySite("main", lambda: next(moments))
    ref = site.create(IssueKind.SERVICE_REQUEST, "erp", "开票失败", author="wang.fang")
    site.person_does(ref, "wang.fang", note="看过")
    issue = site.fetch(ref)
    assert (issue.created_at, issue.history[0].at) == (NOW, NOW + timedelta(minutes=1))
    assert issue.updated_at == issue.history[0].at
