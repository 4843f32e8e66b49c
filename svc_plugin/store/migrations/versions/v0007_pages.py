"""Pages: who is signed in, sign-ins that failed, and what a desk asks of the mirror."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_PART = 500  # issues read and written at a time

_MIRROR = sa.table(
    "mirror",
    *(sa.column(name, sa.Text) for name in ("site", "key", "issue", "request_kind")),
    sa.column("level", sa.Integer),
)


def upgrade() -> None:
    """Add tables and columns, and fill the columns from the snapshots."""
    op.create_table(
        "sessions",
        sa.Column("token_sha256", sa.Text, primary_key=True),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("administrator", sa.Boolean, nullable=False),
        sa.Column("products", sa.Text, nullable=False),
        sa.Column("sealed_key", sa.LargeBinary, nullable=False),
        sa.Column("opened_at", sa.Double, nullable=False),
        sa.Column("checked_at", sa.Double, nullable=False),
    )
    op.create_index("sessions_by_account", "sessions", ["site", "account"])
    op.create_table(
        "attempts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
    )
    op.create_index("ix_attempts_at", "attempts", ["at"])
    op.add_column("mirror", sa.Column("request_kind", sa.Text, nullable=False, server_default=""))
    op.add_column("mirror", sa.Column("level", sa.Integer, nullable=False, server_default="0"))
    _fill(op.get_bind())
    op.create_index("mirror_by_request_kind", "mirror", ["request_kind", "product", "stage"])
    op.create_index("mirror_by_level", "mirror", ["product", "level", "stage"])


def _fill(connection: sa.Connection) -> None:
    place = sa.tuple_(_MIRROR.c.site, _MIRROR.c.key)
    read = sa.select(_MIRROR.c.site, _MIRROR.c.key, _MIRROR.c.issue).order_by(_MIRROR.c.site, _MIRROR.c.key)
    write = (
        sa.update(_MIRROR)
        .where(_MIRROR.c.site == sa.bindparam("at_site"), _MIRROR.c.key == sa.bindparam("at_key"))
        .values(request_kind=sa.bindparam("its_kind"), level=sa.bindparam("its_level"))
    )
    rows = connection.execute(read.limit(_PART)).all()
    while rows:
        connection.execute(write, [_columns(row.site, row.key, row.issue) for row in rows])
        last = (rows[-1].site, rows[-1].key)
        rows = connection.execute(read.where(place > last).limit(_PART)).all()


def _columns(site: str, key: str, issue: str) -> dict[str, object]:
    fields: dict[str, str] = json.loads(issue).get("fields", {})
    level = fields.get("escalation_level", "").partition(".")[0][:3]
    return {
        "at_site": site,
        "at_key": key,
        "its_kind": fields.get("request_kind", ""),
        "its_level": int(level) if level.isdecimal() else 0,
    }
