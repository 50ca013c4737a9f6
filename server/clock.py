"""The one place that asks what time it is; doors call it, domains are given the moment."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
