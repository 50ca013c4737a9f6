"""Reads what a copy of the suspect answered. Pure: hostile parts in, the judge's own values out, or Malformed."""

from dataclasses import dataclass
from typing import Any

from ..codec.codec import Malformed, Tree, Unpacker, fields
from .faults import FromNotebook, HandleMisuse, NotDefined, TooLarge, clean_name, clean_text, make_error

MAX_WARNINGS = 100


@dataclass(frozen=True, slots=True)
class Told:
    """A value or the exception that came instead."""

    value: Any = None
    error: Exception | TooLarge | None = None

    def get(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.value


@dataclass(frozen=True, slots=True)
class Seen:
    """What one observed call did; only `told` can be checked, the rest is the suspect's word."""

    told: Told
    arguments: list[Any] | None
    named: dict[str, Any] | None
    printed: str
    warnings: list[tuple[str, str]]
    figures: list[Any] | None  # what was open after the call


@dataclass(frozen=True, slots=True)
class Callback:
    function: int
    arguments: list[Any]
    named: dict[str, Any]


def read_told(parts: list[Any], unpacker: Unpacker, path: str) -> Told:
    if parts[0] == "value":
        (tree,) = fields(parts, object)
        return Told(unpack(unpacker, tree))
    if parts[0] == "error":
        base, kind, text, missing = fields(parts, str, str, str, bool)
        return Told(error=make_error(base, kind, text, NotDefined if missing else FromNotebook))
    if parts[0] == "refused":
        (sentence,) = fields(parts, str)
        return Told(error=TooLarge(f"{path} {clean_text(sentence)}."))
    raise Malformed("no such answer")


def read_seen(parts: list[Any], unpacker: Unpacker, path: str) -> Seen:
    maybe = (list, type(None))
    told, arguments, named, printed, warned, figures = fields(parts, list, maybe, maybe, str, list, maybe)
    if not told or type(told[0]) is not str:
        raise Malformed("no such answer")
    return Seen(
        read_told(told, unpacker, path),
        None if arguments is None else [unpack(unpacker, tree) for tree in arguments],
        None if named is None else read_named(unpacker, *fields(["named", *named], list, list)),
        printed,
        [read_warning(warning) for warning in warned[:MAX_WARNINGS]],
        None if figures is None else [unpack(unpacker, tree) for tree in figures],
    )


def read_callback(parts: list[Any], unpacker: Unpacker) -> Callback:
    function, arguments, names, values = fields(parts, int, list, list, list)
    return Callback(function, [unpack(unpacker, tree) for tree in arguments], read_named(unpacker, names, values))


def read_named(unpacker: Unpacker, names: list[Any], values: list[Any]) -> dict[str, Any]:
    if len(names) != len(values) or not all(type(name) is str for name in names):
        raise Malformed("no named arguments")
    return {name: unpack(unpacker, tree) for name, tree in zip(names, values, strict=True)}


def read_warning(warning: object) -> tuple[str, str]:
    if type(warning) is not list or len(warning) != 2:
        raise Malformed("no warning")
    return clean_name(warning[0]), clean_text(warning[1])


def read_items(found: Any, count: int) -> tuple[list[Any], bool]:
    """A batch of an iteration: (items, whether it ended)."""
    if type(found) is not tuple or len(found) != 2 or type(found[0]) is not list or type(found[1]) is not bool:
        raise Malformed("no items")
    if len(found[0]) > count or not (found[0] or found[1]):
        raise Malformed("a wrong number of items")
    return found


def unpack(unpacker: Unpacker, tree: Tree) -> Any:
    try:
        return unpacker.unpack(tree)
    except (Malformed, HandleMisuse):
        raise
    except Exception as error:  # numpy and pandas raise many kinds for parts that do not fit together
        raise Malformed(str(error)) from None
