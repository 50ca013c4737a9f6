"""The first place at which two values of plain data differ."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from .libraries import is_array, is_table
from .plain import pythonic
from .showing import kind_of, pair, shown

NUMBERS = (int, float, complex)


class Difference(NamedTuple):
    place: str  # `[2]['a']`; empty for the value as a whole
    details: str


def first_difference(got: Any, expected: Any, same_type: bool = False) -> Difference | None:
    """NaN equals NaN, a list equals a tuple or array with the same items (unless `same_type`), True is not 1."""
    return next(differences(got, expected, same_type, ""), None)


def differences(got: Any, expected: Any, same_type: bool, place: str) -> Iterator[Difference]:
    if same_type and type(got) is not type(expected):
        yield Difference(place, f"expected {kind_of(expected)}, got {kind_of(got)}")
        return
    if is_table(got) or is_table(expected):
        if type(got) is not type(expected) or not got.equals(expected):
            yield Difference(place, "the tables differ")
        return
    if same_type and is_array(got) and (got.dtype, got.shape) != (expected.dtype, expected.shape):
        yield Difference(place, f"expected {expected.dtype} of shape {expected.shape}, got {got.dtype} of shape {got.shape}")
        return
    yield from inside(pythonic(got), pythonic(expected), same_type, place)


def inside(got: Any, expected: Any, same_type: bool, place: str) -> Iterator[Difference]:
    if isinstance(got, dict) and isinstance(expected, dict):
        yield from in_dicts(got, expected, same_type, place)
    elif isinstance(got, list | tuple) and isinstance(expected, list | tuple):
        if len(got) != len(expected):
            yield Difference(place, f"expected {counted(len(expected))}, got {len(got)}: {pair(expected, got)}")
            return
        for position, (one, other) in enumerate(zip(got, expected, strict=True)):
            yield from differences(one, other, same_type, f"{place}[{position}]")
    elif not alike(got, expected):
        yield Difference(place, pair(expected, got))


def in_dicts(got: dict[Any, Any], expected: dict[Any, Any], same_type: bool, place: str) -> Iterator[Difference]:
    for key in expected:
        if key not in got:
            yield Difference(place, f"the key {shown(key)} is missing")
            return
    for key in got:
        if key not in expected:
            yield Difference(place, f"the key {shown(key)} should not be there")
            return
    for key in expected:
        yield from differences(got[key], expected[key], same_type, f"{place}[{shown(key)}]")


def alike(got: Any, expected: Any) -> bool:
    if isinstance(got, bool) or isinstance(expected, bool):
        return got is expected
    if isinstance(got, NUMBERS) and isinstance(expected, NUMBERS):
        return got == expected or (got != got and expected != expected)
    return got is expected or (type(got) is type(expected) and bool(got == expected)) or sets_alike(got, expected)


def sets_alike(got: Any, expected: Any) -> bool:
    return isinstance(got, set | frozenset) and isinstance(expected, set | frozenset) and got == expected


def counted(items: int) -> str:
    return "1 item" if items == 1 else f"{items} items"
