"""Delete everything that is kept of a candidate, on request or because its time is over.

1. The hidden person goes with all work: notebooks, every event, submissions, results, kernels that run.
2. The sitting goes with marks, decision, reports, appeal and whatever else was said about it.
3. Jobs of the queue that are about it go, and mails that an outbox folder holds (see server/mail/outbox.py).
4. The row of the candidate is emptied. It stays, so that the round counts right: its code and how far it came.
5. The log says that it was done. Seals of results stay: they tell that there was a result, and nothing about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from server.accounts.keeping import Keeper
from server.accounts.leaving import delete_person
from server.accounts.tables import Person
from server.assessments.decisions.gathering import seen_of
from server.assessments.decisions.steps import Step
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.audit.log import record
from server.database.changed import changed_rows
from server.grading.tables import Submission
from server.mail.outbox import forget_mails
from server.queue.jobs import forget_jobs
from server.workspaces.tables import Workspace

EMPTY = {
    "name": "",
    "email": "",
    "source": "",
    "notes": "",
    "token_hash": "",
    "extra_percent": 0,
    "adjustment": "",
    "adjustment_answer": "",
    "bounce": "",
}


class Why(StrEnum):
    """For the log."""

    candidate = "candidate"  # asked for by the candidate, on their own page
    team = "team"  # by the team, on request
    time = "time"  # its time was over


def erase_candidate(
    session: Session, candidate: Candidate, keepers: Sequence[Keeper], outbox: Path, by: str, why: Why, now: datetime
) -> bool:
    """False: somebody else has done it. Copies of mails are deleted at once, everything else with the caller's commit."""
    sitting = session.exec(select(Sitting).where(Sitting.candidate_id == candidate.id)).first()
    reached = step_of(session, candidate, sitting)
    about = {"candidate": candidate.id, **({"sitting": sitting.id} if sitting else {})}
    address, hidden_id = candidate.email, candidate.person_id
    mine = update(Candidate).where(col(Candidate.id) == candidate.id, col(Candidate.erased_at).is_(None))
    if not changed_rows(session, mine.values(**EMPTY, reached=reached, erased_at=now)):
        return False
    forget_work(session, candidate, hidden_id, keepers)
    session.execute(delete(Sitting).where(col(Sitting.candidate_id) == candidate.id))
    forget_mails(outbox, f"candidate:{candidate.id}", address if _only_here(session, address) else "")
    session.expire_all()
    record(session, by, "candidate.erase", f"team:{candidate.team_id}", {**about, "why": why}, now)
    return True


def erase_preview(session: Session, candidate: Candidate, keepers: Sequence[Keeper]) -> None:
    """A member's own trial counts nowhere, so nothing of it stays."""
    forget_work(session, candidate, candidate.person_id, keepers)
    session.execute(delete(Candidate).where(col(Candidate.id) == candidate.id))
    session.expire_all()


def forget_work(session: Session, candidate: Candidate, hidden_id: str | None, keepers: Sequence[Keeper]) -> None:
    """The hidden person with all their work, and jobs that are about it."""
    submitted = select(Submission.job_id).join(Workspace, col(Workspace.id) == col(Submission.workspace_id))
    graded_by = session.exec(submitted.where(Workspace.person_id == hidden_id)).all()
    forget_jobs(session, ids=graded_by, about=[candidate.id])
    hidden = session.get(Person, hidden_id) if hidden_id else None
    if hidden is not None:
        delete_person(session, hidden, keepers)


def step_of(session: Session, candidate: Candidate, sitting: Sitting | None) -> Step:
    """How far a candidate has come, as the funnel counts."""
    if sitting is None:
        return Step.opened if candidate.opened_at is not None else Step.invited
    if sitting.handed_in_at is None:
        return Step.started
    if session.get(Decision, sitting.id) is not None:
        return Step.decided
    return Step.marked if seen_of(session, sitting).missing is None else Step.handed_in


def _only_here(session: Session, address: str) -> bool:
    """Whether nobody else has this address: another candidate, or an account."""
    others = (select(Candidate.id).where(Candidate.email == address), select(Person.id).where(Person.email == address))
    return bool(address) and all(session.exec(other.limit(1)).first() is None for other in others)
