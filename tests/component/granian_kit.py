"""The real HTTP server, in a process of its own, with an application that a test writes."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@contextmanager
def served(folder: Path, app: str, name: str, *, interface: str = "rsgi") -> Generator[int]:
    """Serve what the module ``app`` (its text) calls ``name``; give the port when it is listened on.

    What the server says goes to ``output`` in ``folder``.
    """
    (folder / "served_app.py").write_text(app)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", interface, "--host", "127.0.0.1"]
    command += ["--port", str(port), f"served_app:{name}"]
    paths = os.pathsep.join([str(folder), str(ROOT)])
    output = folder / "output"
    with output.open("wb") as log:
        process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": paths}, stdout=log, stderr=log)
    try:
        _wait_for(port, process, output)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, process: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"the server did not start:\n{output.read_text()}")
