"""What the rows say about a candidate's time, as the terms and the course that deadline.py decides by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from server.assessments.deadline import Course, Standing, Still, Terms, standing
from server.assessments.outages import LONGEST_SILENCE, ONLY
from server.assessments.round_tables import Beat, BlueprintRow, Candidate, Outage, Sitting, SittingPause


@dataclass(frozen=True, slots=True)
class Seated:
    """A candidate with what they were promised; `sitting` once they began."""

    candidate: Candidate
    blueprint: BlueprintRow
    sitting: Sitting | None
    terms: Terms
    course: Course
    last_beat: datetime | None = None

    def standing(self, now: datetime) -> Standing:
        """A silence that no beat has ended yet is an outage: whoever asks first after it must not be told that time is up."""
        if self.last_beat is None or now - self.last_beat <= LONGEST_SILENCE:
            return standing(self.terms, self.course, now)
        silence = Still(self.last_beat, now, ours=True)
        return standing(self.terms, replace(self.course, still=(*self.course.still, silence)), now)


def seat_candidate(session: Session, candidate: Candidate) -> Seated:
    """Read everything that the deadline depends on."""
    blueprint = session.get_one(BlueprintRow, candidate.blueprint_id)
    sitting = session.exec(select(Sitting).where(Sitting.candidate_id == candidate.id)).first()
    beat = session.get(Beat, ONLY, populate_existing=True) if sitting is not None else None
    return replace(seated(candidate, blueprint, sitting, _still(session, sitting)), last_beat=beat.at if beat else None)


def seated(candidate: Candidate, blueprint: BlueprintRow, sitting: Sitting | None, still: tuple[Still, ...]) -> Seated:
    """Pure: the same from rows that were read before."""
    terms = Terms(
        opens=candidate.opens_at,
        closes=candidate.closes_at,
        duration=timedelta(minutes=sitting.stated_minutes if sitting else blueprint.stated_minutes),
        extra_percent=candidate.extra_percent,
        hard_window=blueprint.hard_window,
    )
    course = Course(
        started=sitting.started_at if sitting else None,
        handed_in=sitting.handed_in_at if sitting else None,
        withdrawn=candidate.withdrawn_at,
        granted=timedelta(minutes=sitting.granted_minutes if sitting else 0),
        reopened_until=sitting.reopened_until if sitting else None,
        still=still,
    )
    return Seated(candidate, blueprint, sitting, terms, course)


def _still(session: Session, sitting: Sitting | None) -> tuple[Still, ...]:
    """Times in which this sitting's clock stood still: outages of ours since it began, and pauses that were granted."""
    if sitting is None:
        return ()
    outages = session.exec(select(Outage).where(Outage.until > sitting.started_at))
    pauses = session.exec(select(SittingPause).where(SittingPause.sitting_id == sitting.id).order_by(col(SittingPause.since)))
    return (
        *(Still(outage.since, outage.until, ours=True) for outage in outages),
        *(Still(pause.since, pause.until, ours=False) for pause in pauses),
    )
