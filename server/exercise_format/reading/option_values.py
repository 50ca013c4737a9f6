"""Readers of single option values: each returns the value or raises BadValue with the rest of a sentence."""

import math
import re

DOMAIN = re.compile(r"\s*([A-Za-z_]\w*)\s+in\s+\(\s*([^,()]+?)\s*,\s*([^,()]+?)\s*\)\s*(?:,|$)")


class BadValue(ValueError):
    """The value is not what this option takes."""


def number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise BadValue("a number is needed") from None
    if not math.isfinite(value) or value < 0:
        raise BadValue("a finite number that is not negative is needed")
    return value


def fraction(text: str) -> float:
    value = number(text)
    if value > 0.5:
        raise BadValue("a relative tolerance lies between 0 and 0.5")
    return value


def whole(low: int, high: int, text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text) or not low <= int(text) <= high:
        raise BadValue(f"a whole number from {low} to {high} is needed")
    return int(text)


def switch(text: str) -> bool:
    if text not in ("true", "false"):
        raise BadValue("true or false is needed")
    return text == "true"


def word_range(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,4})\s*-\s*(\d{1,4})", text)
    if not found or not int(found[1]) < int(found[2]) <= 2000:
        raise BadValue("two counts of words are needed, such as 60-150")
    return int(found[1]), int(found[2])


def pairs(text: str, count: int) -> frozenset[tuple[int, int]]:
    found = [re.fullmatch(r"(\d{1,2})\s*-\s*(\d{1,2})", part.strip()) for part in text.split(",")]
    result = {(int(m[1]), int(m[2])) for m in found if m}
    if None in found or any(not 1 <= low < high <= count for low, high in result):
        raise BadValue(f"pairs of positions from 1 to {count} are needed, such as 2-3, 5-6")
    return frozenset(result)


def line_set(text: str, last: int) -> frozenset[int]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdigit() and 1 <= int(part) <= last for part in parts):
        raise BadValue(f"line numbers from 1 to {last} are needed, such as 7, 12")
    return frozenset(int(part) for part in parts)


def domain(text: str) -> tuple[tuple[str, float, float], ...]:
    found, place = [], 0
    while place < len(text):
        entry = DOMAIN.match(text, place)
        if not entry:
            raise BadValue("ranges are needed, such as `x in (-3, 3), n in (1, 9)`")
        found.append((entry[1], _end(entry[2]), _end(entry[3])))
        place = entry.end()
    if not found or any(not low < high for _, low, high in found):
        raise BadValue("each range needs its smaller end first")
    return tuple(found)


def _end(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise BadValue(f"{text!r} is not a number") from None
    if not math.isfinite(value):
        raise BadValue("the ends of a range must be finite")
    return value
