"""Maintenance requirements with their measures, decisions, visits and patches (M44, M50-M58, M60)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from svc_plugin.domain.clocks import Clock, received_at, resolution
from svc_plugin.domain.evidence import last_set
from svc_plugin.domain.figures.common import of_kind
from svc_plugin.domain.figures.effort import Booked, total
from svc_plugin.domain.figures.maintenance_model import Decision, OnSite, Patch, WorkRow
from svc_plugin.domain.figures.model import Figure, Response, Visit
from svc_plugin.domain.figures.requests import customer_name
from svc_plugin.domain.figures.tallies import grouped
from svc_plugin.domain.figures.window import Window, done_at, is_open, text_of, touched, wordless
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.moments import read_moment, read_number
from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.resources import COMMITTED, before, fresh_check, is_small, month_of, scheduled_at
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.domain.working_time import elapsed_working

_ENDED = frozenset({Stage.DONE, Stage.CLOSED})


def rows(
    issues: Iterable[Issue],
    booked: Sequence[Booked],
    registers: Registers,
    policies: Policies | Policy,
    until: datetime,
) -> Iterator[WorkRow]:
    """Describe each requirement as it stood at ``until``."""
    spent = grouped(booked, lambda entry: str(entry.ref))
    for issue in issues:
        policy = policies.at(received_at(issue, registers))
        clock = resolution(wordless(issue, registers, until), policy)
        kept = _kept(clock, until, ended=not is_open(issue))
        yield _row(issue, registers, total(spent[str(issue.ref)]), kept)


def _row(issue: Issue, registers: Registers, hours: Figure, kept: Response) -> WorkRow:
    received, done = received_at(issue, registers), done_at(issue)
    judged = last_set(issue, Field.MAINTENANCE_CLASS)
    return WorkRow(
        ref=issue.ref,
        source=text_of(issue, Field.SOURCE),
        customer=customer_name(issue, registers),
        title=issue.title,
        received=received,
        registered=issue.created_at,
        maintenance_class=text_of(issue, Field.MAINTENANCE_CLASS),
        maintenance_type=text_of(issue, Field.MAINTENANCE_TYPE),
        severity=text_of(issue, Field.SEVERITY),
        judged_by=registers.name_of(judged.account) if judged else "",
        judged_at=judged.at if judged else None,
        cause=text_of(issue, Field.ROOT_CAUSE),
        measure=text_of(issue, Field.MEASURE),
        test_result=text_of(issue, Field.TEST_RESULT),
        tester=registers.name_of(text_of(issue, Field.TESTER)),
        evidence=text_of(issue, Field.TEST_EVIDENCE),
        base_version=text_of(issue, Field.BASE_VERSION),
        fixed_version=text_of(issue, Field.FIXED_VERSION),
        change_refs=text_of(issue, Field.CHANGE_REFS),
        hours=hours,
        resolution=kept,
        done_at=done,
        duration=elapsed_working(registers.calendar, received, done) if done else None,
        satisfaction=text_of(issue, Field.SATISFACTION_EVIDENCE),
        owner=registers.name_of(issue.assignee),
        stage=issue.stage,
        status=issue.status,
        open=is_open(issue),
    )


def decisions(
    issues: Iterable[Issue],
    known: Iterable[Issue],
    registers: Registers,
    policies: Policies | Policy,
) -> Iterator[Decision]:
    """Describe how each perfective requirement was decided on (M13, M53, M54).

    ``known`` is all maintenance of the product: what others had taken of a month.
    """
    zone = registers.calendar.zone
    committed = grouped((one for one in known if one.stage in COMMITTED), lambda one: _month(one, zone))
    for issue in issues:
        if text_of(issue, Field.MAINTENANCE_CLASS) != "perfective":
            continue
        decided = last_set(issue, Field.DECISION)
        yield Decision(
            ref=issue.ref,
            title=issue.title,
            customer=customer_name(issue, registers),
            estimate=read_number(issue.value(Field.ESTIMATE_HOURS)),
            fits=_fits(issue, committed[_month(issue, zone)], registers, policies),
            decision=decided.value if decided else "",
            by=registers.name_of(decided.account) if decided else "",
            at=decided.at if decided else None,
            opinion=text_of(issue, Field.DECISION_OPINION),
            factors=text_of(issue, Field.DECISION_FACTORS),
            explanation=text_of(issue, Field.EXPLANATION),
            project=issue.stage is Stage.CONVERTED,
            stage=issue.stage,
            status=issue.status,
        )


def _month(issue: Issue, zone: tzinfo) -> str:
    at = scheduled_at(issue)
    return str(month_of(at, zone)) if at else ""


def _fits(
    issue: Issue, committed: Iterable[Issue], registers: Registers, policies: Policies | Policy
) -> bool | None:
    """Repeat the check of the resources (M53), by the policy and for the month of the scheduling."""
    if is_small(issue, policies.at(scheduled_at(issue) or received_at(issue, registers))):
        return True
    check = fresh_check(issue, before(issue, committed, registers.calendar.zone), registers)
    return check.fits if check else None


def on_site(
    issues: Iterable[Issue], visits: Mapping[IssueRef, Visit], registers: Registers
) -> Iterator[OnSite]:
    """Describe for each defect whether and when somebody went there (M51).

    ``visits`` are by the issue for which they were made: the work itself or the request behind it.
    """
    for issue in issues:
        if text_of(issue, Field.MAINTENANCE_CLASS) != "corrective":
            continue
        request = issue.owner
        visit = visits.get(issue.ref) or (visits.get(request) if request else None)
        yield OnSite(
            ref=issue.ref,
            customer=customer_name(issue, registers),
            title=issue.title,
            needed=text_of(issue, Field.VISIT_NEEDED),
            at=read_moment(issue.value(Field.VISIT_AT), registers.calendar.zone),
            visit=visit,
        )


def patches(issues: Iterable[Issue], registers: Registers, window: Window) -> tuple[Patch, ...]:
    """Describe each version of broad value that the period was about, with its way to the customers (M58).

    In it are changes acted on within the period, and those whose updates were, or are open still.
    """
    known = tuple(issues)
    updates = grouped(
        (i for i in of_kind(known, IssueKind.SERVICE_TASK) if text_of(i, Field.TASK_KIND) == "patch_update"),
        lambda issue: str(issue.owner),
    )
    broad = [
        work
        for work in of_kind(known, IssueKind.MAINTENANCE)
        if text_of(work, Field.BROAD_VALUE) == "yes"
        and work.stage in _ENDED
        and any(touched(issue, window) for issue in (work, *updates[str(work.ref)]))
    ]
    versions = grouped(broad, lambda issue: text_of(issue, Field.FIXED_VERSION))
    return tuple(
        _patch(version, works, [task for work in works for task in updates[str(work.ref)]], registers)
        for version, works in sorted(versions.items())
    )


def _patch(version: str, works: Sequence[Issue], tasks: Sequence[Issue], registers: Registers) -> Patch:
    done = tuple(task.ref for task in tasks if not is_open(task))
    refs = tuple(task.ref for task in tasks)
    waiting = (customer_name(task, registers) for task in tasks if is_open(task))
    return Patch(
        version=version,
        works=tuple(work.ref for work in works),
        titles=tuple(work.title for work in works),
        affected=Figure.count(refs),
        updated=Figure.count(done),
        coverage=Figure(len(done) / len(refs) if refs else None, refs),
        waiting=tuple(dict.fromkeys(waiting)),
    )


def _kept(clock: Clock | None, until: datetime, *, ended: bool) -> Response:
    """Judge a clock; an issue that ended without stopping it has missed it for good."""
    if clock is None:
        return Response(None, None, None)
    if clock.stopped_at is None:
        return Response(None, None, False if ended or clock.breached(until) else None)
    return Response(clock.stopped_at, clock.used, not clock.breached(until))
