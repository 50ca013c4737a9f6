"""Values as a learner reads them: short, without NumPy's type names, and different where they differ."""

import math
from typing import Any

from .failing import cut
from .libraries import is_array, is_scalar, is_table

MOST_ITEMS, DEEPEST, LONGEST = 6, 3, 120
DIGITS = 6


def pair(expected: Any, got: Any) -> str:
    """`expected 1.0445, got 2.0889`: with more digits where six would look the same."""
    for digits in (DIGITS, 10, 17):
        texts = shown(expected, digits), shown(got, digits)
        if texts[0] != texts[1]:
            break
    return f"expected {texts[0]}, got {texts[1]}"


def shown(value: Any, digits: int = DIGITS) -> str:
    return cut(as_text(value, digits, 0), LONGEST)


def as_text(value: Any, digits: int, depth: int) -> str:
    if is_scalar(value):
        value = value.item() if value.dtype.kind not in "Mm" else str(value)
    if is_array(value):
        return array_text(value, digits, depth)
    if is_table(value):
        return f"a {type(value).__name__} of shape {value.shape}"
    if type(value) is float:
        return number_text(value, digits)
    if type(value) in (list, tuple, set, frozenset, dict):
        return container_text(value, digits, depth)
    if type(value) in (str, bytes):
        return repr(value[:LONGEST])
    return cut(repr(value), LONGEST)


def number_text(value: float, digits: int) -> str:
    text = f"{value:.{digits}g}"
    return f"{text}.0" if math.isfinite(value) and text.lstrip("-").isdigit() else text


def array_text(array: Any, digits: int, depth: int) -> str:
    if array.size > MOST_ITEMS or array.dtype.kind == "V":
        return f"an array of shape {array.shape}"
    return as_text(array.tolist(), digits, depth)


def container_text(value: Any, digits: int, depth: int) -> str:
    if depth >= DEEPEST:
        return "…"
    first = list(value.items() if isinstance(value, dict) else value)[:MOST_ITEMS]
    inner = depth + 1
    if isinstance(value, dict):
        texts = [f"{as_text(key, digits, inner)}: {as_text(item, digits, inner)}" for key, item in first]
    else:
        texts = [as_text(item, digits, inner) for item in first]
    if len(value) > MOST_ITEMS:
        texts.append("…")
    opening, closing = ("[", "]") if type(value) is list else ("(", ")") if type(value) is tuple else ("{", "}")
    comma = "," if type(value) is tuple and len(value) == 1 else ""
    return f"{opening}{', '.join(texts)}{comma}{closing}"


def kind_of(value: Any) -> str:
    """What a learner would call it."""
    if value is None:
        return "None"
    if is_array(value):
        return f"an array of {value.dtype}"
    words = {"str": "a text", "list": "a list", "tuple": "a tuple", "dict": "a dict", "bool": "True or False", "int": "a number"}
    name = type(value).__name__
    return words.get(name, "a number" if name in ("float", "complex") or is_scalar(value) else f"a value of type {name}")
