"""Deliveries are known by their sender's own id too."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the id; what was stored before has none."""
    op.add_column("deliveries", sa.Column("identifier", sa.Text))
    op.create_index("deliveries_by_identifier", "deliveries", ["site", "identifier"], unique=True)
