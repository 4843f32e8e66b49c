"""The contenders: how each is started, and how what it stored is counted afterwards."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bench.receiver.delivery import SECRET, number_at
from svc_plugin.demo.stage import BOT, api_key

ROOT = Path(__file__).parents[2]
NOBODY = "http://127.0.0.1:9"  # no Redmine there
WORK = ROOT / "var" / "bench"  # on the disk that the code is on: a temporary folder may be in memory


@dataclass(frozen=True, slots=True)
class Contender:
    """A server to drive: ``command`` gives its command line for a folder and a port."""

    name: str
    command: Callable[[Path, int], Sequence[str]]
    stores: bool = True


@dataclass(frozen=True, slots=True)
class Server:
    """A running contender, leader of its own process group ``group``; ``database`` is the address of its store."""

    port: int
    group: int
    database: str

    @property
    def file(self) -> Path:
        """The file of an embedded store."""
        return Path(self.database.removeprefix("sqlite:///"))

    def kill(self) -> None:
        """End it at once, as a power switch would (for processes, not for the disk)."""
        os.killpg(self.group, signal.SIGKILL)


def _python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def _granian(factory: str) -> Callable[[Path, int], Sequence[str]]:
    return lambda _, port: _python("bench.receiver.granian_as_serve", factory, str(port))


def _product(folder: Path, _: int) -> Sequence[str]:
    return _python("svc_plugin", "--config", str(folder / "config"), "serve")


def _peer(_: Path, port: int) -> Sequence[str]:
    options = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    return _python("uvicorn", "bench.peers.fastapi_receiver:app", "--port", str(port), *options)


OURS = Contender("ours", _granian("ours"))
PEER = Contender("FastAPI peer", _peer)
VERIFIED = Contender("ours, not stored", _granian("verified"), stores=False)
FLASK = Contender("Flask no-op", _granian("flask_noop"), stores=False)
BARE = Contender("bare no-op", _granian("bare"), stores=False)
SERVE = Contender("svc-plugin serve", _product)


@contextmanager
def work_folder() -> Iterator[Path]:
    """Give an empty folder on a real disk and remove it afterwards."""
    WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK) as name:
        yield Path(name)


@contextmanager
def running(
    contender: Contender, folder: Path, *, redmine: str = NOBODY, database: str = ""
) -> Iterator[Server]:
    """Start a contender in ``folder`` on a free port and stop it in the end.

    ``redmine`` is where its site is said to be; only ``SERVE`` ever asks. ``database`` is the address of
    one to use in place of a file in ``folder``. Raises ``RuntimeError`` with its
    output when it does not start.
    """
    port = free_port()
    write_config(folder, port, redmine)
    file = folder / "receiver.db"
    address = database or f"sqlite:///{file}"
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "SVC_CONFIG": str(folder / "config"),
        "SVC_DATABASE_URL": address,
        "BENCH_DATABASE": str(file),
        "BENCH_SECRET": SECRET,
    }
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            contender.command(folder, port),
            cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
        try:
            _wait_for(process, port, folder / "output")
            yield Server(port, process.pid, address)
        finally:
            end(process)


@contextmanager
def redmine() -> Iterator[str]:
    """Run the stand-in in a process of its own and give its URL."""
    with work_folder() as folder:
        write_config(folder, 9, NOBODY)
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.receiver.standin", str(folder / "config")],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        with process:
            assert process.stdin
            assert process.stdout
            try:
                yield process.stdout.readline().strip()
            finally:
                process.stdin.close()


def stored_numbers(database: str) -> set[int]:
    """Read which deliveries a store holds, by the number in each body."""
    offset, length = number_at()
    number = f"substr(body, {offset + 1}, {length})"
    # the others are ``fill``'s
    statement = sa.text(f"SELECT {number} FROM deliveries WHERE length(body) > {offset}")
    with sa.create_engine(database, poolclass=sa.NullPool).connect() as connection:
        return {int(bytes(number)) for number in connection.execute(statement).scalars()}


def fill(database: Path, deliveries: int) -> None:
    """Put ``deliveries`` small ones, of a tenth as many issues, into a database that a server has opened."""
    rows = ((f"sha256:{number:064x}", str(number // 10), number) for number in range(deliveries))
    issues = ((str(number),) for number in range(deliveries // 10))
    with closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        connection.executemany(
            "INSERT INTO deliveries (site, delivery, key, seq, body, received_at)"
            " VALUES ('main', ?, ?, ?, x'00', 0)",
            rows,
        )
        connection.executemany(
            "INSERT OR IGNORE INTO work (site, key, wanted, due) VALUES ('main', ?, 1, NULL)", issues
        )


def free_port() -> int:
    """Return a port that nobody listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port: int = probe.getsockname()[1]
        return port


def write_config(folder: Path, port: int, redmine: str) -> None:
    config = folder / "config"
    if config.exists():
        shutil.rmtree(config)
    shutil.copytree(ROOT / "config", config)
    main = config / "svc-plugin.yaml"
    text = main.read_text(encoding="utf-8").replace("http://127.0.0.1:8181", redmine)
    main.write_text(re.sub(r"127\.0\.0\.1:8180", f"127.0.0.1:{port}", text), encoding="utf-8")
    secrets = {
        "SVC_SECRET_KEY": "k" * 48,
        "SVC_SITE_MAIN_API_KEY": api_key(BOT),
        "SVC_SITE_MAIN_HOOK_SECRETS": SECRET,
    }
    (config / "secrets.env").write_text("".join(f"{name}={value}\n" for name, value in secrets.items()))


def _wait_for(process: subprocess.Popen[bytes], port: int, output: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as connection:
                connection.sendall(b"GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                if connection.recv(100):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{output.read_text(errors='replace')}")


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop the leader of a process group, then whatever is left of the group."""
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(20)
    # whatever is left of its own group, and nothing else
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()
