"""Runs a pure function of an exercise's author, such as variant(seed), for many arguments."""

import sys
from collections.abc import Mapping
from typing import Any

from ..messages import CallFunction, FunctionDone
from .judging import author_text

PLAIN = (type(None), bool, int, float, str)


class NotPlain(Exception):
    pass


def call_function(names: Mapping[str, Any], order: CallFunction) -> FunctionDone:
    if not callable(names.get(order.name)):
        return FunctionDone([], f"There is no function `{order.name}`.")
    results = []
    for arguments in order.arguments:
        try:
            results.append(plain(names[order.name](*arguments)))
        except NotPlain as error:
            return FunctionDone(results, f"{order.name}({', '.join(map(repr, arguments))}) returns {error}.")
        except Exception as error:  # an author's mistake is an answer
            return FunctionDone(results, f"{order.name}({', '.join(map(repr, arguments))}) fails. {author_text(error)}")
    return FunctionDone(results, "")


def plain(value: Any, depth: int = 0) -> Any:
    """Numbers, texts, booleans, and lists and dicts of them; numpy's become Python's own."""
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.generic | numpy.ndarray):
        value = value.tolist()
    if type(value) is int and not -(2**63) <= value < 2**63:
        raise NotPlain("a number of more than 64 bits")
    if type(value) in PLAIN:
        return value
    if depth < 10 and type(value) in (list, tuple):
        return [plain(item, depth + 1) for item in value]
    if depth < 10 and type(value) is dict and all(type(key) is str for key in value):
        return {key: plain(item, depth + 1) for key, item in value.items()}
    kind = type(value).__name__
    raise NotPlain(f"an object of type {kind}; only numbers, texts, booleans, lists and dicts of them are allowed")
