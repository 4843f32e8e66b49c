"""Answers of a Data Center as it writes them: names in uneven case, keys of users, no ids of fields."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import responses

from svc_plugin.domain.model import FieldChange, Issue, IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.sites.jira import JiraSite
from svc_plugin.sites.mapping import KindMapping, SiteMapping
from tests.contract.jira_kit import settings

URL = "https://jira.example.com/tracker"
API = f"{URL}/rest/api/2"
MAPPING = SiteMapping(
    kinds={
        IssueKind.MAINTENANCE: KindMapping(
            "Maintenance", {Stage.REGISTERED: "Open", Stage.IN_WORK: "In Progress"}
        )
    },
    fields={
        Field.TESTER: "Tester",
        Field.FIXED_VERSION: "fixVersions",
        Field.ESTIMATE_HOURS: "Effort",
        Field.THANKS_SENT_ON: "customfield_10003",
        Field.VISIT_AT: "Visit",
        Field.VISIT_NEEDED: "On site",
    },
    choices={},
    projects={"erp": "ERP"},
)
FIELDS = [
    {"id": "customfield_10001", "name": "Tester", "schema": {"type": "user"}},
    {"id": "customfield_10002", "name": "Effort", "schema": {"type": "number"}},
    {"id": "customfield_10003", "name": "Thanks", "schema": {"type": "date"}},
    {"id": "customfield_10004", "name": "Visit", "schema": {"type": "datetime"}},
    {"id": "customfield_10005", "name": "On site", "schema": {"type": "option"}},
    {"id": "fixVersions", "name": "Fix Version/s", "schema": {"type": "array", "items": "version"}},
    {"id": "summary", "name": "Summary"},
]
LI = {"name": "li.na", "key": "JIRAUSER10100", "displayName": "李娜"}
BOT = {"name": "svc-bot", "key": "JIRAUSER10001", "displayName": "Bot"}


def item(field: str, old: tuple[Any, Any], new: tuple[Any, Any], kind: str = "custom") -> dict[str, Any]:
    ends = dict(zip(("from", "fromString", "to", "toString"), (*old, *new), strict=True))
    return {"field": field, "fieldtype": kind, **ends}


HISTORIES = [
    {
        "id": "12",
        "author": LI,
        "created": "2026-11-20T10:00:00.000+0800",
        "items": [
            item("status", ("1", "Neu"), ("3", "In Arbeit"), "jira"),
            item("Fix Version", (None, None), ("10", "5.2"), "jira"),
            item("tester", ("JIRAUSER10100", "李娜"), ("JIRAUSER10777", "Gone")),
            item("Effort", (None, None), (None, "12.0")),
            item("Thanks", (None, None), ("2026-11-21", "21/Nov/26")),
            item("Visit", (None, None), ("2026-11-21T03:00:00+0200", "21/Nov/26 9:00 AM")),
            item("On site", (None, None), ("10200", "Yes")),
            item("Effort", ("1", "1"), ("2", "2"), "jira"),
        ],
    },
    {"id": "9", "created": "2026-11-19T10:00:00.000+0800", "items": [item("Rank", ("", ""), ("", "x"))]},
]


def comment(number: str, at: str, body: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "author": LI, "updateAuthor": LI, "created": at, "body": body, **more}


ISSUE = {
    "id": "10012",
    "key": "ERP-12",
    "changelog": {"startAt": 0, "maxResults": 2, "total": 2, "histories": HISTORIES},
    "fields": {
        "summary": "开票失败",
        "description": "一\r\n二",
        "issuetype": {"id": "7", "name": "Maintenance"},
        "status": {"id": "3", "name": "In Progress"},
        "project": {"id": "1", "key": "ERP", "projectTypeKey": "software"},
        "creator": LI,
        "assignee": None,
        "created": "2026-11-19T09:00:00.652+0530",
        "updated": "2026-11-20T10:00:00.001+0800",
        "comment": {
            "total": 3,
            "comments": [
                comment("5", "2026-11-20T10:00:00.400+0800", "同时说的"),
                comment("6", "2026-11-20T12:00:00.000+0800", "客户欠款", visibility={"type": "role"}),
                comment("7", "2026-11-20T13:00:00.000+0800", "缺 \\[x\\]\n\n〔svc:M40〕", author=BOT),
            ],
        },
        "worklog": {
            "total": 1,
            "worklogs": [
                {
                    "id": "3",
                    "author": LI,
                    "started": "2026-11-20T23:30:00.000+0800",
                    "timeSpentSeconds": 5400,
                    "comment": "客户欠款",
                    "visibility": {"type": "role"},
                }
            ],
        },
        "attachment": [{"filename": "计划.docx"}],
        "issuelinks": [
            {"id": "1", "inwardIssue": {"id": "10011"}},
            {"id": "2", "outwardIssue": {"id": "10009"}},
        ],
        "watches": {"watchCount": 0},
        "customfield_10001": {"name": "li.na", "key": "JIRAUSER10100"},
        "customfield_10002": 12.0,
        "customfield_10003": "2026-11-21",
        "customfield_10004": "2026-11-21T03:00:00.000+0200",
        "customfield_10005": {"id": "10200", "value": "Yes"},
        "fixVersions": [{"name": "5.1"}, {"name": "5.2"}],
    },
}


@pytest.fixture
def issue() -> Iterator[Issue]:
    statuses = [{"id": "1", "name": "Open"}, {"id": "3", "name": "In Progress"}]
    with responses.RequestsMock() as web:
        web.get(f"{API}/issue/10012", json=ISSUE)
        web.get(f"{API}/field", json=FIELDS)
        web.get(f"{API}/myself", json=BOT)
        web.get(
            f"{API}/project/ERP/statuses", json=[{"id": "7", "name": "Maintenance", "statuses": statuses}]
        )
        web.get(f"{API}/user", status=404)
        site = JiraSite(settings(URL, "dc", mapping=MAPPING))
        yield site.fetch(IssueRef("main", "10012"))


def test_values_are_read_in_the_processs_words(issue: Issue) -> None:
    assert issue.fields == {
        Field.TESTER: "li.na",
        Field.FIXED_VERSION: "5.1, 5.2",
        Field.ESTIMATE_HOURS: "12",
        Field.THANKS_SENT_ON: "2026-11-21",
        Field.VISIT_AT: "2026-11-21 09:00",
        Field.VISIT_NEEDED: "yes",
    }
    assert (issue.description, issue.assignee, issue.author) == ("一\n二", "", "li.na")
    assert issue.created_at.isoformat() == "2026-11-19T09:00:00.652000+05:30"
    assert {ref.key for ref in issue.links} == {"10009", "10011"}


def test_the_history_is_told_by_ids_and_todays_names(issue: Issue) -> None:
    first = issue.history[0]
    assert (first.account, first.note) == ("li.na", "同时说的")
    assert (first.moved_from, first.moved_to) == (Stage.REGISTERED, Stage.IN_WORK)
    assert set(first.changes) == {
        FieldChange(Field.FIXED_VERSION, "", "5.2"),
        FieldChange(Field.TESTER, "li.na", "JIRAUSER10777"),
        FieldChange(Field.ESTIMATE_HOURS, "", "12"),
        FieldChange(Field.THANKS_SENT_ON, "", "2026-11-21"),
        FieldChange(Field.VISIT_AT, "", "2026-11-21 09:00"),
        FieldChange(Field.VISIT_NEEDED, "", "yes"),
    }
    assert len(issue.history) == 2
    assert issue.history[1].private


def test_restricted_words_stay_on_the_site_and_ours_are_known(issue: Issue) -> None:
    assert "欠款" not in repr(issue)
    assert issue.comments == {"M40": "缺 [x]"}
    (booked,) = issue.time_entries
    assert (booked.spent_on, booked.hours, booked.activity) == (date(2026, 11, 20), 1.5, "")
