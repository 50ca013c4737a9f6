"""What the judge holds of the suspect's objects: handles that can be called, iterated and handed back.

An object of the learner's decides nothing here: every operator, comparison, conversion and truth value is refused, also those
that numpy and others would pull out of it. Where a check expects a table or a list, its methods and its length would be the
object's own word (`f(x).equals(y)`), so attributes, items and lengths are there only for objects that the exercise declares.
Two handles are the same when the suspect says that they are the same object."""

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
    "array array_ufunc array_function dataframe reduce reduce_ex copy deepcopy getstate instancecheck subclasscheck getitem"
)
OWN_WORD = (  # what a table, an array or a set says of itself; of an object it would be a mere claim
    *("equals", "all", "any", "isin", "isna", "isnull", "notna", "notnull", "duplicated", "hasnans", "has_duplicates"),
    *("is_unique", "is_monotonic_increasing", "is_monotonic_decreasing", "issubset", "issuperset", "isdisjoint"),
)


class NotebookObject:
    """An object of the learner's notebook, where the exercise declares none."""

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
        raise HandleMisuse(self._touchstone_path, self._touchstone_type)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise HandleMisuse(self._touchstone_path, self._touchstone_type)

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


class Declared:
    """What can be done besides with an object that the exercise declares, and with what is reached from it."""

    __slots__ = ()

    def __getattr__(self: Any, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in OWN_WORD:
            raise HandleMisuse(path_of(self), type_of(self))
        return self._touchstone_link.get_attribute(self, name)

    def __getitem__(self: Any, key: object) -> Any:
        return self._touchstone_link.get_item(self, key)

    def __len__(self: Any) -> int:
        return self._touchstone_link.get_length(self)


class DeclaredObject(Declared, NotebookObject):
    __slots__ = ()


class DeclaredFunction(Declared, NotebookFunction):
    __slots__ = ()


class DeclaredIterator(Declared, NotebookIterator):
    __slots__ = ()


def refuse(name: str) -> Callable[..., NoReturn]:
    def refused(self: NotebookObject, *arguments: object, **named: object) -> NoReturn:
        raise HandleMisuse(self._touchstone_path, self._touchstone_type)

    refused.__name__ = refused.__qualname__ = name
    return refused


for _name in (*REFUSED.split(), *(side + name for name in ARITHMETIC.split() for side in ("", "r", "i"))):
    setattr(NotebookObject, f"__{_name}__", refuse(f"__{_name}__"))


def is_handle(value: object) -> bool:
    return issubclass(type(value), NotebookObject)


def is_declared(value: object) -> bool:
    return issubclass(type(value), Declared)


def handle_class(declared: bool, function: bool, iterator: bool) -> type[NotebookObject]:
    if function:
        return DeclaredFunction if declared else NotebookFunction
    if iterator:
        return DeclaredIterator if declared else NotebookIterator
    return DeclaredObject if declared else NotebookObject


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
