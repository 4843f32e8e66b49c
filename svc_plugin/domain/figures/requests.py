"""Requests with their measures, complaints and suggestions (M27, M36, M37, M39)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from svc_plugin.domain.clocks import first_response, received_at, responded_at
from svc_plugin.domain.figures.model import Response
from svc_plugin.domain.figures.service_model import Complaint, RequestRow, Suggestion
from svc_plugin.domain.figures.window import Window, done_at, is_open, text_of, touched, wordless
from svc_plugin.domain.model import Issue
from svc_plugin.domain.moments import read_number
from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.vocabulary import Field
from svc_plugin.domain.working_time import elapsed_working


def in_period(issues: Iterable[Issue], registers: Registers, window: Window) -> tuple[Issue, ...]:
    """Pick the issues that belong into a report, in the order in which customers asked.

    In it are those received, registered or acted on within the period, and those open at its end (M39).
    """
    dated = [(received_at(issue, registers), issue.ref, issue) for issue in issues]
    kept = [
        entry
        for entry in dated
        if entry[0] < window.end and (window.holds(entry[0]) or touched(entry[2], window))
    ]
    return tuple(entry[2] for entry in sorted(kept, key=lambda entry: entry[:2]))


def rows(
    issues: Sequence[Issue], registers: Registers, policies: Policies | Policy, until: datetime
) -> Iterator[RequestRow]:
    """Describe each request as it stood at ``until``, judged by the policy in force when it was asked."""
    for issue in issues:
        received, done = received_at(issue, registers), done_at(issue)
        yield RequestRow(
            ref=issue.ref,
            customer=customer_name(issue, registers),
            channel=text_of(issue, Field.CHANNEL),
            received=received,
            registered=issue.created_at,
            kind=text_of(issue, Field.REQUEST_KIND),
            title=issue.title,
            measure=text_of(issue, Field.MEASURE),
            response=_response(issue, registers, policies.at(received), until),
            done_at=done,
            duration=elapsed_working(registers.calendar, received, done) if done else None,
            satisfaction=text_of(issue, Field.SATISFACTION_EVIDENCE),
            score_product=read_number(issue.value(Field.SCORE_PRODUCT)),
            score_service=read_number(issue.value(Field.SCORE_SERVICE)),
            owner=registers.name_of(issue.assignee),
            stage=issue.stage,
            status=issue.status,
            open=is_open(issue),
        )


def complaints(issues: Iterable[Issue], registers: Registers) -> Iterator[Complaint]:
    """Describe the complaints among the requests."""
    for issue in issues:
        if text_of(issue, Field.REQUEST_KIND) == "complaint":
            yield Complaint(
                ref=issue.ref,
                customer=customer_name(issue, registers),
                title=issue.title,
                received=received_at(issue, registers),
                measure=text_of(issue, Field.MEASURE),
                outcome=text_of(issue, Field.COMPLAINT_OUTCOME),
                open=is_open(issue),
            )


def suggestions(issues: Iterable[Issue], registers: Registers) -> Iterator[Suggestion]:
    """Describe the suggestions among the requests."""
    for issue in issues:
        if text_of(issue, Field.REQUEST_KIND) == "suggestion":
            yield Suggestion(
                ref=issue.ref,
                customer=customer_name(issue, registers),
                title=issue.title,
                decision=text_of(issue, Field.SUGGESTION_DECISION),
                thanks_on=text_of(issue, Field.THANKS_SENT_ON),
                explanation=text_of(issue, Field.EXPLANATION),
                open=is_open(issue),
            )


def customer_name(issue: Issue, registers: Registers) -> str:
    """Return the customer's name from the register, or what the issue says when the register has none."""
    text = text_of(issue, Field.CUSTOMER)
    known = registers.customer_named(text)
    return known.name if known else text


def _response(issue: Issue, registers: Registers, policy: Policy, until: datetime) -> Response:
    clock = first_response(wordless(issue, registers, until), policy)
    at = responded_at(issue, registers)
    if at is None:
        # a request that ended without a response has missed it for good
        missed = clock is not None and (clock.breached(until) or not is_open(issue))
        return Response(None, None, False if missed else None)
    if clock is None:
        return Response(at, elapsed_working(registers.calendar, received_at(issue, registers), at), None)
    return Response(at, clock.used, not clock.breached(until))
