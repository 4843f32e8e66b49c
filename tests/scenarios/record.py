"""What a scenario led to, without numbers, times and sentences, so that worlds can be compared."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, assert_never

from svc_plugin.domain.model import Issue
from svc_plugin.domain.plan import (
    Assign,
    Attach,
    Change,
    EnsureIssue,
    EnsureVersion,
    IssueDocument,
    Plan,
    PutComment,
    SetField,
    SetStage,
    Watch,
)
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, FieldType
from tests.scenarios.play import Play

Facts: TypeAlias = dict[str, object]
Record: TypeAlias = dict[str, Facts]
TABLE = "scenarios by feature"  # the property under which a comparison leaves its line of the table
_FREE = {FieldType.LINE, FieldType.TEXT}
_STEP = re.compile(r"-\d+$")  # how the marker of a step of a ladder ends


@dataclass(frozen=True)
class Records:
    """The records of a run, one file each: scenarios of one feature may be played in several processes."""

    folder: Path

    def keep(self, feature: str, scenario: int, world: str, record: Record | None) -> None:
        """Keep the record of a scenario (its place in the feature); None when it did not reach its end."""
        place = self.folder / feature
        place.mkdir(parents=True, exist_ok=True)
        unfinished = place / f"{scenario} {world}"
        unfinished.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        unfinished.rename(unfinished.with_suffix(".json"))

    def count(self, feature: str) -> int:
        return len(list((self.folder / feature).glob("*.json")))

    def of(self, feature: str) -> dict[int, dict[str, Record]]:
        """Return the records by scenario and world."""
        found: dict[int, dict[str, Record]] = {}
        for path in sorted((self.folder / feature).glob("*.json")):
            scenario, _, world = path.stem.partition(" ")
            record = json.loads(path.read_text(encoding="utf-8"))
            if record is not None:
                found.setdefault(int(scenario), {})[world] = record
        return found


def record_of(play: Play, *, any_hour: bool = False) -> Record:
    """Tell how each issue stands and what rules changed on it, in order.

    With ``any_hour``, without what the hour of the play decides: whether a visit is due today or when the
    next day opens, and so whether any working time is left before the steps of its ladder.
    """
    named = dict(play.all_issues())
    return {name: _facts(play, name, issue, named, any_hour) for name, issue in named.items()}


def first_difference(told: Mapping[str, Record]) -> str:
    """Name the first thing in which two worlds differ."""
    (one, first), *others = told.items()
    for other, second in others:
        for issue in sorted(first.keys() | second.keys()):
            left, right = first.get(issue, {}), second.get(issue, {})
            for fact in sorted(left.keys() | right.keys()):
                if left.get(fact) != right.get(fact):
                    return f"issue {issue}, {fact}: {left.get(fact)} ({one}), {right.get(fact)} ({other})"
    return "the order of issues"


def comment_state(texts: Texts, marker: str, text: str) -> str:
    """open, satisfied or waived; "none" for an empty text."""
    if not text:
        return "none"
    for state, key in (("satisfied", "comment.settled"), ("waived", "comment.waived")):
        known = texts.entries.get(f"{marker}.clause")
        if known and text.strip() == texts.say(key, clause=known).strip():
            return state
    return "open"


def _facts(play: Play, name: str, issue: Issue, named: Mapping[str, Issue], any_hour: bool) -> Facts:
    names = {one.ref: called for called, one in named.items()}
    plans = [plan for plan in play.plans if plan.ref == issue.ref]
    # M18 assigns in turn by the issue's number, which is the site's
    by_turn = any(finding.rule == "M18" and finding.changes for plan in plans for finding in plan.findings)
    staff = _named_by_turn(play, issue) if by_turn else {}
    changes = [line for plan in plans for line in _changes(plan, play.texts, any_hour)]
    # Redmine lets everybody watch what they contribute to, Jira what they file, so that some need not be
    # asked, and by turn it may be one of them or not: who watches in the end counts, and of them only whom
    # the product asked for; the assignee is told of everything anyway
    every = [change for plan in play.plans for change in _kept(plan, any_hour)]
    asked = {change.account for change in every if isinstance(change, Watch)}
    asked -= {issue.assignee, issue.author, *(entry.account for entry in issue.history), *staff}
    return {
        "kind": str(issue.kind),
        "stage": str(issue.stage),
        "assignee": staff.get(issue.assignee, issue.assignee),
        "watchers": sorted(issue.watchers & asked),
        "fields": {str(key): _value(key, text, any_hour) for key, text in sorted(issue.fields.items())},
        "comments": {
            marker: comment_state(play.texts, marker, text)
            for marker, text in sorted(issue.comments.items())
            if not (any_hour and _STEP.search(marker))
        },
        "links": sorted(names.get(ref, "?") for ref in issue.links),
        "files": sorted(issue.attachments),
        "hours": sum(entry.hours for entry in issue.time_entries),
        "changes": changes,
    }


def _named_by_turn(play: Play, issue: Issue) -> Mapping[str, str]:
    """Name the product's staff by whether it was their turn."""
    product = play.settings.registers.products[issue.product]
    staff = {*product.service_staff, *product.maintenance_staff}
    return dict.fromkeys(staff, "other staff") | {issue.assignee: "staff"}


def _value(name: Field, text: str, any_hour: bool) -> str:
    hidden = FIELD_SPECS[name].type in _FREE or (any_hour and name is Field.DUE_ON)
    return "…" if hidden else text


def _changes(plan: Plan, texts: Texts, any_hour: bool) -> list[str]:
    lines: list[str] = []
    for change in _kept(plan, any_hour):
        rules = sorted({found.rule for found in plan.findings if change in found.changes})
        if told := _told(change, texts, any_hour):
            lines.append(f"{'+'.join(rules)} {told}")
    return sorted(lines)  # of one plan: who comes first depends on whose turn it was


def _kept(plan: Plan, any_hour: bool) -> list[Change]:
    """Return what a plan changed; with ``any_hour``, without the steps of ladders."""
    if not any_hour:
        return list(plan.changes)
    steps = [
        found
        for found in plan.findings
        if any(isinstance(change, PutComment) and _STEP.search(change.marker) for change in found.changes)
    ]
    return [change for change in plan.changes if not any(change in step.changes for step in steps)]


def _told(change: Change, texts: Texts, any_hour: bool) -> str:
    match change:
        case Watch():
            told = ""  # who watches in the end is told by itself
        case SetStage(stage):
            told = f"moves to {stage}"
        case SetField(name, value):
            told = f"sets {name} to {_value(name, value, any_hour)}"
        case Assign():
            told = "assigns"
        case PutComment(marker, text):
            told = f"comments {marker}: {comment_state(texts, marker, text)}"
        case EnsureIssue(kind=kind):
            told = f"makes {kind}"
        case EnsureVersion():
            told = "makes a version"
        case IssueDocument(document_id=document):
            told = f"writes {document}"
        case Attach(name=name):
            told = f"attaches {name}"
        case _:
            assert_never(change)
    return told
