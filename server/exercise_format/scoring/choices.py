"""Scores of what is picked, paired, sorted or pointed at."""

from server.exercise_format.question import Choice, Flaw, Match, MultipleChoice, Order
from server.exercise_format.scoring.scored import Reason, Scored, sentences
from server.exercise_format.shuffle import kept_share, letters, shown_order


def score_choice(question: Choice, ticked: frozenset[int], seed: int) -> Scored:
    """Right ticks less wrong ticks, over the number of right options; with one right option: all or nothing."""
    right = frozenset(index for index, option in enumerate(question.options) if option.right)
    reasons = _choice_reasons(question, ticked, seed)
    if isinstance(question, MultipleChoice):
        picked = question.options[min(ticked)]
        return Scored(float(picked.right), picked.reason, reasons)
    fraction = max(0.0, (len(ticked & right) - len(ticked - right)) / len(right)) if right else 0.0
    if len(ticked) == len(question.options):
        fraction = 0.0
    return Scored(fraction, _choice_message(question, ticked, right), reasons)


def _choice_reasons(question: Choice, ticked: frozenset[int], seed: int) -> tuple[Reason, ...]:
    shown = shown_order(question, seed)
    lettered = zip(letters(len(shown)), shown, strict=True)
    return tuple(
        Reason(letter, question.options[index].reason, question.options[index].right, index in ticked)
        for letter, index in lettered
    )


def _choice_message(question: Choice, ticked: frozenset[int], right: frozenset[int]) -> str:
    wrong = sorted(ticked - right)
    missed = len(right - ticked)
    parts = [question.options[index].reason for index in wrong]
    if missed:
        parts.append(f"{missed} of {len(right)} right options {'is' if missed == 1 else 'are'} not ticked.")
    return sentences(*parts)


def score_match(question: Match, given: dict[int, str], seed: int) -> Scored:
    """Right rows less wrong rows, over all rows; a row left open counts as neither."""
    right = [index for index, choice in given.items() if question.rows[index].choice == choice]
    wrong = sorted(set(given) - set(right))
    fraction = max(0.0, (len(right) - len(wrong)) / len(question.rows))
    if len(question.rows) > 1 and len(given) == len(question.rows) and len(set(given.values())) == 1:
        fraction = 0.0  # the same choice everywhere shows no judgement, however the key is spread
    shown = shown_order(question, seed)
    lettered = zip(letters(len(shown)), shown, strict=True)
    reasons = tuple(Reason(letter, question.rows[index].reason, index in right, index in given) for letter, index in lettered)
    left = len(question.rows) - len(given)
    open_rows = f"{left} of {len(question.rows)} rows {'has' if left == 1 else 'have'} no choice yet." if left else ""
    return Scored(fraction, sentences(*(question.rows[index].reason for index in wrong), open_rows), reasons)


def score_order(question: Order, order: tuple[int, ...], seed: int) -> Scored:
    """Share of the required precedences kept."""
    fraction = kept_share(question, order)
    place = {item: position for position, item in enumerate(order)}
    broken = [(i, j) for i, j in question.required_pairs() if place[i] > place[j]]
    moved = {i for i, _ in broken} | {j for _, j in broken}
    shown = shown_order(question, seed)
    lettered = zip(letters(len(shown)), shown, strict=True)
    reasons = tuple(
        Reason(letter, question.items[index].reason, index not in moved, True)
        for letter, index in lettered
        if question.items[index].reason
    )
    texts = [question.items[index].reason for index in sorted(moved) if question.items[index].reason]
    count = len(question.required_pairs())
    kept = f"{count - len(broken)} of {count} pairs stand in the right order." if broken else ""
    return Scored(fraction, sentences(kept, *texts[:2]), reasons)


def score_flaw(question: Flaw, lines: frozenset[int]) -> Scored:
    """F1 of the set of lines; ticking every line earns nothing when most lines are in order."""
    right = len(lines & question.lines)
    fraction = 2 * right / (len(lines) + len(question.lines))
    countable = question.countable_lines()
    if lines >= countable and len(countable - question.lines) > len(countable) / 2:
        fraction = 0.0
    reasons = tuple(
        Reason(wrong.value, wrong.reason, int(wrong.value) in question.lines, int(wrong.value) in lines)
        for wrong in sorted(question.known_wrong, key=lambda wrong: int(wrong.value))
    )
    texts = [reason.text for reason in reasons if reason.chosen and not reason.right]
    missed = len(question.lines - lines)
    left = f"{missed} of {len(question.lines)} faulty lines {'is' if missed == 1 else 'are'} not named." if missed else ""
    extra = "" if texts or lines <= question.lines else "Not every line that you named is at fault."
    return Scored(fraction, sentences(*texts, extra, left), reasons)
