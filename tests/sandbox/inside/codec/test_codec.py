"""The codec between judge and suspect: honest values survive, hostile bytes do nothing (libraries: trials/test_values.py)."""

import collections
import datetime
import decimal
import fractions
import math
import socket
import struct
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.inside.codec import codec, moments, parcels
from sandbox.inside.codec.codec import Malformed, Packer, Unpacker, Unsendable

assert moments.PARSERS  # importing it teaches the codec dates and decimals

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.complex_numbers()
MOMENTS = (
    st.datetimes().map(lambda moment: moment.replace(fold=0))
    | st.dates()
    | st.timedeltas()
    | st.timedeltas()
    | st.fractions()
    | st.decimals(allow_nan=False, places=3)
)
HASHABLE = st.recursive(SCALARS | MOMENTS, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=5)
VALUES = st.recursive(
    SCALARS | MOMENTS | st.sets(HASHABLE, max_size=4),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(HASHABLE, inner, max_size=4),
    max_leaves=20,
)


class Reference:
    pass


def refer(value: object) -> list[Any]:
    return ["h", 0, type(value).__name__, 0]


def send_and_receive(value: object) -> Any:
    """Through a real socket pair."""
    packer = Packer(refer)
    tree = packer.pack(value)
    here, there = socket.socketpair()
    with here, there:
        here.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20)
        parcels.send(here, tree, packer)
        received, blobs = parcels.Reader(there).receive()
    return Unpacker(lambda tree, depth: Reference(), blobs).unpack(received)


def written(value: Any) -> str:
    """Value and type at every level, as text: NaN equals itself, the order of a set does not count."""
    name = type(value).__name__
    if isinstance(value, set | frozenset):
        return f"{name}{sorted(map(written, value))}"
    if isinstance(value, dict):
        return f"{name}{[(written(key), written(item)) for key, item in value.items()]}"
    if isinstance(value, list | tuple):
        return f"{name}{list(map(written, value))}"
    return f"{name} {value!r}"


@given(VALUES)
@settings(max_examples=80, deadline=None)
def test_plain_data_comes_out_as_it_went_in(value: Any) -> None:
    assert written(send_and_receive(value)) == written(value)


@pytest.mark.parametrize(
    "value",
    [
        [float(number) for number in range(1000)],
        tuple(range(1000)),
        [2**63, 1],
        list(range(2**63 - 1, 2**63 + 400)),
        -(2**70),
        10**4000,
        "é" * 5000,
        "\ud800 alone",
        b"x" * 100_000,
        bytearray(b"ab"),
        range(10, 0, -2),
        slice(None, [1], "a"),
        int,
        type(None),
        collections.deque([1, 2], 5),
        collections.OrderedDict(b=1, a=2),
        collections.Counter("aab"),
        datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        fractions.Fraction(-1, 3),
        decimal.Decimal("1.10"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_special_kinds_come_out_as_they_went_in(value: Any) -> None:
    assert written(send_and_receive(value)) == written(value)


def test_a_defaultdict_loses_only_its_factory() -> None:
    received = send_and_receive(collections.defaultdict(list, {1: [2]}))
    assert type(received) is collections.defaultdict and received == {1: [2]} and received.default_factory is None


class LyingInt(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


class LyingList(list[int]):
    pass


class Colour(str):
    pass


@pytest.mark.parametrize("value", [LyingInt(3), LyingList([1]), Colour("red"), object(), len, LyingInt, math, range(10**9)])
def test_whatever_is_not_exactly_a_plain_type_is_a_reference(value: Any) -> None:
    assert type(send_and_receive([value])[0]) is Reference


def nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


def doubled(levels: int) -> list[Any]:
    value = [1.0]
    for _ in range(levels):
        value = [value, value]  # type: ignore[list-item]
    return value


@pytest.mark.parametrize(
    "value",
    [nested(41), bytes(65 << 20), ["x" * 1000] * 10_000, 1 << 600_000],
    ids=["deep", "large", "many texts", "long number"],
)
def test_what_is_too_large_is_refused_with_a_sentence(value: Any) -> None:
    with pytest.raises(Unsendable, match=r"^(is|has) .+"):
        send_and_receive(value)


def test_what_grows_without_bound_when_written_out_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "MAX_NODES", 10_000)
    with pytest.raises(Unsendable, match="more than 10,000 parts"):
        send_and_receive(doubled(30))


def test_what_holds_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(Unsendable, match="holds itself"):
        send_and_receive(value)


HOSTILE_TREES = [
    {},
    [],
    [1],
    [["l"]],
    ["l"],
    ["l", 1],
    ["l", [[]]],
    ["L", [[1]]],
    ["L", [b"x"]],
    ["s", [["l", []]]],
    ["d", [1], []],
    ["d", [["d", [], []]], [1]],
    ["b", 0],
    ["b", -1],
    ["b", True],
    ["b", "text"],
    ["w", b"\xff"],
    ["F", "l", b"1234567"],
    ["F", "x", b""],
    ["I", b"1" * 100_000],
    ["c", 1.0],
    ["c", 1, 2],
    ["r", 0, 2**62, 1],
    ["r", 0, 2**70, 1],
    ["r", 0, 1, 0],
    ["r", 0, 1.5, 1],
    ["x", 1],
    ["q", [1, 2], 1],
    ["q", [1], -1],
    ["T", "eval"],
    ["T", "type"],
    ["M", "date", "no date"],
    ["M", "eval", "1"],
    ["M", "decimal", "1e999999"],
    ["M", "decimal", "sNaN" * 2000],
    ["Mt", 10**12, 0, 0],
    ["Mf", 1, 0],
    ["Mf", 1.5, 2],
    nested(60),
]


@pytest.mark.parametrize("tree", HOSTILE_TREES, ids=lambda tree: repr(tree)[:40])
def test_a_hostile_tree_is_malformed_and_nothing_else(tree: Any) -> None:
    def resolve(tree: list[Any], depth: int) -> object:
        raise Malformed("an unknown tag")

    with pytest.raises(Malformed):
        Unpacker(resolve, []).unpack(tree)


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=8) | st.binary(max_size=8),
    lambda inner: st.lists(inner, max_size=5) | st.tuples(st.sampled_from(sorted(codec.UNPACKERS)), inner, inner).map(list),
    max_leaves=15,
)


@given(TREES, st.lists(st.binary(max_size=20), max_size=2))
@settings(max_examples=150, deadline=None)
def test_any_tree_is_a_value_or_malformed(tree: Any, blobs: list[bytes]) -> None:
    with suppress(Malformed):
        Unpacker(lambda tree, depth: Reference(), [bytearray(blob) for blob in blobs]).unpack(tree)


def read_bytes(data: bytes) -> Any:
    here, there = socket.socketpair()
    with there:
        with here:
            here.sendall(data)
        return parcels.Reader(there).receive()


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_a_parcel_or_malformed_or_the_end(data: bytes) -> None:
    with suppress(Malformed, parcels.Gone):
        read_bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("<II", 2**32 - 1, 0),
        struct.pack("<II", 1, 2**32 - 1),
        struct.pack("<III", 1, 1, 2**32 - 1),
        struct.pack("<IIII", 1, 2, 40 << 20, 40 << 20),
        struct.pack("<II", 5, 0) + b"\xdd\xff\xff\xff\xff",
        struct.pack("<II", 100_000, 0) + b"\x91" * 100_000,
        struct.pack("<II", 3, 0) + b"\xa2\xff\xfe",
        struct.pack("<II", 1, 0) + b"\xc1",
    ],
    ids=["tree", "blobs", "blob", "blobs together", "array of four billion", "nested", "no text", "reserved"],
)
def test_sizes_that_lie_are_refused_before_memory_is_taken(data: bytes) -> None:
    with pytest.raises(Malformed):
        read_bytes(data)


def test_a_blob_is_used_once() -> None:
    tree = ["l", [["b", 0], ["b", 0]]]
    body = msgspec.msgpack.encode(tree)
    received, blobs = read_bytes(struct.pack("<III", len(body), 1, 3) + body + b"abc")
    with pytest.raises(Malformed, match="no such blob"):
        Unpacker(lambda tree, depth: Reference(), blobs).unpack(received)
