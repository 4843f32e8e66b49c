"""Plans on their way to a decision: filed and submitted on the tracker, written by the engine."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from werkzeug.test import TestResponse

from docgen.identity import file_sha256
from svc_plugin.demo.actor import Actor
from svc_plugin.demo.stage import ADMIN, api_key, cast
from svc_plugin.documents.library import wanted_document
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.store.approvals import Recorded
from svc_plugin.store.documents import StoredDocument
from tests.builders import LEADER, SERVICE
from tests.pages.conftest import House, Visitor

_YEARS = count(2031)


@dataclass
class Papers:
    """People of the tracker, and an engine that looks when it is told to."""

    house: House
    people: Mapping[str, Actor]

    @classmethod
    def of(cls, house: House) -> "Papers":
        site = house.services.settings.sites["main"]
        keys = {one: api_key(one) for one in (SERVICE, LEADER)}
        return cls(house, cast(site.url, site.mapping, keys, api_key(ADMIN)))

    def submitted(self, kind: str = "maintenance_plan", *, author: str = SERVICE) -> "Paper":
        """A document of erp for a year of its own, written and submitted by its author."""
        fields = {Field.DOCUMENT_KIND: kind, Field.PERIOD: str(next(_YEARS))}
        number = self.people[author].create(IssueKind.DOCUMENT, "erp", "年度文档", fields)
        paper = Paper(self, IssueRef("main", str(number)))
        paper.look()
        self.people[author].change(number, IssueKind.DOCUMENT, stage=Stage.SUBMITTED)
        paper.look()
        assert paper.issue.stage is Stage.SUBMITTED
        return paper


@dataclass
class Paper:
    """One document issue."""

    papers: Papers
    ref: IssueRef

    def look(self) -> None:
        self.papers.house.services.reconciler.reconcile(self.ref)

    @property
    def issue(self) -> Issue:
        return self.papers.house.services.sites["main"].fetch(self.ref)

    @property
    def document(self) -> StoredDocument:
        issue = self.issue
        services = self.papers.house.services
        issued = services.register.newest(issue, "zh")
        found = services.library.store.get(issued.document_id, issued.version, "zh")
        assert found
        return found

    @property
    def records(self) -> list[Recorded]:
        approvals = self.papers.house.services.register.approvals
        return list(approvals.of_document(self.document.document_id))

    @property
    def path(self) -> str:
        return f"/issues/{self.ref}/decide"

    def form(self, choice: str, opinion: str = "", **more: Any) -> dict[str, str]:
        return {"choice": choice, "opinion": opinion, "code": self.issue.value(Field.CONTENT_HASH), **more}


def hand_in(visitor: Visitor, paper: Paper, content: bytes, name: str = "签回.docx") -> TestResponse:
    return visitor.post(f"/issues/{paper.ref}/copy", {"copy": (io.BytesIO(content), name)})


def confirmed(paper: Paper, content: bytes, choice: str, opinion: str) -> tuple[str, dict[str, str]]:
    form = paper.form(choice, opinion, copy=file_sha256(content))
    return f"/issues/{paper.ref}/copy/confirm", form


def renew(paper: Paper) -> None:
    """The record changes, and somebody has the plan written anew."""
    house, document = paper.papers.house, paper.document
    house.keep(f"9{paper.ref.key}", IssueKind.MAINTENANCE, Stage.CLASSIFIED)
    wanted = wanted_document(document.kind, document.product, document.period)
    assert house.services.library.create(wanted, language="zh", now=house.watch()).version == 2
