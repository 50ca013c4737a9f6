"""Moments and spans of time, as candidates read them."""

from __future__ import annotations

from datetime import datetime, timedelta


def in_words(value: datetime) -> str:
    return f"{value.day} {value:%B %Y, %H:%M} UTC"


def minutes(span: timedelta) -> str:
    """Rounded up: whoever is told of a minute has it."""
    count = -(-span // timedelta(minutes=1))
    return f"{count} minute{'' if count == 1 else 's'}"
