"""What a page says of a marking that another tab may have changed."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlmodel import Session, select

from server.assessments.change import Change
from server.assessments.marking.changes import LineChange, change_marking, plain
from server.assessments.marking.marks import LONGEST_EVIDENCE, own_marking, write_notes
from server.assessments.tables.marking import Marking
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.rights import Role
from server.assessments.teams.seats import Seat
from server.audit.log import entries
from server.errors import Conflict, Invalid, NotFound
from tests import rounds

QUIET = Change("", "")


def line(level: tuple[int | None, int | None], evidence: tuple[str, str] = ("", "")) -> LineChange:
    """Each as it was on the page, and as it came back."""
    return LineChange(Change(*level), Change(*evidence))


def acts(session: Session, seat: Seat) -> list[str]:
    return [row.act for row in entries(session, f"team:{seat.team.id}")]


def marks(session: Session, seat: Seat, sitting: Sitting) -> dict[int, tuple[int, str]]:
    """By the number of the line."""
    found = own_marking(session, seat, sitting).marks
    return {key.line + 1: (mark.level, mark.evidence) for key, mark in found.items()}


@pytest.mark.parametrize(
    ("was", "now", "stored", "over", "collides"),
    [
        ("a", "a", "b", "b", False),  # left alone
        ("a", "b", "a", "b", False),  # changed here alone
        ("a", "b", "b", "b", False),  # the same in both
        ("a", "b", "c", "b", True),
        ("a", "", "c", "", True),
    ],
)
def test_a_field_over_what_is_stored(was: str, now: str, stored: str, over: str, collides: bool) -> None:
    assert (Change(was, now).over(stored), Change(was, now).collides(stored)) == (over, collides)


def test_what_a_page_sent_without_an_answer_is_its_own() -> None:
    assert not Change("", "abc", ("ab",)).collides("ab")
    assert Change("", "abc", ("ab",)).collides("other")
    assert Change("", "", ("ab",)).over("ab") == "", "it was typed, stored and taken back"
    assert Change("", "", ("ab",)).over("other") == "other"


def test_texts_are_compared_as_they_are_stored() -> None:
    assert plain(" one\r\ntwo\x00\n") == "one\ntwo"


def test_only_what_a_page_changed_is_stored(session: Session, sitting: Sitting, rita: Seat, later: datetime) -> None:
    newer = {1: line((None, 4), ("", "newer")), 2: line((None, 0))}
    change_marking(session, rita, sitting, newer, Change("", "ask"), later)
    before = acts(session, rita)
    older = {1: line((None, None)), 2: line((None, None), ("", "older")), 3: line((None, 5))}
    change_marking(session, rita, sitting, older, QUIET, later)
    assert marks(session, rita, sitting) == {1: (4, "newer"), 2: (0, "older"), 3: (5, "")}
    marking = session.exec(select(Marking)).one()
    assert marking.notes == "ask"
    change_marking(session, rita, sitting, older, QUIET, later)
    assert acts(session, rita).count("mark.give") == before.count("mark.give") + 2, "nothing new is nothing for the log"


def test_what_both_changed_is_refused(session: Session, sitting: Sitting, rita: Seat, later: datetime) -> None:
    change_marking(session, rita, sitting, {1: line((None, 4), ("", "newer")), 2: line((None, 0))}, Change("", "ask"), later)
    older = {1: line((None, 2)), 2: line((None, 3)), 3: line((None, 5))}
    with pytest.raises(Invalid) as refused:
        change_marking(session, rita, sitting, older, Change("", "why"), later)
    again = "save again to keep what this page says instead"
    assert refused.value.errors == {
        "line-1": f"Line 1 was changed in another tab: level 4, “newer”; {again}",
        "line-2": f"Line 2 was changed in another tab: it cannot be judged, without evidence; {again}",
        "notes": f"Your notes were changed in another tab: “ask”; {again}",
    }
    assert marks(session, rita, sitting) == {1: (4, "newer"), 2: (0, "")}, "all or nothing"
    with pytest.raises(Invalid, match="it has no level there"):
        change_marking(session, rita, sitting, {4: line((2, 3))}, QUIET, later)


def test_evidence_needs_a_level_and_has_an_end(session: Session, sitting: Sitting, rita: Seat, later: datetime) -> None:
    long = "x" * (LONGEST_EVIDENCE + 1)
    with pytest.raises(Invalid) as refused:
        change_marking(
            session, rita, sitting, {1: line((None, None), ("", "seen")), 2: line((None, 3), ("", long))}, QUIET, later
        )
    assert set(refused.value.errors) == {"line-1", "line-2"}
    assert "Choose a level" in refused.value.errors["line-1"] and "at most" in refused.value.errors["line-2"]
    change_marking(session, rita, sitting, {1: line((None, 3), ("", "seen"))}, QUIET, later)
    with pytest.raises(Invalid, match="Choose a level"):  # another tab took the level back, and this one wrote more
        change_marking(session, rita, sitting, {2: line((3, 3), ("", "more"))}, QUIET, later)


def test_who_changes_all_their_marks_at_once_stays_the_first(
    session: Session, here: rounds.Round, sitting: Sitting, rita: Seat, later: datetime
) -> None:
    change_marking(session, rita, sitting, {1: line((None, 3))}, QUIET, later)
    change_marking(session, rounds.join(session, here.team, Role.reviewer, later), sitting, {1: line((None, 3))}, QUIET, later)
    change_marking(session, rita, sitting, {1: line((3, None)), 2: line((None, 3))}, QUIET, later)
    assert (own_marking(session, rita, sitting).place, marks(session, rita, sitting)) == (1, {2: (3, "")})
    change_marking(session, rita, sitting, {2: line((3, None))}, QUIET, later)
    assert own_marking(session, rita, sitting).marking is None


def test_what_is_not_there_or_done(session: Session, sitting: Sitting, rita: Seat, later: datetime) -> None:
    for number in (0, 5):
        with pytest.raises(NotFound, match="no such line"):
            change_marking(session, rita, sitting, {number: line((None, 3))}, QUIET, later)
    write_notes(session, rita, sitting, "one", later)
    session.exec(select(Marking)).one().done_at = later
    with pytest.raises(Conflict, match="done with this take-home"):
        change_marking(session, rita, sitting, {1: line((None, 3))}, QUIET, later)
