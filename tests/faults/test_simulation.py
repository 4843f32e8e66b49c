"""Some hours under one clock with all faults on; `python -m tests.faults.simulate` lives through more."""

import pytest

from tests.faults.simulate import Verdict, compared, quiet
from tests.faults.simulation.faults import FAULTS
from tests.faults.simulation.run import Simulation, Size

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


def test_what_is_lost_would_be_found(verdict: Verdict) -> None:
    """A world without sweeps and ticks is one in which something is missing in the end."""
    unfinished = Simulation(20, SIZE, FAULTS)
    unfinished.sweeper.sweep_safely = lambda _: None  # type: ignore[method-assign]
    unfinished._tick = lambda: None  # type: ignore[method-assign]
    ending = unfinished.run()
    assert Verdict(20, SIZE, verdict.plain, ending, 1.0).lost
