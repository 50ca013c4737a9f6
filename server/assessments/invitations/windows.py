"""When a candidate may begin, and how much longer they have: read from what people type, and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from server.assessments.tables.blueprints import BlueprintRow

USUAL_WINDOW = timedelta(days=14)
LONGEST_WINDOW, MOST_AHEAD = timedelta(days=366), timedelta(days=366)
MOST_EXTRA = 300  # percent
YEARS = range(2000, 3000)
NO_MOMENT = "Write it like 2026-12-04 18:00 (UTC), or 2026-12-04T18:00+01:00"


@dataclass(frozen=True, slots=True)
class Window:
    opens: datetime
    closes: datetime


def read_moment(text: str, *, last: bool) -> datetime | None:
    """None for nothing. Without an offset it is UTC; a day alone begins at 0:00, or with `last` ends at 23:59.
    Raises ValueError with the sentence to show."""
    words = text.strip()
    if not words:
        return None
    try:
        if len(words) <= len("2026-12-04"):
            found = datetime.combine(date.fromisoformat(words), time(23, 59) if last else time(), UTC)
        else:
            found = datetime.fromisoformat(words)
    except ValueError as error:
        raise ValueError(NO_MOMENT) from error
    if found.year not in YEARS:
        raise ValueError(NO_MOMENT)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def read_percent(text: str) -> int:
    """Nothing is 0. Raises ValueError with the sentence to show."""
    words = text.strip().removesuffix("%").strip()
    if not words:
        return 0
    if not (words.isascii() and words.isdigit() and len(words) <= 4):
        raise ValueError(f"Extra time is a whole number of percent, from 0 to {MOST_EXTRA}")
    return int(words)


def window_problems(window: Window, blueprint: BlueprintRow, extra_percent: int, now: datetime) -> Mapping[str, str]:
    """By field: opens, closes, extra_percent."""
    found: dict[str, str] = {}
    whole = timedelta(minutes=blueprint.stated_minutes) * (100 + extra_percent) / 100
    if window.opens > now + MOST_AHEAD:
        found["opens"] = f"At most {MOST_AHEAD.days} days ahead"
    if window.closes <= now:
        found["closes"] = "This moment is over. Choose one that is still to come"
    elif window.closes <= window.opens:
        found["closes"] = "The window must close after it opens"
    elif window.closes - window.opens > LONGEST_WINDOW:
        found["closes"] = f"A window is open for at most {LONGEST_WINDOW.days} days"
    elif blueprint.hard_window and window.closes - max(window.opens, now) < whole:
        minutes = -(-whole // timedelta(minutes=1))
        found["closes"] = f"All work ends when this window closes, so it must be open for at least the {minutes} minutes allowed"
    if not 0 <= extra_percent <= MOST_EXTRA:
        found["extra_percent"] = f"From 0 to {MOST_EXTRA} percent"
    return found


def overlap(one: Window, other: Window) -> bool:
    return one.opens < other.closes and other.opens < one.closes
