"""A broken exercise: out of use, graded again for one team alone, applied once and whole, told to whom it concerns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from server.assessments.decisions.gathering import quarantined
from server.assessments.incidents.quarantines import begin_quarantine, lift_quarantine, list_quarantines, list_used
from server.assessments.incidents.regrade_mail import put_regrade_mails, regrade_message, to_be_told
from server.assessments.incidents.team_regrades import (
    Affected,
    apply_regrade,
    go_on,
    is_being_tried,
    list_affected,
    list_regrades,
    note_for_teams,
    propose_regrade,
    team_regrade_of,
    withdraw_regrade,
)
from server.assessments.privacy.erasing import Why, erase_candidate
from server.assessments.sittings.sitting import tasks_of
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.rights import Role
from server.assessments.teams.seats import Seat
from server.audit.log import entries
from server.bank.versions import newest_digest
from server.errors import Conflict, Invalid, NotAllowed, NotFound
from server.grading.handed_in.submissions import result_of
from server.grading.regrading.diff import Effect
from server.grading.regrading.regrades import count_tries, propose
from server.grading.regrading.regrades import list_regrades as list_all_regrades
from server.grading.seals import seal_key, verify
from server.grading.tables import Regrade
from server.practice.apply_regrade import apply_regrade as apply_for_all
from server.queue.tables import Job
from tests import rounds
from tests.incidents import ENVIRONMENT, REASON, RIGHT, SLUG, WRONG, make_incident, mend, tried
from tests.rounds import Round

KEY = seal_key("s" * 40)
CODES = ("Agate 1", "Flint 2", "Jade 3")
LATER = timedelta(days=1)


@pytest.fixture
def here(session: Session, moment: datetime, tmp_path: Path) -> Round:
    found = make_incident(session, tmp_path, moment, CODES)
    session.commit()
    return found


@pytest.fixture
def other(session: Session, here: Round, moment: datetime, tmp_path: Path) -> Round:
    found = make_incident(session, tmp_path, moment, ("Onyx 9",), name="Southwind")
    session.commit()
    return found


def proposed(session: Session, seat: Seat, now: datetime) -> Regrade:
    return propose_regrade(session, seat, SLUG, ENVIRONMENT, REASON, now)


def points(session: Session, here: Round) -> list[float]:
    """That count, by code."""
    session.expire_all()
    wanted = select(Sitting).join(Candidate).where(Sitting.team_id == here.team.id).order_by(Candidate.code)
    results = [
        result_of(session, str(task.submission_id)) for sitting in session.exec(wanted) for task in tasks_of(session, sitting)
    ]
    return [result.points for result in results if result is not None]


def acts(session: Session, here: Round) -> list[str]:
    return [row.act for row in entries(session, f"team:{here.team.id}") if row.act.startswith(("regrade.", "quarantine."))]


def sitting_of(session: Session, code: str) -> Sitting:
    return session.exec(select(Sitting).join(Candidate).where(Candidate.code == code)).one()


# Out of use


def test_an_exercise_is_taken_out_of_use_and_put_back(session: Session, here: Round, other: Round, moment: datetime) -> None:
    row = begin_quarantine(session, here.owner, SLUG, f" {REASON} ", moment)
    assert quarantined(session, here.team.id) == {SLUG: REASON}
    assert quarantined(session, other.team.id) == {}
    with pytest.raises(Conflict, match="out of use already"):
        begin_quarantine(session, here.owner, SLUG, REASON, moment)
    lift_quarantine(session, here.owner, row.id, moment + LATER)
    assert quarantined(session, here.team.id) == {}
    with pytest.raises(Conflict, match="already"):
        lift_quarantine(session, here.owner, row.id, moment + LATER)
    begin_quarantine(session, here.owner, SLUG, "Again.", moment + 2 * LATER)
    shown = [(each.title, each.row.reason, each.row.lifted_at is None) for each in list_quarantines(session, here.owner)]
    assert shown == [("Small task", "Again.", True), ("Small task", REASON, False)]
    assert acts(session, here) == ["quarantine.begin", "quarantine.lift", "quarantine.begin"]
    assert REASON not in str([row.details for row in entries(session, f"team:{here.team.id}")])


def test_only_exercises_of_the_team_with_a_reason_by_whoever_hires(session: Session, here: Round, moment: datetime) -> None:
    reviewer = rounds.join(session, here.team, Role.reviewer, moment)
    acted: list[Callable[[Seat, str, str], object]] = [
        lambda seat, slug, reason: begin_quarantine(session, seat, slug, reason, moment),
        lambda seat, slug, reason: propose_regrade(session, seat, slug, ENVIRONMENT, reason, moment),
    ]
    for act in acted:
        with pytest.raises(NotAllowed):
            act(reviewer, SLUG, REASON)
        with pytest.raises(Invalid) as refused:
            act(here.owner, "an-exercise-of-others", "x" * 501)
        assert list(refused.value.errors) == ["exercise", "reason"]
    assert [(each.slug, each.title, each.sittings) for each in list_used(session, here.owner)] == [(SLUG, "Small task", 3)]


def test_a_quarantine_of_another_team_does_not_exist(session: Session, here: Round, other: Round, moment: datetime) -> None:
    theirs = begin_quarantine(session, other.owner, SLUG, REASON, moment)
    for quarantine_id in (theirs.id, "nothing"):
        with pytest.raises(NotFound):
            lift_quarantine(session, here.owner, quarantine_id, moment)
    assert list_quarantines(session, here.owner) == []


# Graded again


def test_a_team_has_its_own_take_homes_graded_again_and_no_others(
    session: Session, here: Round, other: Round, moment: datetime
) -> None:
    regrade = proposed(session, here.owner, moment)
    assert [each.code for each in list_affected(session, regrade)] == list(CODES)
    assert count_tries(session, regrade).total == 3
    assert [job.payload for job in session.exec(select(Job).where(Job.kind == "regrade"))] == [{"regrade": regrade.id}]
    tried(session, regrade, RIGHT, WRONG, RIGHT)
    assert points(session, here) == [0, 0, 0]
    changed = apply_regrade(session, here.owner, regrade, KEY, moment + LATER)
    found = {each.code: each.change.effect for each in list_affected(session, regrade)}
    assert sorted(found.values()) == [Effect.raised, Effect.raised, Effect.unchanged]
    assert {each.code for each in changed} == {code for code, effect in found.items() if effect is Effect.raised}
    assert sorted(points(session, here)) == [0, 2, 2]
    assert points(session, other) == [0]
    last = entries(session, f"team:{here.team.id}")[-1]
    assert (last.act, last.details["effects"], last.details["results"]) == ("regrade.apply", {"raised": 2, "unchanged": 1}, 3)
    assert acts(session, other) == []
    session.flush()
    assert verify(session, KEY).faults == ()


def test_a_proposal_of_another_team_does_not_exist(session: Session, here: Round, other: Round, moment: datetime) -> None:
    theirs = proposed(session, other.owner, moment)
    for regrade_id in (theirs.id, theirs.id[:8], "nothing", ""):
        with pytest.raises(NotFound):
            team_regrade_of(session, here.owner, regrade_id)
    assert list_regrades(session, here.owner) == []
    assert team_regrade_of(session, other.owner, theirs.id) == theirs
    assert [each.id for each in list_all_regrades(session)] == [theirs.id], "the operator sees it"


def test_there_is_one_proposal_of_an_exercise_at_a_time(session: Session, here: Round, other: Round, moment: datetime) -> None:
    first = proposed(session, here.owner, moment)
    with pytest.raises(Conflict, match="Apply or withdraw that first"):
        proposed(session, here.owner, moment)
    proposed(session, other.owner, moment)
    withdraw_regrade(session, here.owner, first, moment)
    assert session.exec(select(Job).where(Job.kind == "regrade")).one().payload["regrade"] != first.id
    tried(session, proposed(session, here.owner, moment), RIGHT, RIGHT, RIGHT)
    assert points(session, here) == [0, 0, 0]


def test_with_the_newest_version_already_there_is_nothing_to_do(session: Session, here: Round, moment: datetime) -> None:
    apply_regrade(session, here.owner, tried(session, proposed(session, here.owner, moment), RIGHT, RIGHT, RIGHT), KEY, moment)
    with pytest.raises(Invalid, match="newest version"):
        proposed(session, here.owner, moment)
    assert propose_regrade(session, here.owner, SLUG, "other-libraries", REASON, moment).environment == "other-libraries"


def test_nothing_is_applied_before_all_were_tried_or_with_a_fault(session: Session, here: Round, moment: datetime) -> None:
    regrade = proposed(session, here.owner, moment)
    with pytest.raises(Conflict, match="Not every take-home was tried"):
        apply_regrade(session, here.owner, regrade, KEY, moment)
    tried(session, regrade, RIGHT, "The machine was full.", RIGHT)
    with pytest.raises(Conflict, match="1 of 3 could not be graded again"):
        apply_regrade(session, here.owner, regrade, KEY, moment)
    tries = count_tries(session, regrade)
    assert (tries.total, tries.graded, tries.faults, tries.left) == (3, 2, 1, 0)
    session.exec(select(Job).where(Job.kind == "regrade")).one().state = "done"
    go_on(session, here.owner, regrade, moment)
    assert (regrade.state, count_tries(session, regrade).left) == ("trying", 1)
    with pytest.raises(Conflict, match="being tried just now"):
        go_on(session, here.owner, regrade, moment)
    tried(session, regrade, RIGHT)
    apply_regrade(session, here.owner, regrade, KEY, moment)
    assert points(session, here) == [2, 2, 2]
    assert acts(session, here) == ["regrade.propose", "regrade.resume", "regrade.apply"]


def test_what_the_queue_gave_up_can_be_gone_on_with(session: Session, here: Round, moment: datetime) -> None:
    regrade = proposed(session, here.owner, moment)
    assert is_being_tried(session, regrade)
    session.exec(select(Job).where(Job.kind == "regrade")).one().state = "failed"
    session.flush()
    assert not is_being_tried(session, regrade)
    go_on(session, here.owner, regrade, moment)
    assert is_being_tried(session, regrade)


def test_a_proposal_is_decided_once(session: Session, here: Round, moment: datetime) -> None:
    regrade = tried(session, proposed(session, here.owner, moment), RIGHT, RIGHT, RIGHT)
    withdraw_regrade(session, here.owner, regrade, moment)
    for act in (
        lambda: apply_regrade(session, here.owner, regrade, KEY, moment),
        lambda: withdraw_regrade(session, here.owner, regrade, moment),
        lambda: go_on(session, here.owner, regrade, moment),
    ):
        with pytest.raises(Conflict, match="This was withdrawn already"):
            act()
    assert points(session, here) == [0, 0, 0]


def test_what_was_graded_again_meanwhile_stops_all_of_it(session: Session, here: Round, moment: datetime, tmp_path: Path) -> None:
    slow = tried(session, proposed(session, here.owner, moment), RIGHT, RIGHT, RIGHT)
    submission = tasks_of(session, sitting_of(session, "Flint 2"))[0].submission_id
    before = result_of(session, str(submission))
    assert before is not None
    again = {name: value for name, value in before.model_dump().items() if name not in ("id", "created_at", "regrade_id")}
    session.add(type(before)(**again, regrade_id="by-the-operator", created_at=moment + LATER))
    session.commit()
    with pytest.raises(Conflict, match="Flint 2 was graded again after this was proposed"):
        apply_regrade(session, here.owner, slow, KEY, moment + 2 * LATER)
    session.rollback()
    assert points(session, here) == [0, 0, 0]


def test_who_handed_in_again_meanwhile_stops_it_and_who_was_erased_does_not(
    session: Session, here: Round, moment: datetime
) -> None:
    regrade = tried(session, proposed(session, here.owner, moment), RIGHT, RIGHT, RIGHT)
    task = tasks_of(session, sitting_of(session, "Flint 2"))[0]
    kept, task.submission_id = task.submission_id, None
    session.flush()
    with pytest.raises(Conflict, match="handed in again"):
        apply_regrade(session, here.owner, regrade, KEY, moment)
    task.submission_id = kept
    session.delete(sitting_of(session, "Agate 1"))
    session.flush()
    with pytest.raises(Conflict, match="handed in again"):
        apply_regrade(session, here.owner, regrade, KEY, moment)


def test_erased_candidates_leave_the_proposal(session: Session, here: Round, moment: datetime, tmp_path: Path) -> None:
    regrade = tried(session, proposed(session, here.owner, moment), RIGHT, RIGHT, RIGHT)
    for code in CODES:
        candidate = session.exec(select(Candidate).where(Candidate.code == code)).one()
        erase_candidate(session, candidate, (), tmp_path, "olga", Why.team, moment)
        if code == "Agate 1":
            assert [each.code for each in list_affected(session, regrade)] == ["Flint 2", "Jade 3"]
    with pytest.raises(Conflict, match="nothing is left to apply"):
        apply_regrade(session, here.owner, regrade, KEY, moment)


def test_what_the_operator_applies_stands_in_the_log_of_every_team(
    session: Session, here: Round, other: Round, moment: datetime
) -> None:
    regrade = propose(session, SLUG, newest_digest(session, SLUG), ENVIRONMENT, (), REASON, "root", moment)
    tried(session, regrade, RIGHT, RIGHT, RIGHT, RIGHT)
    apply_for_all(session, regrade, "root", KEY, moment + LATER)
    note_for_teams(session, regrade, moment + LATER)
    for each, raised in ((here, 3), (other, 1)):
        last = entries(session, f"team:{each.team.id}")[-1]
        assert (last.actor, last.act, last.details["effects"]) == ("server", "regrade.apply", {"raised": raised})
    assert list_regrades(session, here.owner) == [], "it is not the team's to decide"


# Told


def decided(session: Session, code: str, now: datetime) -> None:
    session.add(Decision(sitting_id=sitting_of(session, code).id, outcome="decline", by="olga", at=now))
    session.flush()


def applied(session: Session, here: Round, now: datetime) -> tuple[Regrade, list[Affected]]:
    regrade = tried(session, proposed(session, here.owner, now), *([RIGHT] * 3))
    return regrade, apply_regrade(session, here.owner, regrade, KEY, now)


def test_whoever_was_decided_about_is_told_what_changed_and_where_the_report_is(
    session: Session, here: Round, moment: datetime
) -> None:
    decided(session, "Flint 2", moment)
    regrade, affected = applied(session, here, moment)
    assert [each.code for each in to_be_told(session, affected)] == ["Flint 2"]
    assert put_regrade_mails(session, regrade, affected, moment) == 1
    job = session.exec(select(Job).where(Job.kind == "regrade-mail")).one()
    message = regrade_message(session, "https://practice.example.org", str(job.payload["candidate"]), regrade.id)
    assert message is not None
    assert (message.to, message.subject) == (
        "flin1@example.org",
        "Your take-home of Northwind ML was graded again: ML engineer",
    )
    for said in ("Hello Mira Santos", "Small task", REASON, "0 of 2 points", "2 of 2 points", ": failed, now passed"):
        assert said in message.text and said in message.html
    assert f"https://practice.example.org/invitations/{job.payload['candidate']}/report" in message.text
    assert "dana@example.org" in message.text
    assert regrade_message(session, "x", "nobody", regrade.id) is None


def test_nobody_is_told_of_a_result_that_stays_as_it_was(session: Session, here: Round, moment: datetime) -> None:
    for code in CODES:
        decided(session, code, moment)
    regrade = tried(session, proposed(session, here.owner, moment), WRONG, WRONG, WRONG)
    assert apply_regrade(session, here.owner, regrade, KEY, moment) == []


def test_a_mended_version_that_comes_later_changes_no_proposal(
    session: Session, here: Round, moment: datetime, tmp_path: Path
) -> None:
    regrade = proposed(session, here.owner, moment)
    pinned = regrade.exercise_digest
    assert mend(session, tmp_path, moment, version=3) != pinned
    tried(session, regrade, RIGHT, RIGHT, RIGHT)
    apply_regrade(session, here.owner, regrade, KEY, moment)
    found = result_of(session, str(tasks_of(session, sitting_of(session, "Jade 3"))[0].submission_id))
    assert found is not None and found.exercise_digest == pinned
