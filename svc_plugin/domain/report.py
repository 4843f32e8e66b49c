"""M38-M41, M59-M62, M72, M76: what a report says, computed from issues alone."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from svc_plugin.domain.clocks import received_at
from svc_plugin.domain.figures import requests, service
from svc_plugin.domain.figures.model import Effort, Figure, ServiceReport
from svc_plugin.domain.figures.statistics import Past, statistics
from svc_plugin.domain.figures.window import Window, as_of, before, text_of, window_of
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.vocabulary import Field, IssueKind


def customer_service_report(
    issues: Iterable[Issue],
    registers: Registers,
    policy: Policy,
    *,
    product: str,
    period: str,
    now: datetime,
) -> ServiceReport:
    """Compute the customer service report of one product and period.

    ``issues`` are all that are known of the product (others are left out), with their history and time
    entries; give those of the period before too, and the report compares. Everything is told as it stood
    at the period's end, so a report made later says the same (M76); before that end, as it stands at
    ``now``. Days are those of the company's calendar. Raises ``ValueError`` for a period that is not
    understood.
    """
    window = window_of(period, registers.calendar.zone)
    known = [as_of(issue, window.end) for issue in issues if issue.product == product]
    found = requests.in_period(_requests(known), registers, window)
    rows = tuple(requests.rows(found, registers, policy, min(now, window.end)))
    tasks = tuple(service.tasks(known, registers, window))
    surveys = tuple(service.surveys(tasks))
    efforts = service.efforts(known, registers, window)
    return ServiceReport(
        product=product,
        period=period.strip(),
        first=window.first,
        last=window.last,
        plans=tuple(service.plans(known, registers, window)),
        requests=rows,
        statistics=statistics(rows, _past(known, registers, before(window)), surveys, window),
        complaints=tuple(requests.complaints(found, registers)),
        suggestions=tuple(requests.suggestions(found, registers)),
        surveys=surveys,
        handovers=tuple(service.hand_overs(found, known, registers)),
        visits=tuple(service.visits(tasks, found, registers)),
        tasks=tuple(task for _, task in tasks),
        task_tallies=service.task_tallies([task for _, task in tasks], window),
        efforts=efforts,
        effort_total=_sum(efforts),
        waivers=tuple(service.waivers([*found, *(issue for issue, _ in tasks)], registers)),
    )


def _requests(issues: Iterable[Issue]) -> list[Issue]:
    return [issue for issue in issues if issue.kind is IssueKind.SERVICE_REQUEST]


def _past(issues: Iterable[Issue], registers: Registers, window: Window) -> list[Past]:
    """List the requests received within the period before, as the record knows them today."""
    return [
        Past(
            issue.ref,
            text_of(issue, Field.REQUEST_KIND),
            requests.customer_name(issue, registers),
            text_of(issue, Field.CHANNEL),
        )
        for issue in sorted(_requests(issues), key=lambda i: i.ref)
        if window.holds(received_at(issue, registers))
    ]


def _sum(efforts: Sequence[Effort]) -> Figure:
    refs: dict[IssueRef, None] = {ref: None for effort in efforts for ref in effort.hours.refs}
    return Figure(sum(effort.hours.value or 0.0 for effort in efforts), tuple(sorted(refs)))
