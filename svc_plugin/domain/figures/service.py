"""What only the service report tells beside the requests: surveys and hand-overs (M29, M32, M64)."""

from collections.abc import Iterable, Iterator

from svc_plugin.domain.figures.common import of_kind
from svc_plugin.domain.figures.model import Task
from svc_plugin.domain.figures.service_model import HandOver, Survey
from svc_plugin.domain.figures.window import done_at, text_of
from svc_plugin.domain.model import Issue, origin_marker
from svc_plugin.domain.moments import read_moment, read_number
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.vocabulary import Field, IssueKind


def surveys(found: Iterable[tuple[Issue, Task]]) -> Iterator[Survey]:
    """Pick the surveys with their scores (M29, M64)."""
    for issue, task in found:
        if task.kind == "survey":
            product, service = (
                read_number(issue.value(name)) for name in (Field.SCORE_PRODUCT, Field.SCORE_SERVICE)
            )
            yield Survey(task, product, service)


def hand_overs(
    requests: Iterable[Issue], issues: Iterable[Issue], registers: Registers
) -> Iterator[HandOver]:
    """Describe every fault, and every other request that has a maintenance issue of its own (M32)."""
    works: dict[str, Issue] = {}
    for work in sorted(of_kind(issues, IssueKind.MAINTENANCE), key=lambda i: (i.created_at, i.ref)):
        works.setdefault(work.value(Field.ORIGIN), work)  # the elder, should two exist
    for request in requests:
        found = works.get(origin_marker("M32", request.ref))
        if found is None and text_of(request, Field.REQUEST_KIND) != "fault":
            continue
        yield HandOver(
            ref=request.ref,
            title=request.title,
            work=found.ref if found else None,
            owner=registers.name_of(found.assignee) if found else "",
            maintenance_class=text_of(found, Field.MAINTENANCE_CLASS) if found else "",
            stage=found.stage if found else None,
            visit_needed=text_of(found, Field.VISIT_NEEDED) if found else "",
            visit_at=read_moment(found.value(Field.VISIT_AT), registers.calendar.zone) if found else None,
            done_at=done_at(found) if found else None,
        )
