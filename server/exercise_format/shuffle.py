"""In which order a person sees the options of a question: fixed by the attempt's seed and the question's name."""

from hashlib import sha256
from string import ascii_uppercase

from server.exercise_format.question import Choice, Match, Order, Question


def letters(count: int) -> tuple[str, ...]:
    return tuple(ascii_uppercase[:count])


def shown_order(question: Question, seed: int) -> tuple[int, ...]:
    """Positions in the author's order, as shown: the first entry is the one that gets the letter A."""
    match question:
        case Choice(shuffle=True):
            return _shuffled(len(question.options), f"{seed}/{question.name}")
        case Choice():
            return tuple(range(len(question.options)))
        case Match(shuffle=True):
            return _shuffled(len(question.rows), f"{seed}/{question.name}")
        case Match():
            return tuple(range(len(question.rows)))
        case Order():
            return _wrong_start(question, seed)
    raise TypeError(f"a {question.type} question has no order of options")


def _shuffled(count: int, salt: str) -> tuple[int, ...]:
    """By hash and not by `random`, so that a later Python shows the same order to an old attempt."""
    return tuple(sorted(range(count), key=lambda index: sha256(f"{salt}/{index}".encode()).digest()))


def _wrong_start(question: Order, seed: int) -> tuple[int, ...]:
    """An order that is not right already."""
    for attempt in range(100):
        shown = _shuffled(len(question.items), f"{seed}/{question.name}/{attempt}")
        if kept_share(question, shown) < 1:
            return shown
    return tuple(reversed(range(len(question.items))))


def kept_share(question: Order, order: tuple[int, ...]) -> float:
    """Share of the required precedences that an order keeps."""
    place = {item: position for position, item in enumerate(order)}
    pairs = question.required_pairs()
    return sum(place[i] < place[j] for i, j in pairs) / len(pairs) if pairs else 1.0
