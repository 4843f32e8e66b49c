"""Issued documents and the decisions on them."""

import sqlalchemy as sa

from svc_plugin.store.tables.schema import issue_key, metadata

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("document_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("language", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("product", sa.Text, nullable=False),
    sa.Column("period", sa.Text, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("file_sha256", sa.Text, nullable=False),
    sa.Column("content_sha256", sa.Text, nullable=False),
    sa.Column("data_sha256", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("data", sa.Text, nullable=False, server_default=""),
    sa.Column("text_sha256", sa.Text, nullable=False, server_default=""),
    sa.Column("policy", sa.Text, nullable=False, server_default=""),
    sa.Column("template", sa.Text, nullable=False, server_default=""),
    sa.Column("generator", sa.Text, nullable=False, server_default=""),
    sa.Column("status", sa.Text, nullable=False, server_default="draft"),
    # all that a list shows: in SQLite the way to a column after ``content`` leads through all of its bytes
    sa.Index(
        "documents_listed",
        *("product", "created_at", "document_id", "version", "language", "kind", "period", "title", "status"),
    ),
)
"""Every issued version byte for byte (M65), with the figures of a report as they were issued (M76).

``status`` is the stage of its document issue. ``policy`` is the digest of the policies, ``template`` and
``generator`` name what it was made with; "" for what was issued before they were kept.
"""

document_files = sa.Table(
    "document_files",
    metadata,
    sa.Column("document_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("language", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("file_sha256", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
"""Further files of an issued version: the references of its figures, a complete list, the PDF."""

approvals = sa.Table(
    "approvals",
    metadata,
    *issue_key(),
    sa.Column("at", sa.Double, primary_key=True),
    sa.Column("document_id", sa.Text, nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("opinion", sa.Text, nullable=False),
    sa.Column("copy", sa.Text, nullable=False, server_default=""),
    sa.Column("ended_at", sa.Double),
)
"""Every decision on a document, as its issue tells it: one row a move, whichever way it was made.

``code`` is the check code of the words at the move, ``copy`` the digest of the signed copy that came with
it. A decision that counts no more has ``ended_at``.
"""

copies = sa.Table(
    "copies",
    metadata,
    *issue_key(),
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
"""Signed copies that somebody handed in and has not confirmed yet: one a person and issue, for a day."""
