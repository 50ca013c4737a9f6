"""Keys of numbers, expressions, orders, flaws and forecasts can be read, and their tolerances make sense."""

from collections.abc import Iterator

from server.exercise_format.exercise import Exercise
from server.exercise_format.expressions import ExpressionError, Undefined, calculate, parse_expression
from server.exercise_format.finding import Finding
from server.exercise_format.question import Expression, Flaw, Forecast, Number, Order
from server.exercise_format.scoring.values import POINTS, points_of

FEWEST_PAIRS = 5
LARGEST_RTOL = 0.1
SMALLEST_RTOL = 1e-12


def numbers_have_keys(exercise: Exercise) -> Iterator[Finding]:
    """With a variant the names can only be tried by the gate; without one every key must be a plain number."""
    for question in (q for q in exercise.questions if isinstance(q, Number)):
        texts = [question.answer, *(wrong.value for wrong in question.known_wrong)]
        yield from _unreadable(exercise, question, texts)
        if question.rtol > LARGEST_RTOL or (question.rtol < SMALLEST_RTOL and question.atol <= 0):
            sentence = f"rtol {question.rtol:g} and atol {question.atol:g}: give an rtol up to {LARGEST_RTOL} or an atol above 0."
            yield Finding("number-tolerance", sentence, question.cell)
        elif exercise.variant is None and question.atol <= 0 and _is_zero(question.answer):
            yield Finding("number-tolerance", "The key is 0, so a relative tolerance allows nothing: give `atol`.", question.cell)


def _is_zero(text: str) -> bool:
    try:
        return calculate(text, {}) == 0
    except (ExpressionError, Undefined):
        return False


def _unreadable(exercise: Exercise, question: Number, texts: list[str]) -> Iterator[Finding]:
    for text in texts:
        try:
            names = _words(text) if exercise.variant else ()
            parse_expression(text, names)
        except ExpressionError as error:
            yield Finding("expression-names", f"`{text[:60]}`: {error}", question.cell)


def _words(text: str) -> tuple[str, ...]:
    return tuple("".join(sign if sign.isalnum() or sign == "_" else " " for sign in text).split())


def expressions_can_be_read(exercise: Exercise) -> Iterator[Finding]:
    for question in (q for q in exercise.questions if isinstance(q, Expression)):
        own = [name for name, _, _ in question.domain]
        for text in (question.answer, *(wrong.value for wrong in question.known_wrong)):
            try:
                parse_expression(text, [*own, *_words(text)] if exercise.variant else own)
            except ExpressionError as error:
                yield Finding("expression-names", f"`{text[:60]}`: {error}", question.cell)
        if exercise.variant is None:
            yield from _enough_points(question)


def _enough_points(question: Expression) -> Iterator[Finding]:
    try:
        found = len(points_of(question, {}))
    except ExpressionError:  # reported above
        return
    if found < POINTS:
        sentence = f"The key has a value at {found} of {POINTS} points of the domain only; narrow the domain."
        yield Finding("expression-names", sentence, question.cell)


def follow_uses_earlier_answers(exercise: Exercise) -> Iterator[Finding]:
    for question in exercise.questions:
        if not isinstance(question, Number | Expression) or not question.follow:
            continue
        if not question.builds_on:
            sentence = "`follow` uses no number or expression question above this one."
            yield Finding("dangling-name", sentence, question.cell)
        known = {above.name for above in question.builds_on}
        known |= {name for name, _, _ in question.domain} if isinstance(question, Expression) else set()
        try:
            parse_expression(question.follow, [*known, *_words(question.follow)] if exercise.variant else known)
        except ExpressionError as error:
            yield Finding("expression-names", f"`follow: {question.follow[:60]}`: {error}", question.cell)


def orders_require_enough(exercise: Exercise) -> Iterator[Finding]:
    for question in (q for q in exercise.questions if isinstance(q, Order)):
        required = len(question.required_pairs())
        if required < FEWEST_PAIRS:
            sentence = f"{required} pairs must stand in order; {FEWEST_PAIRS} are needed, so that luck earns little."
            yield Finding("order-pairs", sentence, question.cell)


def flaws_point_at_code(exercise: Exercise) -> Iterator[Finding]:
    for question in (q for q in exercise.questions if isinstance(q, Flaw)):
        if not question.lines:
            yield Finding("flaw-lines", "No line is at fault.", question.cell)
        for line in sorted(question.lines - question.countable_lines()):
            yield Finding("flaw-lines", f"Line {line} of `{question.of}` is empty.", question.cell)


def forecasts_have_values(exercise: Exercise) -> Iterator[Finding]:
    for question in (q for q in exercise.questions if isinstance(q, Forecast)):
        if exercise.variant is None:
            yield Finding("forecast-values", "A forecast needs a variant cell that gives each prior and truth.", question.cell)


RULES = (
    numbers_have_keys,
    expressions_can_be_read,
    follow_uses_earlier_answers,
    orders_require_enough,
    flaws_point_at_code,
    forecasts_have_values,
)
