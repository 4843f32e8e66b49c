"""Some hours under one clock with all faults on; `python -m tests.faults.simulate` lives through more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest

from tests.faults.simulate import Verdict, compared, quiet
from tests.faults.simulation.faults import FAULTS
from tests.faults.simulation.people import Size
from tests.faults.simulation.run import Simulation

SIZE = Size(cases=8, edits=2, hours=6, tick_minutes=5, sweep_minutes=30)


@pytest.fixture(scope="module")
def verdict() -> Verdict:
    quiet()
    return compared(20, SIZE)


def test_a_world_full_of_faults_ends_as_one_without(verdict: Verdict) -> None:
    assert verdict.faulty.met.total() > 20
    assert (verdict.lost, verdict.doubled, verdict.left) == ([], [], [])


def test_the_same_seed_is_the_same_world(verdict: Verdict) -> None:
    again = Simulation(20, SIZE, FAULTS).run()
    assert again == verdict.faulty


def test_to_jump_over_empty_time_changes_nothing(verdict: Verdict) -> None:
    """A world in which every tick and every sweep comes ends alike; only the site is asked more often."""
    restless = Simulation(20, SIZE, ())

    def ceaselessly(act: Callable[[], object]) -> datetime:
        act()
        return restless.calendar.moment

    for one in (restless.ticks, restless.sweeps):
        one.what = partial(ceaselessly, one.what)
        one.wake()
    ending = restless.run()
    assert ending.requests > verdict.plain.requests
    assert replace(ending, requests=verdict.plain.requests) == verdict.plain


def test_what_is_lost_would_be_found(verdict: Verdict) -> None:
    """A world without sweeps and ticks is one in which something is missing in the end."""
    unfinished = Simulation(20, SIZE, FAULTS)
    unfinished.sweeps.what = unfinished.ticks.what = lambda: None
    ending = unfinished.run()
    assert Verdict(20, SIZE, verdict.plain, ending, 1.0).lost
