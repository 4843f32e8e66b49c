"""What people do in a simulated world: cases of every sort, filed at random moments, then edited."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.sites.memory import MemorySite
from tests.builders import MAINTAINER, OUTSIDER, SERVICE

REQUEST, WORK, PAPER = IssueKind.SERVICE_REQUEST, IssueKind.MAINTENANCE, IssueKind.DOCUMENT
_PRODUCTS = ("erp", "mes")
CUSTOMER = "a-customer"
_ANSWERED = {Field.ANSWER: "已说明", Field.MEASURE: "无", Field.SATISFACTION_EVIDENCE: "written"}


@dataclass(frozen=True)
class Step:
    """Something that a person does to an issue in one go."""

    account: str
    stage: Stage | None = None
    fields: Mapping[Field, str] | None = None


@dataclass(frozen=True)
class Sort:
    """A sort of case: how it is filed, and what is done at once."""

    kind: IssueKind
    author: str
    fields: Mapping[Field, str]
    at_once: tuple[Step, ...] = ()


_ASKED = {Field.REQUEST_KIND: "request", Field.CHANNEL: "phone"}
SORTS = (
    Sort(REQUEST, SERVICE, _ASKED, (Step(SERVICE, Stage.IN_PROGRESS), Step(SERVICE, Stage.CLOSED))),
    Sort(
        REQUEST, SERVICE, _ASKED, (Step(SERVICE, Stage.IN_PROGRESS), Step(SERVICE, Stage.CLOSED, _ANSWERED))
    ),
    Sort(REQUEST, SERVICE, {Field.REQUEST_KIND: "fault", Field.CHANNEL: "phone"}),
    Sort(WORK, MAINTAINER, {Field.MAINTENANCE_CLASS: "perfective"}, (Step(MAINTAINER, Stage.SCHEDULED),)),
    Sort(WORK, SERVICE, {}, (Step(OUTSIDER, Stage.IN_WORK),)),
    Sort(PAPER, SERVICE, {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: "2026-Q4"}),
    Sort(REQUEST, CUSTOMER, _ASKED),
)


@dataclass(frozen=True)
class Size:
    """How much happens: cases, further edits of each, over how many hours, with how many workers.

    Cases are filed in the first ``filing`` of the time. People save ``burst`` times within some seconds; a
    hint reaches a worker after ``hint_seconds``.
    """

    cases: int
    edits: int
    hours: float
    workers: int = 2
    sweep_minutes: float = 5
    tick_minutes: float = 1
    filing: float = 0.8
    burst: int = 1
    hint_seconds: float = 0.01


class People:
    """Files cases and edits them; ``random`` draws what and when, alike in every world of one seed."""

    def __init__(self, site: MemorySite, random: Random) -> None:
        self._site = site
        self._random = random

    def plan(self, size: Size, after: Callable[[float, Callable[[], None]], None]) -> None:
        """Plan what happens; ``after`` takes each act, and in how many seconds it comes.

        Each case is edited about ``edits`` times more, saved ``burst`` times in a row.
        """
        seconds, burst, random = size.hours * 3600, size.burst, self._random
        for number in range(size.cases):
            sort = SORTS[random.randrange(len(SORTS))]
            filed = random.uniform(0, seconds * size.filing)
            product = random.choice(_PRODUCTS)
            count = round(random.expovariate(burst / size.edits)) if size.edits else 0
            begun = sorted(random.uniform(filed + 1, seconds) for _ in range(count))
            moments = [moment + 1.5 * save for moment in begun for save in range(burst)]
            self._plan(f"case {number}", sort, product, (filed, moments), after)

    def _plan(
        self,
        title: str,
        sort: Sort,
        product: str,
        when: tuple[float, list[float]],
        after: Callable[[float, Callable[[], None]], None],
    ) -> None:
        refs: list[IssueRef] = []

        def file() -> None:
            refs.append(self._site.create(sort.kind, product, title, author=sort.author, fields=sort.fields))
            for step in sort.at_once:
                self._site.person_does(refs[0], step.account, stage=step.stage, fields=step.fields)

        def edit(text: str) -> Callable[[], None]:
            # the customer's words stop no clock: when we look at them late, the end is the same
            return lambda: self._site.person_does(refs[0], CUSTOMER, note=text)

        filed, moments = when
        after(filed, file)
        for number, moment in enumerate(moments):
            after(moment, edit(f"note {number}"))
