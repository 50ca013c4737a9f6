"""Put jobs in, claim them, finish them.

How a worker takes a job that others may take at the same moment:
1. Read the oldest job that is due, or whose worker let its lease run out.
2. UPDATE it to running, only if its state, worker and lease are still what was read.
3. One row changed: the job is ours. No row changed: somebody else has it; go to 1.
The caller commits; a job is put in the same transaction as what it is about.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, String, and_, delete, func, or_, update
from sqlalchemy import cast as cast_column
from sqlmodel import Session, col, select

from server.database.changed import changed_rows
from server.database.contains import contains
from server.queue.tables import Job, JobState

MOST_TRIES = 5
FIRST_WAIT = timedelta(seconds=2)
ERROR_LENGTH = 2_000
DONE_KEPT, FAILED_KEPT = timedelta(days=1), timedelta(days=30)


def put(session: Session, kind: str, payload: dict[str, Any], now: datetime, head_start: timedelta = timedelta()) -> Job:
    """`head_start`: it takes its place in the queue as if it had been put in so much earlier."""
    job = Job(kind=kind, payload=payload, run_after=now - head_start, created_at=now)
    session.add(job)
    session.flush()
    return job


def claim(session: Session, worker: str, now: datetime, lease: timedelta, kinds: Collection[str] | None = None) -> Job | None:
    """The next job, now leased to `worker`; None when nothing is due."""
    while (job := _next_due(session, now, kinds)) is not None:
        if job.tries >= MOST_TRIES:
            _give_up(session, job, now)
        elif _take(session, job, worker, now, lease):
            session.refresh(job)
            return job
    return None


def held(session: Session, job: Job) -> Job:
    """A job that was claimed in an earlier session, as a row of this one: with the claim it had then."""
    return session.merge(job, load=False)


def extend(session: Session, job: Job, now: datetime, lease: timedelta) -> bool:
    """Keep a long job; False when the lease ran out and another worker has it by now."""
    return _change_own(session, job, lease_until=now + lease)


def finish(session: Session, job: Job, now: datetime) -> bool:
    """Mark as done; False when another worker has it by now, and then the caller rolls back."""
    return _change_own(session, job, state=JobState.DONE, finished_at=now, lease_until=None, error=None)


def give_back(session: Session, job: Job, now: datetime, error: str) -> bool:
    """It did not work: try again later, each time after a longer wait; after five tries it has failed."""
    if job.tries >= MOST_TRIES:
        return _change_own(session, job, state=JobState.FAILED, finished_at=now, lease_until=None, error=error[:ERROR_LENGTH])
    later = now + FIRST_WAIT * 4 ** (job.tries - 1)
    return _change_own(
        session, job, state=JobState.QUEUED, run_after=later, claimed_by=None, lease_until=None, error=error[:ERROR_LENGTH]
    )


def waiting(session: Session, now: datetime, kinds: Collection[str] | None = None) -> int:
    """How many jobs are due and not yet running."""
    return session.exec(select(func.count()).where(_due(now), *_of(kinds))).one()


def place(session: Session, job: Job) -> int:
    """How many jobs of the same kind come before this one; 0 when it is next, running or over."""
    if job.state != JobState.QUEUED:
        return 0
    earlier = or_(
        col(Job.run_after) < job.run_after,
        and_(col(Job.run_after) == job.run_after, col(Job.created_at) < job.created_at),
    )
    return session.exec(select(func.count()).where(Job.state == JobState.QUEUED, Job.kind == job.kind, earlier)).one()


def forget_old(session: Session, now: datetime) -> int:
    """Delete what was done a day ago; failed jobs stay a month, to be looked at. Returns how many went."""
    over = or_(
        and_(col(Job.state) == JobState.DONE, col(Job.finished_at) <= now - DONE_KEPT),
        and_(col(Job.state) == JobState.FAILED, col(Job.finished_at) <= now - FAILED_KEPT),
    )
    return cast("CursorResult[Any]", session.execute(delete(Job).where(over))).rowcount


def forget_jobs(session: Session, ids: Collection[str], about: Collection[str]) -> int:
    """Delete these jobs, and all whose payload names one of these things, in whatever state they are. Returns how many went."""
    return changed_rows(session, delete(Job).where(or_(col(Job.id).in_(ids), *map(_names, about))))


def jobs_about(session: Session, name: str) -> list[Job]:
    """All whose payload names this thing, in whatever state they are, oldest first."""
    return list(session.exec(select(Job).where(_names(name)).order_by(col(Job.created_at))))


def _names(thing: str) -> ColumnElement[bool]:
    return contains(cast_column(col(Job.payload), String), thing)


def _due(now: datetime) -> Any:
    return or_(
        and_(col(Job.state) == JobState.QUEUED, col(Job.run_after) <= now),
        and_(col(Job.state) == JobState.RUNNING, col(Job.lease_until) <= now),
    )


def _of(kinds: Collection[str] | None) -> list[Any]:
    return [] if kinds is None else [col(Job.kind).in_(kinds)]


def _next_due(session: Session, now: datetime, kinds: Collection[str] | None) -> Job | None:
    found = select(Job).where(_due(now), *_of(kinds)).order_by(col(Job.run_after), col(Job.created_at), col(Job.id)).limit(1)
    return session.exec(found.execution_options(populate_existing=True)).first()


def _take(session: Session, job: Job, worker: str, now: datetime, lease: timedelta) -> bool:
    """Tells two claims of the same lapsed job apart by `tries`, which only ever grows."""
    change = update(Job).where(col(Job.id) == job.id, col(Job.state) == job.state, col(Job.tries) == job.tries)
    taken = {"state": JobState.RUNNING, "claimed_by": worker, "lease_until": now + lease, "tries": job.tries + 1}
    return _changed_one(session, change.values(**taken))


def _give_up(session: Session, job: Job, now: datetime) -> None:
    """Its worker vanished five times: the job itself is what kills it."""
    change = update(Job).where(col(Job.id) == job.id, col(Job.state) == job.state, col(Job.tries) == job.tries)
    lost = "The worker ended without an answer, each of the last five times."
    _changed_one(session, change.values(state=JobState.FAILED, finished_at=now, lease_until=None, error=lost))


def _change_own(session: Session, job: Job, **values: Any) -> bool:
    own = (col(Job.id) == job.id, col(Job.state) == JobState.RUNNING, col(Job.tries) == job.tries)
    changed = _changed_one(session, update(Job).where(*own, col(Job.claimed_by) == job.claimed_by).values(**values))
    if changed:
        session.refresh(job)
    return changed


def _changed_one(session: Session, change: Any) -> bool:
    return changed_rows(session, change) == 1
