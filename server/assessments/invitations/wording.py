"""Moments and spans of time, as candidates read them."""

from __future__ import annotations

from datetime import datetime, timedelta


def in_words(value: datetime) -> str:
    return f"{value.day} {value:%B %Y, %H:%M} UTC"


def rounded_up(span: timedelta) -> int:
    """Minutes: whoever is told of one has it."""
    return -(-span // timedelta(minutes=1))


def minutes(span: timedelta) -> str:
    count = rounded_up(span)
    return f"{count} minute{'' if count == 1 else 's'}"
