"""Options: enough of them, each with a reason, none that gives itself away."""

import re
from collections.abc import Iterator
from statistics import median

from server.exercise_format.exercise import Exercise
from server.exercise_format.finding import Finding
from server.exercise_format.question import Choice, Match, MultipleChoice

ALL_OR_NONE = re.compile(r"\b(all|none|both|neither|any) of (the )?(above|below|these)\b", re.IGNORECASE)
ABSOLUTE = re.compile(r"\b(always|never|every|only|all|none|no one|nobody|everybody|completely|impossible)\b", re.IGNORECASE)
NEGATIVE = re.compile(r"\b(not|except|never|least likely)\b", re.IGNORECASE)
ASKING = re.compile(r"^\W*(which|what|who|where|when)\b", re.IGNORECASE)
EMPHASIS = re.compile(r"(\*\*|__|\*|_)(.+?)\1", re.DOTALL)
LONGEST_SHARE = 1.3
FEWEST_FOR_ABSOLUTE = 2


def choices(exercise: Exercise) -> Iterator[Choice]:
    return (question for question in exercise.questions if isinstance(question, Choice))


def option_counts(exercise: Exercise) -> Iterator[Finding]:
    for question in choices(exercise):
        single = isinstance(question, MultipleChoice)
        low, high = (4, 5) if single else (5, 8)
        least, most = (1, 1) if single else (2, 5)
        right = sum(option.right for option in question.options)
        if not low <= len(question.options) <= high:
            sentence = f"{len(question.options)} options; {question.type} needs {low} to {high}."
            yield Finding("choice-count", sentence, question.cell)
        if not least <= right <= most:
            wanted = "exactly 1" if single else f"{least} to {most}"
            yield Finding("choice-right", f"{right} options are right; {question.type} needs {wanted}.", question.cell)


def every_option_has_a_reason(exercise: Exercise) -> Iterator[Finding]:
    for question in exercise.questions:
        if isinstance(question, Choice):
            bare = [option.text for option in question.options if not option.reason]
        elif isinstance(question, Match):
            bare = [row.text for row in question.rows if not row.reason]
        else:
            bare = [wrong.value for wrong in getattr(question, "known_wrong", ()) if not wrong.reason]
        for text in bare:
            sentence = f"{text[:50]!r} has no reason (a line that begins with two spaces and `>`)."
            yield Finding("choice-reason", sentence, question.cell)


def no_all_of_the_above(exercise: Exercise) -> Iterator[Finding]:
    for question in choices(exercise):
        for option in question.options:
            if ALL_OR_NONE.search(option.text):
                yield Finding("choice-all", f"The option {option.text[:50]!r} is about other options.", question.cell)


def negatives_are_emphasised(exercise: Exercise) -> Iterator[Finding]:
    for question in choices(exercise):
        plain = EMPHASIS.sub("", question.prompt)
        asked = [sentence for sentence in re.split(r"(?<=[.?!:])\s+", plain) if sentence.rstrip().endswith("?")]
        for sentence in asked:
            found = NEGATIVE.search(sentence)
            if found and ASKING.match(sentence):
                text = f"The question asks for what is “{found[0]}” so; set that word in bold, or ask the other way."
                yield Finding("choice-negative", text, question.cell)


def absolutes_give_nothing_away(exercise: Exercise) -> Iterator[Finding]:
    for question in choices(exercise):
        right = sum(bool(ABSOLUTE.search(option.text)) for option in question.options if option.right)
        wrong = sum(bool(ABSOLUTE.search(option.text)) for option in question.options if not option.right)
        if not right and wrong >= FEWEST_FOR_ABSOLUTE:
            sentence = f"{wrong} wrong options and no right one use words such as always or only."
            yield Finding("choice-absolute", sentence, question.cell)


def right_option_is_not_the_longest(exercise: Exercise) -> Iterator[Finding]:
    for question in choices(exercise):
        lengths = [len(option.text) for option in question.options]
        if not isinstance(question, MultipleChoice) or not lengths:
            continue
        right = max((len(option.text) for option in question.options if option.right), default=0)
        if right == max(lengths) and right > LONGEST_SHARE * median(lengths):
            sentence = f"The right option has {right} characters, the median {median(lengths):g}: its length gives it away."
            yield Finding("choice-length", sentence, question.cell)


def matches_discriminate(exercise: Exercise) -> Iterator[Finding]:
    for question in exercise.questions:
        if not isinstance(question, Match):
            continue
        used = {row.choice for row in question.rows}
        if not 2 <= len(question.choices) <= 8 or not 3 <= len(question.rows) <= 12:
            sentence = f"{len(question.choices)} choices and {len(question.rows)} rows; 2 to 8 and 3 to 12 are allowed."
            yield Finding("match-shape", sentence, question.cell)
        elif len(used) < 2:
            yield Finding("match-shape", "All rows have the same choice: ticking one column would be right.", question.cell)


RULES = (
    option_counts,
    every_option_has_a_reason,
    no_all_of_the_above,
    negatives_are_emphasised,
    absolutes_give_nothing_away,
    right_option_is_not_the_longest,
    matches_discriminate,
)
