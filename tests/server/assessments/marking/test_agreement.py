"""What two levels come to, how far markers agree, and the order in which a reviewer meets sittings."""

import pytest

from server.assessments.marking.agreement import FEWEST_PAIRS, Standing, agreeing, are_apart, level_of, settle, weighted_kappa
from server.assessments.marking.order import in_order


@pytest.mark.parametrize(
    ("levels", "apart"),
    [
        ([3, 3], False),
        ([3, 4], False),
        ([2, 4], True),
        ([5, 1], True),
        ([0, 0], False),
        ([0, 3], True),
        ([3, 0], True),
        ([4], False),
        ([0], False),
        ([3, 4, 5], True),
        ([3, 4, 4], False),
        ([], False),
    ],
)
def test_who_is_apart(levels: list[int], apart: bool) -> None:
    assert are_apart(levels) is apart


@pytest.mark.parametrize(
    ("levels", "agreed", "counts"),
    [
        ([3, 4], None, 3.5),
        ([3, 4], 5, 3.5),  # an agreement is for those who are apart
        ([1, 4], None, None),
        ([1, 4], 2, 2.0),
        ([1, 4], 0, None),
        ([0, 4], 4, 4.0),
        ([0, 0], None, None),
        ([5], None, 5.0),
    ],
)
def test_the_level_that_counts(levels: list[int], agreed: int | None, counts: float | None) -> None:
    assert level_of(levels, agreed) == counts


@pytest.mark.parametrize(
    ("levels", "markers", "agreed", "standing", "share"),
    [
        ([], 2, None, Standing.open, None),
        ([4], 2, None, Standing.open, None),
        ([4, 2], 2, None, Standing.apart, None),
        ([4, 2], 2, 3, Standing.settled, 0.5),
        ([4, 2], 2, 0, Standing.settled, None),
        ([5, 4], 2, None, Standing.settled, 0.875),
        ([0, 0], 2, None, Standing.settled, None),
        ([1], 1, None, Standing.settled, 0.0),
    ],
)
def test_how_far_a_line_has_come(
    levels: list[int], markers: int, agreed: int | None, standing: Standing, share: float | None
) -> None:
    found = settle(levels, markers, agreed)
    assert (found.standing, found.share) == (standing, share)


def test_kappa_is_one_for_full_agreement_and_zero_for_chance() -> None:
    assert weighted_kappa([(1, 1), (3, 3), (5, 5)]) == 1.0
    assert weighted_kappa([(a, b) for a in (1, 3, 5) for b in (1, 3, 5)]) == pytest.approx(0.0)
    assert weighted_kappa([(1, 5), (5, 1)]) == -1.0


def test_kappa_of_a_table_worked_out_by_hand() -> None:
    """One line of five differs by one. By chance: 1, 2, 2, 3, 3 against 1, 2, 3, 3, 3 has 13 + 2 * 4 + 2 * 5 squares in 25."""
    pairs = [(1, 1), (2, 2), (2, 3), (3, 3), (3, 3)]
    assert weighted_kappa(pairs) == pytest.approx(1 - (1 / 5) / (31 / 25))


def test_kappa_says_nothing_where_chance_leaves_nothing_open() -> None:
    assert weighted_kappa([]) is None
    assert weighted_kappa([(4, 4)] * 30) is None


def test_agreement_is_a_number_from_twenty_lines_on() -> None:
    lines = [(1, 1), (5, 5)] * (FEWEST_PAIRS // 2)
    few, enough = agreeing([*lines[1:], (0, 3), (0, 0)]), agreeing([*lines, (2, 4)])
    assert (few.n, few.close, few.one_cannot_judge, few.kappa) == (FEWEST_PAIRS - 1, FEWEST_PAIRS - 1, 1, None)
    assert (enough.n, enough.close) == (FEWEST_PAIRS + 1, FEWEST_PAIRS)
    assert enough.kappa is not None and 0.9 < enough.kappa < 1


def test_the_order_is_another_one_for_each_reviewer_and_stays() -> None:
    sittings = [f"sitting-{number}" for number in range(30)]
    rita, omar = in_order("rita", sittings), in_order("omar", sittings)
    assert sorted(rita) == sorted(sittings)
    assert rita != omar and rita != sittings
    assert in_order("rita", reversed(sittings)) == rita
    assert [each for each in in_order("rita", [*sittings, "a new one"]) if each != "a new one"] == rita
