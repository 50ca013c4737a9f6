"""Sittings: begun once, changed only while their clock runs, handed in once.

Who wins between a save and the hand-in is decided by the database: both change the sitting's row first, so that what was said to
be saved before the hand-in is in it, and what comes later is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from server.assessments.blueprints.versions import mark_previewed
from server.assessments.invitations.mail import put_mail
from server.assessments.sittings.courses import Seated, seat_candidate
from server.assessments.sittings.deadline import Phase
from server.assessments.tables.blueprints import BlueprintRow
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import BY_TIME, Sitting, SittingTask
from server.audit.log import record
from server.database.changed import changed_rows
from server.database.insert import insert_once
from server.errors import Conflict, NotFound
from server.exercise_format.exercise import Exercise
from server.grading.tables import Submission
from server.workspaces.hand_in import hand_in
from server.workspaces.open import open_workspace
from server.workspaces.starting import starting_cells
from server.workspaces.tables import Workspace

NOT_HERE = (
    "This invitation is not open in this browser. Open the link in the mail once more; it leads back to your work as you left it."
)
CLOSED = {
    Phase.early: "The time for this take-home has not begun.",
    Phase.ready: "This take-home was not started yet.",
    Phase.missed: "The time in which this take-home could be started is over.",
    Phase.paused: "The clock stands still just now, and so does the notebook. It goes on where it stopped.",
    Phase.over: "Time is up. The state that was saved last is handed in; what you typed after it stays in this browser only.",
    Phase.handed_in: "This take-home is handed in, so nothing in it changes any more. What you typed stays in this browser only.",
    Phase.withdrawn: "This invitation was taken back by the team.",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """An exercise, pinned for one candidate: its version, the seed of its numbers and what was drawn from it."""

    exercise: Exercise
    digest: str
    seed: int
    values: Mapping[str, object]
    environment: str = ""


def candidate_of(session: Session, persons: Collection[str], candidate_id: str) -> Candidate:
    """Through the hidden persons that this browser was let in as. Raises NotFound."""
    wanted = select(Candidate).where(Candidate.id == candidate_id, col(Candidate.person_id).in_(persons))
    found = session.exec(wanted).first()
    if found is None:
        raise NotFound(NOT_HERE)
    return found


def tasks_of(session: Session, sitting: Sitting) -> list[SittingTask]:
    """In their order."""
    wanted = select(SittingTask).where(SittingTask.sitting_id == sitting.id)
    return list(session.exec(wanted.order_by(col(SittingTask.position))))


def start_sitting(session: Session, candidate: Candidate, drawn: Sequence[Drawn], now: datetime) -> Sitting:
    """Begin: the clock runs from now. A second click finds the sitting that the first one began. Raises Conflict."""
    seated = seat_candidate(session, candidate)
    if seated.sitting is not None:
        return seated.sitting
    standing = seated.standing(now)
    if standing.phase is not Phase.ready:
        raise Conflict(CLOSED[standing.phase], code=standing.phase)
    if candidate.declined_at is not None:
        raise Conflict("You told the team that you do not want to take part.", code="declined")
    made = Sitting(
        team_id=candidate.team_id,
        candidate_id=candidate.id,
        stated_minutes=seated.blueprint.stated_minutes,
        started_at=now,
    )
    new = insert_once(session, made)
    sitting = session.exec(select(Sitting).where(Sitting.candidate_id == candidate.id)).one()
    if new:
        _lay_out(session, candidate, sitting, drawn, now)
        record(session, _actor(candidate), "sitting.start", f"team:{candidate.team_id}", {"sitting": sitting.id}, now)
    return sitting


def _lay_out(session: Session, candidate: Candidate, sitting: Sitting, drawn: Sequence[Drawn], now: datetime) -> None:
    assert candidate.person_id is not None
    for position, each in enumerate(drawn, 1):
        workspace = open_workspace(
            session,
            candidate.person_id,
            each.exercise.slug,
            each.digest,
            cells=starting_cells(each.exercise, each.seed, each.values),
            seed=each.seed,
            values=dict(each.values),
            now=now,
            environment=each.environment,
        )
        task = SittingTask(
            sitting_id=sitting.id,
            position=position,
            exercise_slug=each.exercise.slug,
            exercise_digest=each.digest,
            workspace_id=workspace.id,
        )
        session.add(task)
    session.flush()


def sitting_of_workspace(session: Session, workspace_id: str) -> Sitting | None:
    """None for a workspace of the practice room."""
    wanted = select(Sitting).join(SittingTask, col(SittingTask.sitting_id) == col(Sitting.id))
    return session.exec(wanted.where(SittingTask.workspace_id == workspace_id)).first()


def hold_open(session: Session, workspace: Workspace, now: datetime) -> None:
    """To be called before a candidate's workspace is changed: the sitting stays open until the caller's commit.
    Raises Conflict when its clock does not run."""
    sitting = sitting_of_workspace(session, workspace.id)
    if sitting is None:
        return
    is_open = update(Sitting).where(col(Sitting.id) == sitting.id, col(Sitting.handed_in_at).is_(None))
    held = changed_rows(session, is_open.values(stated_minutes=sitting.stated_minutes))
    phase = seat_candidate(session, session.get_one(Candidate, sitting.candidate_id)).standing(now).phase
    if not held or phase is not Phase.running:
        phase = phase if held else Phase.handed_in
        raise Conflict(CLOSED[phase], code=phase)


def hand_in_sitting(session: Session, seated: Seated, by: str, now: datetime) -> bool:
    """Freeze every task as it is saved and queue the grading, once. False: somebody else did it already.

    By time: at the end that was promised, whenever that is noticed. Raises Conflict before the start.
    """
    sitting = seated.sitting
    if sitting is None:
        raise Conflict(CLOSED[Phase.ready], code=Phase.ready)
    ends = seated.standing(now).ends
    moment = min(now, ends) if by == BY_TIME and ends is not None else now
    is_open = update(Sitting).where(col(Sitting.id) == sitting.id, col(Sitting.handed_in_at).is_(None))
    if not changed_rows(session, is_open.values(handed_in_at=moment, handed_in_by=by)):
        session.refresh(sitting)
        return False
    session.refresh(sitting)
    prints = [_freeze(session, sitting, task, now) for task in tasks_of(session, sitting)]
    sitting.fingerprint = hashlib.sha256("\n".join(prints).encode()).hexdigest()
    session.add(sitting)
    details = {"sitting": sitting.id, "by": by, "fingerprint": sitting.fingerprint}
    record(session, _actor(seated.candidate), "sitting.hand_in", f"team:{sitting.team_id}", details, now)
    if seated.candidate.preview:
        _note_preview(session, seated.candidate, sitting)
    elif seated.candidate.email:
        put_mail(session, seated.candidate, now)  # the receipt
    return True


def _freeze(session: Session, sitting: Sitting, task: SittingTask, now: datetime) -> str:
    workspace = session.get_one(Workspace, task.workspace_id)
    earlier = select(func.count()).select_from(Submission).where(Submission.workspace_id == workspace.id)
    request = f"{sitting.id[:24]}-{session.exec(earlier.where(Submission.kind == 'submit')).one()}"
    submission = hand_in(session, workspace, "submit", request, now, whatever=True)
    task.submission_id = submission.id
    session.add(task)
    return submission.sha256


def _note_preview(session: Session, candidate: Candidate, sitting: Sitting) -> None:
    """What was sat is the blueprint as it was when the preview began; a change after that asks for another one."""
    mark_previewed(session, session.get_one(BlueprintRow, candidate.blueprint_id), sitting.started_at)


def _actor(candidate: Candidate) -> str:
    return f"candidate:{candidate.id}"
