"""From a delivery to the site's calls: one trace, the same ids on every line, and a secret nowhere."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
import structlog
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from svc_plugin.bootstrap import Services, build, utc_now
from svc_plugin.demo.stage import ADMIN, BOT, api_key, cast, demo_people
from svc_plugin.demo.stage import password as password_of
from svc_plugin.domain.vocabulary import Field, IssueKind
from svc_plugin.logs import configure_logs, hide
from svc_plugin.settings import load_settings
from svc_plugin.sites.redmine import blueprint
from svc_plugin.standins.redmine import create_app as create_redmine
from svc_plugin.standins.redmine import serve
from svc_plugin.store.audit import SqlAudit, Wanted
from svc_plugin.telemetry.contacts import CONTACTS
from svc_plugin.telemetry.otel import send_to, trace_of
from svc_plugin.telemetry.traces import configure_traces, delivery_span, work_span
from svc_plugin.web.app import create_app
from svc_plugin.web.serving import parts
from tests.builders import CONFIG, NOW, SERVICE
from tests.component.receiver_kit import own

HOOK, KEY = "the-hook-secret-of-the-test", "the-secret-key-of-the-test-0123456789"
NOTE = "the words of a private note"


class NoHints:
    def send(self, ref) -> None:
        """The test works itself."""

    def send_sync(self) -> None:
        """The test works itself."""


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


@pytest.fixture(scope="module")
def spans() -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    send_to(SimpleSpanProcessor(exporter))
    return exporter


@pytest.fixture
def house(tmp_path) -> Iterator[tuple[Services, str, int]]:
    """A stand-in with one issue that is closed too early: there is something to write."""
    environ = {
        "SVC_SECRET_KEY": KEY,
        "SVC_SITE_MAIN_API_KEY": api_key(BOT),
        "SVC_SITE_MAIN_HOOK_SECRETS": HOOK,
        "SVC_DATABASE_URL": f"sqlite:///{tmp_path}/svc.db",
    }
    settings = load_settings(CONFIG, environ, now=NOW)
    site = settings.sites["main"]
    names = {key: product.name for key, product in settings.registers.products.items()}
    plan = blueprint(site.mapping, "zh", names) | demo_people(settings.registers, site.mapping, "zh")
    with serve(create_redmine(plan, clock=utc_now)) as served:
        settings = replace(settings, sites={"main": replace(site, url=served.url)})
        person = cast(served.url, site.mapping, {SERVICE: api_key(SERVICE)}, api_key(ADMIN))[SERVICE]
        fields = {Field.REQUEST_KIND: "inquiry", Field.CHANNEL: "email", Field.CUSTOMER: "恒通机械有限公司"}
        number = person.create(IssueKind.SERVICE_REQUEST, "erp", "打印不出发票", fields)
        services = build(settings)
        yield services, served.url, number
        services.close()


def deliver(services: Services, number: int) -> str:
    client = create_app(parts(services, services.inbox, NoHints())).test_client()  # type: ignore[arg-type]
    body, headers = own(number, secret=HOOK)
    answer = client.post("/hooks/main", data=body, headers=headers, content_type="application/json")
    assert answer.status_code == 202, answer.text
    with services.database.begin() as connection:
        return str(connection.exec_driver_sql("SELECT delivery FROM deliveries").scalar_one())


def test_delivery_work_and_calls_of_the_site_are_one_trace(house, spans) -> None:
    services, _, number = house
    spans.clear()
    delivery = deliver(services, number)
    assert services.worker.work_on()
    found = spans.get_finished_spans()
    trace_id, root = trace_of("main", delivery)
    mine = [span for span in found if span.context.trace_id == trace_id]
    names = [span.name for span in mine]
    assert names[0] == "delivery"
    assert names[-1] == "reconcile"
    assert {"GET main", "PUT main"} <= set(names)
    first, last = mine[0], mine[-1]
    assert first.context.span_id == root
    assert first.parent is None
    assert last.parent.span_id == root
    assert last.attributes["svc.issue"] == f"main/{number}"
    assert {span.parent.span_id for span in mine[1:-1]} == {last.context.span_id}
    put = next(span for span in mine if span.name == "PUT main")
    assert put.attributes["http.response.status_code"] in {200, 204}
    assert put.attributes["svc.plan"]
    told = repr([(span.name, dict(span.attributes)) for span in found])
    assert not [secret for secret in (HOOK, KEY, api_key(BOT)) if secret in told]


def test_every_line_names_delivery_issue_and_plan(house, capsys) -> None:
    services, _, number = house
    configure_logs()
    delivery = deliver(services, number)
    services.worker.work_on()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    stored = next(line for line in lines if line["event"] == "delivery.stored")
    done = next(line for line in lines if line["event"] == "reconcile.done")
    assert stored["delivery"] == delivery
    assert (done["delivery"], done["issue"]) == (delivery, f"main/{number}")
    audited = [one.entry.detail for one in SqlAudit(services.database).walk(Wanted(kind="decision"))]
    assert done["plan"] == ",".join(str(one["plan"]) for one in audited)


def test_a_site_that_is_down_is_noted_and_its_errors_name_no_secret(house, capsys) -> None:
    services, _, number = house
    CONTACTS.take()
    down = replace(services.settings.sites["main"], url="http://127.0.0.1:9")
    broken = build(replace(services.settings, sites={"main": down}))
    configure_logs()
    deliver(broken, number)
    assert broken.worker.work_on().state == "retry"
    broken.close()
    seen = CONTACTS.take()["main"]
    assert seen.failures >= 1
    assert seen.error == f"GET /issues/{number}.json: ConnectionError"
    assert api_key(BOT) not in capsys.readouterr().err


def test_no_secret_is_ever_written_whatever_is_logged(house, capsys) -> None:
    services, url, _ = house
    configure_logs()
    hide(services.settings.secrets)
    client = create_app(parts(services, services.inbox, NoHints())).test_client()  # type: ignore[arg-type]
    client.post(f"/hooks/main/{HOOK}", data=b"{", content_type="application/json")
    client.post("/hooks/main/wrong-token", data=b"{}", content_type="application/json")
    page = client.get("/sign-in").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    for password in ("a wrong password", password_of(SERVICE)):
        client.post("/sign-in", data={"account": SERVICE, "password": password, "csrf_token": token})
    logging.getLogger("urllib3").warning("tried %s with key=%s", url, api_key(BOT))
    fault = RuntimeError(f"postgresql://svc:{KEY}@host")
    logging.getLogger("anything").error("failed", exc_info=fault)
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    assert {line["event"] for line in lines} >= {
        "delivery.rejected",
        "sign_in.done",
        "sign_in.refused",
        "failed",
    }
    secrets = (
        HOOK,
        KEY,
        api_key(BOT),
        api_key(SERVICE),
        password_of(SERVICE),
        "a wrong password",
        "wrong-token",
    )
    assert [secret for secret in secrets if secret in written] == []
    entries = repr(list(SqlAudit(services.database).walk(Wanted())))
    assert [secret for secret in secrets if secret in entries] == []


def test_without_an_address_no_traces_are_sent_and_a_missing_library_stops_nothing(
    monkeypatch, capsys
) -> None:
    configure_logs()
    configure_traces({})
    monkeypatch.setattr("svc_plugin.telemetry.traces.otel", None)
    configure_traces({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"})
    assert "svc-plugin[otel]" in capsys.readouterr().err
    with delivery_span("main", "a", {}) as told, work_span("main", "a"):
        told("any", 1)
