from collections import Counter
from typing import Any

import pytest

from server.exercise_format.question import Item, Match, MultipleChoice, Number, Option, Order, Row
from server.exercise_format.shuffle import kept_share, shown_order

BASE: dict[str, Any] = {"cell": "q", "points": 1, "prompt": "Which?"}


def choice(name: str = "it", shuffle: bool = True) -> MultipleChoice:
    return MultipleChoice(**BASE, name=name, options=tuple(Option(str(n), n == 0, "") for n in range(4)), shuffle=shuffle)


def order(count: int, free: frozenset[tuple[int, int]] = frozenset()) -> Order:
    return Order(**BASE, name="it", items=tuple(Item(str(n), str(n)) for n in range(1, count + 1)), free=free)


def test_the_order_of_an_attempt_never_changes() -> None:
    """Pinned: attempts store a seed, and their letters must mean the same after every upgrade."""
    assert [shown_order(choice(), seed) for seed in (0, 1, 2)] == [(1, 3, 0, 2), (2, 3, 0, 1), (0, 2, 3, 1)]


def test_the_key_lands_on_every_letter_about_equally_often() -> None:
    places = Counter(shown_order(choice(), seed).index(0) for seed in range(400))
    assert set(places) == {0, 1, 2, 3}
    assert min(places.values()) > 70


def test_two_questions_of_one_attempt_are_shuffled_apart() -> None:
    assert any(shown_order(choice("one"), seed) != shown_order(choice("two"), seed) for seed in range(5))


def test_options_may_keep_the_authors_order() -> None:
    assert shown_order(choice(shuffle=False), 7) == (0, 1, 2, 3)
    fixed = Match(**BASE, name="it", choices=("a", "b"), rows=(Row("x", "a", ""), Row("y", "b", "")), shuffle=False)
    assert shown_order(fixed, 7) == (0, 1)


def test_an_order_never_starts_out_right() -> None:
    free = frozenset({(1, 2), (2, 3), (1, 3), (3, 4)})
    for question in (order(3), order(5), order(4, free)):
        for seed in range(60):
            assert kept_share(question, shown_order(question, seed)) < 1


def test_free_pairs_do_not_count() -> None:
    question = order(4, frozenset({(2, 3)}))
    assert kept_share(question, (0, 2, 1, 3)) == 1
    assert kept_share(question, (0, 1, 2, 3)) == 1
    assert kept_share(question, (1, 0, 2, 3)) == pytest.approx(4 / 5)
    assert kept_share(question, (3, 2, 1, 0)) == 0


def test_a_number_has_no_order() -> None:
    with pytest.raises(TypeError):
        shown_order(Number(**BASE, name="it", answer="1"), 0)
