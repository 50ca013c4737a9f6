"""Numbers, dates and lists as people read them."""

from collections.abc import Sequence
from datetime import datetime

THIN_GAP = "\u2009"


def number(value: int | float) -> str:
    """Thousands with a thin gap; whole numbers without a point."""
    text = f"{value:,}" if isinstance(value, int) or not value.is_integer() else f"{int(value):,}"
    return text.replace(",", THIN_GAP)


def plural(count: int, one: str, many: str | None = None) -> str:
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def day(value: datetime, today: datetime | None = None) -> str:
    """4 December; with the year when it is another one."""
    year = f" {value.year}" if today is not None and value.year != today.year else ""
    return f"{value.day} {value:%B}{year}"


def moment(value: datetime) -> str:
    return f"{value.day} {value:%B %Y}, {value:%H:%M} UTC"


def join_words(words: Sequence[str], last: str = "and") -> str:
    """a, b and c."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def wait(seconds: int) -> str:
    if seconds < 90:
        return plural(max(seconds, 1), "second")
    if seconds < 5_400:
        return plural(round(seconds / 60), "minute")
    return plural(round(seconds / 3_600), "hour")
