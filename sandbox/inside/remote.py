"""What the judge holds of the suspect's objects: handles that can be called, asked for attributes, indexed and iterated.

An object of the learner's decides nothing here: every operator, comparison, conversion and truth value is refused, also those
that numpy and others would pull out of it. Two handles are the same when the suspect says that they are the same object."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

from .faults import HandleMisuse

if TYPE_CHECKING:
    from .link import Link

MAX_ITEMS = 1_000_000
ARITHMETIC = "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and or xor"
REFUSED = (
    "eq ne lt le gt ge bool contains neg pos abs invert int float complex index round trunc floor ceil bytes fspath buffer "
    "array array_ufunc array_function dataframe reduce reduce_ex copy deepcopy getstate instancecheck subclasscheck"
)


class NotebookObject:
    """An object of the learner's notebook."""

    __slots__ = ("_touchstone_id", "_touchstone_link", "_touchstone_path", "_touchstone_type")

    def __init__(self, link: Link, number: int, type_name: str, path: str) -> None:
        set_field = super().__setattr__
        set_field("_touchstone_link", link)
        set_field("_touchstone_id", number)
        set_field("_touchstone_type", type_name)
        set_field("_touchstone_path", path)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._touchstone_link.get_attribute(self, name)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise HandleMisuse(self._touchstone_path, self._touchstone_type)

    def __getitem__(self, key: object) -> Any:
        return self._touchstone_link.get_item(self, key)

    def __len__(self) -> int:
        return self._touchstone_link.get_length(self)

    def __iter__(self) -> Iterator[Any]:
        return self._touchstone_link.iterate(self, MAX_ITEMS)

    def __hash__(self) -> int:
        return object.__hash__(self)

    def __repr__(self) -> str:
        return f"<{self._touchstone_type} object of the notebook>"

    def __format__(self, specification: str) -> str:
        if specification:
            raise HandleMisuse(self._touchstone_path, self._touchstone_type)
        return repr(self)


class NotebookFunction(NotebookObject):
    """A function, class or other callable of the learner's notebook."""

    __slots__ = ()

    def __call__(self, *arguments: object, **named: object) -> Any:
        return self._touchstone_link.call(self, arguments, named)


class NotebookIterator(NotebookObject):
    """A generator or other iterator of the learner's notebook; its items come one by one, as they are asked for."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return self._touchstone_link.get_next(self)


def refuse(name: str) -> Callable[..., NoReturn]:
    def refused(self: NotebookObject, *arguments: object, **named: object) -> NoReturn:
        raise HandleMisuse(self._touchstone_path, self._touchstone_type)

    refused.__name__ = refused.__qualname__ = name
    return refused


for _name in (*REFUSED.split(), *(side + name for name in ARITHMETIC.split() for side in ("", "r", "i"))):
    setattr(NotebookObject, f"__{_name}__", refuse(f"__{_name}__"))


def is_handle(value: object) -> bool:
    return issubclass(type(value), NotebookObject)


def id_of(handle: Any) -> int:
    return handle._touchstone_id


def path_of(handle: NotebookObject) -> str:
    return handle._touchstone_path


def type_of(handle: NotebookObject) -> str:
    return handle._touchstone_type


def grown(handle: NotebookObject, step: str) -> str:
    """`f` and (...) make `f(...)`; a long path stays as it is."""
    path = path_of(handle)
    return f"{path[:-1]}{step}`" if path.endswith("`") and len(path) < 80 else path
