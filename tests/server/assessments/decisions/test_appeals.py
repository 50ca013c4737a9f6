"""A candidate asks once for a second look, in time; the team's answer is for the candidate to read."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from server.assessments.decisions.appeals import answer_appeal, appeal_of, ask_second_look
from server.assessments.decisions.decision import when
from server.assessments.sittings.written import LONGEST_TEXT
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.rights import Role
from server.audit.log import entries
from server.errors import Conflict, Invalid, NotAllowed, NotFound
from tests import rounds
from tests.rounds import Round

DAYS = timedelta(days=14)
TEXT = "The third check asks for what the task does not say."


@pytest.fixture
def here(session: Session, moment: datetime) -> Round:
    return rounds.make_round(session, moment)


@pytest.fixture
def sitting(session: Session, here: Round, moment: datetime) -> Sitting:
    return rounds.sat(session, here, "Agate 14", moment)


@pytest.fixture
def candidate(session: Session, sitting: Sitting) -> Candidate:
    return session.get_one(Candidate, sitting.candidate_id)


@pytest.fixture
def decided(session: Session, sitting: Sitting, moment: datetime) -> None:
    session.add(Decision(sitting_id=sitting.id, outcome="decline", by="x", at=moment))
    session.flush()


def test_there_is_nothing_to_look_at_before_a_decision(
    session: Session, candidate: Candidate, sitting: Sitting, moment: datetime
) -> None:
    with pytest.raises(Conflict, match="not decided yet"):
        ask_second_look(session, candidate, sitting, TEXT, moment)


@pytest.mark.usefixtures("decided")
def test_asked_once_answered_and_both_in_the_log_without_their_words(
    session: Session, here: Round, candidate: Candidate, sitting: Sitting, moment: datetime
) -> None:
    ask_second_look(session, candidate, sitting, f" {TEXT} ", moment + DAYS)
    with pytest.raises(Conflict, match="already"):
        ask_second_look(session, candidate, sitting, "Once more", moment)
    answer_appeal(session, here.owner, sitting, "You are right.", moment + DAYS)
    found = appeal_of(session, sitting)
    assert found is not None
    assert (found.text, found.answer, found.answered_by) == (TEXT, "You are right.", here.owner.member.person_id)
    rows = entries(session, f"team:{here.team.id}")[-2:]
    assert [(row.act, row.details) for row in rows] == [
        ("appeal.ask", {"sitting": sitting.id}),
        ("appeal.answer", {"sitting": sitting.id}),
    ]


@pytest.mark.usefixtures("decided")
def test_an_answer_that_was_not_on_the_page_is_not_replaced(
    session: Session, here: Round, candidate: Candidate, sitting: Sitting, moment: datetime
) -> None:
    ask_second_look(session, candidate, sitting, TEXT, moment)
    first = answer_appeal(session, here.owner, sitting, "It stays.", moment)
    with pytest.raises(Invalid, match="answered while this page was open"):
        answer_appeal(session, here.owner, sitting, "We change it.", moment + DAYS)
    assert first.answer == "It stays."
    again = answer_appeal(session, here.owner, sitting, "We change it.", moment + DAYS, when(first.answered_at))
    assert again.answer == "We change it."


@pytest.mark.usefixtures("decided")
def test_a_moment_after_its_time_is_too_late(session: Session, candidate: Candidate, sitting: Sitting, moment: datetime) -> None:
    with pytest.raises(Conflict, match="until 8 December 2026"):
        ask_second_look(session, candidate, sitting, TEXT, moment + DAYS + timedelta(microseconds=1))


@pytest.mark.usefixtures("decided")
@pytest.mark.parametrize("text", ["", "  ", "x" * (LONGEST_TEXT + 1)])
def test_both_need_words_of_sensible_length(
    session: Session, here: Round, candidate: Candidate, sitting: Sitting, moment: datetime, text: str
) -> None:
    with pytest.raises(Invalid):
        ask_second_look(session, candidate, sitting, text, moment)
    ask_second_look(session, candidate, sitting, TEXT, moment)
    with pytest.raises(Invalid):
        answer_appeal(session, here.owner, sitting, text, moment)


@pytest.mark.usefixtures("decided")
def test_who_answers(session: Session, here: Round, candidate: Candidate, sitting: Sitting, moment: datetime) -> None:
    with pytest.raises(NotFound):
        answer_appeal(session, here.owner, sitting, "To nobody", moment)
    ask_second_look(session, candidate, sitting, TEXT, moment)
    for role in (Role.reviewer, Role.author, Role.auditor):
        with pytest.raises(NotAllowed):
            answer_appeal(session, rounds.join(session, here.team, role, moment), sitting, "Mine", moment)
