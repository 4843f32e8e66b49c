"""The rules over figures and moments: brake, fight, pause."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from svc_plugin.domain.limits import Act, counts_for_brake, fight, pause, too_much
from svc_plugin.domain.plan import PutComment, SetStage
from svc_plugin.domain.vocabulary import Stage
from tests.builders import MONDAY

REOPEN, OTHER = SetStage(Stage.IN_PROGRESS), SetStage(Stage.CLOSED)


@pytest.mark.parametrize(
    ("changed", "of", "held"),
    [
        (10, 10, False),
        (11, 11, True),
        (11, 36, True),
        (11, 37, False),
        (3000, 10_000, False),
        (3001, 10_000, True),
    ],
)
def test_more_than_ten_and_more_than_thirty_percent_is_too_much(changed: int, of: int, held: bool) -> None:
    assert too_much(changed, of) is held


def test_what_was_filed_within_the_hour_does_not_count() -> None:
    assert not counts_for_brake(MONDAY, MONDAY + timedelta(minutes=59))
    assert counts_for_brake(MONDAY, MONDAY + timedelta(hours=1))


def acts(*minutes: float, change: SetStage = REOPEN) -> Sequence[Act]:
    return [Act(MONDAY + timedelta(minutes=one), (change, PutComment("M40", str(one)))) for one in minutes]


def after(**span: float) -> object:
    return MONDAY + timedelta(**span)


def test_the_same_change_six_times_within_an_hour_is_a_fight_for_a_day() -> None:
    done = acts(0, 10, 20, 30, 40, 50)
    found = fight(done, (REOPEN,), MONDAY + timedelta(hours=1))
    assert found is not None
    assert (found.count, found.hours, found.until) == (6, 1, after(minutes=50, hours=24))
    assert fight(done, (REOPEN,), MONDAY + timedelta(hours=23, minutes=59)) is not None
    assert fight(done, (REOPEN,), MONDAY + timedelta(hours=25)) is None


@pytest.mark.parametrize(
    ("done", "wanted"),
    [
        (acts(0, 10, 20, 30, 40), REOPEN),
        (acts(0, 13, 26, 39, 52, 65), REOPEN),
        (acts(0, 10, 20, 30, 40, 50), OTHER),
        (acts(0, 10, 20, 30, 40, 50), PutComment("M40", "60")),
    ],
    ids=["five", "slower", "something else", "words that differ"],
)
def test_less_or_slower_or_something_else_is_no_fight(done: Sequence[Act], wanted: SetStage) -> None:
    assert fight(done, (wanted,), MONDAY + timedelta(hours=1, minutes=10)) is None


def test_twenty_acts_of_any_kind_within_a_day_are_a_fight_too() -> None:
    done = [*acts(*range(0, 1200, 120)), *acts(*range(60, 1200, 120), change=OTHER)]
    now = MONDAY + timedelta(hours=20)
    assert fight(done[1:], (REOPEN,), now) is None
    found = fight(done, (REOPEN,), now)
    assert found is not None
    assert (found.count, found.hours, found.until) == (20, 24, MONDAY + timedelta(hours=24))


def test_a_clock_that_was_set_back_does_not_hide_a_fight() -> None:
    assert fight(acts(0, 1, 2, 3, 4, 5), (REOPEN,), MONDAY - timedelta(minutes=30)) is not None


def test_pauses_grow_to_five_minutes_and_what_the_site_asks_for_is_kept() -> None:
    assert [pause(n, None).total_seconds() for n in range(1, 9)] == [5, 10, 20, 40, 80, 160, 300, 300]
    assert pause(10_000, None) == timedelta(minutes=5)
    assert [pause(1, asked).total_seconds() for asked in (0, 77, 10**9)] == [1, 77, 3600]
