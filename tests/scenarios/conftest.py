"""Plays every scenario in every world that is there, and keeps what it led to."""

import os
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd.parser import ScenarioTemplate
from pytest_bdd.scenario import scenario_wrapper_template_registry

from svc_plugin.settings import Settings
from svc_plugin.store.database import Database
from svc_plugin.store.tables import metadata
from tests.scenarios.jira import jira
from tests.scenarios.play import Play
from tests.scenarios.record import TABLE, Record, Records, record_of
from tests.scenarios.redmine import real_redmine, standin
from tests.scenarios.words import Words, company
from tests.scenarios.worlds import MemoryWorld, World
from tests.thorough import thorough

NEEDED = ("SVC_TEST_REDMINE_URL", "SVC_TEST_REDMINE_ADMIN_KEY", "SVC_TEST_REDMINE_CONSOLE")
WORKER = "PYTEST_XDIST_WORKER"
SERVERS = ("standin", "jira-cloud", "jira-dc")


def pytest_bdd_apply_tag(tag: str, function: Callable[..., object]) -> bool:
    """A tag is a clause of the process."""
    pytest.mark.clause(tag)(function)
    return True


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play each scenario in memory in both languages and every other on a server in turn, or all on all."""
    template = scenario_wrapper_template_registry.get(metafunc.function)
    if template:
        metafunc.fixturenames.append("world_name")
        metafunc.parametrize("world_name", _worlds(template), indirect=True)


def _worlds(template: ScenarioTemplate) -> list[Any]:
    real = pytest.param("real_redmine", marks=pytest.mark.real_redmine)
    if thorough():
        return ["memory", *SERVERS, real]
    turn, other = divmod(_place(template), 2)
    if _language(template) != ("en" if other else "zh"):
        return ["memory"]
    return ["memory", real] if other else ["memory", SERVERS[turn % len(SERVERS)], real]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print one line a feature, also when the tests ran in other processes."""
    reports = [one for kind in ("passed", "failed") for one in terminalreporter.stats.get(kind, ())]
    lines = [text for one in reports for name, text in one.user_properties if name == TABLE]
    if lines:
        terminalreporter.section(TABLE)
    for line in sorted(lines):
        terminalreporter.write_line(line)


def _stem(template: ScenarioTemplate) -> str:
    return Path(template.feature.filename).stem


def _place(template: ScenarioTemplate) -> int:
    return list(template.feature.scenarios).index(template.name)


def _language(template: ScenarioTemplate) -> str:
    return template.feature.language.partition("-")[0]


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    """The records of this run, shared by all its processes."""
    own = tmp_path_factory.getbasetemp()
    return Records((own.parent if WORKER in os.environ else own) / "scenarios")


@pytest.fixture
def records_of(
    request: pytest.FixtureRequest, records: Records
) -> Callable[[str], dict[int, dict[str, Record]]]:
    """Waits until every play of a feature that belongs to this run is over, in whichever process."""
    tests = [item.obj for item in request.session.items if isinstance(item, pytest.Function)]
    templates = map(scenario_wrapper_template_registry.get, tests)
    plays = Counter(_stem(template) for template in templates if template)

    def wait_for(feature: str) -> dict[int, dict[str, Record]]:
        deadline = time.monotonic() + (60 if WORKER in os.environ else 0)
        while records.count(feature) < plays[feature]:
            if time.monotonic() > deadline:
                pytest.skip(
                    f"{records.count(feature)} of {plays[feature]} plays of {feature} are over so far"
                )
            time.sleep(0.1)
        return records.of(feature)

    return wait_for


@pytest.fixture(scope="session")
def store() -> Iterator[Database]:
    """One for all: its compiled statements cost more than a scenario."""
    database = Database("sqlite://")
    with database.begin() as connection:
        metadata.create_all(connection)
    yield database
    database.close()


@pytest.fixture(scope="session")
def servers() -> Iterator[Callable[[str, str], World]]:
    """The servers by world and language, started when first asked for."""
    known: dict[tuple[str, str], World] = {}
    with ExitStack() as stack:

        def server(world: str, language: str) -> World:
            if (world, language) not in known:
                known[world, language] = _served(world, company(language), stack)
            return known[world, language]

        yield server


def _served(world: str, settings: Settings, stack: ExitStack) -> World:
    match world:
        case "standin":
            return stack.enter_context(standin(settings))
        case "jira-cloud":
            return stack.enter_context(jira(settings, "cloud"))
        case "jira-dc":
            return stack.enter_context(jira(settings, "dc"))
        case _:
            return real_redmine(settings, *_real())


def _real() -> list[str]:
    values = [os.environ.get(name, "") for name in NEEDED]
    if not all(values):
        pytest.skip(f"set {', '.join(NEEDED)} (tests/real/redmine.sh up prints them) to use a real Redmine")
    return values


@pytest.fixture
def world_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def play(
    request: pytest.FixtureRequest,
    world_name: str,
    servers: Callable[[str, str], World],
    records: Records,
    store: Database,
) -> Iterator[Play]:
    """The scenario on stage; its record is kept when it was played to its end."""
    template, record = scenario_wrapper_template_registry[request.function], None
    language = _language(template)
    settings = company(language)
    words = Words(language, settings.registers, settings.sites["main"].mapping)
    try:
        world = MemoryWorld(language) if world_name == "memory" else servers(world_name, language)
        played = Play(settings, words, world, store)
        yield played
        if getattr(request.node, "passed", False):
            played.comes_to_rest()
            # a real server keeps its own time
            record = record_of(played, any_hour=NEEDED[0] in os.environ)
    finally:
        records.keep(_stem(template), _place(template), f"{world_name}, {language}", record)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell the fixture how the scenario ended."""
    report = yield
    if report.when == "call":
        item.passed = report.passed  # type: ignore[attr-defined]
    return report
