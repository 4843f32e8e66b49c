"""Whatever was issued, attached, approved and written by hand: looking at it once leaves nothing to do."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svc_plugin.domain.decide import decide
from svc_plugin.domain.identity import document_id, document_of
from svc_plugin.domain.model import HistoryEntry, Issue, IssuedVersion
from svc_plugin.domain.plan import Attach, IssueDocument, SetField
from svc_plugin.domain.vocabulary import STAGES, Field, IssueKind, Stage
from svc_plugin.engine.looking import Looker, Rulebook
from svc_plugin.messages import load
from tests.builders import BOT, LEADER, MAINTAINER, an_issue, example, moved, set_by
from tests.thorough import examples
from tests.unit.engine.world import Around, Watch, WatchedSite

CODES = {1: "AAAA-1111", 2: "BBBB-2222"}
ROUNDS = 4


@dataclass
class Issued:
    """A register that knows so many versions."""

    version: int

    def newest(self, issue: Issue, _language: str) -> IssuedVersion | None:
        named = document_of(issue)
        return IssuedVersion(named, self.version, CODES[self.version]) if named and self.version else None

    def follow(self, issue: Issue, language: str) -> None:
        """Keep nothing."""


def _written(change: IssueDocument, register: Issued) -> list[object]:
    register.version = version = change.version or max(register.version, 1)
    return [
        Attach(f"{change.document_id}-v{version}.docx", b"PK", ""),
        SetField(Field.CONTENT_HASH, CODES[version]),
    ]


ACTS = st.lists(
    st.one_of(
        st.sampled_from([LEADER, MAINTAINER]).map(lambda by: moved(by, Stage.APPROVED, frm=Stage.SUBMITTED)),
        st.sampled_from(["", *CODES.values(), "forged"]).map(
            lambda code: set_by(BOT, Field.CONTENT_HASH, code, old="before")
        ),
    ),
    max_size=4,
)


@pytest.mark.clause("M14")
@pytest.mark.clause("M26")
@settings(deadline=None, max_examples=examples(150))
@given(
    stage=st.sampled_from(STAGES[IssueKind.DOCUMENT]),
    kind=st.sampled_from(["maintenance_plan", "maintenance_report"]),
    acts=ACTS,
    attached=st.sets(st.sampled_from([1, 2])),
    issued=st.sampled_from([0, 1, 2]),
    spoken=st.booleans(),
)
def test_what_was_issued_settles(
    stage: Stage, kind: str, acts: list[HistoryEntry], attached: set[int], issued: int, spoken: bool
) -> None:
    codes = [change.new for act in acts for change in act.changes]
    fields = {
        Field.DOCUMENT_KIND: kind,
        Field.PERIOD: "2026",
        Field.APPROVAL_DECISION: "agree",
        Field.APPROVAL_OPINION: "同意",
        Field.CONTENT_HASH: codes[-1] if codes else "",
    }
    files = tuple(f"{document_id(kind, 'erp', '2026')}-v{version}.docx" for version in sorted(attached))
    comments = dict.fromkeys(("M26", "M72"), "earlier words") if spoken else {}
    clock, company, register = Watch(), example(), Issued(issued)
    site = WatchedSite("main", clock)
    paper = an_issue(
        IssueKind.DOCUMENT, stage, fields=fields, history=tuple(acts), attachments=files, comments=comments
    )
    site.put(replace(paper, author="chen.jie"))
    rulebook = Rulebook(company.policy, "", company.registers, {"zh": load("zh")})
    looker = Looker({"main": site}, rulebook, clock, Around(), register)  # type: ignore[arg-type]
    for _ in range(ROUNDS):
        plan = decide(looker.look(paper.ref), company.policy)
        writes = [
            one
            for change in plan.changes
            for one in (_written(change, register) if isinstance(change, IssueDocument) else [change])
        ]
        if not writes:
            break
        site.apply(paper.ref, list(dict.fromkeys(writes)))  # type: ignore[arg-type]
    seen = looker.look(paper.ref)
    assert decide(seen, company.policy).changes == ()
    if seen.issue.stage is Stage.APPROVED and seen.issued and seen.issue.value(Field.CONTENT_HASH):
        assert seen.issue.value(Field.CONTENT_HASH) == seen.issued.mark
