"""Channels over apprise against a server of our own: delivered, refused, and never a secret in sight."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from svc_plugin import bootstrap, channels
from svc_plugin.channels import Channels
from svc_plugin.cli import main
from svc_plugin.cli.init import write_config
from svc_plugin.domain.errors import ConfigError, TransientError
from svc_plugin.domain.vocabulary import Field, IssueKind
from svc_plugin.sites.memory import MemorySite
from tests.builders import LEADER, SERVICE, example

pytest.importorskip("apprise")
SECRET = "planted-geheim-7f3a9"


@dataclass
class Service:
    """A messenger's server: keeps what it is sent, answers ``status``."""

    port: int = 0
    status: int = 200
    received: list[dict[str, str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"json://user:{SECRET}@127.0.0.1:{self.port}/{SECRET}"


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.received.append(json.loads(body))
            self.send_response(service.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield service
        server.shutdown()
        thread.join()


@pytest.fixture
def config(tmp_path: Path, service: Service) -> Path:
    folder = tmp_path / "config"
    write_config(folder, language="en")
    with (folder / "secrets.env").open("a", encoding="utf-8") as secrets:
        secrets.write(f"SVC_NOTIFY_DESK={service.address}\n")
    return folder


def run(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(config), *arguments], catch_exceptions=False)


def test_a_message_reaches_its_channel_as_plain_text(service: Service) -> None:
    Channels({"desk": service.address}).send("desk", "标题", "<b>第一行</b>\n#7 & 第二行")
    (received,) = service.received
    assert (received["title"], received["message"]) == ("标题", "<b>第一行</b>\n#7 & 第二行")


def test_what_is_refused_or_unreachable_is_a_fault_that_passes_and_names_the_channel_only(
    service: Service, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    service.status = 500
    dead = f"json://user:{SECRET}@127.0.0.1:1/{SECRET}"
    reached = Channels({"desk": service.address, "dead": dead})
    for name in ("desk", "dead", "unknown"):
        with pytest.raises(TransientError, match=f"'{name}'") as caught:
            reached.send(name, "t", "x")
        assert SECRET not in str(caught.value)
    assert SECRET not in caplog.text + "".join(capfd.readouterr())


def test_an_address_that_nobody_understands_is_named_and_not_shown() -> None:
    with pytest.raises(ConfigError, match=r"SVC_NOTIFY_DESK = .hidden.: .*wecombot://KEY") as caught:
        Channels({"desk": f"nonsense:{SECRET}"})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "wecombot://0c2f8a2e-5d1c-4a31-9b7e-1f0c3d5e7a90",
        "dingtalk://SECRET@0123456789abcdef0123456789abcdef",
        "feishu://0123456789abcdef",
        "mailtos://svc:PASSWORD@smtp.example.com:465?from=svc@example.com&to=li@example.com",
    ],
)
def test_the_addresses_of_the_manual_are_understood(address: str) -> None:
    Channels({"one": address})


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(channels.importlib, "import_module", missing)
    with pytest.raises(ConfigError, match=r"pip install 'svc-plugin\[notify\]'"):
        Channels({})


def test_notify_test_sends_one_message(config: Path, service: Service) -> None:
    result = run(config, "notify", "test", "desk")
    assert (result.exit_code, result.output) == (0, "Sent to the channel desk.\n")
    assert "desk" in service.received[0]["message"]


def test_notify_test_says_what_is_wrong_without_the_address(config: Path, service: Service) -> None:
    service.status = 403
    refused = run(config, "notify", "test", "desk")
    assert refused.exit_code == 1
    assert "did not reach the channel desk: check the address" in refused.output
    unknown = run(config, "notify", "test", "mail_li")
    assert unknown.exit_code == 1
    assert "SVC_NOTIFY_MAIL_LI is not set" in unknown.output
    assert "Known channels: desk" in unknown.output
    assert SECRET not in refused.output + unknown.output


def test_check_names_a_channel_that_cannot_be_used(config: Path) -> None:
    secrets = config / "secrets.env"
    secrets.write_text(f"{secrets.read_text()}SVC_NOTIFY_BAD=nonsense:{SECRET}\n", encoding="utf-8")
    assert run(config, "check", "--offline").exit_code == 0
    on = config / "svc-plugin.yaml"
    on.write_text(on.read_text(encoding="utf-8").replace("notify: false", "notify: true"), encoding="utf-8")
    result = run(config, "check", "--offline")
    assert result.exit_code == 1
    assert "SVC_NOTIFY_BAD" in result.output
    assert SECRET not in result.output


def test_a_complaint_travels_from_the_issue_to_the_leaders_channel(
    service: Service, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    company = example()
    leader = replace(company.registers.people[LEADER], notify=("desk",))
    registers = replace(company.registers, people={**company.registers.people, LEADER: leader})
    url = f"sqlite:///{tmp_path}/svc.db"
    settings = replace(
        company, registers=registers, database=url, notify=True, channels={"desk": service.address}
    )
    clock = bootstrap.utc_now
    site = MemorySite("main", clock)
    services = bootstrap.build(settings, sites={"main": site})
    assert services.notifier
    fields = {Field.REQUEST_KIND: "complaint", Field.CHANNEL: "email"}
    ref = site.create(
        IssueKind.SERVICE_REQUEST, "erp", "态度生硬", author="customer", assignee=SERVICE, fields=fields
    )
    service.status = 503
    for _ in range(2):
        services.work.add([ref], due=clock() - timedelta(seconds=1))
        services.worker.drain()
        services.notifier.deliver()
    assert LEADER in site.fetch(ref).watchers
    assert len(service.received) == 1, "the second try has its time"
    assert "#1 态度生硬" in service.received[0]["message"]
    services.close()
    assert SECRET not in "".join(capfd.readouterr())
    assert SECRET.encode() not in (tmp_path / "svc.db").read_bytes()


def test_notify_list_shows_what_was_not_sent(config: Path) -> None:
    assert run(config, "notify", "list").output == "Notifications not sent: 0\n"
    assert json.loads(run(config, "notify", "list", "--json").stdout) == []
