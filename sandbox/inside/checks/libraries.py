"""NumPy and pandas, imported when they are used: an exercise without tables must not load pandas, and the server, which reads
the names of this library, has neither."""

import importlib
import sys
from typing import Any


def numpy() -> Any:
    return importlib.import_module("numpy")


def pandas() -> Any:
    return importlib.import_module("pandas")


def is_array(value: object) -> bool:
    loaded = sys.modules.get("numpy")
    return loaded is not None and isinstance(value, loaded.ndarray)


def is_scalar(value: object) -> bool:
    """A single number, text or moment of NumPy's."""
    loaded = sys.modules.get("numpy")
    return loaded is not None and isinstance(value, loaded.generic)


def is_series(value: object) -> bool:
    loaded = sys.modules.get("pandas")
    return loaded is not None and isinstance(value, loaded.Series)


def is_table(value: object) -> bool:
    loaded = sys.modules.get("pandas")
    return loaded is not None and isinstance(value, loaded.DataFrame | loaded.Series | loaded.Index)
