"""The answer text of a question: one string, the same in the browser, in the downloaded notebook and in grading.

`read_answer` gives the answer in the author's terms (positions in the author's order, numbers, line numbers);
answer_writer.py goes back to the letters that one attempt shows.
"""

import re
from typing import TypeAlias

from server.exercise_format.expressions import ExpressionError, Undefined, calculate, parse_expression
from server.exercise_format.question import (
    Choice,
    Expression,
    Flaw,
    Forecast,
    Match,
    MultipleChoice,
    Number,
    Order,
    Question,
    Short,
)
from server.exercise_format.shuffle import letters, shown_order

Quantiles: TypeAlias = tuple[float, float, float]
Given: TypeAlias = frozenset[int] | dict[int, str] | float | str | tuple[int, ...] | dict[str, float] | dict[str, Quantiles]

LONGEST = 2000  # of any answer but a text in words; keeps every pattern below quick
PERCENT = re.compile(r"(\S.{0,400}?)\s{0,9}%")
LINE_RANGE = re.compile(r"(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?")
PAIRS = re.compile(r"[,;\n]\s*(?=[A-Za-z]\s*=)")


class AnswerError(ValueError):
    """The text is no answer to this question; the message says what is expected."""


def read_answer(question: Question, text: str, seed: int) -> Given | None:
    """What the person answered; None when nothing was."""
    text = text.strip()
    if not text:
        return None
    if len(text) > LONGEST and not isinstance(question, Short):
        raise _wrong(question)
    match question:
        case Choice():
            return _read_choice(question, text, seed)
        case Match():
            return _read_match(question, text, seed)
        case Number():
            return read_number(text, question.unit)
        case Expression():
            return _read_expression(question, text)
        case Order():
            return _read_order(question, text, seed)
        case Flaw():
            return _read_lines(question, text)
        case Forecast():
            return _read_forecast(question, text)
    return text


def expected(question: Question) -> str:
    """What to type, in one sentence."""
    match question:
        case MultipleChoice():
            return "Type one letter, such as B."
        case Choice():
            return "Type the letters of all that apply, such as A, C."
        case Match():
            return f"Type one choice per letter, such as A={question.choices[0]}, B={question.choices[-1]}."
        case Number():
            return "Type a number, such as 0.25, 1/4, 1e-3 or 25 %."
        case Expression():
            names = ", ".join(name for name, _, _ in question.domain)
            return f"Type an expression in {names}, such as exp(-{question.domain[0][0]}) / 2."
        case Order():
            return "Type all letters in order, such as " + ", ".join(reversed(letters(len(question.items)))) + "."
        case Flaw():
            return "Type line numbers, such as 7, 12."
        case Forecast(ask="quantiles"):
            return "Type the 10, 50 and 90 % points per letter, such as A=2/5/9, B=1/4/12."
        case Forecast():
            return "Type a probability per letter, such as A=0.4, B=0.7."
        case Short():
            return f"Write {question.words[0]} to {question.words[1]} words."
    raise TypeError(f"no such question: {question.type}")


def read_number(text: str, unit: str = "") -> float:
    """`0.25`, `1/4`, `1e-3`, `25 %`, with or without the unit."""
    text = text.strip()
    if unit and unit != "%" and text.endswith(unit):
        text = text.removesuffix(unit).strip()
    if re.fullmatch(r"[-−+]?\d+,\d+", text):
        raise AnswerError("Use a point for decimals and no separator for thousands.")
    percent = PERCENT.fullmatch(text)
    try:
        value = calculate(percent[1] if percent else text, {})
    except ExpressionError as error:
        raise AnswerError(f"This is not a number. {error}") from error
    except Undefined as error:
        raise AnswerError("This has no finite value.") from error
    return value / 100 if percent else value


def _wrong(question: Question) -> AnswerError:
    return AnswerError(f"This cannot be read as an answer. {expected(question)}")


def _letters_in(question: Question, text: str, count: int) -> list[int]:
    """Positions as shown, from letters with commas, spaces or nothing between them."""
    known = letters(count)
    parts = [part for part in re.split(r"[,;\s]+", text.upper()) if part]
    if len(parts) == 1 and parts[0].isalpha():
        parts = list(parts[0])
    if not parts or any(part not in known for part in parts) or len(set(parts)) < len(parts):
        raise _wrong(question)
    return [known.index(part) for part in parts]


def _read_choice(question: Choice, text: str, seed: int) -> frozenset[int]:
    shown = shown_order(question, seed)
    ticked = frozenset(shown[place] for place in _letters_in(question, text, len(shown)))
    if isinstance(question, MultipleChoice) and len(ticked) != 1:
        raise _wrong(question)
    return ticked


def _read_order(question: Order, text: str, seed: int) -> tuple[int, ...] | None:
    """The shuffled start, left as it was, is no answer."""
    shown = shown_order(question, seed)
    order = tuple(shown[place] for place in _letters_in(question, text, len(shown)))
    if len(order) != len(shown):
        raise _wrong(question)
    return None if order == shown else order


def _read_pairs(question: Question, text: str, count: int) -> dict[int, str]:
    known, pairs = letters(count), {}
    for part in PAIRS.split(text):
        key, equals, value = part.partition("=")
        key = key.strip().upper()
        if not equals or key not in known or known.index(key) in pairs:
            raise _wrong(question)
        if value.strip(" \t\n,;"):
            pairs[known.index(key)] = value.strip(" \t\n,;")
    if not pairs:
        raise _wrong(question)
    return pairs


def _read_match(question: Match, text: str, seed: int) -> dict[int, str]:
    shown = shown_order(question, seed)
    by_lower = {choice.lower(): choice for choice in question.choices}
    pairs = _read_pairs(question, text, len(shown))
    if any(value.lower() not in by_lower for value in pairs.values()):
        raise _wrong(question)
    return {shown[place]: by_lower[value.lower()] for place, value in pairs.items()}


def _read_expression(question: Expression, text: str) -> str:
    try:
        parse_expression(text, [name for name, _, _ in question.domain])
    except ExpressionError as error:
        raise AnswerError(str(error)) from error
    return text


def _read_lines(question: Flaw, text: str) -> frozenset[int]:
    last = len(question.code.split("\n"))
    lines: set[int] = set()
    for part in (part.strip() for part in re.split(r"[,;\n]", text)):
        found = LINE_RANGE.fullmatch(part)
        if not found or not 1 <= int(found[1]) <= int(found[2] or found[1]) <= last:
            raise AnswerError(f"This cannot be read as lines 1 to {last}. {expected(question)}")
        lines |= set(range(int(found[1]), int(found[2] or found[1]) + 1))
    return frozenset(lines)


def _read_forecast(question: Forecast, text: str) -> dict[str, float] | dict[str, Quantiles]:
    pairs = _read_pairs(question, text, len(question.items))
    keyed = {question.items[place].key: value for place, value in pairs.items()}
    if question.ask == "quantiles":
        return {key: _read_quantiles(question, value) for key, value in keyed.items()}
    return {key: _read_probability(value) for key, value in keyed.items()}


def _read_probability(text: str) -> float:
    value = read_number(text)
    if not 0 <= value <= 1:
        raise AnswerError("A probability lies between 0 and 1, or between 0 % and 100 %.")
    return value


def _read_quantiles(question: Forecast, text: str) -> Quantiles:
    parts = [read_number(part) for part in text.split("/")]
    if len(parts) != 3 or sorted(parts) != parts:
        raise AnswerError(f"Three points are needed, smallest first. {expected(question)}")
    return parts[0], parts[1], parts[2]
