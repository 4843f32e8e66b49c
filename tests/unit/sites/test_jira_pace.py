from svc_plugin.sites.jira.pace import LIMITS, Pace


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_twenty_writes_go_at_once_and_the_next_waits_until_the_first_is_two_seconds_old() -> None:
    clock = Clock()
    pace = Pace(clock)
    for number in range(20):
        clock.now = 100 + number / 100
        assert pace.next("1") == 0
    assert round(pace.next("1"), 2) == 1.81
    assert pace.next("2") == 0
    clock.now = 102.0
    assert pace.next("1") == 0


def test_in_any_window_there_are_no_more_writes_than_allowed() -> None:
    clock = Clock()
    pace = Pace(clock)
    written: list[float] = []
    while len(written) < 250:
        wait = pace.next("1")
        if not wait:
            written.append(clock.now)
        clock.now += wait
    for count, span in LIMITS:
        assert all(later - first >= span for first, later in zip(written, written[count:], strict=False))


def test_issues_that_rest_are_forgotten() -> None:
    clock = Clock()
    pace = Pace(clock)
    for number in range(3000):
        clock.now += 1
        assert pace.next(str(number)) == 0
    assert len(pace._writes) < 1100
