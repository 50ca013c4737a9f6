"""What the rows say about a candidate's time, as the terms and the course that deadline.py decides by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from server.assessments.sittings.deadline import Course, Standing, Still, Terms, standing
from server.assessments.sittings.outages import LONGEST_SILENCE, last_beat
from server.assessments.tables.blueprints import BlueprintRow
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Outage, Sitting, SittingPause


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
    if sitting is None:
        return seated(candidate, blueprint, None, ())
    pauses = session.exec(select(SittingPause).where(SittingPause.sitting_id == sitting.id))
    still = _still(sitting, _outages(session, sitting.started_at), pauses)
    return seated(candidate, blueprint, sitting, still, last_beat(session))


def seat_running(session: Session) -> list[Seated]:
    """All whose sitting began and is not handed in; in as many queries for a thousand as for one."""
    wanted = select(Candidate, BlueprintRow, Sitting).join(BlueprintRow, col(BlueprintRow.id) == col(Candidate.blueprint_id))
    running = col(Sitting.handed_in_at).is_(None)
    rows = session.exec(wanted.join(Sitting, col(Sitting.candidate_id) == col(Candidate.id)).where(running)).all()
    if not rows:
        return []
    outages = _outages(session, min(sitting.started_at for _, _, sitting in rows))
    pauses: dict[str, list[SittingPause]] = {}
    for pause in session.exec(select(SittingPause).join(Sitting, col(Sitting.id) == col(SittingPause.sitting_id)).where(running)):
        pauses.setdefault(pause.sitting_id, []).append(pause)
    beat = last_beat(session)
    return [
        seated(candidate, blueprint, sitting, _still(sitting, outages, pauses.get(sitting.id, ())), beat)
        for candidate, blueprint, sitting in rows
    ]


def seated(
    candidate: Candidate,
    blueprint: BlueprintRow,
    sitting: Sitting | None,
    still: tuple[Still, ...],
    beat: datetime | None = None,
) -> Seated:
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
    return Seated(candidate, blueprint, sitting, terms, course, beat)


def _outages(session: Session, since: datetime) -> Sequence[Outage]:
    return session.exec(select(Outage).where(Outage.until > since)).all()


def _still(sitting: Sitting, outages: Iterable[Outage], pauses: Iterable[SittingPause]) -> tuple[Still, ...]:
    """Times in which this sitting's clock stood still: outages of ours since it began, and pauses that were granted."""
    return (
        *(Still(outage.since, outage.until, ours=True) for outage in outages if outage.until > sitting.started_at),
        *(Still(pause.since, pause.until, ours=False) for pause in pauses),
    )
