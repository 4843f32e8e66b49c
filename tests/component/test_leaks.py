"""No secret in what we print: the watch over the whole suite works, and so do our logs."""

import subprocess
import sys
from pathlib import Path

import pytest
import structlog

from svc_plugin.demo.stage import BOT, api_key
from svc_plugin.logs import configure_logs
from tests.leaks import SECRET
from tests.thorough import some

ROOT = Path(__file__).parents[2]
LEAKING = """
import logging, os, pytest, sys

def test_prints(): print({shown!r})
def test_logs(): logging.getLogger("x").warning({shown!r})
def test_of_a_child(): os.system("echo " + {shown!r} + " >&2")

@pytest.fixture
def late():
    yield
    print({shown!r})

def test_cleans_up(late): pass

@pytest.mark.shows_secrets
def test_does_so_on_purpose(): print({shown!r})
"""


def run(folder: Path, shown: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(LEAKING.format(shown=shown))
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    shows_secrets: x\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.leaks", *options, str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("workers", some(["0", "2"], of=2))
def test_a_secret_in_the_output_of_any_test_fails_the_run(tmp_path: Path, workers: str) -> None:
    done = run(tmp_path, "planted-for-this-test", "-n", workers)
    assert done.returncode == 1, done.stdout + done.stderr
    _, _, told = done.stdout.partition("secrets in the output")
    named = {name for name in ("prints", "logs", "of_a_child", "cleans_up", "on_purpose") if name in told}
    assert named == {"prints", "logs", "of_a_child", "cleans_up"}
    assert "5 passed" in done.stdout
    assert "planted-" not in told


@pytest.mark.parametrize(
    "shown", ["k" * 40, api_key(BOT), "Authorization: Bearer x.y", "{'Authorization': 'Basic YWI6Yw=='}"]
)
def test_keys_of_the_stand_ins_and_headers_are_known_too(shown: str) -> None:
    assert SECRET.search(f"before {shown} after")


def test_ordinary_words_are_no_secrets() -> None:
    assert not SECRET.search("Authorization is missing; enter the key; delivery=sha256:59db325a; planted")


@pytest.mark.parametrize("terminal", [True, False])
def test_a_crash_is_logged_without_the_values_that_were_at_hand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, terminal: bool
) -> None:
    """A library's frames hold the headers of a request, and with them the key."""

    def crash(headers: dict[str, str]) -> None:
        raise ValueError(f"{len(headers)} headers")

    secret = "-".join(("planted", "in", "a", "frame"))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    try:
        configure_logs()
        try:
            crash({"Authorization": secret})
        except ValueError:
            structlog.get_logger("x").exception("reconcile.failed")
        said = capsys.readouterr().err
    finally:
        structlog.reset_defaults()
    assert "1 headers" in said
    assert secret not in said
