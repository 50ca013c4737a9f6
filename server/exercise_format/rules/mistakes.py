"""Known mistakes can be made, cover the checks, and rebuild the starter where they are planted."""

import ast
from collections.abc import Iterator

from server.exercise_format.author_code.syntax import parse, syntax_problem
from server.exercise_format.copies.whole import apply_edit, mistake_source
from server.exercise_format.exercise import Answer, Exercise, Mistake
from server.exercise_format.finding import Finding
from server.exercise_format.reading.option_values import BadValue

FEWEST = {"code": 3, "sql": 3, "tests": 3, "metric": 3}
BESIDE_PLANTED = 2


def mistakes_have_one_way(exercise: Exercise) -> Iterator[Finding]:
    for mistake in exercise.mistakes:
        ways = sum((bool(mistake.body), bool(mistake.edit), bool(mistake.answers)))
        code_and_answers = ways == 2 and bool(mistake.answers)  # one slip may show in the code and in the answers
        if ways != 1 and not code_and_answers:
            sentence = "A mistake is made by a whole body, by `edit` and `into`, or by `answers`: exactly one of them."
            yield Finding("mistake-shape", sentence, mistake.cell)
        if (mistake.planted or mistake.from_stub) and not mistake.edit:
            yield Finding("mistake-shape", "`planted` and `base` go with `edit`.", mistake.cell)


def edits_match(exercise: Exercise) -> Iterator[Finding]:
    for mistake in exercise.mistakes:
        answer = exercise.answer(mistake.answer)
        if answer is None or not mistake.edit or mistake.body:
            continue
        try:
            problem = syntax_problem(mistake_source(exercise, answer, mistake))
        except BadValue as error:
            yield Finding("edit-match", f"In `{mistake.name}` {error}.", mistake.cell)
            continue
        if problem:
            yield Finding("syntax", f"After the edit the code does not parse ({problem}).", mistake.cell)


def planted_faults_make_the_starter(exercise: Exercise) -> Iterator[Finding]:
    for answer in exercise.answers:
        planted = [mistake for mistake in exercise.mistakes if mistake.planted and mistake.answer == answer.name]
        if planted:
            yield from _starter(exercise, answer, planted)
        elif exercise.front.form == "fix" and answer.marked_solution is None:
            yield Finding("planted-faults", f"No mistake plants the faults of `{answer.name}`.", answer.cell)


def _starter(exercise: Exercise, answer: Answer, planted: list[Mistake]) -> Iterator[Finding]:
    code = exercise.solution_source(answer)
    try:
        for mistake in planted:
            code = apply_edit(code, mistake)
    except BadValue as error:
        yield Finding("planted-faults", f"The planted faults do not combine: {error}.", answer.cell)
        return
    made, given = parse(code), parse(answer.stub)
    if made is not None and given is not None and ast.dump(made) != ast.dump(given):
        sentence = f"The starter of `{answer.name}` is not the repair with all {len(planted)} planted faults."
        yield Finding("planted-faults", sentence, answer.cell)


def enough_mistakes(exercise: Exercise) -> Iterator[Finding]:
    made = len(exercise.mistakes)
    planted = sum(mistake.planted for mistake in exercise.mistakes)
    fix = exercise.front.form == "fix"
    fewest = planted + BESIDE_PLANTED if fix else FEWEST.get(exercise.front.form, 0)
    if made < fewest:
        what = f"{planted} planted faults and {BESIDE_PLANTED} more" if fix else str(fewest)
        yield Finding("mistake-count", f"There are {made} known mistakes; the form {exercise.front.form} needs {what}.")


def every_check_is_proven(exercise: Exercise) -> Iterator[Finding]:
    failed = {name for mistake in exercise.mistakes for name in mistake.fails}
    for check in exercise.checks:
        if check.name not in failed:
            yield Finding("unproven-check", f"No known mistake fails the check `{check.name}`.", check.cell)


RULES = (mistakes_have_one_way, edits_match, planted_faults_make_the_starter, enough_mistakes, every_check_is_proven)
