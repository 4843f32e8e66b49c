"""The story: a fault from the call to the answer, a wish from the idea to the decision, and the report."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import requests

from svc_plugin.demo.actor import Actor, Seen
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage

_REQUEST, _WORK, _PAPER = IssueKind.SERVICE_REQUEST, IssueKind.MAINTENANCE, IssueKind.DOCUMENT
_LINK = re.compile(r"https?://\S+/documents/[\w.~-]+")


class StoryError(Exception):
    """The product did not answer as the process demands."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One step of the story: which, and how many seconds after the person's act the answer was there."""

    step: str
    seconds: float


class Story:
    """Plays on one tracker with the people of the example company.

    ``people`` are actors by account; ``say`` prints a line; ``wait`` is how long (s) to wait for an
    answer; ``nudge`` is called while waiting, for runs in which no webhook reports the act.
    """

    def __init__(
        self,
        people: Mapping[str, Actor],
        texts: Texts,
        say: Callable[[str], None],
        *,
        today: date,
        wait: float = 30.0,
        nudge: Callable[[], None] = lambda: None,
    ) -> None:
        self._people = people
        self._texts = texts
        self._say = say
        self._today = today
        self._wait = wait
        self._nudge = nudge
        self.answers: list[Answered] = []
        self.issues: dict[str, int] = {}

    def play(self) -> str:
        """Play every step; return the download link of the report. Raises ``StoryError``."""
        self.happen()
        return self._report()

    def happen(self) -> None:
        """Play what the report is about. Raises ``StoryError``."""
        request, work = self._fault()
        self._classification(work)
        self._refusal(work)
        self._finish(request, work)
        self._closing(request)
        self._perfective()

    def _fault(self) -> tuple[int, int]:
        fields = {
            Field.CUSTOMER: "恒通机械有限公司",
            Field.CHANNEL: "phone",
            Field.REQUEST_KIND: "fault",
            Field.SEVERITY: "major",
        }
        self._tell("fault")
        number = self._as("wang.fang").create(_REQUEST, "erp", "开票时提示“税率无效”", fields)
        issue = self._until("fault", number, _REQUEST, Stage.HANDED_OVER, lambda found: bool(found.linked))
        work = next(iter(issue.linked))
        self.issues |= {"request": number, "work": work}
        return number, work

    def _classification(self, work: int) -> None:
        self._tell("early")
        self._as("liu.yang").change(work, _WORK, stage=Stage.IN_WORK)
        self._until("early", work, _WORK, Stage.REGISTERED, _says("M50"))
        self._tell("classify")
        fields = {
            Field.MAINTENANCE_CLASS: "corrective",
            Field.CLASS_REASON: "税率表未更新",
            Field.VISIT_NEEDED: "no",
        }
        self._as("liu.yang").change(work, _WORK, stage=Stage.SCHEDULED, fields=fields)
        self._until("classify", work, _WORK, Stage.SCHEDULED, self._settled("M50"))

    def _refusal(self, work: int) -> None:
        self._tell("refuse")
        self._as("liu.yang").change(work, _WORK, stage=Stage.REJECTED)
        self._until("refuse", work, _WORK, Stage.SCHEDULED, _says("M12"))

    def _finish(self, request: int, work: int) -> None:
        fields = {Field.ROOT_CAUSE: "2026 年税率表缺失", Field.MEASURE: "更新税率表"}
        self._as("zhang.wei").release("erp", "5.2.1")
        versions = {Field.BASE_VERSION: "5.2", Field.FIXED_VERSION: "5.2.1", Field.CHANGE_REFS: "a1b2c3d"}
        self._as("liu.yang").change(work, _WORK, stage=Stage.IN_WORK)
        self._as("liu.yang").change(work, _WORK, stage=Stage.TESTING, fields={**fields, **versions})
        self._tell("untested")
        self._as("liu.yang").change(work, _WORK, stage=Stage.DONE)
        self._until("untested", work, _WORK, Stage.TESTING, _says("M56"))
        self._tell("finish")
        test = {
            # only now: by these words the request tells this end of the work from the untested one before
            Field.MEASURE: "更新税率表并发布补丁 5.2.1",
            Field.TEST_RESULT: "passed",
            Field.TEST_EVIDENCE: "开票回归 12 项通过",
            Field.BROAD_VALUE: "no",
        }
        self._as("chen.jie").change(work, _WORK, fields={**test, Field.TESTER: "chen.jie"})
        self._as("chen.jie").change(work, _WORK, stage=Stage.DONE)
        self._until("finish", request, _REQUEST, Stage.IN_PROGRESS, _says("5.2.1"))

    def _closing(self, request: int) -> None:
        self._tell("close")
        self._as("wang.fang").change(request, _REQUEST, stage=Stage.CLOSED)
        self._until("close", request, _REQUEST, Stage.IN_PROGRESS, _says("M40"))
        self._tell("evidence")
        fields = {
            Field.ANSWER: "税率表已更新，请安装补丁 5.2.1 后重新开票。",
            Field.MEASURE: "发布补丁 5.2.1",
            Field.SATISFACTION_EVIDENCE: "written",
        }
        self._as("wang.fang").change(request, _REQUEST, stage=Stage.CLOSED, fields=fields)
        self._until("evidence", request, _REQUEST, Stage.CLOSED, self._settled("M40"))

    def _perfective(self) -> None:
        self._tell("perfective")
        fields = {
            Field.SOURCE: "internal",
            Field.MAINTENANCE_CLASS: "perfective",
            Field.ESTIMATE_HOURS: "300",
            Field.CLASS_REASON: "新增移动审批",
        }
        number = self._as("liu.yang").create(_WORK, "erp", "手机上审批采购单", fields)
        self.issues["wish"] = number
        self._as("liu.yang").change(number, _WORK, stage=Stage.SCHEDULED)
        self._until("perfective", number, _WORK, Stage.AWAITING_DECISION, _says("M54"))
        self._tell("decide")
        decision = {Field.DECISION: "approved", Field.DECISION_OPINION: "列入下季度，由现有人员完成。"}
        self._as("zhang.wei").change(number, _WORK, fields=decision)
        self._until("decide", number, _WORK, Stage.SCHEDULED, self._settled("M54"))

    def _report(self) -> str:
        self._tell("report")
        period = quarter_of(self._today)
        fields = {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: period}
        number = self._as("wang.fang").create(_PAPER, "erp", f"客户服务报告 {period}", fields)
        self.issues["report"] = number
        issue = self._until(
            "report",
            number,
            _PAPER,
            Stage.DRAFT,
            lambda found: bool(found.files and _link(found)),
        )
        return _link(issue)

    def _as(self, account: str) -> Actor:
        return self._people[account]

    def _tell(self, step: str) -> None:
        self._say(f"{len(self.answers) + 1:>2}. {self._texts.say(f'story.{step}')}")

    def _settled(self, rule: str) -> Callable[[Seen], bool]:
        thanks = self._texts.say("comment.settled", clause=self._texts.say(f"{rule}.clause"))
        last_line = thanks.splitlines()[-1]
        return lambda issue: any(rule in note and last_line in note for note in issue.notes)

    def _until(
        self, step: str, number: int, kind: IssueKind, stage: Stage, also: Callable[[Seen], bool]
    ) -> Seen:
        """Wait until the issue stands in ``stage`` and ``also`` holds."""
        reader = self._as("wang.fang")
        status = reader.mapping.status_of(kind, stage)
        started = time.monotonic()
        while True:
            issue = reader.look(number)
            seconds = time.monotonic() - started
            if issue.status == status and also(issue):
                break
            if seconds > self._wait:
                what = self._texts.say(f"story.{step}.answer", stage=status, key="?")
                raise StoryError(f"{what} (#{number}: {issue.status}; {issue.notes[-1:]})")
            self._nudge()
            time.sleep(0.1)
        self.answers.append(Answered(step, seconds))
        key = next(iter(issue.linked.values()), "?")
        what = self._texts.say(f"story.{step}.answer", stage=status, key=key)
        self._say(self._texts.say("cli.demo.answered", seconds=seconds, what=what))
        return issue


def quarter_of(day: date) -> str:
    """Name the quarter of a day, such as ``2026-Q4``."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def download(link: str) -> bytes:
    """Fetch the report behind a signed link."""
    answer = requests.get(link, timeout=(5, 30))
    answer.raise_for_status()
    return answer.content


def _says(word: str) -> Callable[[Seen], bool]:
    return lambda issue: any(word in note for note in issue.notes)


def _link(issue: Seen) -> str:
    found = (match for note in issue.notes if (match := _LINK.search(note)))
    return next((match[0] for match in found), "")
