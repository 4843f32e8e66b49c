"""What tests of several folders need: a database of their own on each engine, a clock, a Redis."""

import logging
import os
import shutil
import uuid
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
import time_machine

from svc_plugin.settings import reading
from svc_plugin.store.database import Database
from tests import leaks

POSTGRESQL, REDIS, MOMENT = "SVC_TEST_POSTGRESQL", "SVC_TEST_REDIS", "SVC_TEST_MOMENT"


def pytest_configure(config: pytest.Config) -> None:
    """Let the clock go on from another moment if one is named: what passes today must pass on any day."""
    leaks.pytest_configure(config)
    if moment := os.environ.get(MOMENT):
        time_machine.travel(datetime.fromisoformat(moment), tick=True).start()


@pytest.fixture(autouse=True, scope="session")
def _yaml_is_parsed_once() -> Iterator[None]:
    """Hundreds of tests read the example company; whoever reads a file changes nothing in what was parsed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "parse", lru_cache(maxsize=200)(reading.parse))
        yield


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """What a command makes of the logs of its process ends with the test that ran it."""
    root, configured = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    yield
    structlog.configure(**configured)
    root.handlers, root.level = handlers, level


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """A schema of its own, dropped afterwards."""
    given = os.environ.get(POSTGRESQL, "")
    if not given:
        pytest.skip(f"set {POSTGRESQL} (postgresql+psycopg://user@host/database) to test on PostgreSQL")
    schema = f"svc_{uuid.uuid4().hex[:12]}"
    server = sa.create_engine(given, poolclass=sa.NullPool)
    with server.begin() as connection:
        connection.execute(sa.schema.CreateSchema(schema))
    url = sa.make_url(given).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with server.begin() as connection:
        connection.execute(sa.schema.DropSchema(schema, cascade=True))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each test that asks for it runs on both databases."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with empty tables, to copy: migrating costs more than most tests."""
    file = tmp_path_factory.mktemp("migrated") / "store.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    database.close()
    return file


@pytest.fixture
def database(database_url: str, migrated: Path) -> Iterator[Database]:
    database = Database(database_url)
    if database.embedded:
        shutil.copy(migrated, database_url.removeprefix("sqlite:///"))
    else:
        database.migrate()
    yield database
    database.close()


@pytest.fixture
def redis_url() -> Iterator[str]:
    """A Redis database for each test process, emptied of our queue before and after."""
    given = os.environ.get(REDIS, "")
    if not given:
        pytest.skip(f"set {REDIS} (redis://host:port/database) to test with Redis")
    import redis

    server_url, _, first = given.rpartition("/")
    beside = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = f"{server_url}/{int(first) + int(beside)}"
    server = redis.Redis.from_url(url)
    _forget(server)
    yield url
    _forget(server)
    server.close()


def _forget(server: object) -> None:
    for key in server.keys("huey.*svc-plugin*"):  # type: ignore[attr-defined]
        server.delete(key)  # type: ignore[attr-defined]
