"""Mirror: lists of issues are found and sorted in an index, past the snapshots themselves."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_SORTED = ["updated_at", "site", "key"]
_INDEXES = {
    "mirror_by_stage": ["product", "kind", "stage"],
    "mirror_by_request_kind": ["request_kind", "product", "stage"],
    "mirror_by_level": ["product", "stage", "level"],
}


def upgrade() -> None:
    """Put wider indexes in the place of the former ones, by which an elder version finds as much."""
    for name, found_by in _INDEXES.items():
        op.drop_index(name, "mirror")
        op.create_index(name, "mirror", found_by + _SORTED)
