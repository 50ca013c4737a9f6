"""Who is next for a kernel."""

from hypothesis import given
from hypothesis import strategies as st

from sandbox.kernels.line import Line, Ticket


def line_of(owners: str) -> tuple[Line, list[Ticket]]:
    line = Line()
    return line, [line.join(owner) for owner in owners]


def order(line: Line) -> str:
    return "".join(ticket.owner for ticket in line.order)


def serve_next(line: Line) -> str:
    served = line.order[0]
    line.serve(served)
    return served.owner


def test_an_owner_who_came_with_many_lets_the_others_in_between() -> None:
    line, _ = line_of("aaabc")
    assert order(line) == "abcaa"


def test_within_one_owner_who_came_first_is_served_first() -> None:
    line, (first, other, second) = line_of("aba")
    assert line.order == [first, other, second]


def test_a_place_counts_from_one() -> None:
    line, (first, second, other) = line_of("aab")
    assert [line.place(ticket) for ticket in (first, other, second)] == [1, 2, 3]


def test_after_a_turn_an_owner_waits_for_a_turn_of_everybody_else() -> None:
    line, _ = line_of("aab")
    assert serve_next(line) == "a"
    assert order(line) == "ba"
    line.join("c")
    assert order(line) == "bac"


def test_who_leaves_without_a_turn_keeps_the_turn_of_its_owner() -> None:
    line, (first, *_) = line_of("aab")
    line.leave(first)
    assert order(line) == "ab"


def test_leaving_twice_does_no_harm() -> None:
    line, (only,) = line_of("a")
    line.leave(only)
    line.leave(only)
    assert (len(line), line.order) == (0, [])


@given(st.text("abcd", max_size=12))
def test_nobody_has_two_turns_more_than_somebody_who_still_waits(owners: str) -> None:
    line, _ = line_of(owners)
    turns = dict.fromkeys(owners, 0)
    while len(line):
        turns[serve_next(line)] += 1
        waiting = [turns[owner] for owner in order(line)]
        assert max(turns.values()) <= min(waiting, default=99) + 1


@given(st.text("abcd", max_size=12))
def test_every_ticket_is_served_once(owners: str) -> None:
    line, _ = line_of(owners)
    assert sorted(serve_next(line) for _ in owners) == sorted(owners)
    assert len(line) == 0
