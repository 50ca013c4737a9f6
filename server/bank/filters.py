"""What a person may ask the bank for: read from an address, written back into one, told in words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Self

from server.bank import labels

STATES = {"new": "New", "tried": "Tried", "solved": "Solved"}
MINUTES = (10, 30, 60)
LONGEST_SEARCH = 100
# What the page calls the values of each filter.
WORDS: dict[str, dict[str, str]] = {
    "kind": labels.KINDS,
    "topic": labels.TOPICS,
    "level": {str(level): text for level, text in labels.LEVELS.items()},
    "minutes": {str(most): f"Up to {most} min" for most in MINUTES},
    "role": labels.ROLES,
    "state": STATES,
}


@dataclass(frozen=True, slots=True)
class Filters:
    q: str = ""
    kind: str = ""
    topic: str = ""
    level: int = 0
    minutes: int = 0
    role: str = ""
    state: str = ""

    @property
    def active(self) -> tuple[str, ...]:
        """Names of the filters in use, in the order of the page."""
        return tuple(entry.name for entry in fields(self) if getattr(self, entry.name))

    def without(self, name: str) -> Self:
        return self.asking(name, 0 if name in ("level", "minutes") else "")

    def alone(self, name: str) -> Self:
        return type(self)().asking(name, getattr(self, name))

    def asking(self, name: str, value: str | int) -> Self:
        return replace(self, **{name: value})  # type: ignore[arg-type]

    def as_arguments(self) -> dict[str, str]:
        return {name: str(getattr(self, name)) for name in self.active}

    def words(self, name: str) -> str:
        """What the page calls the value of one filter."""
        value = getattr(self, name)
        return WORDS.get(name, {}).get(str(value), str(value))


def read_filters(arguments: Mapping[str, str]) -> Filters:
    """What is not on a list counts as not asked for: old links and typing errors show more, not an error."""
    return Filters(
        q=" ".join(arguments.get("q", "").split())[:LONGEST_SEARCH],
        kind=_listed(arguments.get("kind"), labels.KINDS),
        topic=_listed(arguments.get("topic"), labels.TOPICS),
        level=_number(arguments.get("level"), tuple(labels.LEVELS)),
        minutes=_number(arguments.get("minutes"), MINUTES),
        role=_listed(arguments.get("role"), labels.ROLES),
        state=_listed(arguments.get("state"), STATES),
    )


def _listed(value: str | None, allowed: Mapping[str, str]) -> str:
    return value if value is not None and value in allowed else ""


def _number(value: str | None, allowed: tuple[int, ...]) -> int:
    return next((number for number in allowed if value == str(number)), 0)
