"""Hints, explanations, rubrics and models are there and say something."""

import re
from collections.abc import Iterator

from server.exercise_format.exercise import Exercise
from server.exercise_format.finding import Finding
from server.exercise_format.question import Short
from server.exercise_format.template import FILLED_ROLES, placeholders

FEWEST_HINTS = 2
HINT_WORDS = 60
EXPLANATION_WORDS = 80
STATEMENT_WORDS = 300
LONG_STATEMENT_WORDS = 700
LONG_KINDS = ("takehome", "applied", "projects")
JUDGING = frozenset({
    "good", "bad", "poor", "excellent", "strong", "weak", "great", "fair", "average", "adequate", "inadequate", "very", "answer",
    "sufficient", "insufficient", "outstanding", "satisfactory", "unsatisfactory", "ok", "okay", "fine", "nice", "an", "a", "the",
})  # fmt: skip


def text_is_there(exercise: Exercise) -> Iterator[Finding]:
    statement = " ".join(cell.body for cell in exercise.cells if cell.role == "text")
    if not statement.strip():
        yield Finding("text-missing", "The notebook has no Markdown cell that states the task.")
    limit = LONG_STATEMENT_WORDS if exercise.front.kind in LONG_KINDS else STATEMENT_WORDS
    count = count_words(statement)
    if count > limit:
        yield Finding("statement-length", f"The task text has {count} words; {limit} are enough for {exercise.front.kind}.")


def count_words(text: str) -> int:
    """Words of running text: formulas, code and table rows left out."""
    text = re.sub(r"```.*?```|\$\$.*?\$\$|\$[^$\n]*\$|`[^`\n]*`", " ", text, flags=re.DOTALL)
    lines = [line for line in text.split("\n") if not line.lstrip().startswith("|")]
    return len(re.findall(r"[^\W\d_][\w’'-]*", " ".join(lines)))


def hints_help(exercise: Exercise) -> Iterator[Finding]:
    if len(exercise.hints) < FEWEST_HINTS:
        yield Finding("hint-count", f"There are {len(exercise.hints)} hints; at least {FEWEST_HINTS} are needed.")
    for hint in exercise.hints:
        count = count_words(hint.text)
        if count > HINT_WORDS:
            yield Finding("hint-length", f"The hint has {count} words; {HINT_WORDS} are enough.", hint.cell)
        if not hint.text.strip():
            yield Finding("hint-count", "The hint is empty.", hint.cell)


def explanation_explains(exercise: Exercise) -> Iterator[Finding]:
    text = " ".join(explanation.text for explanation in exercise.explanations)
    if not text.strip():
        yield Finding("explanation-missing", "There is no explanation for after solving or giving up.")
    elif count_words(text) < EXPLANATION_WORDS:
        sentence = f"The explanations have {count_words(text)} words; {EXPLANATION_WORDS} leave room for the why."
        yield Finding("explanation-length", sentence, exercise.explanations[0].cell)


def short_questions_can_be_marked(exercise: Exercise) -> Iterator[Finding]:
    for question in (q for q in exercise.questions if isinstance(q, Short)):
        rubric = exercise.rubric_of(question.name)
        if rubric is None:
            yield Finding("rubric-missing", f"The short question `{question.name}` has no rubric.", question.cell)
            continue
        marks = {model.mark for model in exercise.models_of(question.name)}
        if "self" in rubric.marks and marks != {3, 5}:
            yield Finding("model-missing", f"`{question.name}` lacks a model answer for 3 or for 5.", question.cell)


def rubrics_describe(exercise: Exercise) -> Iterator[Finding]:
    for rubric in exercise.rubrics:
        if rubric.lines and not 3 <= len(rubric.lines) <= 7:
            yield Finding("rubric-lines", f"The rubric has {len(rubric.lines)} lines; 3 to 7 are allowed.", rubric.cell)
        for line in rubric.lines:
            for mark, anchor in line.anchors.items():
                if set(re.findall(r"[a-z]+", anchor.lower())) <= JUDGING:
                    sentence = f"The anchor {anchor!r} of “{line.line}” at {mark} judges; say what the answer does."
                    yield Finding("rubric-words", sentence, rubric.cell)


def placeholders_have_values(exercise: Exercise) -> Iterator[Finding]:
    for cell in exercise.cells:
        found = placeholders(cell.body) if cell.type == "markdown" else ()
        if found and cell.role not in FILLED_ROLES:
            yield Finding("placeholder", f"`{{{{{found[0]}}}}}` is not filled in a {cell.role} cell.", cell.id)
        elif found and exercise.variant is None:
            yield Finding("placeholder", f"`{{{{{found[0]}}}}}` has no value: there is no variant cell.", cell.id)


RULES = (
    text_is_there,
    hints_help,
    explanation_explains,
    short_questions_can_be_marked,
    rubrics_describe,
    placeholders_have_values,
)
