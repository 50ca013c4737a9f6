"""pandas for the codec: a table is its index, its column labels and one array a column. No Arrow parser meets hostile bytes.

    ["pD", index, labels, columns]      DataFrame
    ["pS", index, name, column]         Series
    ["pX", name, column, frequency]     Index with values;  ["pR", name, start, stop, step]  RangeIndex
    ["pM", names, columns]              MultiIndex
    ["pt", nanoseconds, unit, zone]     Timestamp;  ["pd", nanoseconds, unit]  Timedelta;  ["pN", "NA"|"NaT"]
Columns: an array of arrays.py, or
    ["text", missing, items]            text; missing is "nan" or "NA"
    ["category", codes, categories, ordered]
    ["zoned", integers, unit, zone]     moments with a time zone
    ["masked", dtype, values, mask]     nullable numbers and booleans
"""

import re
from typing import Any

import numpy as np
import pandas as pd
from pandas.arrays import BooleanArray, FloatingArray, IntegerArray, NumpyExtensionArray

from .arrays import is_safe, pack_array
from .codec import MAX_NODES, PACKERS, UNPACKERS, Malformed, Packer, Tree, Unpacker, fields

ZONE = re.compile(r"[A-Za-z0-9_+\-/:]{1,40}")
UNITS = ("s", "ms", "us", "ns")
MASKED = re.compile(r"(U?Int(8|16|32|64)|Float(32|64)|boolean)")
INDEXES = (pd.Index, pd.DatetimeIndex, pd.TimedeltaIndex, pd.CategoricalIndex)


class Exotic(Exception):
    """A column of a kind that is not sent; the table stays on its side as a reference."""


def pack_frame(packer: Packer, value: pd.DataFrame, depth: int) -> Tree:
    return or_refer(packer, value, lambda: [
        "pD", pack_index(packer, value.index, depth + 1), pack_index(packer, value.columns, depth + 1),
        [pack_column(packer, value.iloc[:, place].array, depth + 1) for place in range(value.shape[1])],
    ])  # fmt: skip


def pack_series(packer: Packer, value: pd.Series, depth: int) -> Tree:
    return or_refer(packer, value, lambda: [
        "pS", pack_index(packer, value.index, depth + 1), packer.pack(value.name, depth + 1),
        pack_column(packer, value.array, depth + 1),
    ])  # fmt: skip


def pack_any_index(packer: Packer, value: pd.Index, depth: int) -> Tree:
    return or_refer(packer, value, lambda: pack_index(packer, value, depth))


def or_refer(packer: Packer, value: object, pack: Any) -> Tree:
    """An unusual column may turn up after blobs were added: those are taken back."""
    blobs, size = len(packer.blobs), packer.bytes
    try:
        return pack()
    except Exotic:
        del packer.blobs[blobs:]
        packer.bytes = size
        return packer.refer(value)


def pack_index(packer: Packer, index: pd.Index, depth: int) -> Tree:
    name = packer.pack(index.name, depth)
    if type(index) is pd.RangeIndex:
        return ["pR", name, index.start, index.stop, index.step]
    if type(index) is pd.MultiIndex:
        levels = [pack_column(packer, index.get_level_values(level).array, depth) for level in range(index.nlevels)]
        return ["pM", packer.pack_all(index.names, depth), levels]
    if type(index) not in INDEXES:
        raise Exotic
    return ["pX", name, pack_column(packer, index.array, depth), getattr(index, "freqstr", None)]


def pack_column(packer: Packer, column: Any, depth: int) -> Tree:
    dtype = column.dtype
    if isinstance(dtype, np.dtype) or type(column) is NumpyExtensionArray:
        values = np.asarray(column)
        if not (values.dtype.hasobject or is_safe(values.dtype)):
            raise Exotic
        return pack_array(packer, values, depth)
    if isinstance(dtype, pd.StringDtype):
        items = [None if missing else str(item) for item, missing in zip(column, pd.isna(column), strict=True)]
        return ["text", "NA" if dtype.na_value is pd.NA else "nan", packer.pack_all(items, depth)]
    if isinstance(dtype, pd.CategoricalDtype):
        codes = pack_array(packer, np.asarray(column.codes), depth)
        return ["category", codes, pack_index(packer, dtype.categories, depth + 1), dtype.ordered]
    if isinstance(dtype, pd.DatetimeTZDtype) and ZONE.fullmatch(str(dtype.tz)):
        return ["zoned", pack_array(packer, column.asi8, depth), dtype.unit, str(dtype.tz)]
    if MASKED.fullmatch(dtype.name):
        return ["masked", dtype.name, pack_array(packer, column._data, depth), pack_array(packer, column._mask, depth)]
    raise Exotic


def unpack_frame(unpacker: Unpacker, tree: list[Any], depth: int) -> pd.DataFrame:
    index_tree, labels_tree, column_trees = fields(tree, list, list, list)
    index, labels = unpack_index(unpacker, index_tree, depth + 1), unpack_index(unpacker, labels_tree, depth + 1)
    columns = [unpack_column(unpacker, column, depth + 1) for column in column_trees]
    if len(labels) != len(columns) or any(len(column) != len(index) for column in columns):
        raise Malformed("columns of different length")
    frame = pd.DataFrame(dict(enumerate(columns)), index=index, copy=True)
    frame.columns = labels
    return frame


def unpack_series(unpacker: Unpacker, tree: list[Any], depth: int) -> pd.Series:
    if len(tree) != 4:
        raise Malformed("no series")
    index, name = unpack_index(unpacker, tree[1], depth + 1), unpacker.unpack(tree[2], depth + 1)
    column = unpack_column(unpacker, tree[3], depth + 1)
    if len(column) != len(index):
        raise Malformed("series and index of different length")
    series = pd.Series(column, index=index, copy=True)
    series.name = name
    return series


def unpack_index(unpacker: Unpacker, tree: Tree, depth: int) -> pd.Index:
    unpacker.count(1)
    if type(tree) is not list or not tree:
        raise Malformed("no index")
    unpack = {"pR": unpack_range_index, "pM": unpack_multi_index, "pX": unpack_plain_index}.get(tree[0])
    if unpack is None:
        raise Malformed("no index")
    return unpack(unpacker, tree, depth)


def unpack_range_index(unpacker: Unpacker, tree: list[Any], depth: int) -> pd.Index:
    _, start, stop, step = fields(tree, object, int, int, int)
    if step == 0 or len(range(start, stop, step)) > MAX_NODES * 10:
        raise Malformed("no range")
    return pd.RangeIndex(start, stop, step, name=unpacker.unpack(tree[1], depth + 1))


def unpack_multi_index(unpacker: Unpacker, tree: list[Any], depth: int) -> pd.Index:
    names, trees = fields(tree, list, list)
    levels = [unpack_column(unpacker, column, depth + 1) for column in trees]
    if len(names) != len(levels):
        raise Malformed("levels without names")
    index: pd.Index = pd.MultiIndex.from_arrays(levels)
    return index.set_names(unpacker.unpack_all(names, depth))


def unpack_plain_index(unpacker: Unpacker, tree: list[Any], depth: int) -> pd.Index:
    _, column_tree, frequency = fields(tree, object, list, (str, type(None)))
    name = unpacker.unpack(tree[1], depth + 1)
    column = unpack_column(unpacker, column_tree, depth + 1)
    if isinstance(column, np.ndarray) and column.ndim != 1:
        raise Malformed("no row of labels")
    index = pd.Index(column, dtype=column.dtype, copy=True)
    index.name = name
    if frequency is not None and isinstance(index, pd.DatetimeIndex | pd.TimedeltaIndex) and len(frequency) < 20:
        index = type(index)(index, freq=frequency, name=name)
    return index


def unpack_column(unpacker: Unpacker, tree: Tree, depth: int) -> Any:
    unpacker.count(1)
    if type(tree) is not list or not tree:
        raise Malformed("no column")
    unpack = {"text": unpack_text, "category": unpack_category, "zoned": unpack_zoned, "masked": unpack_masked}.get(tree[0])
    return unpack_flat(unpacker, tree, depth) if unpack is None else unpack(unpacker, tree, depth)


def unpack_flat(unpacker: Unpacker, tree: Tree, depth: int) -> np.ndarray[Any, Any]:
    column = unpacker.unpack(tree, depth + 1)
    if type(column) is not np.ndarray or column.ndim != 1:
        raise Malformed("no column")
    return column


def unpack_text(unpacker: Unpacker, tree: list[Any], depth: int) -> Any:
    missing, items = fields(tree, str, list)
    texts = unpacker.unpack_all(items, depth)
    if not all(text is None or type(text) is str for text in texts):
        raise Malformed("no text")
    return pd.array(texts, dtype=pd.StringDtype(na_value=pd.NA if missing == "NA" else np.nan))


def unpack_category(unpacker: Unpacker, tree: list[Any], depth: int) -> Any:
    codes, categories, ordered = fields(tree, list, list, (bool, type(None)))
    dtype = pd.CategoricalDtype(unpack_index(unpacker, categories, depth + 1), ordered)
    return pd.Categorical.from_codes(unpack_flat(unpacker, codes, depth + 1), dtype=dtype)


def unpack_zoned(unpacker: Unpacker, tree: list[Any], depth: int) -> Any:
    integers, unit, zone = fields(tree, list, str, str)
    if unit not in UNITS or not ZONE.fullmatch(zone):
        raise Malformed("no time zone")
    moments = unpack_flat(unpacker, integers, depth + 1).astype("i8").view(f"M8[{unit}]")
    return pd.DatetimeIndex(moments).tz_localize("UTC").tz_convert(zone).array


def unpack_masked(unpacker: Unpacker, tree: list[Any], depth: int) -> Any:
    name, values_tree, mask_tree = fields(tree, str, list, list)
    if not MASKED.fullmatch(name):
        raise Malformed("no nullable type")
    make = BooleanArray if name == "boolean" else FloatingArray if name.startswith("F") else IntegerArray
    return make(unpack_flat(unpacker, values_tree, depth + 1), unpack_flat(unpacker, mask_tree, depth + 1))


# Single moments


def pack_timestamp(packer: Packer, value: pd.Timestamp, depth: int) -> Tree:
    zone = None if value.tz is None else str(value.tz)
    if zone is not None and not ZONE.fullmatch(zone):
        return packer.refer(value)
    return ["pt", int(value.asm8.view("i8")), value.unit, zone]


def unpack_timestamp(unpacker: Unpacker, tree: list[Any], depth: int) -> pd.Timestamp:
    number, unit, zone = fields(tree, int, str, (str, type(None)))
    if zone is not None and not ZONE.fullmatch(zone):
        raise Malformed("no time zone")
    moment = pd.Timestamp(unpack_instant("M8", number, unit))
    return moment if zone is None else moment.tz_localize("UTC").tz_convert(zone)


def pack_duration(packer: Packer, value: pd.Timedelta, depth: int) -> Tree:
    return ["pd", int(value.asm8.view("i8")), value.unit]


def unpack_duration(unpacker: Unpacker, tree: list[Any], depth: int) -> pd.Timedelta:
    number, unit = fields(tree, int, str)
    return pd.Timedelta(unpack_instant("m8", number, unit))


def unpack_instant(kind: str, number: int, unit: str) -> Any:
    if unit not in UNITS or not -(2**63) <= number < 2**63:
        raise Malformed("no moment")
    return np.int64(number).view(f"{kind}[{unit}]")


def unpack_missing(unpacker: Unpacker, tree: list[Any], depth: int) -> Any:
    (name,) = fields(tree, str)
    return pd.NA if name == "NA" else pd.NaT


PACKERS.update({pd.DataFrame: pack_frame, pd.Series: pack_series, pd.MultiIndex: pack_any_index, pd.RangeIndex: pack_any_index})
PACKERS.update(dict.fromkeys(INDEXES, pack_any_index))
PACKERS.update({pd.Timestamp: pack_timestamp, pd.Timedelta: pack_duration})
PACKERS.update({type(pd.NA): lambda packer, value, depth: ["pN", "NA"], type(pd.NaT): lambda packer, value, depth: ["pN", "NaT"]})
UNPACKERS.update({"pD": unpack_frame, "pS": unpack_series, "pX": unpack_index, "pR": unpack_index, "pM": unpack_index})
UNPACKERS.update({"pt": unpack_timestamp, "pd": unpack_duration, "pN": unpack_missing})
