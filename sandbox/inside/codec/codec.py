"""Plain data as a tree of tagged lists; msgspec carries the tree, big buffers travel beside it as blobs.

Everything that is read here may come from a hostile process: every branch checks shape, type, size and depth, nothing is
executed, and only exact built-in types come out. What is not plain data crosses as a reference, made and resolved by the
two functions that the caller passes in (`refer`, `resolve`).

    None bool float str int              themselves (an int of 64 bits, a str of moderate length)
    ["l"|"t"|"s"|"f", items]             list, tuple, set, frozenset
    ["L"|"U", scalars]                   list or tuple of scalars only (the fast path)
    ["F"|"Q", "l"|"t", data]             long list or tuple of floats or of 64-bit ints
    ["d", keys, values]                  dict; "o" OrderedDict, "C" Counter, "D" defaultdict (without its factory)
    ["q", items, maxlen]                 deque
    ["I", bytes]  ["w", data]            a bigger int; a long str, or one with lone surrogates
    ["b"|"B", data]                      bytes, bytearray
    ["c", real, imag]  ["r"|"x", a, b, c]    complex; range, slice
    ["T", name]                          one of the built-in types below
Dates, numpy and pandas: moments.py, arrays.py, tables.py; sparse matrices: sparse.py; figures, as plain data: figures.py (each
loaded where its library is ready, see libraries.py).
`data` is bytes (short) or the number of the next blob.
"""

import array
import collections
from collections.abc import Callable, Iterable
from typing import Any

MAX_DEPTH = 40
MAX_NODES = 1_000_000
MAX_TREE_BYTES = 8 << 20
MAX_BYTES = 64 << 20
MAX_INT_BYTES = 1 << 16
INLINE_BYTES = 4_096
LONG_LIST = 256

Tree = Any
Refer = Callable[[object], Tree]
Resolve = Callable[[list[Any], int], object]

BUILTIN_TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, object, type(None))
}
SCALARS = frozenset({type(None), bool, int, float, str})


class Unsendable(Exception):
    """This value is too large or too deep to be sent; the text is a sentence that begins with "is"."""


class Malformed(Exception):
    """What arrived is no plain data."""


class Packer:
    """Turns one message's values into trees; `blobs` holds their big buffers in order."""

    def __init__(self, refer: Refer) -> None:
        self.refer = refer
        self.blobs: list[bytes | bytearray | memoryview] = []
        self.bytes = 0
        self.nodes = 0

    def pack(self, value: object, depth: int = 0) -> Tree:
        kind = type(value)
        if kind is float or value is None or kind is bool:
            return value
        self.count(1, depth)
        pack = PACKERS.get(kind)
        return self.refer(value) if pack is None else pack(self, value, depth)

    def pack_all(self, values: Iterable[object], depth: int) -> list[Tree]:
        return [self.pack(value, depth + 1) for value in values]

    def count(self, nodes: int, depth: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise Unsendable(f"has more than {MAX_NODES:,} parts")
        if depth > MAX_DEPTH:
            raise Unsendable(f"is nested more than {MAX_DEPTH} levels deep, or holds itself")

    def data(self, buffer: bytes | bytearray | memoryview) -> bytes | int:
        size = len(buffer)
        self.bytes += size
        if self.bytes > MAX_BYTES:
            raise Unsendable(f"is larger than {MAX_BYTES >> 20} MB")
        if size <= INLINE_BYTES:
            return bytes(buffer)
        self.blobs.append(buffer)
        return len(self.blobs) - 1


class Unpacker:
    """Turns the trees of one message back into values; a blob is used once, in order."""

    def __init__(self, resolve: Resolve, blobs: list[bytearray]) -> None:
        self.resolve = resolve
        self.blobs = blobs
        self.used = 0
        self.nodes = 0

    def unpack(self, tree: Tree, depth: int = 0) -> Any:
        if type(tree) in SCALARS:
            return tree
        self.count(1)
        if type(tree) is not list or not tree or type(tree[0]) is not str or depth > MAX_DEPTH:
            raise Malformed("no tagged list")
        unpack = UNPACKERS.get(tree[0])
        return self.resolve(tree, depth) if unpack is None else unpack(self, tree, depth)

    def unpack_all(self, trees: Tree, depth: int) -> list[Any]:
        if type(trees) is not list:
            raise Malformed("no list of parts")
        return [self.unpack(tree, depth + 1) for tree in trees]

    def count(self, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise Malformed("too many parts")

    def data(self, data: object) -> bytes | bytearray:
        if type(data) is bytes:
            return data
        if type(data) is not int or data != self.used or data >= len(self.blobs):
            raise Malformed("no such blob")
        self.used += 1
        return self.blobs[data]


def fields(tree: list[Any], *kinds: type | tuple[type, ...]) -> list[Any]:
    """The parts after the tag, when they have exactly these types."""
    if len(tree) != len(kinds) + 1:
        raise Malformed("wrong number of parts")
    for part, kind in zip(tree[1:], kinds, strict=True):
        if not isinstance(part, kind) or (type(part) is bool and kind is int):
            raise Malformed("a part has a wrong type")
    return tree[1:]


DATA = (bytes, int)


# Packing: plain types by exact type, so that a subclass (which may lie about itself) is a reference.


def pack_int(packer: Packer, value: int, depth: int) -> Tree:
    if -(2**63) <= value < 2**64:
        return value
    size = value.bit_length() // 8 + 1
    if size > MAX_INT_BYTES:
        raise Unsendable(f"is a number of more than {MAX_INT_BYTES * 8:,} bits")
    return ["I", value.to_bytes(size, "little", signed=True)]


def pack_str(packer: Packer, value: str, depth: int) -> Tree:
    if len(value) <= INLINE_BYTES // 4 and value.isascii():
        return value
    encoded = value.encode("utf-8", "surrogatepass")
    if len(encoded) <= INLINE_BYTES and not any("\ud800" <= letter <= "\udfff" for letter in value):
        return value
    return ["w", packer.data(encoded)]


def pack_list(packer: Packer, value: list[Any], depth: int) -> Tree:
    return pack_row(packer, value, depth, "L", "l")


def pack_tuple(packer: Packer, value: tuple[Any, ...], depth: int) -> Tree:
    return pack_row(packer, value, depth, "U", "t")


def pack_row(packer: Packer, row: list[Any] | tuple[Any, ...], depth: int, scalars: str, parts: str) -> Tree:
    kinds = set(map(type, row))
    if len(row) >= LONG_LIST and kinds == {float}:
        return pack_numbers(packer, "F", parts, array.array("d", row), depth)
    if len(row) >= LONG_LIST and kinds == {int} and within(row, -(2**63), 2**63):
        return pack_numbers(packer, "Q", parts, array.array("q", row), depth)
    if kinds <= {type(None), bool, float} or (kinds == {int} and within(row, -(2**63), 2**64)):
        packer.count(len(row), depth)
        return [scalars, list(row)]
    pack = ROW_PACKERS.get(next(iter(kinds))) if len(kinds) == 1 and len(row) >= LONG_LIST else None
    return [parts, packer.pack_all(row, depth)] if pack is None else pack(packer, parts, row, depth)


def within(row: list[int] | tuple[int, ...], low: int, high: int) -> bool:
    return min(row) >= low and max(row) < high


def pack_numbers(packer: Packer, tag: str, parts: str, numbers: "array.array[Any]", depth: int) -> Tree:
    packer.count(len(numbers), depth)
    return [tag, parts, packer.data(numbers.tobytes())]


def pack_mapping(tag: str) -> Callable[[Packer, dict[Any, Any], int], Tree]:
    def pack(packer: Packer, value: dict[Any, Any], depth: int) -> Tree:
        items = list(value.items())
        return [tag, packer.pack_all([key for key, _ in items], depth), packer.pack_all([item for _, item in items], depth)]

    return pack


def pack_steps(packer: Packer, tag: str, value: range | slice, depth: int) -> Tree:
    return [tag, *packer.pack_all((value.start, value.stop, value.step), depth)]


def pack_builtin_type(packer: Packer, value: type, depth: int) -> Tree:
    return ["T", value.__name__] if BUILTIN_TYPES.get(value.__name__) is value else packer.refer(value)


PACKERS: dict[type, Callable[[Packer, Any, int], Tree]] = {
    int: pack_int,
    str: pack_str,
    list: pack_list,
    tuple: pack_tuple,
    set: lambda packer, value, depth: ["s", packer.pack_all(value, depth)],
    frozenset: lambda packer, value, depth: ["f", packer.pack_all(value, depth)],
    dict: pack_mapping("d"),
    collections.OrderedDict: pack_mapping("o"),
    collections.Counter: pack_mapping("C"),
    collections.defaultdict: pack_mapping("D"),
    collections.deque: lambda packer, value, depth: ["q", packer.pack_all(value, depth), value.maxlen],
    bytes: lambda packer, value, depth: ["b", packer.data(value)],
    bytearray: lambda packer, value, depth: ["B", packer.data(value)],
    complex: lambda packer, value, depth: ["c", value.real, value.imag],
    range: lambda packer, value, depth: pack_steps(packer, "r", value, depth) if is_short(value) else packer.refer(value),
    slice: lambda packer, value, depth: pack_steps(packer, "x", value, depth),
    type: pack_builtin_type,
}

# For a long list or tuple of one kind: (packer, "l" or "t", row, depth) -> tree.
ROW_PACKERS: dict[type, Callable[[Packer, str, Any, int], Tree]] = {}


# Unpacking


def unpack_set(make: Callable[[list[Any]], Any]) -> Callable[[Unpacker, list[Any], int], Any]:
    def unpack(unpacker: Unpacker, tree: list[Any], depth: int) -> Any:
        (items,) = fields(tree, list)
        return hashing(lambda: make(unpacker.unpack_all(items, depth)))

    return unpack


def hashing(make: Callable[[], Any]) -> Any:
    try:
        return make()
    except TypeError as error:
        raise Malformed("an unhashable key") from error


def unpack_scalars(make: Callable[[list[Any]], Any]) -> Callable[[Unpacker, list[Any], int], Any]:
    def unpack(unpacker: Unpacker, tree: list[Any], depth: int) -> Any:
        (items,) = fields(tree, list)
        unpacker.count(len(items))
        if not SCALARS.issuperset(map(type, items)):
            raise Malformed("not only scalars")
        return make(items)

    return unpack


def unpack_numbers(code: str) -> Callable[[Unpacker, list[Any], int], Any]:
    def unpack(unpacker: Unpacker, tree: list[Any], depth: int) -> Any:
        parts, data = fields(tree, str, DATA)
        buffer = unpacker.data(data)
        if len(buffer) % 8 or parts not in ("l", "t"):
            raise Malformed("no row of numbers")
        unpacker.count(len(buffer) // 8)
        numbers = array.array(code)
        numbers.frombytes(buffer)
        return numbers.tolist() if parts == "l" else tuple(numbers.tolist())

    return unpack


def unpack_mapping(make: Callable[[list[tuple[Any, Any]]], Any]) -> Callable[[Unpacker, list[Any], int], Any]:
    def unpack(unpacker: Unpacker, tree: list[Any], depth: int) -> Any:
        keys, values = fields(tree, list, list)
        if len(keys) != len(values):
            raise Malformed("keys without values")
        pairs = list(zip(unpacker.unpack_all(keys, depth), unpacker.unpack_all(values, depth), strict=True))
        return hashing(lambda: make(pairs))

    return unpack


def make_counter(pairs: list[tuple[Any, Any]]) -> "collections.Counter[Any]":
    counter: collections.Counter[Any] = collections.Counter()
    for key, value in pairs:
        counter[key] = value
    return counter


def unpack_deque(unpacker: Unpacker, tree: list[Any], depth: int) -> Any:
    items, longest = fields(tree, list, (int, type(None)))
    if longest is not None and not len(items) <= longest < 2**62:
        raise Malformed("no deque")
    return collections.deque(unpacker.unpack_all(items, depth), longest)


def unpack_int(unpacker: Unpacker, tree: list[Any], depth: int) -> int:
    (data,) = fields(tree, bytes)
    if len(data) > MAX_INT_BYTES:
        raise Malformed("too large a number")
    return int.from_bytes(data, "little", signed=True)


def unpack_str(unpacker: Unpacker, tree: list[Any], depth: int) -> str:
    (data,) = fields(tree, DATA)
    try:
        return unpacker.data(data).decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise Malformed("no text") from error


def unpack_bytes(make: Callable[[Any], Any]) -> Callable[[Unpacker, list[Any], int], Any]:
    return lambda unpacker, tree, depth: make(unpacker.data(fields(tree, DATA)[0]))


def unpack_range(unpacker: Unpacker, tree: list[Any], depth: int) -> range:
    parts = unpacker.unpack_all(tree[1:], depth)
    if len(parts) != 3 or any(type(part) is not int for part in parts) or parts[2] == 0 or not is_short(range(*parts)):
        raise Malformed("no range")
    return range(*parts)


def is_short(numbers: range) -> bool:
    """A range is small to send whatever its length; a check that walks it must come to an end."""
    try:
        return len(numbers) <= MAX_NODES
    except OverflowError:
        return False


def unpack_slice(unpacker: Unpacker, tree: list[Any], depth: int) -> slice:
    parts = unpacker.unpack_all(tree[1:], depth)
    if len(parts) != 3:
        raise Malformed("no slice")
    return slice(*parts)


def unpack_builtin_type(unpacker: Unpacker, tree: list[Any], depth: int) -> type:
    (name,) = fields(tree, str)
    if name not in BUILTIN_TYPES:
        raise Malformed("no such type")
    return BUILTIN_TYPES[name]


def unpack_complex(unpacker: Unpacker, tree: list[Any], depth: int) -> complex:
    real, imag = fields(tree, float, float)
    return complex(real, imag)


UNPACKERS: dict[str, Callable[[Unpacker, list[Any], int], Any]] = {
    "l": lambda unpacker, tree, depth: unpacker.unpack_all(fields(tree, list)[0], depth),
    "t": lambda unpacker, tree, depth: tuple(unpacker.unpack_all(fields(tree, list)[0], depth)),
    "s": unpack_set(set),
    "f": unpack_set(frozenset),
    "L": unpack_scalars(list),
    "U": unpack_scalars(tuple),
    "F": unpack_numbers("d"),
    "Q": unpack_numbers("q"),
    "d": unpack_mapping(dict),
    "o": unpack_mapping(collections.OrderedDict),
    "C": unpack_mapping(make_counter),
    "D": unpack_mapping(lambda pairs: collections.defaultdict(None, pairs)),
    "q": unpack_deque,
    "I": unpack_int,
    "w": unpack_str,
    "b": unpack_bytes(bytes),
    "B": unpack_bytes(bytearray),
    "c": unpack_complex,
    "r": unpack_range,
    "x": unpack_slice,
    "T": unpack_builtin_type,
}
