"""What people did on the site that an auditor asks for: approvals and waivers, read from the history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from svc_plugin.domain.evidence import acts, value_at
from svc_plugin.domain.identity import document_of
from svc_plugin.domain.model import Issue
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage


class Deed(StrEnum):
    """What kind of act it was."""

    APPROVAL = "approval"
    WAIVER = "waiver"


@dataclass(frozen=True, slots=True)
class Witnessed:
    """One act of a person; ``facts`` are names with values. Whether it counts is for the rules to say."""

    deed: Deed
    account: str
    at: datetime
    facts: tuple[tuple[str, str], ...]


def witnessed(issue: Issue) -> tuple[Witnessed, ...]:
    """Return every approval of a document (M26, M48, M72) and every entry of waivers (M73) on an issue."""
    return (*_approvals(issue), *_waivers(issue))


def _approvals(issue: Issue) -> Iterator[Witnessed]:
    if issue.kind is not IssueKind.DOCUMENT:
        return
    for entry in issue.history:
        if entry.moved_to is Stage.APPROVED:
            facts = (
                ("document", document_of(issue)),
                ("content", value_at(issue, Field.CONTENT_HASH, entry.at)),
                ("decision", value_at(issue, Field.APPROVAL_DECISION, entry.at)),
                ("opinion", value_at(issue, Field.APPROVAL_OPINION, entry.at)),
            )
            yield Witnessed(Deed.APPROVAL, entry.account, entry.at, facts)


def _waivers(issue: Issue) -> Iterator[Witnessed]:
    for act in acts(issue, Field.WAIVER):
        yield Witnessed(Deed.WAIVER, act.account, act.at, (("waiver", act.value),))
