"""From an answer in the author's terms back to the text that one attempt shows."""

from collections.abc import Mapping
from typing import Any

from server.exercise_format.answers import Given, Quantiles
from server.exercise_format.question import Choice, Flaw, Forecast, Match, Order, Question
from server.exercise_format.shuffle import letters, shown_order


def write_answer(question: Question, given: Given, seed: int) -> str:
    """The text that `read_answer` reads back as the same answer."""
    match question, given:
        case Choice() | Order(), frozenset() | tuple():
            return ", ".join(_shown_letters(question, given, seed))
        case Match(), dict():
            place = {index: letter for letter, index in zip(letters(99), shown_order(question, seed), strict=False)}
            return ", ".join(sorted(f"{place[int(index)]}={choice}" for index, choice in given.items()))
        case Forecast(), dict():
            return ", ".join(_forecast_pairs(question, given))
        case Flaw(), frozenset():
            return ", ".join(str(line) for line in sorted(given))
        case _, int() | float():
            return repr(float(given))
        case _, str():
            return given
    raise TypeError(f"{given!r} does not answer a {question.type} question")


def _shown_letters(question: Question, given: frozenset[int] | tuple[int, ...], seed: int) -> list[str]:
    shown = shown_order(question, seed)
    named = [letters(len(shown))[shown.index(index)] for index in given]
    return sorted(named) if isinstance(given, frozenset) else named


def _forecast_pairs(question: Forecast, given: Mapping[Any, Any]) -> list[str]:
    keyed = zip(letters(len(question.items)), question.items, strict=True)
    return [f"{letter}={_forecast_text(given[item.key])}" for letter, item in keyed if item.key in given]


def _forecast_text(value: float | Quantiles) -> str:
    return "/".join(repr(float(part)) for part in value) if isinstance(value, tuple) else repr(float(value))
