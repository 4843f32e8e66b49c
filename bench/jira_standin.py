"""``python -m bench.jira_standin <cloud|dc> <issues>``: a stand-in for Jira full of issues that want nothing.

Prints its URL and serves until its standard input ends. ``GET /calls`` tells how many requests each user
agent sent since it was last asked.
"""

import sys
from collections import Counter
from datetime import UTC, datetime
from typing import cast

from flask import request

from bench.jira_site import BOT, SERVICE, blueprint, known
from svc_plugin.domain.vocabulary import Field, IssueKind
from svc_plugin.standins.jira import Mode, create_app, serve, site_of
from svc_plugin.standins.jira.app import JiraApp
from svc_plugin.standins.jira.comments import add_comment
from svc_plugin.standins.jira.edits import edit
from svc_plugin.standins.jira.wanted import Wanted

CHANGES, MANY_CHANGES = 6, 60  # of each issue, and of one in fifty: more than a search shows
COMMENTS = ("已与客户约定时间。", "培训材料已发出，请客户确认参加人数。")


def main(mode: Mode, issues: int) -> None:
    """Fill the stand-in, then serve."""
    app = create_app(blueprint(), mode, clock=lambda: datetime.now(UTC))
    calls: Counter[str] = Counter()

    @app.before_request
    def count() -> None:
        calls["ours" if request.user_agent.string == "svc-plugin" else "peer"] += 1

    @app.get("/calls")
    def told() -> dict[str, int]:
        found = dict(calls)
        calls.clear()
        return found

    _fill(app, issues, cloud=mode == "cloud")
    calls.clear()
    with serve(app) as served:
        print(served.url, flush=True)
        sys.stdin.read()


def _fill(app: JiraApp, issues: int, *, cloud: bool) -> None:
    site, mapping = site_of(app), known()
    people = site.catalogue.people
    ids = {one.name: number for number, one in site.catalogue.fields.items()}
    fields = {
        "project": {"key": "ERP"},
        "issuetype": {"name": mapping.kinds[IssueKind.SERVICE_TASK].issue_type},
        ids[mapping.fields[Field.CUSTOMER]]: "恒通机械有限公司",
        ids[mapping.fields[Field.TASK_KIND]]: {"value": mapping.to_site(Field.TASK_KIND, "training")},
    }
    client = app.test_client()
    service = people[SERVICE]
    who = {"auth": (service.email, service.token)} if cloud else {}
    headers = {} if cloud else {"Authorization": f"Bearer {service.token}"}
    for number in range(issues):
        body = {"fields": {**fields, "summary": f"培训 {number}"}}
        answer = client.post("/rest/api/2/issue", json=body, headers=headers, **who)
        assert answer.status_code == 201, answer.text
        issue = site.state.issues[int(answer.get_json()["id"])]
        changes = MANY_CHANGES if number % 50 == 0 else CHANGES
        with app.test_request_context():  # events name the address of the server
            for change in range(changes):
                person = people[BOT if change % 2 else SERVICE]
                edit(site, person, issue, Wanted({"summary": f"培训 {number}，第 {change + 1} 次改动"}))
            for text in COMMENTS:
                add_comment(site, service, issue, {"body": text})


if __name__ == "__main__":
    main(cast("Mode", sys.argv[1]), int(sys.argv[2]))
