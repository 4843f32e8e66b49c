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
_ANSWERED = {Field.ANSWER: "已说明", Field.MEASURE: "无", Field.SATISFACTION_EVIDENCE: "written"}


@dataclass(frozen=True)
class Step:
    """Something that a person does to an issue in one go."""

    account: str
    stage: Stage | None = None
    fields: Mapping[Field, str] | None = None


@dataclass(frozen=True)
class Sort:
    """A sort of case: how it is filed, what is done at once, and what hours later."""

    kind: IssueKind
    author: str
    fields: Mapping[Field, str]
    at_once: tuple[Step, ...] = ()
    later: tuple[Step, ...] = ()


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
    Sort(REQUEST, "a-customer", _ASKED),
)


class People:
    """Files cases and edits them; ``random`` draws what and when, alike in every world of one seed."""

    def __init__(self, site: MemorySite, random: Random) -> None:
        self._site = site
        self._random = random

    def plan(
        self,
        cases: int,
        edits: float,
        burst: int,
        seconds: float,
        after: Callable[[float, Callable[[], None]], None],
    ) -> None:
        """Plan ``cases`` over a span; ``after`` takes each act.

        Each case is edited about ``edits`` times more, and each time saved ``burst`` times in a few seconds.
        """
        for number in range(cases):
            sort = SORTS[self._random.randrange(len(SORTS))]
            filed = self._random.uniform(0, seconds * 0.8)
            product = self._random.choice(_PRODUCTS)
            count = round(self._random.expovariate(1 / edits)) if edits else 0
            begun = sorted(self._random.uniform(filed + 1, seconds) for _ in range(count))
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
            return lambda: self._site.person_does(refs[0], SERVICE, note=text)

        filed, moments = when
        after(filed, file)
        for number, moment in enumerate(moments):
            after(moment, edit(f"note {number}"))
