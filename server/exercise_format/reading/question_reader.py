"""Question cells: options and Markdown become one of the nine types; what is wrong is collected, never raised."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from server.exercise_format import words
from server.exercise_format.exercise import Cell
from server.exercise_format.expressions import ExpressionError, calculate
from server.exercise_format.finding import Finding
from server.exercise_format.question import (
    Expression,
    Flaw,
    Forecast,
    Item,
    KnownWrong,
    Match,
    MultipleChoice,
    MultiSelect,
    Number,
    Option,
    Order,
    Question,
    Row,
    Short,
)
from server.exercise_format.reading.listing import Entry, split_listing
from server.exercise_format.reading.option_values import BadValue, domain, fraction, line_set, number, pairs, switch, word_range
from server.exercise_format.reading.options import names

TASK = re.compile(r"[-*]\s+\[[ xX]\]\s")
ROW = re.compile(r"[-*]\s+.*=>")
TICKED = re.compile(r"[-*]\s+`[^`]+`\s*$")
KEYED = re.compile(r"[-*]\s+`[a-z_][a-z0-9_]*`\s+\S")
NUMBERED = re.compile(r"\d{1,2}[.)]\s")
NOTHING = re.compile(r"(?!)")

NUMBER_RTOL = 0.005
EXPRESSION_RTOL = 1e-8


class QuestionReader:
    """Reads one question cell; `findings` says what was wrong on the way."""

    def __init__(self, cell: Cell, code_of: Callable[[str], str | None]) -> None:
        self.cell = cell
        self.code_of = code_of
        self.findings: list[Finding] = []

    def read(self) -> Question | None:
        kind = next((kind for kind in words.QUESTION_TYPES if kind.name == self.cell.options.get("type")), None)
        if kind is None:
            if "type" in self.cell.options:
                self.say("question-type", f"{self.cell.options['type']!r} is no type of question.")
            return None
        self._check_options(kind)
        return READERS[kind.name](self)

    def say(self, code: str, sentence: str) -> None:
        self.findings.append(Finding(code, sentence, self.cell.id))

    def option(self, key: str, read: Callable[[str], Any], fallback: Any) -> Any:
        """The value of an option; the fallback where it is missing or wrong."""
        text = self.cell.options.get(key)
        if text is None:
            return fallback
        try:
            return read(text)
        except BadValue as error:
            self.say("option-value", f"`{key}: {text}`: {error}.")
            return fallback

    def common(self, prompt: str) -> dict[str, Any]:
        if not prompt:
            self.say("question-shape", "The question has no text before its list.")
        return {
            "cell": self.cell.id,
            "name": self.cell.options.get("name", self.cell.id),
            "points": self.option("points", number, 1.0),
            "prompt": prompt,
            "needs": self.cell.options.get("needs", ""),
        }

    def listing(self, pattern: re.Pattern[str]) -> tuple[dict[str, Any], tuple[Entry, ...]]:
        found = split_listing(self.cell.body, pattern)
        return self.common(found.prompt), found.entries

    def _check_options(self, kind: words.QuestionType) -> None:
        for key in kind.required:
            if key not in self.cell.options:
                self.say("option-missing", f"A {kind.name} question needs the option `{key}`.")
        for key in self.cell.options:
            if key in words.TAG_OPTIONS["question"] and key not in words.QUESTION_OPTIONS + kind.options:
                self.say("option-unknown", f"A {kind.name} question has no option `{key}`.")


def _choice(reader: QuestionReader, kind: type[MultipleChoice] | type[MultiSelect]) -> Question:
    common, entries = reader.listing(TASK)
    if not entries:
        reader.say("question-shape", "The question needs a task list: `- [x] right`, `- [ ] wrong`.")
    options = tuple(Option(entry.text[3:].strip(), entry.text[1] in "xX", entry.reason) for entry in entries)
    return kind(**common, options=options, shuffle=reader.option("shuffle", switch, True))


def _match(reader: QuestionReader) -> Question:
    common, entries = reader.listing(ROW)
    text = reader.cell.options.get("choices", "")
    choices = tuple(part.strip() for part in text.split("|")) if "|" in text else names(text)
    rows = tuple(_row(entry) for entry in entries)
    if not rows:
        reader.say("question-shape", "The question needs rows: `- text => choice`.")
    for row in rows:
        if row.choice not in choices:
            reader.say("question-shape", f"{row.choice!r} is none of the choices.")
    shuffle = reader.option("shuffle", switch, True)
    return Match(**common, choices=choices, rows=rows, shuffle=shuffle)


def _row(entry: Entry) -> Row:
    text, _, choice = entry.text.rpartition("=>")
    return Row(text.strip(), choice.strip(), entry.reason)


def _number(reader: QuestionReader) -> Question:
    common, entries = reader.listing(TICKED)
    rtol, atol = reader.option("rtol", fraction, 0.0), reader.option("atol", number, 0.0)
    if "rtol" not in reader.cell.options and "atol" not in reader.cell.options:
        rtol = NUMBER_RTOL
    options = reader.cell.options
    return Number(
        **common,
        answer=options.get("answer", "0"),
        rtol=rtol,
        atol=atol,
        unit=options.get("unit", ""),
        follow=options.get("follow", ""),
        known_wrong=_known_wrong(entries),
    )


def _known_wrong(entries: Iterable[Entry]) -> tuple[KnownWrong, ...]:
    return tuple(KnownWrong(entry.text.strip("`").strip(), entry.reason) for entry in entries)


def _expression(reader: QuestionReader) -> Question:
    common, entries = reader.listing(TICKED)
    options = reader.cell.options
    return Expression(
        **common,
        answer=options.get("answer", "0"),
        domain=reader.option("domain", domain, (("x", -1.0, 1.0),)),
        rtol=reader.option("rtol", fraction, EXPRESSION_RTOL),
        follow=options.get("follow", ""),
        known_wrong=_known_wrong(entries),
    )


def _order(reader: QuestionReader) -> Question:
    common, entries = reader.listing(NUMBERED)
    if len(entries) < 3:
        reader.say("question-shape", "The question needs a numbered list of at least 3 items, in the right order.")
    if [entry.number for entry in entries] != list(range(1, len(entries) + 1)):
        reader.say("question-shape", "The items must be numbered 1, 2, 3 and so on: `free` counts them.")
    items = tuple(Item(str(place), entry.text, entry.reason) for place, entry in enumerate(entries, 1))
    free = reader.option("free", lambda text: pairs(text, len(items)), frozenset())
    return Order(**common, items=items, free=free)


def _flaw(reader: QuestionReader) -> Question:
    common, entries = reader.listing(TICKED)
    of = reader.cell.options.get("of", "")
    code = reader.code_of(of)
    if of and code is None:
        reader.say("dangling-name", f"`of: {of}` names no setup or answer cell.")
    shown = code or ""
    last = len(shown.split("\n"))
    lines = reader.option("lines", lambda text: line_set(text, last), frozenset())
    known = tuple(wrong for wrong in _known_wrong(entries) if _is_line(reader, wrong.value, last))
    return Flaw(**common, of=of, code=shown, lines=lines, known_wrong=known)


def _is_line(reader: QuestionReader, text: str, last: int) -> bool:
    good = text.isdigit() and 1 <= int(text) <= last
    if not good:
        reader.say("question-shape", f"`{text}` is no line from 1 to {last}.")
    return good


def _forecast(reader: QuestionReader) -> Question:
    common, entries = reader.listing(KEYED)
    ask = reader.cell.options.get("ask", "probability")
    if ask not in ("probability", "quantiles"):
        reader.say("option-value", "`ask` is probability or quantiles.")
    if not entries:
        reader.say("question-shape", "The question needs items: - `key` text.")
    items = tuple(Item(entry.text.split("`")[1], entry.text.split("`", 2)[2].strip(), entry.reason) for entry in entries)
    if len({item.key for item in items}) < len(items):
        reader.say("question-shape", "Two items have the same key.")
    return Forecast(**common, ask=ask, items=items)


def _short(reader: QuestionReader) -> Question:
    common, _ = reader.listing(NOTHING)
    return Short(**common, words=reader.option("words", word_range, (30, 200)), keep=reader.option("keep", switch, False))


READERS: dict[str, Callable[[QuestionReader], Question]] = {
    "multiple-choice": lambda reader: _choice(reader, MultipleChoice),
    "multi-select": lambda reader: _choice(reader, MultiSelect),
    "match": _match,
    "number": _number,
    "expression": _expression,
    "order": _order,
    "flaw": _flaw,
    "forecast": _forecast,
    "short": _short,
}


def link_questions(questions: Iterable[Question]) -> tuple[Question, ...]:
    """Gives each number and expression the questions above that its `follow` uses."""
    linked: list[Question] = []
    for question in questions:
        if isinstance(question, Number | Expression) and question.follow:
            used = set(re.findall(r"[A-Za-z_]\w*", question.follow))
            above = tuple(q for q in linked if isinstance(q, Number | Expression) and q.name in used)
            question = replace(question, builds_on=above)
        linked.append(question)
    return tuple(linked)


def is_literal(text: str) -> bool:
    """Whether the text is a number without any name."""
    try:
        calculate(text, {})
    except (ExpressionError, ValueError):
        return False
    return True
