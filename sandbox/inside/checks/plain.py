"""An object of the learner's own is never compared: where plain data is needed it is a clear failure."""

from collections.abc import Iterator
from typing import Any

from ..handles.faults import HandleMisuse
from ..handles.remote import NotebookObject, is_handle, path_of, type_of
from .libraries import is_array, is_scalar, is_series


def plain(value: Any) -> Any:
    """The value itself. Raises HandleMisuse when it is, or holds, an object of the notebook."""
    for handle in handles_in(value):
        raise HandleMisuse(path_of(handle), type_of(handle))
    return value


def handles_in(value: Any) -> Iterator[NotebookObject]:
    """The objects of the notebook that a value is or holds."""
    open_values = [value]
    while open_values:
        one = open_values.pop()
        if is_handle(one):
            yield one
        open_values.extend(parts_of(one))


def parts_of(value: Any) -> list[Any]:
    if type(value) in (list, tuple, set, frozenset):
        return list(value)
    if type(value) is dict:
        return list(value.values())
    if is_array(value) and value.dtype.hasobject:
        return value.ravel().tolist()
    return []


def pythonic(value: Any) -> Any:
    """NumPy's numbers and arrays as Python's own."""
    return value.tolist() if is_array(value) or is_scalar(value) else value


def numbers_of(values: Any) -> list[float] | None:
    """A flat list of numbers, or None when it is something else. Booleans count as 0 and 1."""
    values = values.tolist() if is_series(values) else pythonic(plain(values))
    if not isinstance(values, list | tuple):
        return None
    found = [pythonic(value) for value in values]
    return [float(value) for value in found] if all(isinstance(value, int | float) for value in found) else None
