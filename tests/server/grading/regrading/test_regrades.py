"""A regrade changes nothing before it is applied, and then all of it, once; earlier results stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from server.accounts.guests import become_guest
from server.audit.log import entries
from server.bank.load import load_bundled
from server.bank.versions import exercise_version, newest_digest
from server.errors import Conflict, Invalid, NotFound
from server.grading.handed_in.submissions import latest_result, list_submissions, result_of, results_before
from server.grading.outcome import Grade, Outcome, State
from server.grading.regrading.diff import Effect
from server.grading.regrading.regrades import changes, end_trying, propose, regrade_of, store_try, untried
from server.grading.seals import seal, seal_key, verify
from server.grading.tables import Regrade, Result, Submission
from server.practice.apply_regrade import apply_regrade, withdraw_regrade
from server.practice.record import record_result
from server.practice.start import start_exercise
from server.practice.tables import Progress
from server.workspaces.hand_in import hand_in
from tests.server.bank.notebooks import write_exercise

SLUG = "small-task"
KEY = seal_key("the secret of this site")
WRONG = Outcome("one", False, State.failed, 0, 2, "no")
RIGHT = replace(WRONG, outcome=State.passed, points=2, message="")


def grade(outcome: Outcome) -> Grade:
    return Grade((outcome,), outcome.points, 2, (), (), 0.5, 0.1)


@pytest.fixture
def submissions(session: Session, moment: datetime, tmp_path: Path) -> list[str]:
    """Three people, all marked down by a faulty check; then the check is mended."""
    write_exercise(tmp_path, SLUG)
    load_bundled(session, tmp_path, moment)
    digest, made = newest_digest(session, SLUG), []
    for number in range(3):
        guest, _ = become_guest(session, moment)
        workspace = start_exercise(session, guest.id, exercise_version(session, SLUG), digest, 7, {}, moment)
        submission = hand_in(session, workspace, "submit", f"request-{number}", moment + timedelta(seconds=number))
        seal(session, record_result(session, submission, grade(WRONG), "env", moment), KEY, moment)
        made.append(submission.id)
    write_exercise(tmp_path, SLUG, version=2)
    load_bundled(session, tmp_path, moment)
    session.commit()
    return made


def proposed(session: Session, moment: datetime, *chosen: str) -> Regrade:
    return propose(session, SLUG, newest_digest(session, SLUG), "env", chosen, "A check was wrong.", "olga", moment)


def tried(session: Session, regrade: Regrade, *found: Outcome) -> Regrade:
    for submission, outcome in zip(untried(session, regrade), found, strict=True):
        store_try(session, regrade, submission, grade(outcome))
    end_trying(session, regrade)
    session.flush()
    return regrade


def points(session: Session, submissions: list[str]) -> list[float]:
    session.expire_all()
    found = [result_of(session, each) for each in submissions]
    return [each.points for each in found if each is not None]


def test_what_was_applied_counts_and_what_was_before_is_kept(session: Session, submissions: list[str], moment: datetime) -> None:
    regrade = tried(session, proposed(session, moment), RIGHT, WRONG, RIGHT)
    assert [change.effect for change in changes(session, regrade)] == [Effect.raised, Effect.unchanged, Effect.raised]
    assert points(session, submissions) == [0, 0, 0]
    later = moment + timedelta(hours=1)
    assert apply_regrade(session, regrade, "olga", KEY, later) == 3
    assert points(session, submissions) == [2, 0, 2]
    now = result_of(session, submissions[0])
    assert now is not None
    assert (now.exercise_digest, now.regrade_id) == (newest_digest(session, SLUG), regrade.id)
    assert [result.points for result in results_before(session, now)] == [0]
    assert len(session.exec(select(Result)).all()) == 6
    assert verify(session, KEY).faults == ()
    [row] = entries(session, f"regrade:{regrade.id}")
    assert (row.actor, row.act, row.details["results"]) == ("olga", "regrade.apply", 3)
    assert row.details["effects"] == {"raised": 2, "unchanged": 1}


def test_a_page_shows_each_submission_once_with_the_result_that_counts(
    session: Session, submissions: list[str], moment: datetime
) -> None:
    apply_regrade(session, tried(session, proposed(session, moment), RIGHT, RIGHT, RIGHT), "olga", KEY, moment)
    workspace = session.get_one(Submission, submissions[0]).workspace_id
    assert [result and result.points for _, result in list_submissions(session, workspace)] == [2]
    latest = latest_result(session, workspace, "submit")
    assert latest is not None
    assert latest[1].points == 2


def test_whoever_is_right_after_all_has_solved_it_and_nobody_loses_what_they_solved(
    session: Session, submissions: list[str], moment: datetime
) -> None:
    up = tried(session, proposed(session, moment, submissions[0]), RIGHT)
    apply_regrade(session, up, "olga", KEY, moment)
    assert [row.state for row in session.exec(select(Progress).where(col(Progress.solved_at).is_not(None)))] == ["solved"]
    down = tried(session, proposed(session, moment, submissions[0]), WRONG)
    apply_regrade(session, down, "olga", KEY, moment)
    assert points(session, submissions) == [0, 0, 0]
    assert [row.state for row in session.exec(select(Progress).where(col(Progress.solved_at).is_not(None)))] == ["solved"]


def test_a_regrade_is_decided_once(session: Session, submissions: list[str], moment: datetime) -> None:
    regrade = proposed(session, moment)
    with pytest.raises(Conflict, match="Not every submission was tried"):
        apply_regrade(session, regrade, "olga", KEY, moment)
    tried(session, regrade, RIGHT, RIGHT, RIGHT)
    withdraw_regrade(session, regrade, "olga", moment)
    for decide in (
        lambda: apply_regrade(session, regrade, "olga", KEY, moment),
        lambda: withdraw_regrade(session, regrade, "olga", moment),
    ):
        with pytest.raises(Conflict, match="withdrawn by olga already"):
            decide()
    assert points(session, submissions) == [0, 0, 0]


def test_a_submission_that_was_graded_again_meanwhile_stops_all_of_it(
    session: Session, submissions: list[str], moment: datetime
) -> None:
    slow = tried(session, proposed(session, moment), RIGHT, RIGHT, RIGHT)
    quick = tried(session, proposed(session, moment, submissions[1]), RIGHT)
    apply_regrade(session, quick, "olga", KEY, moment)
    session.commit()
    with pytest.raises(Conflict, match=submissions[1]):
        apply_regrade(session, slow, "olga", KEY, moment)
    session.rollback()
    assert points(session, submissions) == [0, 2, 0]


def test_what_could_not_be_graded_keeps_its_result(session: Session, submissions: list[str], moment: datetime) -> None:
    regrade = proposed(session, moment)
    store_try(session, regrade, submissions[0], "The checks could not be run.")
    for submission in submissions[1:]:
        store_try(session, regrade, submission, grade(RIGHT))
    end_trying(session, regrade)
    session.flush()
    assert untried(session, regrade) == [submissions[0]]
    with pytest.raises(Conflict, match="1 of 3 submissions could not be graded again"):
        apply_regrade(session, regrade, "olga", KEY, moment)
    assert apply_regrade(session, regrade, "olga", KEY, moment, skip_faults=True) == 2
    assert points(session, submissions) == [0, 2, 2]


def test_nothing_to_do_and_strangers_ids_are_told(session: Session, submissions: list[str], moment: datetime) -> None:
    with pytest.raises(NotFound, match="nobody: no graded submission"):
        proposed(session, moment, "nobody")
    with pytest.raises(Invalid, match="reason"):
        propose(session, SLUG, newest_digest(session, SLUG), "env", (), "  ", "olga", moment)
    apply_regrade(session, tried(session, proposed(session, moment), RIGHT, RIGHT, RIGHT), "olga", KEY, moment)
    with pytest.raises(Invalid, match="already"):
        proposed(session, moment)
    for unknown in ("", "zz", "%"):
        with pytest.raises(NotFound):
            regrade_of(session, unknown)


def test_deleted_work_leaves_the_proposal(session: Session, submissions: list[str], moment: datetime) -> None:
    regrade = proposed(session, moment)
    session.delete(session.get_one(Submission, submissions[0]))
    session.commit()
    store_try(session, regrade, submissions[0], grade(RIGHT))
    tried(session, regrade, RIGHT, RIGHT)
    assert apply_regrade(session, regrade, "olga", KEY, moment) == 2
