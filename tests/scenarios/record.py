"""What a scenario led to, without numbers, times and sentences, so that worlds can be compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.plan import (
    Assign,
    Attach,
    Change,
    EnsureIssue,
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


@dataclass
class Records:
    """The records of a run by feature, scenario (its place in the feature) and world."""

    kept: dict[str, dict[int, dict[str, Record]]] = field(default_factory=dict)

    def keep(self, feature: str, scenario: int, world: str, record: Record) -> None:
        self.kept.setdefault(feature, {}).setdefault(scenario, {})[world] = record

    def of(self, feature: str) -> Mapping[int, Mapping[str, Record]]:
        return self.kept.get(feature, {})


def record_of(play: Play) -> Record:
    """Tell of every issue how it stands and what each rule changed on it, in order."""
    named = dict(play.all_issues())
    return {name: _facts(play, name, issue, named) for name, issue in named.items()}


def comment_state(texts: Texts, marker: str, text: str) -> str:
    """open, satisfied or waived; "none" for an empty text."""
    if not text:
        return "none"
    for state, key in (("satisfied", "comment.settled"), ("waived", "comment.waived")):
        known = texts.entries.get(f"{marker}.clause")
        if known and text.strip() == texts.say(key, clause=known).strip():
            return state
    return "open"


def _facts(play: Play, name: str, issue: Issue, named: Mapping[str, Issue]) -> Facts:
    names = {one.ref: called for called, one in named.items()}
    changes = [
        line for plan in play.plans if plan.ref == issue.ref for line in _changes(plan, play.texts, names)
    ]
    # Redmine lets everybody watch what they contribute to: only whom the product asked for counts
    asked = {change.account for plan in play.plans for change in plan.changes if isinstance(change, Watch)}
    by_turn = "M18 assigns" in changes  # in turn by the issue's number, which is the site's
    return {
        "kind": str(issue.kind),
        "stage": str(issue.stage),
        "assignee": "staff" if by_turn else issue.assignee,
        "watchers": sorted(issue.watchers & asked),
        "fields": {str(key): _value(key, text) for key, text in sorted(issue.fields.items())},
        "comments": {m: comment_state(play.texts, m, text) for m, text in sorted(issue.comments.items())},
        "links": sorted(names.get(ref, "?") for ref in issue.links),
        "files": sorted(issue.attachments),
        "hours": sum(entry.hours for entry in issue.time_entries),
        "changes": changes,
    }


def _value(name: Field, text: str) -> str:
    return "…" if FIELD_SPECS[name].type in _FREE else text


def _changes(plan: Plan, texts: Texts, names: Mapping[IssueRef, str]) -> list[str]:
    lines: list[str] = []
    for change in plan.changes:
        rules = sorted({found.rule for found in plan.findings if change in found.changes})
        lines.append(f"{'+'.join(rules)} {_told(change, texts)}")
    return lines


def _told(change: Change, texts: Texts) -> str:
    match change:
        case SetStage(stage):
            told = f"moves to {stage}"
        case SetField(name, value):
            told = f"sets {name} to {value}"
        case Assign():
            told = "assigns"
        case Watch(account):
            told = f"lets {account} watch"
        case PutComment(marker, text):
            told = f"comments {marker}: {comment_state(texts, marker, text)}"
        case EnsureIssue(kind=kind):
            told = f"makes {kind}"
        case IssueDocument(document_id=document):
            told = f"writes {document}"
        case Attach(name=name):
            told = f"attaches {name}"
        case _:
            assert_never(change)
    return told
