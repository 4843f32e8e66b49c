"""The example company at a stand-in for Jira: everybody acts over REST with a token of their own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import pytest

from svc_plugin.demo.jira_stage import account_ids, api_key, cast_of_jira, email, jira_plan
from svc_plugin.demo.stage import BOT
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.ports import Site
from svc_plugin.settings import Settings
from svc_plugin.sites.jira import JiraSettings, JiraSite
from svc_plugin.sites.mapping import SiteMapping
from svc_plugin.standins.jira import JiraPlan, Mode, create_app, serve
from svc_plugin.standins.jira.plan import IssueTypePlan, StatusPlan, TransitionPlan
from tests.contract.jira_kit import shipped
from tests.scenarios.worlds import UNMAPPED, Watch


class JiraWorld:
    """People with tokens, at a Jira that is called what the shipped mapping for Jira says."""

    def __init__(self, url: str, mode: Mode, settings: Settings, mapping: SiteMapping, clock: Watch) -> None:
        registers, cloud = settings.registers, mode == "cloud"
        own = JiraSettings(
            name="main",
            api_url=url,
            browse_url=url,
            cloud=cloud,
            api_key=api_key(BOT),
            email=email(BOT) if cloud else "",
            language=settings.sites["main"].language,
            zone=registers.calendar.zone,
            mapping=mapping,
            accounts=account_ids(registers) if cloud else {},
            people=frozenset(registers.people),
        )
        self.clock = clock
        self.site: Site = JiraSite(own)
        self._people = cast_of_jira(url, mapping, registers, cloud=cloud)
        self._filed: dict[str, tuple[IssueKind, str]] = {}

    def create(
        self,
        kind: IssueKind,
        product: str,
        title: str,
        *,
        author: str,
        fields: Mapping[Field, str],
        assignee: str,
    ) -> IssueRef:
        number = self._people[author].create(kind, product, title, fields, assignee)
        return IssueRef("main", str(number))

    def act(
        self,
        ref: IssueRef,
        account: str,
        *,
        stage: Stage | None = None,
        fields: Mapping[Field, str] | None = None,
        note: str = "",
        private: bool = False,
    ) -> None:
        kind, product = self._known(ref)
        person = self._people[account]
        version = (fields or {}).get(Field.FIXED_VERSION)
        if version and version not in person.versions(product):
            pytest.skip(f"Jira itself refuses a version that the project does not have: {version}")
        person.change(int(ref.key), kind, stage=stage, fields=fields, note=note, private=private)

    def strand(self, ref: IssueRef, account: str) -> None:
        self._people[account].move(int(ref.key), UNMAPPED, {}, {})

    def book(self, ref: IssueRef, account: str, hours: float) -> None:
        self._people[account].book(int(ref.key), hours, self.clock())

    def release(self, product: str, name: str, account: str) -> None:
        self._people[account].release(product, name)

    def _known(self, ref: IssueRef) -> tuple[IssueKind, str]:
        if ref.key not in self._filed:
            issue = self.site.fetch(ref)
            assert issue.kind
            self._filed[ref.key] = issue.kind, issue.product
        return self._filed[ref.key]


@contextmanager
def jira(settings: Settings, mode: Mode) -> Iterator[JiraWorld]:
    """The stand-in, served on a free port, under a clock in the scenario's hand."""
    products = settings.registers.products
    mapping = replace(
        shipped(settings.sites["main"].language), projects={key: key.upper() for key in products}
    )
    clock = Watch()
    plan = _with_detours(jira_plan(settings.registers, mapping))
    app = create_app(plan, mode, clock=clock, pace=lambda: clock().timestamp())
    with serve(app) as served:
        yield JiraWorld(served.url, mode, settings, mapping, clock)


def _with_detours(plan: JiraPlan) -> JiraPlan:
    """Every issue may go to the unmapped status and back."""
    types = tuple(_with_detour(one) for one in plan.issue_types)
    return replace(plan, statuses=(*plan.statuses, StatusPlan(UNMAPPED)), issue_types=types)


def _with_detour(one: IssueTypePlan) -> IssueTypePlan:
    back = tuple(replace(move, sources=(*move.sources, UNMAPPED)) for move in one.transitions)
    there = TransitionPlan(UNMAPPED, UNMAPPED, sources=one.statuses)
    return replace(one, statuses=(*one.statuses, UNMAPPED), transitions=(*back, there))
