"""Plays every scenario in every world that is there, and keeps what it led to."""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytest_bdd.parser import ScenarioTemplate
from pytest_bdd.scenario import scenario_wrapper_template_registry

from svc_plugin.store.database import Database
from svc_plugin.store.tables import metadata
from tests.scenarios.play import Play
from tests.scenarios.record import TABLE, Records, record_of
from tests.scenarios.redmine import RedmineWorld, real_redmine, standin
from tests.scenarios.words import Words, company
from tests.scenarios.worlds import MemoryWorld, World

NEEDED = ("SVC_TEST_REDMINE_URL", "SVC_TEST_REDMINE_ADMIN_KEY", "SVC_TEST_REDMINE_CONSOLE")
EVERYWHERE = "SVC_TEST_SCENARIOS"  # "all": every scenario on servers in both languages, not in turns


def pytest_bdd_apply_tag(tag: str, function: Callable[..., object]) -> bool:
    """A tag is a clause of the process."""
    pytest.mark.clause(tag)(function)
    return True


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play each scenario in memory in both languages, on servers in turns: one in Chinese, one in English."""
    template = scenario_wrapper_template_registry.get(metafunc.function)
    if template:
        turn = "en" if _place(template) % 2 else "zh"
        served = os.environ.get(EVERYWHERE) == "all" or _language(template) == turn
        # what is compared is kept in one process: a feature in both languages and every world
        group = pytest.mark.xdist_group(_stem(template))
        worlds = [pytest.param("memory", marks=group)]
        if served:
            worlds.append(pytest.param("standin", marks=group))
            worlds.append(pytest.param("real_redmine", marks=[group, pytest.mark.real_redmine]))
        metafunc.fixturenames.append("world_name")
        metafunc.parametrize("world_name", worlds, indirect=True)


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
def records() -> Records:
    return Records()


@pytest.fixture(scope="session")
def store() -> Iterator[Database]:
    """One for all: its compiled statements cost more than a scenario."""
    database = Database("sqlite://")
    with database.begin() as connection:
        metadata.create_all(connection)
    yield database
    database.close()


@pytest.fixture(scope="session")
def servers() -> Iterator[Callable[[str, str], RedmineWorld]]:
    """The Redmines by world and language, started when first asked for."""
    known: dict[tuple[str, str], RedmineWorld] = {}
    with ExitStack() as stack:

        def server(world: str, language: str) -> RedmineWorld:
            if (world, language) not in known:
                settings = company(language)
                known[world, language] = (
                    stack.enter_context(standin(settings))
                    if world == "standin"
                    else real_redmine(settings, *_real())
                )
            return known[world, language]

        yield server


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
    servers: Callable[[str, str], RedmineWorld],
    records: Records,
    store: Database,
) -> Iterator[Play]:
    """The scenario on stage; its record is kept when it was played to its end."""
    template = scenario_wrapper_template_registry[request.function]
    language = _language(template)
    settings = company(language)
    world: World = MemoryWorld(language) if world_name == "memory" else servers(world_name, language)
    mapping = settings.sites["main"].mapping
    played = Play(settings, Words(language, settings.registers, mapping), world, store)
    yield played
    if not getattr(request.node, "failed_or_skipped", True):
        played.comes_to_rest()
        records.keep(_stem(template), _place(template), f"{world_name}, {language}", record_of(played))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell the fixture how the scenario ended."""
    report = yield
    if report.when == "call":
        item.failed_or_skipped = not report.passed  # type: ignore[attr-defined]
    return report
