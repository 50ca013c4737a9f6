"""A person decides, on the evidence that they saw; what is missing is not passed over in silence."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from server.assessments.decisions.decision import (
    LONGEST_FEEDBACK,
    Wording,
    decide,
    decision_of,
    draft_feedback,
    first_result_at,
    mark_of,
    when,
)
from server.assessments.decisions.gathering import seen_of
from server.assessments.tables.decisions import Decision
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.rights import Role
from server.audit.log import entries
from server.errors import Conflict, Invalid, NotAllowed
from tests import rounds
from tests.rounds import Round

LATER = timedelta(days=1)


@pytest.fixture
def here(session: Session, moment: datetime) -> Round:
    return rounds.make_round(session, moment)


@pytest.fixture
def sitting(session: Session, here: Round, moment: datetime) -> Sitting:
    """All graded and marked."""
    sitting = rounds.sat(session, here, "Agate 14", moment)
    rounds.graded(session, sitting, moment + LATER)
    rounds.marked(session, here, sitting, moment + LATER)
    return sitting


def words(session: Session, sitting: Sitting, outcome: str = "go-on", **more: str) -> Wording:
    shown = decision_of(session, sitting)
    given = {"notes": "We agree", "feedback": "Well done", "looked_at": mark_of(seen_of(session, sitting))}
    given["decided"] = when(shown.at if shown else None)
    return Wording(outcome=outcome, **(given | more))


def test_a_decision_is_kept_with_the_evidence_as_it_stood(
    session: Session, here: Round, sitting: Sitting, moment: datetime
) -> None:
    made = decide(session, here.owner, sitting, words(session, sitting), seen_of(session, sitting), moment)
    assert (made.outcome, made.notes, made.feedback, made.by) == ("go-on", "We agree", "Well done", here.owner.member.person_id)
    assert [(each["name"], each["verdict"]) for each in made.evidence] == [("coding", "meets"), ("applied", "meets")]
    log = entries(session, f"team:{here.team.id}")[-1]
    assert (log.act, log.details) == ("decision.record", {"sitting": sitting.id, "outcome": "go-on"})


def test_a_later_decision_replaces_it_and_the_log_has_the_first(
    session: Session, here: Round, sitting: Sitting, moment: datetime
) -> None:
    decide(session, here.owner, sitting, words(session, sitting, "hold"), seen_of(session, sitting), moment)
    manager = rounds.join(session, here.team, Role.manager, moment)
    again = words(session, sitting, "decline", notes="", feedback="Other words")
    decide(session, manager, sitting, again, seen_of(session, sitting), moment + LATER)
    found = session.exec(select(Decision)).one()
    assert (found.outcome, found.notes, found.by, found.at) == ("decline", "", manager.member.person_id, moment + LATER)
    before = entries(session, f"team:{here.team.id}")[-1].details["before"]
    assert before == {"outcome": "hold", "by": here.owner.member.person_id, "at": moment.isoformat()}


def test_a_decision_that_was_not_on_the_page_is_not_overturned(
    session: Session, here: Round, sitting: Sitting, moment: datetime
) -> None:
    of_an_open_page = words(session, sitting, "decline")
    decide(session, here.owner, sitting, words(session, sitting), seen_of(session, sitting), moment)
    manager = rounds.join(session, here.team, Role.manager, moment)
    with pytest.raises(Invalid, match="decided while this page was open: go on"):
        decide(session, manager, sitting, of_an_open_page, seen_of(session, sitting), moment + LATER)
    found = decision_of(session, sitting)
    assert found is not None
    assert (found.outcome, found.at) == ("go-on", moment)


@pytest.mark.parametrize("role", [Role.reviewer, Role.author, Role.auditor])
def test_only_who_hires_decides(session: Session, here: Round, sitting: Sitting, moment: datetime, role: Role) -> None:
    seat = rounds.join(session, here.team, role, moment)
    with pytest.raises(NotAllowed):
        decide(session, seat, sitting, words(session, sitting), seen_of(session, sitting), moment)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"outcome": "reject"}, "outcome"),
        ({"feedback": " "}, "feedback"),
        ({"feedback": "x" * (LONGEST_FEEDBACK + 1)}, "feedback"),
        ({"notes": "x" * 8_001}, "notes"),
        ({"looked_at": "of an earlier page"}, "outcome"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    session: Session, here: Round, sitting: Sitting, moment: datetime, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        decide(session, here.owner, sitting, words(session, sitting, **changes), seen_of(session, sitting), moment)
    assert list(refused.value.errors) == [field]
    assert decision_of(session, sitting) is None


def test_nobody_decides_on_evidence_that_changed_since_their_page(
    session: Session, here: Round, sitting: Sitting, moment: datetime
) -> None:
    seen_before = words(session, sitting)
    sitting_two = rounds.sat(session, here, "Agate 15", moment)
    rounds.graded(session, sitting_two, moment, share=0.2)
    rounds.marked(session, here, sitting_two, moment)
    with pytest.raises(Invalid, match="evidence changed"):
        decide(session, here.owner, sitting_two, seen_before, seen_of(session, sitting_two), moment)


def test_what_is_missing_needs_a_reason_that_stays_in_the_notes(session: Session, here: Round, moment: datetime) -> None:
    sitting = rounds.sat(session, here, "Agate 14", moment)
    rounds.graded(session, sitting, moment)
    seen = seen_of(session, sitting)
    with pytest.raises(Invalid) as refused:
        decide(session, here.owner, sitting, words(session, sitting), seen, moment)
    assert "to mark" in refused.value.errors["without"]
    made = decide(session, here.owner, sitting, words(session, sitting, without="She took another job"), seen, moment)
    assert made.notes == "Decided without what is missing (to mark): She took another job\n\nWe agree"
    assert entries(session, f"team:{here.team.id}")[-1].details["without"] == "marking"
    assert made.evidence[1]["verdict"] is None


def test_nobody_decides_while_the_candidate_works(session: Session, here: Round, moment: datetime) -> None:
    sitting = rounds.start(session, rounds.invited(session, here, "Agate 14", moment), moment)
    with pytest.raises(Conflict, match="still being worked on"):
        decide(session, here.owner, sitting, words(session, sitting, without="Now"), seen_of(session, sitting), moment)


def test_the_first_result_tells_whether_a_hypothesis_came_before_it(
    session: Session, here: Round, sitting: Sitting, moment: datetime
) -> None:
    assert first_result_at(session, sitting) == moment + LATER
    assert first_result_at(session, rounds.sat(session, here, "Agate 15", moment)) is None


def test_the_draft_of_the_feedback_says_what_was_seen(session: Session, here: Round, sitting: Sitting, moment: datetime) -> None:
    text = draft_feedback(seen_of(session, sitting), [("roll-out", "names the stages")])
    assert "- Coding: you clearly reached the 70 % that the job asks for." in text
    assert text.endswith("- roll-out: names the stages")
    weak = rounds.sat(session, here, "Agate 15", moment)
    rounds.graded(session, weak, moment, share=0.0)
    rounds.marked(session, here, weak, moment, level=3)
    lines = draft_feedback(seen_of(session, weak), []).splitlines()[1:]
    assert lines == [
        "- Coding: we hoped to see 70 %, and your work came to about 0 %.",
        "- Applied: your work came to about 50 %; that is too close to the 60 % asked for to be sure.",
    ]
