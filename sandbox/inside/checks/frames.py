"""Tables against the expected one: `same_frame`."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

from .difference import first_difference
from .failing import about, fail, require
from .libraries import is_series, is_table, numpy, pandas
from .pairing import Row, near, unmatched
from .plain import plain
from .showing import kind_of, pair, shown

DtypePolicy = Literal["exact", "kind", "any"]
MOST_NAMED = 5
COLUMNS_SHOWN = 6


def same_frame(
    got: Any,
    expected: Any,
    *,
    row_order: bool = True,
    column_order: bool = True,
    dtypes: DtypePolicy = "kind",
    index: bool = False,
    rtol: float = 1e-9,
    atol: float = 0.0,
    name: str = "",
    message: str = "",
) -> None:
    """Two tables, or two Series, hold the same values.

    Orders that do not matter are switched off: without `row_order` the rows are compared as a multiset, without
    `column_order` by name. `dtypes`: "exact", "kind" (number, boolean, text, moment, duration: 1 may be 1.0, a category may
    be text) or "any". `index=True` compares the index too, with its names. Numbers are equal within atol + rtol * |expected|;
    missing values equal each other. A Series' name counts as the name of its column.
    Fails with the first of: no table, columns, number of rows, dtype, a cell, a row without partner."""
    require(is_table(expected), "same_frame() needs a DataFrame or Series to compare with")
    require(dtypes in ("exact", "kind", "any"), 'same_frame(): dtypes is "exact", "kind" or "any"')
    if type(plain(got)) is not type(expected):
        fail(message, about(name, "", f"expected a {type(expected).__name__}, got {kind_of(got)}"))
    have, want = as_frame(got, index), as_frame(expected, index)
    details = next(faults(have, want, row_order, column_order, dtypes, (rtol, atol)), "")
    if details:
        fail(message, about(name, "", details))


def as_frame(table: Any, index: bool) -> Any:
    frame = table.to_frame() if is_series(table) else table
    if not index:
        return frame.reset_index(drop=True)
    names = [f"index level {level}" if one is None else f"index {one}" for level, one in enumerate(frame.index.names)]
    return frame.reset_index(names=names, allow_duplicates=True)


def faults(
    got: Any, expected: Any, row_order: bool, column_order: bool, dtypes: str, tolerance: tuple[float, float]
) -> Iterator[str]:
    wrong = column_fault(list(got.columns), list(expected.columns), column_order)
    if wrong:
        yield wrong
        return
    if not column_order:
        got, expected = sorted_columns(got), sorted_columns(expected)
    if len(got) != len(expected):
        yield f"expected {rows(len(expected))}, got {len(got)}"
        return
    yield from dtype_faults(got, expected, dtypes)
    yield from cell_faults(got, expected, tolerance) if row_order else row_faults(got, expected, tolerance)


def column_fault(got: list[Any], expected: list[Any], ordered: bool) -> str:
    missing, extra = without(expected, got), without(got, expected)
    if missing:
        return f"missing columns: {named(missing)}"
    if extra:
        return f"columns that should not be there: {named(extra)}"
    return f"expected the columns in the order {named(expected)}, got {named(got)}" if ordered and got != expected else ""


def without(names: list[Any], others: list[Any]) -> list[Any]:
    """As often as they stand more often in the first."""
    return list((Counter(names) - Counter(others)).elements())


def named(columns: list[Any]) -> str:
    return ", ".join(shown(column) for column in columns[:MOST_NAMED]) + (", …" if len(columns) > MOST_NAMED else "")


def rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def sorted_columns(frame: Any) -> Any:
    return frame.iloc[:, sorted(range(frame.shape[1]), key=lambda place: repr(frame.columns[place]))]


def dtype_faults(got: Any, expected: Any, policy: str) -> Iterator[str]:
    for place, column in enumerate(expected.columns):
        have, want = got.iloc[:, place].dtype, expected.iloc[:, place].dtype
        if policy == "exact" and have != want:
            yield f"column {shown(column)}: expected the dtype {want}, got {have}"
        if policy == "kind" and len(expected) and kind(got.iloc[:, place]) != kind(expected.iloc[:, place]):
            yield f"column {shown(column)}: expected {kind(expected.iloc[:, place])} ({want}), got {have}"


def kind(column: Any) -> str:
    types = pandas().api.types
    if types.is_bool_dtype(column.dtype):
        return "booleans"
    if types.is_numeric_dtype(column.dtype):
        return "numbers"
    if types.is_datetime64_any_dtype(column.dtype):
        return "moments"
    return "durations" if types.is_timedelta64_dtype(column.dtype) else "texts or objects"


def cell_faults(got: Any, expected: Any, tolerance: tuple[float, float]) -> Iterator[str]:
    for place, column in enumerate(expected.columns):
        have, want = cells(got.iloc[:, place]), cells(expected.iloc[:, place])
        for row, (one, other) in enumerate(zip(have, want, strict=True)):
            if not same_cell(one, other, tolerance):
                yield f"column {shown(column)}, row {row} (counted from 0): {pair(other, one)}"


def cells(column: Any) -> list[Any]:
    """Plain values; what is missing is None in all columns, be it NaN, NaT or NA."""
    missing = column.isna().to_numpy(dtype=bool)
    values = column.astype(object).to_list()
    return [None if absent else value for value, absent in zip(values, missing, strict=True)]


def same_cell(got: Any, expected: Any, tolerance: tuple[float, float]) -> bool:
    if is_number(got) and is_number(expected):
        return near(float(got), float(expected), *tolerance)
    return first_difference(got, expected) is None


def is_number(value: Any) -> bool:
    np = numpy()
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool | np.bool_)


def row_faults(got: Any, expected: Any, tolerance: tuple[float, float]) -> Iterator[str]:
    have, want = as_rows(got), as_rows(expected)
    lost = unmatched([row for row, _ in have], [row for row, _ in want], *tolerance)
    if lost is not None:
        values = next(values for row, values in want if row is lost)
        texts = [f"{column}={shown(value)}" for column, value in zip(expected.columns, values, strict=True)]
        rest = ", …" if len(texts) > COLUMNS_SHOWN else ""
        yield f"no row of the result is {', '.join(texts[:COLUMNS_SHOWN])}{rest}"


def as_rows(frame: Any) -> list[tuple[Row, list[Any]]]:
    """Each row twice: split into what must be the same and what must be close, and as it stands."""
    columns = [cells(frame.iloc[:, place]) for place in range(frame.shape[1])]
    whole = [list(values) for values in zip(*columns, strict=True)] if columns else []
    return [(split(values), values) for values in whole]


def split(values: list[Any]) -> Row:
    numbers = tuple(float(value) for value in values if is_number(value))
    return Row(tuple("number" if is_number(value) else exact(value) for value in values), numbers)


def exact(value: Any) -> Any:
    """Hashable, and the same for what `equal` takes as the same."""
    if isinstance(value, str | bytes) or value is None:
        return value
    return (type(value).__name__, repr(value))
