"""Kind and stage of each mirrored issue, to find a product's plans and committed work."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PART = 500  # issues read and written at a time

_MIRROR = sa.table(
    "mirror", *(sa.column(name, sa.Text) for name in ("site", "key", "issue", "kind", "stage"))
)


def upgrade() -> None:
    """Add the columns and fill them from the snapshots."""
    op.add_column("mirror", sa.Column("kind", sa.Text, nullable=False, server_default=""))
    op.add_column("mirror", sa.Column("stage", sa.Text, nullable=False, server_default=""))
    _fill(op.get_bind())
    op.create_index("mirror_by_stage", "mirror", ["product", "kind", "stage", "updated_at"])


def _fill(connection: sa.Connection) -> None:
    place = sa.tuple_(_MIRROR.c.site, _MIRROR.c.key)
    read = sa.select(_MIRROR.c.site, _MIRROR.c.key, _MIRROR.c.issue).order_by(_MIRROR.c.site, _MIRROR.c.key)
    write = (
        sa.update(_MIRROR)
        .where(_MIRROR.c.site == sa.bindparam("at_site"), _MIRROR.c.key == sa.bindparam("at_key"))
        .values(kind=sa.bindparam("its_kind"), stage=sa.bindparam("its_stage"))
    )
    rows = connection.execute(read.limit(_PART)).all()
    while rows:
        connection.execute(write, [_columns(row.site, row.key, row.issue) for row in rows])
        last = (rows[-1].site, rows[-1].key)
        rows = connection.execute(read.where(place > last).limit(_PART)).all()


def _columns(site: str, key: str, issue: str) -> dict[str, str]:
    found = json.loads(issue)
    kind, stage = found.get("kind") or "", found.get("stage") or ""
    return {"at_site": site, "at_key": key, "its_kind": kind, "its_stage": stage}
