"""`{{name}}` in an exercise's texts becomes the value of one variant."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from server.exercise_format.exercise import Exercise
from server.exercise_format.question import Choice, Expression, Flaw, Forecast, KnownWrong, Match, Number, Order, Question

PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")
FILLED_ROLES = ("text", "question", "hint", "explanation", "model")


def placeholders(text: str) -> tuple[str, ...]:
    return tuple(PLACEHOLDER.findall(text))


def blank_values(exercise: Exercise) -> dict[str, object]:
    """What stands for the numbers of an exercise while they cannot be drawn."""
    return {name: "…" for cell in exercise.cells for name in placeholders(cell.body)}


def fill(text: str, values: Mapping[str, object]) -> str:
    """Replaces what has a value; anything else stays as it is, because formulas hold double braces too."""
    return PLACEHOLDER.sub(lambda found: show(values[found[1]]) if found[1] in values else found[0], text)


def show(value: object) -> str:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        return ", ".join(show(entry) for entry in value)
    return str(value)


def fill_question(question: Question, values: Mapping[str, object]) -> Question:
    """The question as one variant shows it, reasons included."""
    filled = replace(question, prompt=fill(question.prompt, values))
    if isinstance(filled, Choice):
        options = tuple(replace(o, text=fill(o.text, values), reason=fill(o.reason, values)) for o in filled.options)
        return replace(filled, options=options)
    if isinstance(filled, Match):
        rows = tuple(replace(r, text=fill(r.text, values), reason=fill(r.reason, values)) for r in filled.rows)
        return replace(filled, rows=rows)
    if isinstance(filled, Order | Forecast):
        items = tuple(replace(i, text=fill(i.text, values), reason=fill(i.reason, values)) for i in filled.items)
        return replace(filled, items=items)
    if isinstance(filled, Number | Expression | Flaw):
        return replace(filled, known_wrong=_filled_reasons(filled.known_wrong, values))
    return filled


def _filled_reasons(known: Iterable[KnownWrong], values: Mapping[str, object]) -> tuple[KnownWrong, ...]:
    return tuple(replace(wrong, reason=fill(wrong.reason, values)) for wrong in known)


def fill_exercise(exercise: Exercise, values: Mapping[str, object]) -> Exercise:
    """The exercise as one variant shows it: text, question, hint, explanation and model cells are filled."""
    if exercise.variant is None:
        return exercise
    return replace(
        exercise,
        cells=tuple(replace(c, body=fill(c.body, values)) if c.role in FILLED_ROLES else c for c in exercise.cells),
        questions=tuple(fill_question(question, values) for question in exercise.questions),
        hints=tuple(replace(hint, text=fill(hint.text, values)) for hint in exercise.hints),
        explanations=tuple(replace(e, text=fill(e.text, values)) for e in exercise.explanations),
        models=tuple(replace(model, text=fill(model.text, values)) for model in exercise.models),
    )
