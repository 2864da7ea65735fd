"""The one place that reads the time."""

from datetime import UTC, datetime


def system_clock() -> datetime:
    """Return the present in UTC."""
    return datetime.now(UTC)
