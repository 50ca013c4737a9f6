"""Numbers, arrays and other plain data against what was expected: `close`, `equal`, `has_shape`."""

import math
from collections.abc import Sequence
from typing import Any, Literal

from .difference import first_difference
from .failing import about, fail, require
from .libraries import is_table, numpy
from .plain import plain
from .showing import kind_of, pair, shown

KINDS = {"bool": "b", "int": "iu", "float": "f", "complex": "c", "number": "iufc"}
NUMBERS = "iufc"
ShapePolicy = Literal["same", "squeezed"]


def close(
    got: Any,
    expected: Any,
    *,
    rtol: float = 1e-6,
    atol: float = 0.0,
    shape: ShapePolicy = "same",
    dtype: str | None = None,
    nan: bool = False,
    name: str = "",
    message: str = "",
) -> None:
    """Numbers are equal within |got - expected| <= atol + rtol * |expected|, item by item.

    `expected` is a number, an array-like of any shape, or a dict of such (the keys must be the same). `rtol` is a share,
    `atol` has the unit of the values; where 0 is expected only `atol` allows anything. Shapes are the same;
    `shape="squeezed"` leaves axes of length 1 out of account, so (n, 1) fits (n,). `dtype` is a kind (bool, int, float,
    complex, number) or an exact NumPy name such as float32; left out, any number will do, but no boolean. `nan=True` lets NaN
    stand where NaN is expected; infinities must be the same. `name` says what was compared.
    Method: the rule of numpy.isclose. Fails with the first position that is off, how many are, and by how much at most."""
    require(0 <= rtol < math.inf and 0 <= atol < math.inf, "close(): rtol and atol must be finite and not below 0")
    require(shape in ("same", "squeezed"), 'close(): shape is "same" or "squeezed"')
    details = distance(plain(got), expected, (rtol, atol, nan), (shape, dtype), name)
    if details:
        fail(message, details)


def distance(got: Any, expected: Any, tolerance: tuple[float, float, bool], policy: tuple[str, str | None], name: str) -> str:
    """What is wrong, or nothing."""
    if isinstance(expected, dict):
        return distance_of_dicts(got, expected, tolerance, policy, name)
    wanted = numbers(expected)
    require(wanted is not None, f"close() compares numbers, not {kind_of(expected)}: use equal() or same_frame()")
    found = numbers(got)
    if found is None or (found.dtype.kind == "b" and wanted.dtype.kind != "b"):
        return about(name, "", f"expected numbers, got {kind_of(got)}")
    wrong = dtype_fault(found, policy[1]) or shape_fault(found, wanted, policy[0])
    if wrong:
        return about(name, "", wrong)
    if policy[0] == "squeezed":
        found, wanted = found.squeeze(), wanted.squeeze()
    return first_off(found, wanted, tolerance, name)


def distance_of_dicts(
    got: Any, expected: dict[Any, Any], tolerance: tuple[float, float, bool], policy: tuple[str, str | None], name: str
) -> str:
    if not isinstance(got, dict):
        return about(name, "", f"expected a dict, got {kind_of(got)}")
    keys = first_difference(dict.fromkeys(got), dict.fromkeys(expected))
    if keys is not None:
        return about(name, "", keys.details)
    parts = (distance(got[key], expected[key], tolerance, policy, f"{name}[{shown(key)}]") for key in expected)
    return next((part for part in parts if part), "")


def numbers(value: Any) -> Any:
    """An array of numbers or booleans; None for anything else."""
    try:
        array = numpy().asarray(value)
    except ValueError:  # rows of unequal length
        return None
    return array if array.dtype.kind in NUMBERS + "b" and not isinstance(value, str | bytes) else None


def dtype_fault(found: Any, wanted: str | None) -> str:
    if wanted is None:
        return ""
    if wanted in KINDS:
        return "" if found.dtype.kind in KINDS[wanted] else f"expected the dtype {wanted}, got {found.dtype}"
    require(is_dtype(wanted), f"{wanted!r} is no dtype")
    return "" if found.dtype == numpy().dtype(wanted) else f"expected the dtype {wanted}, got {found.dtype}"


def is_dtype(name: str) -> bool:
    try:
        numpy().dtype(name)
    except TypeError:
        return False
    return True


def shape_fault(found: Any, wanted: Any, policy: str) -> str:
    shapes = [array.squeeze().shape if policy == "squeezed" else array.shape for array in (found, wanted)]
    if shapes[0] == shapes[1]:
        return ""
    if wanted.shape == ():
        return f"expected one number, got an array of shape {found.shape}"
    return f"expected the shape {wanted.shape}, got {found.shape or 'one number'}"


def first_off(found: Any, wanted: Any, tolerance: tuple[float, float, bool], name: str) -> str:
    np = numpy()
    rtol, atol, nan = tolerance
    off = np.argwhere(~np.atleast_1d(np.isclose(found, wanted, rtol=rtol, atol=atol, equal_nan=nan)))
    if not len(off):
        return ""
    first = tuple(off[0].tolist())
    place = str(list(first)) if found.ndim else ""
    index = first if found.ndim else ()
    rest = f"; {len(off)} of {found.size} values are off{by_up_to(found, wanted)}" if found.size > 1 else ""
    return about(name, place, pair(wanted[index], found[index]) + rest)


def by_up_to(found: Any, wanted: Any) -> str:
    gaps = numpy().abs(found * 1.0 - wanted * 1.0)
    gaps = gaps[numpy().isfinite(gaps)]
    return f", by up to {shown(float(gaps.max()))}" if gaps.size else ""


def equal(got: Any, expected: Any, *, same_type: bool = False, name: str = "", message: str = "") -> None:
    """Plain data is exactly the same: numbers, texts, lists, dicts, sets, arrays, nested in any way.

    A list, a tuple and an array with the same items are equal, 1 is 1.0, NaN is NaN, but True is not 1; `same_type=True`
    wants the same types, and dtypes, throughout. Raises an author's fault for tables, which are for `same_frame`.
    Fails with the first place at which the two differ."""
    require(not is_table(expected), "equal() compares plain data: use same_frame() for tables")
    found = first_difference(plain(got), expected, same_type)
    if found is not None:
        fail(message, about(name, found.place, found.details))


def has_shape(
    got: Any,
    shape: Sequence[int | None] | None = None,
    *,
    dtype: str | None = None,
    finite: bool = False,
    name: str = "",
    message: str = "",
) -> None:
    """An array-like has this shape, dtype and, if asked for, only finite numbers.

    `shape` is a tuple of lengths, None where any length will do; () is a single number; None leaves the shape open. `dtype`
    as in `close`. Ragged lists have no shape and fail."""
    try:
        array = numpy().asarray(plain(got))
    except ValueError:
        fail(message, about(name, "", "expected rows of one length, got a ragged list"))
    if shape is not None and not fits(array.shape, tuple(shape)):
        wanted = "(" + ", ".join("any" if size is None else str(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"
        fail(message, about(name, "", f"expected the shape {wanted}, got {array.shape}"))
    wrong = dtype_fault(array, dtype)
    if wrong:
        fail(message, about(name, "", wrong))
    if finite and (array.dtype.kind not in NUMBERS or not numpy().isfinite(array).all()):
        fail(message, about(name, "", "expected finite numbers only, without nan and inf"))


def fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(shape) == len(wanted) and all(want in (None, have) for have, want in zip(shape, wanted, strict=True))
