"""Moments in the store: seconds since 1970 in, aware UTC out."""

from datetime import UTC, datetime


def to_utc(seconds: float) -> datetime:
    """Return the aware moment for seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)
