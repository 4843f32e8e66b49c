"""``/ready`` names every reason, ``/metrics`` is for whom it is meant, and its figures are the world's."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from svc_plugin.bootstrap import Services, build, utc_now
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.ports import Notice
from svc_plugin.running.pulse import FRESH, Pulse
from svc_plugin.running.readiness import LEAST_SPACE, Readiness
from svc_plugin.settings import load_settings
from svc_plugin.store.heartbeats import SqlHeartbeats
from svc_plugin.telemetry.contacts import Contacts
from svc_plugin.web.app import create_app
from svc_plugin.web.serving import parts
from tests.builders import CONFIG, NOW, an_issue, ref

ROOT = Path(__file__).parents[2]
TOKEN = "metrics-token-of-the-test"


class NoHints:
    def send(self, ref) -> None:
        """Nobody works here."""

    def send_sync(self) -> None:
        """Nobody works here."""


@pytest.fixture
def services(tmp_path):
    environ = {
        "SVC_SECRET_KEY": "k" * 40,
        "SVC_DATABASE_URL": f"sqlite:///{tmp_path}/svc.db",
        "SVC_METRICS_TOKEN": TOKEN,
    }
    built = build(load_settings(CONFIG, environ, now=NOW), sites={})
    Pulse(built.database, utc_now).beat()
    yield built
    built.close()


def app(services: Services, **changes: object) -> Flask:
    web = parts(services, services.inbox, NoHints())  # type: ignore[arg-type]
    return create_app(replace(web, health=replace(web.health, **changes)))  # type: ignore[arg-type]


def ready(services: Services, **changes: object) -> tuple[int, list[str]]:
    answer = app(services, **changes).test_client().get("/ready")
    return answer.status_code, [one["check"] for one in answer.json["reasons"]]


def test_ready_when_all_is_well(services) -> None:
    assert ready(services) == (200, [])


def test_not_ready_without_a_worker_that_is_heard_of(services) -> None:
    later = Readiness(services.database, services.work, lambda: utc_now() + FRESH)
    assert ready(services, readiness=later) == (503, ["workers"])


def test_not_ready_when_the_tables_are_of_another_version(services) -> None:
    with services.database.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    assert ready(services) == (503, ["migrations"])


def test_not_ready_while_an_issue_is_stuck(services) -> None:
    services.work.add([ref()], due=utc_now() - timedelta(hours=1))
    assert ready(services) == (503, ["queue"])


def test_not_ready_when_the_disk_is_nearly_full(services) -> None:
    full = Readiness(services.database, services.work, utc_now, free=lambda _path: LEAST_SPACE - 1)
    assert ready(services, readiness=full) == (503, ["disk"])


def test_not_ready_when_the_database_cannot_be_written_to_and_why_is_not_for_everybody(services) -> None:
    with services.database.begin() as connection:
        connection.execute(sa.text("PRAGMA query_only = ON"))
    answer = app(services).test_client().get("/ready")
    assert answer.status_code == 503
    assert [one["check"] for one in answer.json["reasons"]] == ["database"]
    assert "readonly" not in answer.text
    assert app(services).test_client().get("/live").status_code == 200


def test_many_who_ask_at_once_cost_one_look(services) -> None:
    client = app(services).test_client()
    with services.database.begin() as connection:
        asked: list[str] = []
        sa.event.listen(connection.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for _ in range(20):
        client.get("/ready")
    assert sum("INSERT INTO heartbeats" in one for one in asked) == 1


def test_a_process_that_stops_leaves_the_list_and_one_that_died_is_forgotten(services) -> None:
    heartbeats = SqlHeartbeats(services.database)
    old = heartbeats.all()[0]
    heartbeats.beat(replace(old, name="dead:1", at=utc_now() - timedelta(days=2)))
    pulse = Pulse(services.database, utc_now, Contacts())
    pulse.start()
    assert {one.name for one in heartbeats.all()} == {old.name, "dead:1"}  # the same process
    pulse.stop()
    assert heartbeats.all() == []


FORWARDED = {"X-Forwarded-For": "10.0.0.9"}
HOME = "127.0.0.1"
ASKED = {
    "nobody is named": ({}, {}, 404),
    "the right token": ({}, {"Authorization": f"Bearer {TOKEN}"}, 200),
    "another token": ({}, {"Authorization": "Bearer other"}, 404),
    "no token is set and none is given": ({"metrics_token": ""}, {"Authorization": "Bearer "}, 404),
    "the address": ({"metrics_from": frozenset({HOME})}, {}, 200),
    "another address": ({"metrics_from": frozenset({"10.0.0.9"})}, {}, 404),
    "an address that is only told": ({"metrics_from": frozenset({"10.0.0.9"})}, FORWARDED, 404),
    "the world through a proxy there": ({"metrics_from": frozenset({HOME})}, FORWARDED, 404),
    "the proxy itself": ({"metrics_from": frozenset({HOME}), "trusted_proxies": frozenset({HOME})}, {}, 404),
}


@pytest.mark.parametrize("name", ASKED)
def test_metrics_are_for_whom_they_are_meant(services, name) -> None:
    changes, headers, status = ASKED[name]
    assert app(services, **changes).test_client().get("/metrics", headers=headers).status_code == status


def figures(client) -> dict[tuple[str, ...], float]:
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    families = text_string_to_metric_families(text)
    return {
        (one.name, *(value for _, value in sorted(one.labels.items()))): one.value
        for family in families
        for one in family.samples
    }


def test_the_figures_of_the_store_are_the_worlds(services) -> None:
    now, client = utc_now(), app(services).test_client()
    services.inbox.accept(Notice(ref("1"), "a", b"{}", now - timedelta(seconds=90)))
    late = {Field.ESCALATION_LEVEL: "2"}
    for key, stage in (("2", Stage.IN_WORK), ("3", Stage.CLOSED)):
        services.mirror.put(an_issue(IssueKind.MAINTENANCE, stage, key=key, fields=late), seen_at=now)
    Pulse(services.database, utc_now).beat()
    found = figures(client)
    assert found["svc_queue_issues", "waiting"] == 1
    assert 89 < found["svc_queue_oldest_seconds",] < 120
    assert found["svc_breached_issues", "2", "erp"] == 1
    assert found["svc_audit_entries",] == services_entries(services)
    assert ("svc_notifications", "given_up") in found


def services_entries(services: Services) -> int:
    with services.database.begin() as connection:
        return connection.execute(sa.text("SELECT count(*) FROM audit")).scalar_one()


def test_a_delivery_that_is_refused_is_counted(services) -> None:
    client = app(services).test_client()
    name = ("svc_deliveries_total", "rejected", "main")
    before = figures(client).get(name, 0)
    client.post("/hooks/main", data=b"{}", content_type="application/json")
    assert figures(client)[name] == before + 1


def test_every_metric_is_documented_in_both_languages(services) -> None:
    client = app(services).test_client()
    client.post("/hooks/main", data=b"{}", content_type="application/json")
    names = {key[0] for key in figures(client) if key[0].startswith("svc_")}
    names |= {"svc_reconcile_seconds", "svc_site_requests_total", "svc_site_request_seconds"}
    plain = {re.sub("_(bucket|sum|count)$", "", name) for name in names if not name.endswith("_created")}
    for page in ("operations.md", "operations.zh.md"):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        assert {name for name in plain if f"`{name}`" not in text} == set()


def test_every_alert_asks_for_metrics_that_there_are(services) -> None:
    rules = YAML(typ="safe").load((ROOT / "docs" / "alerts.yaml").read_text(encoding="utf-8"))
    asked = {
        word
        for group in rules["groups"]
        for rule in group["rules"]
        for word in re.findall(r"svc_[a-z_]+", rule["expr"])
    }
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert asked
    assert {name for name in asked if f"`{name.removesuffix('_bucket')}`" not in text} == set()


_COUNTS = """
import sys
from svc_plugin.telemetry.metrics import count_delivery, process_registry
from prometheus_client import generate_latest
count_delivery("main", "stored")
if len(sys.argv) > 1:
    print(generate_latest(process_registry()).decode())
"""


def test_processes_of_one_machine_share_their_counters(tmp_path) -> None:
    environ = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", _COUNTS], cwd=ROOT, env=environ, check=True)
    told = subprocess.run(
        [sys.executable, "-c", _COUNTS, "tell"],
        cwd=ROOT,
        env=environ,
        check=True,
        capture_output=True,
        text=True,
    )
    assert 'svc_deliveries_total{result="stored",site="main"} 3.0' in told.stdout


def test_the_answers_stay_json(services) -> None:
    answer = app(services).test_client().get("/ready")
    assert json.loads(answer.data)["ready"] is True
