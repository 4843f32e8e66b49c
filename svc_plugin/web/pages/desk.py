"""The desk: what waits for the person who looks, read from the mirror by indexed columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from svc_plugin.domain.model import Outline
from svc_plugin.domain.rules.approval import REPORTS
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import Field, IssueKind, Role, Stage
from svc_plugin.store.sessions import Session
from svc_plugin.store.views import Wanted
from svc_plugin.web.pages.parts import PageParts, present, spoken

_ASKING = frozenset({"approve", "decide", "acknowledge"})
MOST = 20
"""How many issues a heading shows at most; the longest waiting come first."""


@dataclass(frozen=True, slots=True)
class Card:
    """One issue on the desk; ``facts`` is the line under its title, ``level`` that of its escalation."""

    issue: Outline
    facts: str
    level: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One heading of the desk, and the issues under it; ``more`` when there are others."""

    name: str
    cards: Sequence[Card]
    more: bool

    @property
    def asks(self) -> bool:
        """Whether the person decides on these themselves."""
        return self.name in _ASKING


@dataclass(frozen=True, slots=True)
class Desk:
    """The view."""

    parts: PageParts

    def install(self, pages: Blueprint) -> None:
        """Add the view."""
        pages.add_url_rule("/", "desk", self.show)

    def show(self) -> ResponseReturnValue:
        """Show everything that waits for the person."""
        headings = [
            Waiting(name, [self._card(one, spoken()) for one in issues[:MOST]], more=len(issues) > MOST)
            for name, issues in self._headings(present())
        ]
        return render_template("pages/desk.html", headings=headings)

    def _headings(self, mine: Session) -> Iterator[tuple[str, Sequence[Outline]]]:
        """Yield what is under each heading, one more than is shown at most.

        What nobody of this person's roles is asked for is not even looked up.
        """
        led, approved = self._acting(mine, Role.LEADER), self._acting(mine, Role.APPROVER)
        served = self._acting(mine, Role.SERVICE) | led
        staffed = served | self._acting(mine, Role.MAINTENANCE)
        papers, undecided, complaints, escalated = self.parts.views.lists(
            [
                Wanted(mine.site, led | approved, IssueKind.DOCUMENT, (Stage.SUBMITTED,)),
                Wanted(mine.site, led, IssueKind.MAINTENANCE, (Stage.AWAITING_DECISION,)),
                Wanted(mine.site, served, request_kind="complaint"),
                Wanted(mine.site, staffed, level=1),
            ],
            limit=MOST + 1,
        )
        others = [one for one in papers if one.author != mine.access.account]
        yield "approve", [one for one in others if one.product in approved and not _is_report(one)]
        yield "decide", undecided
        yield "complaints", complaints
        yield "escalated", escalated
        yield "acknowledge", [one for one in others if one.product in led and _is_report(one)]

    def _acting(self, mine: Session, role: Role) -> frozenset[str]:
        acts_as, account = self.parts.registers.acts_as, mine.access.account
        return frozenset(product for product in mine.access.products if acts_as(account, role, product))

    def _card(self, issue: Outline, texts: Texts) -> Card:
        registers, value = self.parts.registers, issue.value
        paper, changed = value(Field.DOCUMENT_KIND), texts.moment(issue.updated_at, registers.calendar.zone)
        facts = (
            issue.shown,
            paper and f"{texts.choice(Field.DOCUMENT_KIND, paper)} {value(Field.PERIOD)}",
            self.parts.product_name(issue.product),
            texts.stage(issue.stage),
            issue.assignee and registers.name_of(issue.assignee),
            texts.say("pages.changed", at=changed),
        )
        return Card(issue, " · ".join(filter(None, facts)), value(Field.ESCALATION_LEVEL))


def _is_report(issue: Outline) -> bool:
    return issue.value(Field.DOCUMENT_KIND) in REPORTS
