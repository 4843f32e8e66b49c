"""The proof of a clock divides its time without gap, for the right causes, and adds up to what was used."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svc_plugin.domain.clocks import State, first_response, measured_until
from svc_plugin.domain.clocks.proof import Cause, Interval, cause_shown, proof
from svc_plugin.domain.model import HistoryEntry, Snapshot
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import Customer, Registers
from svc_plugin.domain.vocabulary import Field, Stage
from svc_plugin.domain.working_time import elapsed_working
from svc_plugin.messages import load
from tests.builders import MONDAY, SERVICE, an_issue, example, seen
from tests.calendars import OFFICE, at, calendars, is_open, moments
from tests.thorough import examples

WAITING, WORKING = Stage.WAITING_CUSTOMER, Stage.IN_PROGRESS
NATIONAL_DAY = {"zh": "国庆节", "en": "National Day"}
MINUTE = timedelta(minutes=1)
ZONES = st.sampled_from([ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu")])


def clock_of(start, now, *, hours=4, pauses=()):
    policy = Policy("p", first_response={"default": timedelta(hours=hours)}, pauses=dict(pauses))
    issue = an_issue(created_at=at(start), fields={Field.CHANNEL: "system"})
    looked = seen(issue, now=at(now))
    return first_response(looked, policy), looked


@pytest.mark.clause("M06")
@pytest.mark.parametrize(
    ("start", "now", "causes", "used"),
    [
        (
            "2026-02-13 16:00",
            "2026-02-24 10:00",
            (
                "working 2 night 15 make_up 3 break 1.5 make_up 4.5 night 6 weekend 24 holiday 24 holiday 72 "
                "holiday 24 weekend 48 holiday 24 night 9 working 1"
            ),
            10.5,
        ),
        (
            "2026-09-30 17:00",
            "2026-10-10 13:00",
            (
                "working 1 night 6 holiday 72 weekend 24 holiday 24 holiday 24 holiday 24 night 9 working 3 "
                "break 1.5 working 4.5 night 15 working 3 break 1.5 working 4.5 night 15 make_up 3 break 1"
            ),
            19,
        ),
        ("2026-11-20 18:30", "2026-11-23 08:00", "night 5.5 weekend 48 night 8", 0),
    ],
    ids=["Spring Festival 2026", "National Day 2026", "a week-end"],
)
def test_real_days_are_proved_hour_by_hour(start, now, causes, used):
    clock, looked = clock_of(start, now)
    words = causes.split()
    wanted = [(cause, float(hours)) for cause, hours in zip(words[::2], words[1::2], strict=True)]
    found = proof(clock, looked.now)
    assert [(part.cause, part.lasted / timedelta(hours=1)) for part in found] == wanted
    assert clock.used == timedelta(hours=used) == sum((part.used for part in found), timedelta())


def test_a_holiday_bears_its_name_in_both_languages():
    clock, looked = clock_of("2026-09-30 17:00", "2026-10-08 10:00")
    first = next(part for part in proof(clock, looked.now) if part.cause is Cause.HOLIDAY)
    assert first.names == NATIONAL_DAY
    assert first.lasted == timedelta(days=3)  # equal days in a row are one interval


def test_a_holiday_that_nobody_named_has_no_name_and_the_proof_is_told_in_utc():
    calendar = replace(example().registers.calendar, holiday_names={})
    waits = HistoryEntry(at("2026-09-30 17:30"), "customer", Stage.REGISTERED, WAITING)
    back = HistoryEntry(at("2026-09-30 17:45"), "customer", WAITING, WORKING)
    asked = an_issue(stage=WORKING, created_at=at("2026-09-30 17:00"), history=(waits, back))
    looked = seen(asked, now=at("2026-10-01 10:00"))
    looked = replace(looked, registers=replace(looked.registers, calendar=calendar))
    found = proof(first_response(looked, policy_of(WAITING)), looked.now)
    assert [part.names for part in found if part.cause is Cause.HOLIDAY] == [{}]
    assert [part.stage for part in found if part.cause is Cause.PAUSED] == [WAITING]
    assert {moment.tzinfo for part in found for moment in (part.starts_at, part.ends_at)} == {UTC}


def test_a_proof_begins_with_the_clock_wherever_the_program_runs():
    zone = ZoneInfo("Pacific/Niue")  # the day ends there when it has ended everywhere else
    calendar = replace(example().registers.calendar, zone=zone)
    looked = replace(seen(an_issue()), registers=replace(example().registers, calendar=calendar))
    moments = [at(f"2026-11-{text}", zone) for text in ("23 23:30", "24 12:00", "24 11:00")]
    found = proof(measured_until(looked, "visit", *moments), looked.now)
    assert [(part.cause, part.lasted) for part in found] == [
        (Cause.NIGHT, timedelta(hours=9, minutes=30)),
        (Cause.WORKING, timedelta(hours=2)),
    ]


def test_a_day_without_hours_within_the_week_is_a_day_off():
    calendar = replace(example().registers.calendar, hours={0: OFFICE})
    looked = replace(seen(an_issue()), registers=replace(example().registers, calendar=calendar))
    started, due, stopped = (at(f"2026-11-{text}") for text in ("24 00:00", "30 12:00", "30 09:00"))
    clock = measured_until(looked, "visit", started, due, stopped)
    assert [part.cause for part in proof(clock, looked.now)] == [Cause.DAY_OFF, Cause.WEEKEND, Cause.NIGHT]


def test_a_clock_stopped_before_it_began_used_nothing():
    issue = an_issue(fields={Field.CHANNEL: "phone"})
    looked = seen(issue, now=MONDAY + timedelta(days=3))
    clock = first_response(looked, example().policy)
    assert (clock.used, proof(clock, looked.now)) == (timedelta(), ())


@st.composite
def situations(draw):
    """A request that moves about, on any calendar, sometimes of a customer in another zone."""
    calendar, start = draw(calendars()), draw(moments())
    steps = draw(st.lists(st.tuples(st.integers(1, 2000), st.sampled_from([WAITING, WORKING])), max_size=5))
    at_, stage, history = start, Stage.REGISTERED, []
    for minutes, to in steps:
        at_ += minutes * MINUTE
        history.append(HistoryEntry(at_, "customer", stage, to))
        stage = to
    answered = draw(st.none() | st.integers(0, 9000))
    if answered is not None:
        history.append(HistoryEntry(start + answered * MINUTE, SERVICE, note="您好"))
    history.sort(key=lambda entry: entry.at)
    now = max([at_, *(entry.at for entry in history)]) + draw(st.integers(0, 4000)) * MINUTE
    customer = Customer("c", "c", "", time_zone=draw(st.none() | ZONES))
    registers = Registers(calendar, example().registers.people, {}, {"c": customer})
    fields = {Field.CUSTOMER: "c", Field.CHANNEL: "system"}
    issue = an_issue(stage=stage, created_at=start, history=tuple(history), fields=fields)
    return Snapshot(issue, registers, load("en"), now)


def policy_of(*paused, customer_hours=False):
    targets = {"default": timedelta(hours=6)}
    return Policy(
        "p", first_response=targets, pauses={"first_response": paused}, customer_hours=customer_hours
    )


POLICIES = st.builds(
    lambda paused, hours: policy_of(*paused, customer_hours=hours),
    st.sets(st.sampled_from([WAITING, WORKING])),
    st.booleans(),
)


def stage_at(issue, moment):
    """The stage in which the issue was at a moment, read entry by entry."""
    stage = Stage.REGISTERED
    for entry in issue.history:
        stage = entry.moved_to if entry.moved_to and entry.at <= moment else stage
    return stage


@settings(max_examples=examples(80), deadline=None)
@given(situations(), POLICIES)
def test_every_minute_has_one_cause_and_what_counted_is_what_was_used(looked, policy):
    clock = first_response(looked, policy)
    end = clock.stopped_at or looked.now
    parts = proof(clock, looked.now)
    edges = [clock.started_at, *(part.ends_at for part in parts)]
    assert [part.starts_at for part in parts] == edges[:-1]
    assert edges[-1] == end
    assert all(one.cause != other.cause or one != other for one, other in pairwise(parts))
    zone = looked.registers.customers["c"].time_zone
    calendar = looked.registers.calendar
    if policy.customer_hours and zone:
        calendar = replace(calendar, zone=zone)
    minute, counted = clock.started_at, 0
    paused = policy.pauses["first_response"]
    while minute < end:
        part = next(part for part in parts if part.starts_at <= minute < part.ends_at)
        stands = stage_at(looked.issue, minute) in paused
        assert (part.cause is Cause.PAUSED) is stands
        runs = is_open(calendar, minute) and not stands
        assert bool(part.used) is runs
        counted += runs
        minute += MINUTE
    assert clock.used == counted * MINUTE == sum((part.used for part in parts), timedelta())


@settings(max_examples=examples(80), deadline=None)
@given(situations(), POLICIES)
def test_a_pause_takes_away_its_own_working_time_and_never_brings_the_due_moment_nearer(looked, policy):
    paused = first_response(looked, policy)
    plain = first_response(looked, replace(policy, pauses={}))
    end = plain.stopped_at or looked.now
    stood = (elapsed_working(paused.calendar, one.since, one.until or end) for one in paused.pauses)
    assert paused.used + sum(stood, timedelta()) == plain.used
    assert paused.due_at >= plain.due_at


@settings(max_examples=examples(80), deadline=None)
@given(situations(), POLICIES, st.integers(0, 5000))
def test_a_later_look_finds_at_least_as_much_used_and_the_same_due_moment(looked, policy, minutes):
    earlier, later = looked, replace(looked, now=looked.now + minutes * MINUTE)
    one, other = first_response(earlier, policy), first_response(later, policy)
    assert (other.started_at, other.due_at, other.stopped_at) == (one.started_at, one.due_at, one.stopped_at)
    assert other.used >= one.used
    if one.state is State.PAUSED:
        assert other.used == one.used


@settings(max_examples=examples(80), deadline=None)
@given(situations(), POLICIES)
def test_a_clock_is_breached_when_its_target_is_used_up_and_not_before(looked, policy):
    clock = first_response(looked, policy)
    if clock.breached(looked.now):
        assert clock.used >= clock.target
    else:
        assert clock.used <= clock.target
    assert clock.reached_at(1.0) == clock.due_at
    assert clock.started_at <= clock.reached_at(0.5) <= clock.due_at


def test_a_customer_beyond_the_change_of_time_is_served_in_its_own_hours():
    berlin = ZoneInfo("Europe/Berlin")
    registers = replace(example().registers, customers={"c": Customer("c", "c", "", time_zone=berlin)})
    issue = an_issue(
        created_at=datetime(2026, 3, 27, 16, 0, tzinfo=UTC),  # Friday 17:00 in Berlin, still winter time
        fields={Field.CUSTOMER: "c", Field.CHANNEL: "system"},
    )
    looked = Snapshot(issue, registers, load("en"), datetime(2026, 3, 31, tzinfo=UTC))
    # one hour on Friday, then Monday 09:00 to 12:00 and two hours from 13:30, in summer time
    due = first_response(looked, policy_of(customer_hours=True)).due_at
    assert due == datetime(2026, 3, 30, 15, 30, tzinfo=berlin)
    assert due == datetime(2026, 3, 30, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("part", "zh", "en"),
    [
        (Interval(MONDAY, MONDAY, Cause.HOLIDAY, names=NATIONAL_DAY), "放假：国庆节", "closed: National Day"),
        (Interval(MONDAY, MONDAY, Cause.HOLIDAY), "节假日", "public holiday"),
        (
            Interval(MONDAY, MONDAY, Cause.PAUSED, WAITING),
            "暂停：待客户",
            'paused in "waiting for customer"',
        ),
        *((Interval(MONDAY, MONDAY, cause), "", "") for cause in Cause if cause is not Cause.PAUSED),
    ],
)
def test_every_cause_is_said_in_both_languages(part, zh, en):
    assert cause_shown(load("zh"), part).startswith(zh)
    assert cause_shown(load("en"), part).startswith(en)
    assert cause_shown(load("zh"), part) != cause_shown(load("en"), part)
