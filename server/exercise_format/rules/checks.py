"""Checks assert something, are worth something, and rest on returned data."""

import ast
from collections.abc import Iterator

from server.exercise_format.author_code.library import DECIDING, local_names
from server.exercise_format.author_code.library import REPORTED as REPORTED_CHECKS
from server.exercise_format.author_code.syntax import dotted, parse
from server.exercise_format.exercise import Check, Exercise
from server.exercise_format.finding import Finding
from server.exercise_format.question import Choice, Flaw, Forecast, Match, MultipleChoice, MultiSelect, Number, Order, Short
from server.exercise_format.question import Expression as ExpressionQuestion

REPORTED = ("arguments", "named", "printed", "warnings", "memory_mb")
REPORTED_SHARE = 0.1
CODE_FORMS = ("code", "fix", "tests", "sql", "metric")
QUESTION_OF_FORM = {
    "flaw": (Flaw,),
    "num": (Number,),
    "steps": (Number, ExpressionQuestion),
    "mc": (MultipleChoice,),
    "ms": (MultiSelect, Match),
    "order": (Order,),
    "forecast": (Forecast,),
    "short": (Short,),
    "rubric": (Short,),
}


def checks_decide(exercise: Exercise) -> Iterator[Finding]:
    setups = setup_trees(exercise)
    helpers = asserting_helpers(setups)
    for check in exercise.checks:
        tree = parse(check.source)
        if tree is not None and not _decides(tree, helpers | deciding_names([*setups, tree])):
            yield Finding("no-assert", "The check has no assert statement and awards nothing.", check.cell)


def setup_trees(exercise: Exercise) -> list[ast.Module]:
    return [tree for setup in exercise.setups if (tree := parse(setup.source))]


def asserting_helpers(setups: list[ast.Module]) -> frozenset[str]:
    """Functions of the setup that assert or raise themselves."""
    functions = [node for tree in setups for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    library = deciding_names(setups)
    return frozenset(function.name for function in functions if _decides(function, library))


def deciding_names(trees: list[ast.Module]) -> frozenset[str]:
    """What the checks library's deciding functions are called here."""
    return frozenset(local for local, name in local_names(trees).items() if name in DECIDING)


def _decides(tree: ast.AST, helpers: frozenset[str]) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert | ast.Raise):
            return True
        if isinstance(node, ast.Call) and dotted(node.func) in helpers | {"award"}:
            return True
    return False


def points_are_given(exercise: Exercise) -> Iterator[Finding]:
    rows = [(c.name, c.points, c.cell) for c in exercise.checks] + [(q.name, q.points, q.cell) for q in exercise.questions]
    needed = {name for check in exercise.checks for name in check.needs}  # their worth lies in the check behind them
    for name, points, cell in rows:
        if points <= 0 and name not in needed:
            yield Finding("points", f"`{name}` is worth nothing; points are more than 0.", cell)
    if not exercise.checks and not exercise.questions:
        yield Finding("points", "The notebook has neither checks nor questions.")


def form_fits(exercise: Exercise) -> Iterator[Finding]:
    form = exercise.front.form
    if form in CODE_FORMS and not (exercise.answers and exercise.checks):
        yield Finding("form-content", f"The form {form} needs an answer cell and checks.")
    wanted = QUESTION_OF_FORM.get(form)
    if wanted and not any(isinstance(question, wanted) for question in exercise.questions):
        kinds = " or ".join(sorted(kind.__name__ for kind in wanted))
        yield Finding("form-content", f"The form {form} needs a question of the type {kinds}.")
    if exercise.checks and not exercise.answers:
        yield Finding("form-content", "Checks need an answer cell.", exercise.checks[0].cell)
    if exercise.answers and not exercise.checks:
        yield Finding("form-content", "An answer cell needs checks.", exercise.answers[0].cell)


def rests_on_reports(check: Check) -> bool:
    """Whether the check looks at what only the submission can tell: arguments after a call, printed text, warnings."""
    tree = parse(check.source)
    if tree is None:
        return False
    called = {dotted(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    local = local_names([tree])
    if any(name in REPORTED_CHECKS for name in (local.get(name, name) for name in called)):
        return True
    return "observe" in called and any(isinstance(node, ast.Attribute) and node.attr in REPORTED for node in ast.walk(tree))


def few_reported_points(exercise: Exercise) -> Iterator[Finding]:
    reported = [check for check in exercise.checks if rests_on_reports(check)]
    points = sum(check.points for check in reported)
    total = exercise.automatic_points()
    if reported and points > REPORTED_SHARE * total + 1e-9:
        names = ", ".join(check.name for check in reported)
        sentence = f"{points:g} of {total:g} points ({names}) rest on what only the submission reports; a tenth is allowed."
        yield Finding("reported-share", sentence, reported[0].cell)


def options_differ(exercise: Exercise) -> Iterator[Finding]:
    for question in exercise.questions:
        if isinstance(question, Choice) and len({option.text for option in question.options}) < len(question.options):
            yield Finding("name-twice", "Two options have the same text.", question.cell)


RULES = (checks_decide, points_are_given, form_fits, few_reported_points, options_differ)
