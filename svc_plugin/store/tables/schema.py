"""What every table shares."""

import sqlalchemy as sa

metadata = sa.MetaData()
PASSING = {"passing": True}
"""Marks a table whose rows no backup holds: what ends by itself within the day, or must not come back."""
BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def issue_key() -> tuple[sa.Column[str], sa.Column[str]]:
    """Return the columns that name an issue: its site, and its key there."""
    return sa.Column("site", sa.Text, primary_key=True), sa.Column("key", sa.Text, primary_key=True)
