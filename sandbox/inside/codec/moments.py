"""Dates, times, decimals and fractions for the codec: sent as text or whole numbers and rebuilt by their own parsers.

["M", name, text]                    date, time, datetime, decimal
["Mt", days, seconds, microseconds]  timedelta
["Mf", above, below]                 fraction
"""

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
}
LONGEST_TEXT = 4_096
MAX_EXPONENT = 10_000


def pack_as_text(name: str) -> Callable[[Packer, Any, int], Tree]:
    def pack(packer: Packer, value: Any, depth: int) -> Tree:
        text = value.isoformat() if hasattr(value, "isoformat") else str(value)
        return ["M", name, text] if is_portable(value) and len(text) <= LONGEST_TEXT else packer.refer(value)

    return pack


def is_portable(value: Any) -> bool:
    """Not so: what text cannot say (a time zone by name, a fold); a decimal that is short as text and endless as a number."""
    if type(value) is decimal.Decimal:
        return not value.is_finite() or abs(value.adjusted()) <= MAX_EXPONENT
    zone = getattr(value, "tzinfo", None)
    return (zone is None or type(zone) is datetime.timezone) and not getattr(value, "fold", 0)


def unpack_text(unpacker: Unpacker, tree: list[Any], depth: int) -> Any:
    name, text = fields(tree, str, str)
    if name not in PARSERS or len(text) > LONGEST_TEXT:
        raise Malformed("no such moment")
    try:
        value = PARSERS[name][1](text)
    except (ValueError, ArithmeticError) as error:
        raise Malformed("no moment or number") from error
    if not is_portable(value):
        raise Malformed("too large a number")
    return value


def pack_timedelta(packer: Packer, value: datetime.timedelta, depth: int) -> Tree:
    return ["Mt", value.days, value.seconds, value.microseconds]


def unpack_timedelta(unpacker: Unpacker, tree: list[Any], depth: int) -> datetime.timedelta:
    days, seconds, microseconds = fields(tree, int, int, int)
    try:
        return datetime.timedelta(days, seconds, microseconds)
    except OverflowError as error:
        raise Malformed("no duration") from error


def pack_fraction(packer: Packer, value: fractions.Fraction, depth: int) -> Tree:
    return ["Mf", *packer.pack_all((value.numerator, value.denominator), depth)]


def unpack_fraction(unpacker: Unpacker, tree: list[Any], depth: int) -> fractions.Fraction:
    parts = unpacker.unpack_all(tree[1:], depth)
    if len(parts) != 2 or any(type(part) is not int for part in parts) or parts[1] <= 0:
        raise Malformed("no fraction")
    return fractions.Fraction(*parts)


PACKERS.update({kind: pack_as_text(name) for name, (kind, _) in PARSERS.items()})
PACKERS.update({datetime.timedelta: pack_timedelta, fractions.Fraction: pack_fraction})
UNPACKERS.update({"M": unpack_text, "Mt": unpack_timedelta, "Mf": unpack_fraction})
