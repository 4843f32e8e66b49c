"""What lies in ``config/deploy`` fits the program: commands, options, waiting times, paths, extras."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from svc_plugin.cli import main, serve

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "config" / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
UNITS = sorted(DEPLOY.glob("*.service"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def option(unit: Path, name: str) -> str:
    (found,) = re.findall(rf"^{name}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    return str(found)


def started() -> Iterator[tuple[str, list[str], float]]:
    """Each place that starts the program: its arguments, and the seconds it is given to stop."""
    for name, service in COMPOSE["services"].items():
        if service.get("image") == "svc-plugin":
            yield name, service["command"], float(service["stop_grace_period"].removesuffix("s"))
    for unit in UNITS:
        words = shlex.split(option(unit, "ExecStart"))
        yield unit.stem, words[1:], float(option(unit, "TimeoutStopSec"))


@pytest.mark.parametrize(("name", "words", "seconds"), list(started()), ids=str)
def test_each_command_is_one_of_ours_and_may_end_in_peace(
    name: str, words: list[str], seconds: float
) -> None:
    context = main.make_context("svc-plugin", list(words), resilient_parsing=True)
    chosen, command, rest = main.resolve_command(context, context._protected_args + context.args)
    assert isinstance(command, click.Command)
    told = command.make_context(chosen, rest).params
    needed = told["grace"] + (told["notice"] + serve._LAST_REQUESTS if chosen == "serve" else 0)
    assert seconds > needed, name


def test_a_receiver_and_workers_share_one_database_and_one_queue() -> None:
    ours = [one for one in COMPOSE["services"].values() if one.get("image") == "svc-plugin"]
    assert ["--receive-only" in one["command"] for one in ours] == [True, False]
    assert len({str(one["environment"]) for one in ours}) == 1


def test_no_secret_has_a_default() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    named = re.findall(r"\$\{(\w*PASSWORD\w*)(:?[?-]?)", text)
    assert named
    assert {sign for _, sign in named} == {":?"}


def test_the_image_copies_what_there_is_and_installs_extras_that_there_are() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    paths = {path for line in copied for path in line.split()}
    assert all((ROOT / path).exists() for path in paths)
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    tops = {name.partition(".")[0] for name in package["tool"]["setuptools"]["packages"]} | {"config"}
    assert tops <= paths
    kept = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{path}" for path in paths} <= set(kept)
    (extras,) = re.findall(r"'\.\[(.+)\]'", DOCKERFILE)
    assert set(extras.split(",")) <= set(package["project"]["optional-dependencies"])


def test_nothing_of_ours_runs_as_root() -> None:
    assert DOCKERFILE.rindex("\nUSER 10180") > DOCKERFILE.rindex("\nFROM ")
    assert all(option(unit, "DynamicUser") == "yes" for unit in UNITS)
