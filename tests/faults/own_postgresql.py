"""A PostgreSQL of our own, which may be stopped, killed and cut off from the net."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest


class OwnPostgresql:
    """A cluster in ``folder``; in ``namespace`` when it is to be cut off, listening on ``host``."""

    def __init__(self, folder: Path, *, host: str = "127.0.0.1", namespace: str = "") -> None:
        found = shutil.which("initdb") or next(
            (str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))), ""
        )
        if not found or os.geteuid() != 0 or not shutil.which("runuser"):
            pytest.skip("needs root and PostgreSQL's programs (initdb, pg_ctl), to run a server of its own")
        self._programs, self._data = Path(found).resolve().parent, folder / "data"
        self._prefix = ["ip", "netns", "exec", namespace] if namespace else []
        self.host, self.port = host, _free_port()
        for part in (folder, *folder.parents):  # the server's account must get there
            if part.is_relative_to("/tmp"):
                part.chmod(part.stat().st_mode | 0o055)
        self._data.mkdir()
        shutil.chown(self._data, "postgres", "postgres")
        self._run("initdb", "-A", "trust", "-U", "svc", "--no-sync")
        with (self._data / "pg_hba.conf").open("a") as rules:
            rules.write("host all svc 0.0.0.0/0 trust\n")
        self.start()

    @property
    def url(self) -> str:
        """Where to find it; a connection that hears nothing for some seconds is given up at both ends."""
        server = "options=-cidle_in_transaction_session_timeout%3D3s"
        more = f"tcp_user_timeout=2000&connect_timeout=2&{server}"
        return f"postgresql+psycopg://svc@{self.host}:{self.port}/postgres?{more}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        how = f"-p {self.port} -c listen_addresses={self.host} -c unix_socket_directories={self._data}"
        self._run("pg_ctl", "-w", "-l", str(self._data / "log"), "-o", how, "start")

    def stop(self, how: str = "immediate") -> None:
        """Stop without a word to anybody (``immediate``), as a crash does."""
        self._run("pg_ctl", "-w", "-m", how, "stop")

    def restart_after(self, seconds: float) -> None:
        """Crash now, be back after a while."""
        self.stop()
        time.sleep(seconds)
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self._data), *arguments]
        as_server = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run([*self._prefix, *as_server], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{program} {arguments}: {done.stdout}{done.stderr}"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
