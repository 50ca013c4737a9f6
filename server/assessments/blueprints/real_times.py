"""How long real people need for an exercise, and how many have seen it: from what was sat and practised on this site.

A sitting's time is shared among its exercises in proportion to the minutes that their authors gave, because people go back and
forth between them. The shares of one sitting add up to what it took, which is what candidates are promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import exists, func
from sqlmodel import Session, col, select

from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import BY_TIME, Outage, Sitting, SittingPause, SittingTask
from server.bank.tables import Exercise
from server.grading.tables import Submission
from server.workspaces.tables import Workspace

FEWEST = 5  # people, below which a number would tell of somebody
NEWEST = 200  # sittings of one exercise that are looked at
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Exposure:
    """How many people practised an exercise, of all who practised anything here."""

    people: int
    of: int

    @property
    def share(self) -> float | None:
        """None when too few people practise here to say."""
        return self.people / self.of if self.of >= FEWEST else None


@dataclass(frozen=True, slots=True)
class Took:
    """One sitting. `meant`: its exercises with their authors' minutes; `ended`: when the work stopped; `still`: when the clock
    stood still."""

    meant: Mapping[str, int]
    started: datetime
    ended: datetime
    still: Sequence[tuple[datetime, datetime]] = ()


def exposures(session: Session, slugs: Sequence[str]) -> dict[str, Exposure]:
    """Of each of these exercises. Candidates at their take-homes and in the practice room do not count."""
    practised = ~exists().where(col(Candidate.person_id) == col(Workspace.person_id))
    everybody = session.exec(select(func.count(func.distinct(Workspace.person_id))).where(practised)).one()
    counted = select(Workspace.exercise_slug, func.count()).where(practised, col(Workspace.exercise_slug).in_(slugs))
    found = dict(session.exec(counted.group_by(Workspace.exercise_slug)).all())
    return {slug: Exposure(found.get(slug, 0), everybody) for slug in slugs}


def median_minutes(session: Session, slugs: Sequence[str]) -> dict[str, int]:
    """Of each exercise that at least five people sat and that was graded; previews do not count."""
    numbered = func.row_number().over(partition_by=SittingTask.exercise_slug, order_by=col(Sitting.handed_in_at).desc())
    ranked = (
        select(SittingTask.exercise_slug, SittingTask.sitting_id, numbered.label("number"))
        .join(Sitting, col(Sitting.id) == col(SittingTask.sitting_id))
        .join(Candidate, col(Candidate.id) == col(Sitting.candidate_id))
        .join(Submission, col(Submission.id) == col(SittingTask.submission_id))
        .where(~col(Candidate.preview), col(Sitting.handed_in_at).is_not(None))
        .where(Submission.state == "graded", col(SittingTask.exercise_slug).in_(slugs))
        .subquery()
    )
    newest = session.exec(select(ranked.c.exercise_slug, ranked.c.sitting_id).where(ranked.c.number <= NEWEST)).all()
    if not newest:
        return {}
    by_sitting = _took(session, {sitting_id for _, sitting_id in newest})
    found: dict[str, list[float]] = {slug: [] for slug in slugs}
    for slug, sitting_id in newest:
        spent = share_out(by_sitting[sitting_id])[slug]
        if spent > 0:
            found[slug].append(spent)
    return {slug: round(median(each)) for slug, each in found.items() if len(each) >= FEWEST}


def share_out(took: Took) -> dict[str, float]:
    """Minutes of each exercise of a sitting, by the minutes that their authors gave."""
    whole = (took.ended - took.started - _stood(took)) / MINUTE
    meant = sum(took.meant.values())
    return {slug: max(0.0, whole * minutes / meant) for slug, minutes in took.meant.items()}


def _stood(took: Took) -> timedelta:
    """For how long the clock stood still; times that overlap count once."""
    stood, counted = timedelta(), took.started
    for since, until in sorted(took.still):
        begins, ends = max(since, counted), min(until, took.ended)
        if ends > begins:
            stood += ends - begins
            counted = ends
    return stood


def _took(session: Session, sittings: set[str]) -> dict[str, Took]:
    """What the rows say about each of these sittings."""
    wanted = (
        select(Sitting, SittingTask.exercise_slug, Exercise.minutes, Workspace.updated_at)
        .join(SittingTask, col(SittingTask.sitting_id) == col(Sitting.id))
        .join(Exercise, col(Exercise.slug) == col(SittingTask.exercise_slug))
        .join(Workspace, col(Workspace.id) == col(SittingTask.workspace_id))
        .where(col(Sitting.id).in_(sittings), col(Sitting.handed_in_at).is_not(None))
    )
    meant: dict[str, dict[str, int]] = {}
    worked: dict[str, datetime] = {}
    rows: dict[str, Sitting] = {}
    for sitting, slug, minutes, saved_at in session.exec(wanted):
        rows[sitting.id] = sitting
        meant.setdefault(sitting.id, {})[slug] = minutes
        worked[sitting.id] = max(saved_at, worked.get(sitting.id, saved_at))
    still = _still(session, sittings)
    return {key: Took(meant[key], sitting.started_at, _ended(sitting, worked[key]), still[key]) for key, sitting in rows.items()}


def _ended(sitting: Sitting, worked: datetime) -> datetime:
    """Whoever was closed by time may have left long before: the last save tells."""
    assert sitting.handed_in_at is not None
    return worked if sitting.handed_in_by == BY_TIME else sitting.handed_in_at


def _still(session: Session, sittings: set[str]) -> dict[str, list[tuple[datetime, datetime]]]:
    outages = [(outage.since, outage.until) for outage in session.exec(select(Outage))]
    found = {sitting_id: list(outages) for sitting_id in sittings}
    ended = select(SittingPause).where(col(SittingPause.sitting_id).in_(sittings), col(SittingPause.until).is_not(None))
    for pause in session.exec(ended):
        assert pause.until is not None
        found[pause.sitting_id].append((pause.since, pause.until))
    return found
