"""The `answers` of a mistake: `question=value; ...`, and what each value means for its question."""

import re
from collections.abc import Mapping
from typing import Any

from server.exercise_format.answers import AnswerError, Given, read_answer
from server.exercise_format.expressions import ExpressionError, Undefined, calculate, numbers_of
from server.exercise_format.question import (
    Choice,
    Expression,
    Flaw,
    Forecast,
    Match,
    Number,
    Order,
    Question,
)
from server.exercise_format.reading.option_values import BadValue, line_set

PAIR = re.compile(r"\s*([A-Za-z_][\w-]*)\s*=(?!=)\s*(.+?)\s*", re.DOTALL)
LETTERED = re.compile(r"\s*[A-Z]\s*=")
QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'|“([^”]*)”")


def split_answers(text: str) -> tuple[tuple[str, str], ...]:
    """Pairs of question name and value, separated by `;`, or by `,` when there is no `;`."""
    parts = _split(text, ";") if len(_split(text, ";")) > 1 or text.rstrip().endswith(";") else _split_at_names(text)
    found = [PAIR.fullmatch(part) for part in parts if part.strip()]
    if not found or None in found:
        raise BadValue("`question=value` pairs are needed, separated by `;`")
    return tuple((match[1], match[2]) for match in found if match)


def _split(text: str, separator: str) -> list[str]:
    """Splits outside quotes."""
    parts, current, quote = [], "", ""
    for sign in text:
        if sign == separator and not quote:
            parts.append(current)
            current = ""
            continue
        if sign == '"':
            quote = "" if quote else sign
        current += sign
    return [*parts, current]


def _split_at_names(text: str) -> list[str]:
    """Commas that begin a new `name=` separate; a comma inside a value does not."""
    parts: list[str] = []
    for part in _split(text, ","):
        if parts and not PAIR.fullmatch(part):
            parts[-1] += "," + part
        else:
            parts.append(part)
    return parts


def given_answer(question: Question, text: str, values: Mapping[str, Any]) -> Given:
    """The answer that a mistake means, in the author's terms; raises BadValue with what is wrong."""
    try:
        return _given(question, text, values)
    except (AnswerError, ExpressionError, Undefined, KeyError) as error:
        raise BadValue(f"`{question.name}={text}`: {error}") from error


def _given(question: Question, text: str, values: Mapping[str, Any]) -> Given:
    match question:
        case Number():
            return calculate(text, numbers_of(values))
        case Expression():
            return _unquoted(text)
        case Choice():
            return frozenset(_starting(tuple(option.text for option in question.options), part) for part in _plus(text))
        case Match():
            return _rows(question, text)
        case Order():
            return _positions(question, text)
        case Flaw():
            return line_set(text.replace("+", ","), len(question.code.split("\n")))
        case Forecast():
            return _forecasts(question, text, values)
    return _unquoted(text)


def _plus(text: str) -> list[str]:
    """`"one" + "two"` as its parts, or one unquoted text."""
    found = ["".join(groups) for groups in QUOTED.findall(text)]
    return found or [text.strip()]


def _unquoted(text: str) -> str:
    return _plus(text)[0] if QUOTED.fullmatch(text.strip()) else text.strip()


def _starting(texts: tuple[str, ...], start: str) -> int:
    found = [index for index, text in enumerate(texts) if text.startswith(start)]
    if len(found) != 1:
        raise BadValue(f"{start!r} begins {len(found)} of the texts, exactly one is needed")
    return found[0]


def _rows(question: Match, text: str) -> dict[int, str]:
    """The right choice everywhere, except in the rows that are named."""
    given = {index: row.choice for index, row in enumerate(question.rows)}
    for part in _plus(text):
        start, arrow, choice = part.rpartition("=>")
        if not arrow or choice.strip() not in question.choices:
            raise BadValue('a row is written "start of the text => choice"')
        given[_starting(tuple(row.text for row in question.rows), start.strip())] = choice.strip()
    return given


def _positions(question: Order, text: str) -> tuple[int, ...]:
    parts = re.findall(r"\d+", text)
    order = tuple(int(part) - 1 for part in parts)
    if sorted(order) != list(range(len(question.items))):
        raise BadValue("all positions of the right order are needed, such as 2 + 1 + 3")
    return order


def _forecasts(question: Forecast, text: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The truth everywhere, except for the items that are named by key or by letter; or a text out of the variant."""
    named = values.get(text.strip())
    typed = named if isinstance(named, str) else _unquoted(text)
    if LETTERED.match(typed):
        return _lettered(question, typed)
    given = {item.key: _as_forecast(values[f"{item.key}_truth"]) for item in question.items}
    for part in _plus(text):
        key, equals, value = part.partition("=")
        if not equals or key.strip() not in given:
            raise BadValue('an item is written "key=0.4" or "key=2/5/9", or all of them by letter: "A=0.4, B=0.7"')
        whole = values.get(value.strip())
        given[key.strip()] = _as_forecast(whole) if whole is not None else _typed(question, value, values)
    return given


def _lettered(question: Forecast, text: str) -> dict[str, Any]:
    given = read_answer(question, text, seed=0)  # forecasts are never shuffled
    if not isinstance(given, dict):
        raise BadValue(f"{text!r} is no forecast")
    return {**given}  # type: ignore[dict-item]


def _typed(question: Forecast, value: str, values: Mapping[str, Any]) -> Any:
    numbers = numbers_of(values)
    parts = value.split("/") if question.ask == "quantiles" else [value]
    return _as_forecast([calculate(part, numbers) for part in parts] if len(parts) > 1 else calculate(value, numbers))


def _as_forecast(value: Any) -> Any:
    return tuple(float(part) for part in value) if isinstance(value, list | tuple) else float(value)
