"""Databases to measure on: a file, or a schema of its own on the PostgreSQL that ``SVC_TEST_POSTGRESQL`` names."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

POSTGRESQL = "SVC_TEST_POSTGRESQL"


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """Give the address of an empty database; on PostgreSQL a schema that is dropped afterwards."""
    if engine == "SQLite":
        yield f"sqlite:///{folder}/receiver.db"
        return
    schema, given = f"svc_bench_{uuid.uuid4().hex[:8]}", os.environ.get(POSTGRESQL, "")
    if not given:
        raise SystemExit(
            f"set {POSTGRESQL} (postgresql+psycopg://user@host/database) to measure on PostgreSQL"
        )
    server = sa.create_engine(given, poolclass=sa.NullPool)
    with server.begin() as connection:
        connection.execute(sa.schema.CreateSchema(schema))
    try:
        yield (
            sa.make_url(given)
            .update_query_dict({"options": f"-csearch_path={schema}"})
            .render_as_string(hide_password=False)
        )
    finally:
        with server.begin() as connection:
            connection.execute(sa.schema.DropSchema(schema, cascade=True))
