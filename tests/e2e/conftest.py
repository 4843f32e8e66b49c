"""The product as it is installed, beside a real Redmine."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from svc_plugin.bootstrap import utc_now
from svc_plugin.cli.init import write_config
from svc_plugin.demo.redmine_actor import RedmineActor
from svc_plugin.demo.stage import BOT, api_key, cast, demo_people
from svc_plugin.settings import Settings, load_settings

NEEDED = ("SVC_TEST_REDMINE_URL", "SVC_TEST_REDMINE_ADMIN_KEY", "SVC_TEST_REDMINE_CONSOLE")
REAL = Path(__file__).parent.parent / "real"


@dataclass
class RealHouse:
    """The example company on a real Redmine: configuration, people, and who sends webhooks where."""

    config: Path
    settings: Settings
    people: dict[str, RedmineActor]
    point_hooks_at: Callable[[str], None]


@pytest.fixture(scope="session")
def real_house() -> Iterator[RealHouse]:
    values = [os.environ.get(name, "") for name in NEEDED]
    if not all(values):
        pytest.skip(f"set {', '.join(NEEDED)} (tests/real/redmine.sh up prints them) to use a real Redmine")
    url, admin_key, console = values
    folder = Path(tempfile.mkdtemp(prefix="svc-plugin-e2e-"))
    folder.chmod(0o755)  # Redmine's own account reads script and blueprint there; pytest's own are closed
    config = folder / "config"
    write_config(config, api_key=api_key(BOT))
    main = config / "svc-plugin.yaml"
    main.write_text(main.read_text().replace("http://127.0.0.1:8181", url))
    settings = load_settings(config, {}, now=utc_now())
    set_up(config, folder / "setup", console)
    site = settings.sites["main"]
    add_people(demo_people(settings.registers, site.mapping, site.language), folder, console)
    secret = site.hook_secrets[0]

    def point_hooks_at(target: str) -> None:
        script = folder / "configure_hooks.rb"
        script.write_text((REAL / script.name).read_text())
        run([*shlex.split(console), str(script), target, secret])

    keys = {account: api_key(account) for account in settings.registers.people}
    people = cast(url, site.mapping, keys, admin_key)
    yield RealHouse(config, settings, people, point_hooks_at)
    shutil.rmtree(folder)


def set_up(config: Path, output: Path, console: str) -> None:
    """Let the product prepare the Redmine, twice: the second time there is nothing left to do."""
    command = [sys.executable, "-m", "svc_plugin", "--config", str(config), "setup", "redmine"]
    first = run([*command, "-o", str(output), "--run", console, "--json"])
    assert not json.loads(first)["refused"]
    again = json.loads(run([*command, "-o", str(output), "--run", console, "--json"]))
    assert (again["created"], again["changed"]) == ([], [])


def add_people(people: dict[str, object], folder: Path, console: str) -> None:
    blueprint = folder / "people.json"
    blueprint.write_text(
        json.dumps({**people, "users": [u for u in people["users"] if u["login"] != "admin"]})
    )
    run([*shlex.split(console), str(folder / "setup" / "setup.rb"), str(blueprint)])


def run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def served(real_house) -> Iterator[str]:
    """The product's own `serve` in a process of its own; yields its address."""
    with serving(real_house) as address:
        yield address


@contextmanager
def serving(house: RealHouse, **changed: str) -> Iterator[str]:
    """Run `serve` on a free port; ``changed`` are values of the configuration that hold meanwhile."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    main = house.config / "svc-plugin.yaml"
    text = main.read_text()
    for name, value in {"listen": f"127.0.0.1:{port}", "public_url": address, **changed}.items():
        text, found = re.subn(rf"(?m)^( *{name}:) \S+", rf"\1 {value}", text)
        assert found == 1, name
    before = main.read_text()
    main.write_text(text)
    log = (house.config / "serve.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "svc_plugin", "--config", str(house.config), "serve"], stderr=log
    )
    try:
        wait_for(lambda: requests.get(f"{address}/live", timeout=1).ok)
        yield address
    finally:
        process.terminate()
        process.wait(30)
        log.close()
        main.write_text(before)


def wait_for(ready: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if ready():
                return
        except requests.ConnectionError:
            pass
        assert time.monotonic() < deadline, "it did not come up"
        time.sleep(0.1)
