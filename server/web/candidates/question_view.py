"""A question as the page needs it: what a person may see before they answer, and nothing else."""

from __future__ import annotations

from typing import Any

from server.exercise_format.exercise import Exercise, Rubric
from server.exercise_format.question import Choice, Flaw, Forecast, Match, Number, Order, Question, Short
from server.exercise_format.shuffle import letters, shown_order
from server.web.markdown import render, render_inline

Json = dict[str, Any]


def question_view(exercise: Exercise, question: Question, seed: int) -> Json:
    """`exercise` and `question` with the attempt's values filled in."""
    view: Json = {
        "name": question.name,
        "type": question.type,
        "points": question.points,
        "needs": question.needs,
        "options": [],
        "items": [],
        "choices": [],
        "lines": None,
        "of": "",
        "code": "",
        "unit": "",
        "ask": "",
        "words": None,
        "self_mark": isinstance(question, Short),
        "rubric": None,
    }
    view.update(_details(exercise, question, seed))
    return view


def prompt_html(question: Question) -> str:
    """The question's own text."""
    return render(question.prompt)


def _details(exercise: Exercise, question: Question, seed: int) -> Json:
    match question:
        case Choice():
            return {"options": _lettered([question.options[index].text for index in shown_order(question, seed)])}
        case Match():
            rows = [question.rows[index].text for index in shown_order(question, seed)]
            return {"items": _lettered(rows), "choices": list(question.choices)}
        case Order():
            return {"items": _lettered([question.items[index].text for index in shown_order(question, seed)])}
        case Forecast():
            return {"items": _lettered([item.text for item in question.items]), "ask": question.ask}
        case Flaw():
            return {"of": question.of, "code": question.code, "lines": question.code.count("\n") + 1}
        case Number():
            return {"unit": question.unit}
        case Short():
            return {"words": list(question.words), "rubric": _rubric(exercise.rubric_of(question.name))}
    return {}


def _lettered(texts: list[str]) -> list[Json]:
    return [{"key": key, "html": render_inline(text)} for key, text in zip(letters(len(texts)), texts, strict=True)]


def _rubric(rubric: Rubric | None) -> Json | None:
    """The anchors are shown with the self-mark form, after the answer was submitted; the page keeps them folded until then."""
    if rubric is None:
        return None
    anchors = [{str(mark): render_inline(text) for mark, text in line.anchors.items()} for line in rubric.lines]
    return {"lines": [{"line": line.line, "anchors": named} for line, named in zip(rubric.lines, anchors, strict=True)]}
