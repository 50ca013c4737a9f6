"""Dates, times, decimals and fractions for the codec: each is sent as text or whole numbers and rebuilt by its own parser."""

import datetime
import decimal
import fractions
from collections.abc import Callable
from typing import Any

from .codec import PACKERS, UNPACKERS, Malformed, Packer, Tree, Unpacker, fields

PARSERS: dict[str, tuple[type, Callable[[str], Any]]] = {
    "datetime": (datetime.datetime, datetime.datetime.fromisoformat),
    "date": (datetime.date, datetime.date.fromisoformat),
    "time": (datetime.time, datetime.time.fromisoformat),
    "decimal": (decimal.Decimal, decimal.Decimal),
    "fraction": (fractions.Fraction, fractions.Fraction),
}
LONGEST_TEXT = 4_096


def pack_as_text(name: str) -> Callable[[Packer, Any, int], Tree]:
    def pack(packer: Packer, value: Any, depth: int) -> Tree:
        text = value.isoformat() if hasattr(value, "isoformat") else str(value)
        return ["M", name, text] if is_portable(value) and len(text) <= LONGEST_TEXT else packer.refer(value)

    return pack


def is_portable(value: Any) -> bool:
    """A time zone by name does not survive as text; only none or a fixed offset does."""
    zone = getattr(value, "tzinfo", None)
    return zone is None or type(zone) is datetime.timezone


def unpack_text(unpacker: Unpacker, tree: list[Any], depth: int) -> Any:
    name, text = fields(tree, str, str)
    if name not in PARSERS or len(text) > LONGEST_TEXT:
        raise Malformed("no such moment")
    try:
        return PARSERS[name][1](text)
    except (ValueError, ArithmeticError) as error:
        raise Malformed("no moment or number") from error


def pack_timedelta(packer: Packer, value: datetime.timedelta, depth: int) -> Tree:
    return ["Mt", value.days, value.seconds, value.microseconds]


def unpack_timedelta(unpacker: Unpacker, tree: list[Any], depth: int) -> datetime.timedelta:
    days, seconds, microseconds = fields(tree, int, int, int)
    try:
        return datetime.timedelta(days, seconds, microseconds)
    except OverflowError as error:
        raise Malformed("no duration") from error


PACKERS.update({kind: pack_as_text(name) for name, (kind, _) in PARSERS.items()})
PACKERS[datetime.timedelta] = pack_timedelta
UNPACKERS.update({"M": unpack_text, "Mt": unpack_timedelta})
