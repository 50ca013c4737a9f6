"""Names are unique, and whatever is named exists."""

from collections import Counter
from collections.abc import Iterator

from server.exercise_format.exercise import Exercise
from server.exercise_format.finding import Finding
from server.exercise_format.question import Short


def unique_names(exercise: Exercise) -> Iterator[Finding]:
    """Checks and questions are rows of one result; answers and setups are what questions point to."""
    rows = [(check.name, check.cell) for check in exercise.checks] + [(q.name, q.cell) for q in exercise.questions]
    shown = [(answer.name, answer.cell) for answer in exercise.answers]
    shown += [(setup.name, setup.cell) for setup in exercise.setups if setup.name]
    made = [(mistake.name, mistake.cell) for mistake in exercise.mistakes]
    given = [(name, answer.cell) for answer in exercise.answers for name in answer.gives]
    for group, what in ((rows, "checks or questions"), (shown, "answer or setup cells"), (made, "mistakes"), (given, "answers")):
        counts = Counter(name for name, _ in group)
        last = dict(group)
        for name, count in counts.items():
            if count > 1:
                yield Finding("name-twice", f"{count} {what} have the name `{name}`.", last[name])


def checks_need_earlier_checks(exercise: Exercise) -> Iterator[Finding]:
    seen: set[str] = set()
    for check in exercise.checks:
        for name in check.needs:
            if exercise.check(name) is None:
                yield Finding("dangling-name", f"`needs: {name}` names no check.", check.cell)
            elif name not in seen:
                yield Finding("needs-order", f"The check needs `{name}`, which must stand above it.", check.cell)
        seen.add(check.name)


def questions_need_earlier_questions(exercise: Exercise) -> Iterator[Finding]:
    seen: set[str] = set()
    for question in exercise.questions:
        needed = exercise.question(question.needs) if question.needs else None
        if question.needs and needed is None:
            yield Finding("dangling-name", f"`needs: {question.needs}` names no question.", question.cell)
        elif isinstance(needed, Short):
            yield Finding("dangling-name", f"`{question.needs}` is marked by a person and cannot be needed.", question.cell)
        elif question.needs and question.needs not in seen:
            yield Finding("needs-order", f"The question needs `{question.needs}`, which must stand above it.", question.cell)
        seen.add(question.name)


def references_exist(exercise: Exercise) -> Iterator[Finding]:
    answers = {answer.name for answer in exercise.answers}
    short = {question.name for question in exercise.questions if isinstance(question, Short)}
    rows = {check.name for check in exercise.checks} | {question.name for question in exercise.questions}
    for solution in exercise.solutions:
        yield from _missing(solution.answers, answers, "for", "answer", solution.cell)
    for hint in exercise.hints:
        yield from _missing((hint.about,) if hint.about else (), answers | rows, "for", "answer, check or question", hint.cell)
    marked = [(part.questions, part.cell) for part in exercise.rubrics] + [(m.questions, m.cell) for m in exercise.models]
    for questions, cell in marked:
        yield from _missing(questions, short, "for", "short question", cell)
    for mistake in exercise.mistakes:
        yield from _missing(mistake.fails, rows - short, "fails", "check or scored question", mistake.cell)
        yield from _missing((mistake.answer,) if mistake.answer else (), answers, "for", "answer", mistake.cell)
        yield from _missing(tuple(name for name, _ in mistake.answers), rows, "answers", "question", mistake.cell)


def _missing(names: tuple[str, ...], known: set[str], option: str, what: str, cell: str) -> Iterator[Finding]:
    for name in names:
        if name not in known:
            yield Finding("dangling-name", f"`{option}: {name}` names no {what}.", cell)


RULES = (unique_names, checks_need_earlier_checks, questions_need_earlier_questions, references_exist)
