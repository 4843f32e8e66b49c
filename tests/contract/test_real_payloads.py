"""Bodies that real trackers sent: each is taken, leads to its issue, and that issue is looked at."""

import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from svc_plugin.bootstrap import Services, build
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.ports import Site
from svc_plugin.settings import load_settings
from tests.builders import CONFIG, LEADER, MAINTAINER, NOW
from tests.contract.jira_kit import MODES, a_jira
from tests.contract.redmine_kit import a_redmine
from tests.contract.worlds import World
from webhooks.blueprint import create_receiver
from webhooks.delivery import Source

SECRET = "planted-only-this-test-signs-with-it"
FOLDER = os.environ.get("SVC_FIXTURES", "")
# which issue each body is about, as a person reads it
JIRA = {
    "jira-cloud-comment_created": 10040,
    "jira-cloud-issue_created": 10040,
    "jira-cloud-issue_created-many-custom-fields": 10509,
    "jira-cloud-issue_deleted": 10303,
    "jira-cloud-issue_updated-attachment": 10040,
    "jira-cloud-issue_updated-multiple-values": 10040,
    "jira-cloud-issue_updated-status": 10040,
    "jira-cloud-worklog_created": 10014,
    "jira-server-comment_created": 10013,
    "jira-server-issue_updated-commented": 10231,
    "jira-server-issue_updated-custom-field": 10106,
    "jira-server-issue_updated-resolved": 10300,
}
REDMINE = {2864: 11, 2865: 1}  # how many bodies are about each issue

pytestmark = pytest.mark.skipif(not FOLDER, reason="SVC_FIXTURES names no folder with captured payloads")


@dataclass
class Company:
    """A receiver in front of a store, and the worker behind it; its clock stands at the body's own time."""

    services: Services
    kind: str
    now: datetime = datetime(2026, 11, 23, tzinfo=UTC)

    def __post_init__(self) -> None:
        source = Source("main", self.kind, (SECRET,), allow_token=True)
        app = Flask("test")
        receiver = create_receiver(
            {"main": source}, self.services.inbox, lambda: self.now, hint=lambda _: None
        )
        app.register_blueprint(receiver)
        self.client = app.test_client()

    def take(self, path: str, body: bytes, headers: Mapping[str, str]) -> list[str]:
        """Send a body, and again; work off what came of it; return the issues looked at and how it ended."""
        known = dict(headers)
        known.setdefault("Content-Type", "application/json")
        answers = [self.client.post(path, data=body, headers=known) for _ in range(2)]
        assert [one.status_code for one in answers] == [202, 202], answers[0].text
        assert [one.get_json() for one in answers][1] == {"stored": False}
        results = []
        self.services.worker.drain(results.append)
        return [f"{one.ref} {one.state}" for one in results]


def moved_too_early(world: World, number: int) -> IssueRef:
    """An issue whose next look moves it back."""
    fields = {Field.CUSTOMER: "恒通机械有限公司", Field.SOURCE: "customer", Field.VISIT_NEEDED: "no"}
    ref = world.create(IssueKind.MAINTENANCE, f"问题 {number}", fields=fields, assignee=MAINTAINER)
    assert ref == IssueRef("main", str(number))
    world.does(ref, MAINTAINER, stage=Stage.IN_WORK)
    return ref


def is_settled(world: World, ours: Company, ref: IssueRef) -> bool:
    """Moved back on the site, and kept so by us."""
    kept = ours.services.mirror.get(ref)
    return kept is not None and kept.stage is world.site.fetch(ref).stage is Stage.REGISTERED


@contextmanager
def company(folder: Path, site: Site, kind: str) -> Iterator[Company]:
    settings = load_settings(CONFIG, {"SVC_DATABASE_URL": f"sqlite:///{folder}/x.db"}, now=NOW)
    services = build(settings, sites={"main": site})
    yield Company(services, kind)
    services.close()


def test_no_captured_body_is_left_out() -> None:
    assert {path.stem for path in Path(FOLDER).glob("jira-*.json")} == set(JIRA)


@pytest.mark.parametrize("mode", MODES)
def test_what_a_real_jira_sent_brings_its_issue_into_agreement(mode: str, tmp_path: Path) -> None:
    edition = "cloud" if mode == "cloud" else "server"
    bodies = {name: number for name, number in JIRA.items() if name.startswith(f"jira-{edition}-")}
    with a_jira(mode) as (world, _), company(tmp_path, world.site, "jira") as ours:
        for number in sorted(set(bodies.values())):
            world.standin.state.numbers["issue"] = number - 1
            moved_too_early(world, number)
        for name, number in bodies.items():
            ref, body = IssueRef("main", str(number)), (Path(FOLDER) / f"{name}.json").read_bytes()
            ours.now = datetime.fromtimestamp(json.loads(body)["timestamp"] / 1000, UTC)
            deleted = name.endswith("_deleted")
            if deleted:
                ours.services.reconciler.reconcile(ref)
                world.ask(LEADER, "delete", f"/issue/{ref.key}")
            proof = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
            looked_at = ours.take("/hooks/main", body, {"X-Hub-Signature": proof})
            if deleted:
                assert looked_at == [f"{ref} gone"]
                assert ours.services.mirror.get(ref) is None
            else:
                assert looked_at in ([f"{ref} changed"], [f"{ref} unchanged"]), name
                assert is_settled(world, ours, ref), name


def test_what_a_real_redmine_sent_brings_its_issue_into_agreement(tmp_path: Path) -> None:
    file = Path(FOLDER) / "redmine-5.0.4-webhook-plugin.json"
    requests = json.loads(file.read_text(encoding="utf-8"))["requests"]
    looked_at: dict[int, int] = {}
    with a_redmine(first_issue=min(REDMINE)) as (world, _):
        for number in sorted(REDMINE):
            moved_too_early(world, number)
        with company(tmp_path, world.site, "redmine") as ours:
            for request in requests:
                headers = {name: value for name, value in request["headers"].items() if name != "Host"}
                headers["Content-Length"] = str(len(request["body_raw"].encode()))
                (found,) = ours.take(f"/hooks/main/{SECRET}", request["body_raw"].encode(), headers)
                number = int(found.split()[0].partition("/")[2])
                looked_at[number] = looked_at.get(number, 0) + 1
                assert is_settled(world, ours, IssueRef("main", str(number))), request["event"]
    assert looked_at == REDMINE
