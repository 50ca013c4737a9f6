"""Readers of single front matter values: each returns the value or raises ValueError with the rest of a sentence."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from server.exercise_format import words
from server.exercise_format.exercise import DataFile

SLUG = re.compile(r"[a-z0-9-]{4,60}")
ENVIRONMENT = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
BAN = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
SHA256 = re.compile(r"[0-9a-f]{64}")


def _whole(low: int, high: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"needs a whole number from {low} to {high}, not {_show(value)}")
        return value

    return read


def _text(most: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > most or "\n" in value.strip():
            raise ValueError(f"needs one line of text of at most {most} characters, not {_show(value)}")
        return value.strip()

    return read


def _texts(low: int, high: int) -> Callable[[Any], tuple[str, ...]]:
    one = _text(200)

    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not low <= len(value) <= high:
            raise ValueError(f"needs a list of {low} to {high} entries, not {_show(value)}")
        return tuple(one(entry) for entry in value)

    return read


def _one_of(allowed: tuple[str, ...]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"{_show(value)} is not one of {', '.join(allowed)}")
        return str(value)

    return read


def _some_of(allowed: tuple[str, ...], low: int, high: int) -> Callable[[Any], tuple[str, ...]]:
    one, several = _one_of(allowed), _texts(low, high)

    def read(value: Any) -> tuple[str, ...]:
        entries = tuple(one(entry) for entry in several(value))
        if len(set(entries)) < len(entries):
            raise ValueError("names something twice")
        return entries

    return read


def _slug(value: Any) -> str:
    if not isinstance(value, str) or not SLUG.fullmatch(value):
        raise ValueError(f"needs 4 to 60 of a-z, 0-9 and -, not {_show(value)}")
    return value


def _date(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"needs a date such as 2026-11-24, not {_show(value)}")
    return value


def _axes(value: Any) -> dict[str, float]:
    names = ("ml", "software", "communication")
    if not isinstance(value, dict) or set(value) - set(names) or not all(_is_number(weight) for weight in value.values()):
        raise ValueError(f"needs numbers for {', '.join(names)}")
    weights = {name: float(value.get(name, 0)) for name in names}
    if min(weights.values()) < 0 or abs(sum(weights.values()) - 1) > 1e-6:
        raise ValueError("the weights must not be negative and have the sum 1")
    return weights


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _data(value: Any) -> tuple[DataFile, ...]:
    if value == "generated":
        return ()
    fields = ("name", "sha256", "source", "licence")
    if not isinstance(value, list) or not value:
        raise ValueError("needs `generated` or a list of files")
    for entry in value:
        if not isinstance(entry, dict) or set(entry) != set(fields) or not all(isinstance(v, str) for v in entry.values()):
            raise ValueError(f"each file needs {', '.join(fields)}")
        if not SHA256.fullmatch(entry["sha256"]):
            raise ValueError(f"{_show(entry['sha256'])} is not the SHA-256 of a file")
    return tuple(DataFile(**entry) for entry in value)


def _limits(value: Any) -> dict[str, int]:
    bounds = {bound.name: (bound.least, bound.most) for bound in words.LIMITS}
    if not isinstance(value, dict) or set(value) - set(bounds):
        raise ValueError(f"needs values for {', '.join(bounds)}")
    return {key: _whole(*bounds[key])(entry) for key, entry in value.items()}


def _environment(value: Any) -> str:
    if not isinstance(value, str) or not ENVIRONMENT.fullmatch(value):
        raise ValueError("needs the name of an environment: 1 to 32 of a-z, 0-9 and `-`")
    return value


def _bans(value: Any) -> tuple[str, ...]:
    bans = _texts(1, 20)(value)
    wrong = [ban for ban in bans if not BAN.fullmatch(ban)]
    if wrong:
        raise ValueError(f"{_show(wrong[0])} is neither a syntax word nor a dotted name")
    return bans


def _show(value: Any) -> str:
    return repr(value)[:80]


def _names(entries: tuple[words.Word, ...]) -> tuple[str, ...]:
    return tuple(entry.name for entry in entries)


READERS: dict[str, Callable[[Any], Any]] = {
    "format": _whole(words.FORMAT_VERSION, words.FORMAT_VERSION),
    "slug": _slug,
    "version": _whole(1, 1_000_000),
    "title": _text(60),
    "summary": _text(140),
    "kind": _one_of(_names(words.KINDS)),
    "form": _one_of(_names(words.FORMS)),
    "topics": _some_of(_names(words.TOPICS), 1, 3),
    "roles": _some_of(_names(words.ROLES), 1, 6),
    "level": _whole(1, 3),
    "minutes": _whole(5, 180),
    "objectives": _texts(1, 4),
    "prerequisites": _texts(0, 5),
    "needs": _some_of(words.LIBRARIES, 0, 8),
    "licence": _text(60),
    "authors": _texts(1, 10),
    "reviewed": _date,
    "review_due": _date,
    "axes": _axes,
    "out_of_scope": _texts(1, 10),
    "data": _data,
    "limits": _limits,
    "environment": _environment,
    "bans": _bans,
    "use": _one_of(words.USES),
    "exposure": _one_of(words.EXPOSURES),
    "follow_ups": _texts(1, 3),
    "hidden_policy": _one_of(words.HIDDEN_POLICIES),
}
