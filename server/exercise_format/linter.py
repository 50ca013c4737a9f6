"""Everything that can be said about an exercise without running it; all of it, not just the first."""

from collections.abc import Callable, Iterable

from server.exercise_format.exercise import Exercise
from server.exercise_format.finding import Finding
from server.exercise_format.reading.reader import Reading
from server.exercise_format.rules import (
    checks,
    choices,
    code,
    crossing,
    hidden_text,
    leaks,
    library,
    mistakes,
    names,
    texts,
    values,
)

Rule = Callable[[Exercise], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    *names.RULES,
    *code.RULES,
    *library.RULES,
    *checks.RULES,
    *crossing.RULES,
    *hidden_text.RULES,
    *mistakes.RULES,
    *choices.RULES,
    *values.RULES,
    *texts.RULES,
    *leaks.RULES,
)


def lint(reading: Reading, folder: str = "") -> tuple[Finding, ...]:
    """What the reader found and what the rules find; `folder` is the name of the folder that holds the file."""
    if reading.draft is None:
        return reading.findings
    found = list(reading.findings)
    if folder and folder != reading.draft.front.kind:
        sentence = f"The file lies in {folder!r}, its kind is {reading.draft.front.kind!r}: they differ."
        found.append(Finding("kind-folder", sentence))
    for rule in RULES:
        found += rule(reading.draft)
    return tuple(dict.fromkeys(found))
