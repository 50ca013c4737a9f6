"""The names that a check sees: the judge's own from the setup cells, the helpers, and the notebook's, fetched on first use."""

import copy
import sys
from collections.abc import Callable, Collection, Iterator
from types import CodeType
from typing import Any

COPIED = (list, dict, set, bytearray)
COPIED_BY_NAME = {
    "numpy": ("ndarray",),
    "numpy.random": ("Generator", "RandomState"),
    "pandas": ("DataFrame", "Series"),
}


class Namespace(dict[str, Any]):
    """A dict whose remote names are looked up by `fetch` when they are used for the first time."""

    def __init__(self, remote: Collection[str] = (), fetch: Callable[[str], Any] | None = None) -> None:
        super().__init__()
        self.remote, self.fetch = frozenset(remote), fetch

    def __missing__(self, name: str) -> Any:
        if name not in self.remote or self.fetch is None:
            raise KeyError(name)
        value = self.fetch(name)
        if not self.shared:
            self[name] = value
        return value

    shared = False  # the setup's own dict outlives the check: nothing remote may stay in it


class SetupNamespace(Namespace):
    shared = True

    def __init__(self, remote: Collection[str] = ()) -> None:
        super().__init__(remote)
        self.used_by_functions: set[str] = set()

    def run(self, code: CodeType) -> None:
        self.used_by_functions.update(names_in_functions(code))
        exec(code, self)


def names_in_functions(code: CodeType) -> Iterator[str]:
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from part.co_names
            yield from names_in_functions(part)


def fresh_copy(setup: SetupNamespace, helpers: dict[str, Any], fetch: Callable[[str], Any]) -> Namespace:
    """What one check does to the setup's data and generators must not be seen by the next check. Data that a function of the
    setup uses by its name (a list in which it counts calls) stays the one that the function sees."""
    names = Namespace(setup.remote, fetch)
    names.update(setup)
    kinds = copied_kinds()
    data = {name: value for name, value in setup.items() if type(value) in kinds and name not in setup.used_by_functions}
    names.update(copy_all(data))
    names.update(helpers)
    return names


def copy_all(data: dict[str, Any]) -> dict[str, Any]:
    try:
        return copy.deepcopy(data)
    except Exception:  # something inside cannot be copied (a connection, a lock): then the check gets the setup's own
        return data


def copied_kinds() -> set[type]:
    kinds: set[type] = set(COPIED)
    for module, names in COPIED_BY_NAME.items():
        if module in sys.modules:
            kinds.update(getattr(sys.modules[module], name) for name in names)
    return kinds
