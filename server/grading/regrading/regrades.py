"""Grade submissions again: proposed, tried, looked at, then applied or withdrawn. Nothing counts before it is applied.

1. `propose` chooses the submissions and notes which result of each counts now.
2. Each row is tried and stored by itself (`store_try`), so that a proposal can be gone on with after an interruption.
3. When all were tried it is `proposed`; `changes` is the diff that people look at.
4. `apply` stores a new result for each submission whose result still is the one that was noted. Old results are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, or_, update
from sqlalchemy import cast as cast_column
from sqlmodel import Session, col, func, select

from server.errors import Conflict, Invalid, NotFound
from server.grading.handed_in.submissions import WITHOUT_NOTEBOOK, counts, result_of
from server.grading.outcome import Grade
from server.grading.regrading.diff import Change, Score
from server.grading.results import grade_columns, outcomes_of, read_outcomes
from server.grading.seals import seal
from server.grading.tables import Regrade, RegradeRow, Result, Submission

LONGEST_REASON = 500
NOT_GRADED = cast_column(col(RegradeRow.grade), String) == "{}"


@dataclass(frozen=True, slots=True)
class Tries:
    """How far the trying of a regrade is: submissions in all, graded, and those that met a fault."""

    total: int
    graded: int
    faults: int

    @property
    def left(self) -> int:
        return self.total - self.graded - self.faults


def propose(
    session: Session,
    slug: str,
    digest: str,
    environment: str,
    chosen: Sequence[str],
    reason: str,
    by: str,
    now: datetime,
) -> Regrade:
    """`chosen`: ids of submissions; none: all full submissions whose result was made with another version or environment.
    Raises Invalid when there are none, NotFound for an id that is none of this exercise."""
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(f"Give a reason of at most {LONGEST_REASON} characters: the people whose scores change will read it.")
    found = _chosen(session, slug, chosen) if chosen else _made_otherwise(session, slug, digest, environment)
    if not found:
        raise Invalid(f"Every submission of {slug} was graded with this version in this environment already.")
    regrade = Regrade(
        exercise_slug=slug,
        exercise_digest=digest,
        environment=environment,
        reason=reason.strip(),
        proposed_by=by,
        created_at=now,
    )
    session.add(regrade)
    session.flush()
    session.add_all(RegradeRow(regrade_id=regrade.id, submission_id=one, result_id=result) for one, result in found)
    session.flush()
    return regrade


def _made_otherwise(session: Session, slug: str, digest: str, environment: str) -> list[tuple[str, str]]:
    """-> (submission, result that counts)"""
    return _graded(session, slug, or_(col(Result.exercise_digest) != digest, col(Result.environment) != environment))


def _chosen(session: Session, slug: str, ids: Sequence[str]) -> list[tuple[str, str]]:
    found = _graded(session, slug, col(Submission.id).in_(ids))
    missing = sorted(set(ids) - {submission for submission, _ in found})
    if missing:
        raise NotFound(f"{', '.join(missing)}: no graded submission of {slug} has this id.")
    return found


def _graded(session: Session, slug: str, which: ColumnElement[bool]) -> list[tuple[str, str]]:
    full = (Submission.exercise_slug == slug, Submission.kind == "submit", counts(), which)
    wanted = select(Submission.id, Result.id).join(Result, col(Result.submission_id) == col(Submission.id)).where(*full)
    return list(session.exec(wanted.order_by(col(Submission.created_at))))


def regrade_of(session: Session, regrade_id: str) -> Regrade:
    """By its id, or by the beginning of it. Raises NotFound."""
    found = session.exec(select(Regrade).where(col(Regrade.id).startswith(regrade_id, autoescape=True)).limit(2)).all()
    if len(found) != 1 or not regrade_id:
        raise NotFound(f"There is no regrade {regrade_id!r}. `touchstone regrade list` shows them.")
    return found[0]


def list_regrades(session: Session, most: int = 50) -> list[Regrade]:
    return list(session.exec(select(Regrade).order_by(col(Regrade.created_at).desc()).limit(most)))


def regraded(session: Session, regrade: Regrade) -> list[str]:
    """All submissions that it is about."""
    return list(session.exec(select(RegradeRow.submission_id).where(RegradeRow.regrade_id == regrade.id)))


# Trying


def untried(session: Session, regrade: Regrade) -> list[str]:
    """Submissions that are still to be graded again, in the order of `changes`; what met a fault is tried once more."""
    wanted = (
        select(RegradeRow)
        .join(Submission, col(Submission.id) == col(RegradeRow.submission_id))
        .where(RegradeRow.regrade_id == regrade.id)
        .order_by(col(Submission.created_at), col(Submission.id))
    )
    return [row.submission_id for row in session.exec(wanted) if not row.grade]


def untouched(session: Session, regrade: Regrade, most: int) -> list[str]:
    """Submissions that were not tried at all, so many of them."""
    wanted = select(RegradeRow.submission_id).where(RegradeRow.regrade_id == regrade.id, NOT_GRADED, RegradeRow.fault == "")
    return list(session.exec(wanted.order_by(col(RegradeRow.submission_id)).limit(most)))


def count_tries(session: Session, regrade: Regrade) -> Tries:
    mine = select(func.count()).select_from(RegradeRow).where(RegradeRow.regrade_id == regrade.id)
    total, graded = (session.exec(each).one() for each in (mine, mine.where(~NOT_GRADED)))
    return Tries(total, graded, session.exec(mine.where(NOT_GRADED, RegradeRow.fault != "")).one())


def try_faults_again(session: Session, regrade: Regrade) -> None:
    """What met a fault is to be tried once more. Raises Conflict when the regrade was decided."""
    expect_open(regrade)
    faulty = update(RegradeRow).where(col(RegradeRow.regrade_id) == regrade.id, col(RegradeRow.fault) != "")
    session.execute(faulty.values(fault=""))
    regrade.state = "trying"
    session.add(regrade)


def store_try(session: Session, regrade: Regrade, submission_id: str, found: Grade | str) -> None:
    """`found`: a grade, or the sentence why there is none. Whoever deleted the submission meanwhile took the row along."""
    row = session.get(RegradeRow, (regrade.id, submission_id))
    if row is None:
        return
    if isinstance(found, str):
        row.fault = found
    else:
        row.fault, row.grade = "", grade_columns(found)


def end_trying(session: Session, regrade: Regrade) -> None:
    """All rows have a grade or a fault."""
    if regrade.state == "trying":
        regrade.state = "proposed"
        session.add(regrade)


def changes(session: Session, regrade: Regrade) -> list[Change]:
    """The diff, in the order in which the work was handed in."""
    wanted = (
        select(RegradeRow, Result)
        .join(Result, col(Result.id) == col(RegradeRow.result_id))
        .join(Submission, col(Submission.id) == col(RegradeRow.submission_id))
        .where(RegradeRow.regrade_id == regrade.id)
        .order_by(col(Submission.created_at), col(Submission.id))
    )
    return [Change(row.submission_id, _score_of(result), _tried_score(row), row.fault) for row, result in session.exec(wanted)]


def _score_of(result: Result) -> Score:
    return Score(result.points, result.possible, tuple(outcomes_of(result)))


def _tried_score(row: RegradeRow) -> Score | None:
    if not row.grade:
        return None
    made = Result.model_construct(**row.grade)
    return Score(made.points, made.possible, tuple(read_outcomes(made.outcomes)))


# Deciding


def apply(session: Session, regrade: Regrade, by: str, key: bytes, now: datetime, *, skip_faults: bool) -> list[Result]:
    """The new results, sealed. Raises Conflict when it is not ready, was decided, or a submission was graded again since."""
    _expect_proposed(regrade)
    rows = session.exec(select(RegradeRow).where(RegradeRow.regrade_id == regrade.id)).all()
    _expect_whole(rows, skip_faults)
    made = [_new_result(session, regrade, row, now) for row in rows if row.grade]
    session.add_all(made)
    session.flush()
    for result in made:
        seal(session, result, key, now)
    _settle(session, regrade, "applied", by, now)
    return made


def withdraw(session: Session, regrade: Regrade, by: str, now: datetime) -> None:
    """Raises Conflict when it was decided."""
    expect_open(regrade)
    _settle(session, regrade, "withdrawn", by, now)


def expect_open(regrade: Regrade) -> None:
    """Raises Conflict when it was decided."""
    if regrade.state in ("applied", "withdrawn"):
        raise Conflict(f"The regrade was {regrade.state} by {regrade.settled_by} already.")


def _expect_proposed(regrade: Regrade) -> None:
    if regrade.state == "trying":
        raise Conflict(f"Not every submission was tried. `touchstone regrade resume {regrade.id[:8]}` goes on.")
    expect_open(regrade)


def _expect_whole(rows: Sequence[RegradeRow], skip_faults: bool) -> None:
    faulty = [row for row in rows if not row.grade]
    if faulty and not skip_faults:
        raise Conflict(
            f"{len(faulty)} of {len(rows)} submissions could not be graded again. `touchstone regrade resume` tries them once "
            "more; `apply --skip-faults` leaves their results as they are."
        )


def _new_result(session: Session, regrade: Regrade, row: RegradeRow, now: datetime) -> Result:
    before = result_of(session, row.submission_id)
    submission = session.get_one(Submission, row.submission_id, options=[WITHOUT_NOTEBOOK])
    if before is None or before.id != row.result_id:
        raise Conflict(
            f"Submission {row.submission_id} was graded again after this was proposed. Withdraw this regrade and propose it anew."
        )
    return Result(
        submission_id=submission.id,
        exercise_digest=regrade.exercise_digest,
        environment=regrade.environment,
        seed=submission.seed,
        **row.grade,
        regrade_id=regrade.id,
        created_at=max(now, before.created_at + timedelta(microseconds=1)),  # the newest counts, also if the clock was set back
    )


def _settle(session: Session, regrade: Regrade, state: str, by: str, now: datetime) -> None:
    regrade.state, regrade.settled_by, regrade.settled_at = state, by, now
    session.add(regrade)
    session.flush()
