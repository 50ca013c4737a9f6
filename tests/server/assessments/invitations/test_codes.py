"""Codes of candidates: easy to say, unique, and silent about who was invited when."""

from itertools import pairwise
from random import Random

import pytest

from server.assessments.invitations.codes import ALL, MINERALS, draw_codes

PRECIOUS = {
    "gold",
    "silver",
    "platinum",
    "diamond",
    "ruby",
    "emerald",
    "sapphire",
    "opal",
    "pearl",
    "topaz",
    "bronze",
    "coal",
    "lead",
}


def test_there_are_enough_names_and_none_hints_at_worth() -> None:
    assert len(MINERALS) == len(set(MINERALS)) >= 60
    assert not {name.lower() for name in MINERALS} & PRECIOUS
    assert all(name.isalpha() and len(name) <= 12 for name in MINERALS)


def test_no_code_is_drawn_twice() -> None:
    first = draw_codes((), 3_000, Random(1))
    second = draw_codes(first, 3_000, Random(2))
    assert len({*first, *second}) == 6_000


def test_codes_that_others_made_up_are_no_hindrance() -> None:
    assert draw_codes(["Preview 1", *ALL[1:]], 1, Random(1)) == [ALL[0]]
    with pytest.raises(ValueError, match="larger than population"):
        draw_codes(ALL, 1, Random(1))


def test_the_order_of_codes_says_nothing_of_the_order_of_inviting() -> None:
    """Invited one after the other: a later one stands before an earlier one about as often as after it."""
    taken: list[str] = []
    for number in range(400):
        taken += draw_codes(taken, 1, Random(number))
    ordered = sum(one < other for one, other in pairwise(taken))
    assert 150 < ordered < 250
