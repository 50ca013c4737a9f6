"""Minutes of real people, and how many have seen an exercise: only from enough of them, never from previews."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from server.accounts.tables import Person
from server.assessments.blueprints.real_times import Exposure, Took, exposures, median_minutes, share_out
from server.assessments.sittings.courses import seat_candidate
from server.assessments.sittings.sitting import hand_in_sitting
from server.assessments.tables.sittings import BY_TIME, Outage, SittingPause
from tests import drafts, rounds
from tests.rounds import CODING, MARKED

MINUTE = timedelta(minutes=1)


@pytest.fixture
def here(session: Session, moment: datetime) -> rounds.Round:
    return rounds.make_round(session, moment)


def sit(session: Session, here: rounds.Round, minutes: Sequence[int], moment: datetime, *, preview: bool = False) -> None:
    """One candidate after the other, each for so long; all graded."""
    for number, each in enumerate(minutes):
        candidate = rounds.invited(session, here, f"Flint {number}{preview}", moment)
        candidate.preview = preview
        sitting = rounds.start(session, candidate, moment)
        rounds.write(session, sitting, "x = 1", moment + MINUTE)
        rounds.hand_in(session, candidate, moment + each * MINUTE)
        rounds.graded(session, sitting, moment + each * MINUTE)


def test_the_time_of_a_sitting_is_shared_by_the_minutes_of_its_exercises(moment: datetime) -> None:
    took = Took({"a": 20, "b": 10}, moment, moment + 60 * MINUTE)
    assert share_out(took) == {"a": 40, "b": 20}


def test_while_the_clock_stood_still_nobody_worked(moment: datetime) -> None:
    still = [
        (moment - 10 * MINUTE, moment + 5 * MINUTE),  # 5 of it
        (moment + 20 * MINUTE, moment + 30 * MINUTE),
        (moment + 25 * MINUTE, moment + 32 * MINUTE),  # 2 more
        (moment + 59 * MINUTE, moment + 90 * MINUTE),  # 1 of it
        (moment + 95 * MINUTE, moment + 99 * MINUTE),
    ]
    assert share_out(Took({"a": 1}, moment, moment + 60 * MINUTE, still)) == {"a": 42}


def test_a_median_needs_five_people(session: Session, here: rounds.Round, moment: datetime) -> None:
    sit(session, here, [55, 66, 77, 88], moment)
    assert median_minutes(session, [CODING, MARKED]) == {}
    sit(session, here, [110] * 5, moment, preview=True)
    assert median_minutes(session, [CODING, MARKED]) == {}


def test_the_median_is_that_of_graded_sittings(session: Session, here: rounds.Round, moment: datetime) -> None:
    sit(session, here, [55, 66, 77, 88, 110], moment)  # its exercises are given 25 and 30 minutes
    ungraded = rounds.invited(session, here, "Basalt 01", moment)
    rounds.start(session, ungraded, moment)
    rounds.hand_in(session, ungraded, moment + MINUTE)
    assert median_minutes(session, [CODING, MARKED, "unknown"]) == {CODING: 35, MARKED: 42}
    assert median_minutes(session, []) == {}


def test_outages_and_pauses_are_taken_off(session: Session, here: rounds.Round, moment: datetime) -> None:
    sit(session, here, [66, 66, 66, 66], moment)
    candidate = rounds.invited(session, here, "Basalt 01", moment)
    sitting = rounds.start(session, candidate, moment)
    session.add(SittingPause(sitting_id=sitting.id, since=moment + 30 * MINUTE, until=moment + 50 * MINUTE))
    rounds.hand_in(session, candidate, moment + 75 * MINUTE)
    rounds.graded(session, sitting, moment + 75 * MINUTE)
    assert median_minutes(session, [CODING]) == {CODING: 30}
    session.add(Outage(since=moment + 2 * MINUTE, until=moment + 13 * MINUTE))
    session.flush()
    assert median_minutes(session, [CODING]) == {CODING: 25}


def test_of_who_was_closed_by_time_the_last_save_counts(session: Session, here: rounds.Round, moment: datetime) -> None:
    sit(session, here, [110, 110], moment)
    for number in range(3):
        candidate = rounds.invited(session, here, f"Basalt 0{number}", moment)
        sitting = rounds.start(session, candidate, moment)
        rounds.write(session, sitting, "x = 1", moment + 44 * MINUTE)
        assert hand_in_sitting(session, seat_candidate(session, candidate), BY_TIME, moment + 120 * MINUTE)
        rounds.graded(session, sitting, moment + 121 * MINUTE)
    assert median_minutes(session, [CODING]) == {CODING: 20}


def test_people_who_practised_are_counted_and_candidates_are_not(session: Session, here: rounds.Round, moment: datetime) -> None:
    assert exposures(session, [CODING]) == {CODING: Exposure(0, 0)}
    sit(session, here, [60], moment)
    for number in range(5):
        person = Person(created_at=moment)
        session.add(person)
        session.flush()
        slugs = [CODING, MARKED] if number < 2 else [MARKED]
        for slug in slugs:
            drafts.practise(session, person.id, slug, moment)
    assert exposures(session, [CODING, MARKED, "other"]) == {
        CODING: Exposure(2, 5), MARKED: Exposure(5, 5), "other": Exposure(0, 5),
    }  # fmt: skip


def test_of_a_handful_of_people_no_share_is_said() -> None:
    assert Exposure(2, 4).share is None
    assert Exposure(2, 5).share == 0.4
