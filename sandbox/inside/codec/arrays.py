"""numpy for the codec: the dtype's own short text, the shape and the raw bytes (what .npy holds, without a header to parse).

["a", dtype, shape, data]      array of booleans, numbers, dates or fixed-width text
["O", shape, items]            array of objects: each item by itself, as in a list
["g", dtype, data]             scalar
["G", "l"|"t", dtype, data]    long list or tuple of scalars of one type
["Y", dtype]  ["N", name]      a dtype; one of numpy's scalar types
["R", kind, state]             a random generator, from the judge to the suspect only
"""

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from .codec import (
    DATA,
    MAX_NODES,
    PACKERS,
    ROW_PACKERS,
    UNPACKERS,
    Malformed,
    Packer,
    Tree,
    Unpacker,
    Unsendable,
    fields,
    pack_builtin_type,
)

SAFE_DTYPE = re.compile(r"[<>|=](b1|[iu][1248]|f[248]|c(8|16)|[mM]8(\[\d{0,9}[a-zA-Zμ]{1,7}\])?|[SU][1-9]\d{0,7})")
MAX_DIMENSIONS = 32
MAX_EXTENT = 2**40
LAST_CODE_POINT = 0x10FFFF
SCALAR_NAMES = (
    *("bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"),
    *("complex64", "complex128", "str_", "bytes_", "datetime64", "timedelta64"),
)
SCALAR_TYPES: dict[str, type] = {getattr(np, name).__name__: getattr(np, name) for name in SCALAR_NAMES}
GENERATORS: dict[str, Any] = {
    kind.__name__: kind for kind in (np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937, np.random.Philox, np.random.SFC64)
}


def is_safe(dtype: np.dtype[Any]) -> bool:
    return SAFE_DTYPE.fullmatch(dtype.str) is not None and dtype.fields is None and dtype.metadata is None


def pack_array(packer: Packer, value: np.ndarray[Any, Any], depth: int) -> Tree:
    if not is_bounded(value.shape):
        raise Unsendable(f"has no items and axes longer than {MAX_NODES:,}")
    if value.dtype == object:
        return ["O", list(value.shape), packer.pack_all(value.ravel().tolist(), depth)]
    if value.dtype.kind in "SU" and value.dtype.itemsize == 0:
        value = value.astype(f"{value.dtype.kind}1")
    if not is_safe(value.dtype):
        return packer.refer(value)
    packer.count(1, depth)
    return ["a", value.dtype.str, list(value.shape), packer.data(raw_bytes(value))]


def is_bounded(shape: Sequence[int]) -> bool:
    """An array without items takes no memory whatever its axes are, but a check that walks it must come to an end."""
    return 0 not in shape or math.prod(extent for extent in shape if extent) <= MAX_NODES


def raw_bytes(value: np.ndarray[Any, Any]) -> memoryview | bytes:
    if value.size == 0:
        return b""
    flat = np.ascontiguousarray(value).reshape(-1)
    return memoryview(flat.view(np.uint8))


def unpack_array(unpacker: Unpacker, tree: list[Any], depth: int) -> np.ndarray[Any, Any]:
    name, shape, data = fields(tree, str, list, DATA)
    return make_array(name, read_shape(shape), unpacker.data(data))


def read_shape(shape: list[Any]) -> list[int]:
    if len(shape) > MAX_DIMENSIONS or not all(type(extent) is int and 0 <= extent <= MAX_EXTENT for extent in shape):
        raise Malformed("no shape")
    if not is_bounded(shape):
        raise Malformed("too long an axis")
    return shape


def read_dtype(name: str) -> np.dtype[Any]:
    if not SAFE_DTYPE.fullmatch(name):
        raise Malformed("no safe dtype")
    try:
        return np.dtype(name)
    except TypeError as error:
        raise Malformed("no dtype") from error


def make_array(name: str, shape: list[int], data: bytes | bytearray) -> np.ndarray[Any, Any]:
    """An array of our own, writable memory whose every element is a legal value of its dtype."""
    dtype = read_dtype(name)
    if math.prod(shape) * dtype.itemsize != len(data):
        raise Malformed("shape and size differ")
    flat = np.frombuffer(data if isinstance(data, bytearray) else bytearray(data), np.uint8)
    if dtype.kind == "b":
        return (flat != 0).reshape(shape)
    if dtype.kind == "U" and flat.size and flat.view(dtype.str[0] + "u4").max() > LAST_CODE_POINT:
        raise Malformed("no letter")
    try:
        return flat.view(dtype).reshape(shape) if flat.size else np.empty(shape, dtype)
    except ValueError as error:
        raise Malformed("no array") from error


def unpack_object_array(unpacker: Unpacker, tree: list[Any], depth: int) -> np.ndarray[Any, Any]:
    shape, items = fields(tree, list, list)
    if math.prod(read_shape(shape)) != len(items):
        raise Malformed("shape and size differ")
    array = np.empty(len(items), object)
    for position, item in enumerate(unpacker.unpack_all(items, depth)):
        array[position] = item
    return array.reshape(shape)


def pack_scalar(packer: Packer, value: np.generic, depth: int) -> Tree:
    array = np.asarray(value)
    if array.dtype.kind in "SU" and array.dtype.itemsize == 0:
        array = array.astype(f"{array.dtype.kind}1")
    return ["g", array.dtype.str, array.tobytes()] if is_safe(array.dtype) else packer.refer(value)


def unpack_scalar(unpacker: Unpacker, tree: list[Any], depth: int) -> np.generic:
    name, data = fields(tree, str, bytes)
    return make_array(name, [1], data)[0]  # type: ignore[no-any-return]


def pack_scalar_row(packer: Packer, parts: str, row: Any, depth: int) -> Tree:
    array = np.array(row)
    if array.ndim != 1 or not is_safe(array.dtype) or array.dtype.kind not in "biufc":
        return [parts, packer.pack_all(row, depth)]
    packer.count(len(row), depth)
    return ["G", parts, array.dtype.str, packer.data(raw_bytes(array))]


def unpack_scalar_row(unpacker: Unpacker, tree: list[Any], depth: int) -> list[Any] | tuple[Any, ...]:
    parts, name, data = fields(tree, str, str, DATA)
    buffer = unpacker.data(data)
    length = len(buffer) // read_dtype(name).itemsize
    unpacker.count(length)
    row = make_array(name, [length], buffer)
    return list(row) if parts == "l" else tuple(row)


def pack_dtype(packer: Packer, value: np.dtype[Any], depth: int) -> Tree:
    return ["Y", value.str] if is_safe(value) else packer.refer(value)


def pack_type(packer: Packer, value: type, depth: int) -> Tree:
    return ["N", value.__name__] if SCALAR_TYPES.get(value.__name__) is value else pack_builtin_type(packer, value, depth)


def unpack_type(unpacker: Unpacker, tree: list[Any], depth: int) -> type:
    (name,) = fields(tree, str)
    if name not in SCALAR_TYPES:
        raise Malformed("no such type")
    return SCALAR_TYPES[name]


def pack_generator(packer: Packer, value: Any, depth: int) -> Tree:
    state = value.bit_generator.state
    return ["R", type(value.bit_generator).__name__, packer.pack(state, depth + 1)]


def unpack_generator(unpacker: Unpacker, tree: list[Any], depth: int) -> np.random.Generator:
    name, state = fields(tree, str, list)
    bits = GENERATORS[name]()
    bits.state = unpacker.unpack(state, depth + 1)
    return np.random.Generator(bits)


PACKERS[np.ndarray] = pack_array
PACKERS.update(dict.fromkeys(SCALAR_TYPES.values(), pack_scalar))
ROW_PACKERS.update(dict.fromkeys(SCALAR_TYPES.values(), pack_scalar_row))
PACKERS.update({type(np.dtype(kind)): pack_dtype for kind in SCALAR_TYPES.values()})
PACKERS[type] = pack_type
UNPACKERS.update({"a": unpack_array, "O": unpack_object_array, "g": unpack_scalar, "G": unpack_scalar_row, "N": unpack_type})
UNPACKERS["Y"] = lambda unpacker, tree, depth: read_dtype(fields(tree, str)[0])


def send_generators() -> None:
    """In the judge only: a check's own generator may be an argument."""
    PACKERS[np.random.Generator] = pack_generator


def accept_generators() -> None:
    """In the suspect only."""
    UNPACKERS["R"] = unpack_generator
