"""Jobs of a team: a title, the advert, and which of the six roles it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from server.assessments.blueprints.advert import LONGEST, SKILLS, Reading, Want, read_advert
from server.assessments.blueprints.roles import template
from server.assessments.tables.blueprints import HiringJob
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.errors import Conflict, Invalid, NotFound

LONGEST_TITLE = 120
NAMES = frozenset(skill.name for skill in SKILLS)
NOTHING_READ = Reading((), ())


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person typed about a job."""

    title: str
    advert: str
    role: str
    composed_of: str = ""


def list_openings(session: Session, seat: Seat) -> list[HiringJob]:
    """Open ones first, the newest at the top."""
    wanted = select(HiringJob).where(HiringJob.team_id == seat.team.id)
    found = session.exec(wanted.order_by(col(HiringJob.created_at).desc()))
    return sorted(found, key=lambda job: job.closed_at is not None)


def opening_of(session: Session, seat: Seat, job_id: str) -> HiringJob:
    """Raises NotFound, for a job of another team as for one that does not exist."""
    found = session.exec(select(HiringJob).where(HiringJob.id == job_id, HiringJob.team_id == seat.team.id)).first()
    if found is None:
        raise NotFound("There is no such job in this team.")
    return found


def open_job(session: Session, seat: Seat, wording: Wording, now: datetime) -> HiringJob:
    """Musts and wishes are those that the advert is read to have. Raises Invalid, NotAllowed."""
    seat.require(Right.hire)
    _refuse(wording)
    made = HiringJob(team_id=seat.team.id, title="", advert="", role="", created_at=now, changed_at=now)
    _write(made, wording, now)
    _sort(made, NOTHING_READ, _read(made.advert))
    session.add(made)
    session.flush()
    record(session, seat.member.person_id, "job.open", f"team:{seat.team.id}", {"job": made.id, "role": made.role}, now)
    return made


def reword_job(session: Session, seat: Seat, job: HiringJob, wording: Wording, now: datetime) -> None:
    """Another advert is read anew; what the team had corrected in the reading of the one before stays. Raises Invalid,
    NotAllowed, Conflict."""
    seat.require(Right.hire)
    refuse_closed(job)
    _refuse(wording)
    before = _read(job.advert)
    _write(job, wording, now)
    _sort(job, before, _read(job.advert))
    session.add(job)
    record(session, seat.member.person_id, "job.reword", f"team:{seat.team.id}", {"job": job.id}, now)


def sort_skills(
    session: Session, seat: Seat, job: HiringJob, musts: Collection[str], wishes: Collection[str], now: datetime
) -> None:
    """The team's own view of what is needed. What is in both is a must. Raises Invalid, NotAllowed, Conflict."""
    seat.require(Right.hire)
    refuse_closed(job)
    strangers = sorted({*musts, *wishes} - NAMES)
    if strangers:
        raise Invalid(f"Not on the list of skills: {', '.join(strangers)}.")
    job.musts = sorted(set(musts))
    job.wishes = sorted(set(wishes) - set(musts))
    job.changed_at = now
    session.add(job)
    record(session, seat.member.person_id, "job.skills", f"team:{seat.team.id}", {"job": job.id}, now)


def close_job(session: Session, seat: Seat, job: HiringJob, now: datetime) -> None:
    """It stays to be read. Raises NotAllowed, Conflict."""
    seat.require(Right.hire)
    refuse_closed(job)
    job.closed_at = now
    session.add(job)
    record(session, seat.member.person_id, "job.close", f"team:{seat.team.id}", {"job": job.id}, now)


def refuse_closed(job: HiringJob) -> None:
    """Raises Conflict."""
    if job.closed_at is not None:
        raise Conflict("This job is closed. Open a new one instead.")


def _refuse(wording: Wording) -> None:
    errors: dict[str, str] = {}
    if not 1 <= len(wording.title.strip()) <= LONGEST_TITLE:
        errors["title"] = f"Give the job a title of at most {LONGEST_TITLE} characters"
    if len(wording.advert) > LONGEST:
        errors["advert"] = f"The advert has {len(wording.advert):,} characters; at most {LONGEST:,} are read"
    try:
        template(wording.role, wording.composed_of)
    except ValueError as error:
        errors["composed_of" if wording.role == "data_scientist" else "role"] = str(error)
    if errors:
        raise Invalid.fields(errors)


def _write(job: HiringJob, wording: Wording, now: datetime) -> None:
    job.title, job.advert = wording.title.strip(), wording.advert.strip()
    job.role, job.composed_of, job.changed_at = wording.role, wording.composed_of if wording.role == "data_scientist" else "", now


def _read(advert: str) -> Reading:
    return read_advert(advert) if advert.strip() else NOTHING_READ


def _sort(job: HiringJob, before: Reading, now: Reading) -> None:
    """Only where the team kept what the advert before was read to say does the new one decide."""
    kept = {name: want for name in NAMES if (want := _want(name, job.musts, job.wishes)) is not _want_in(name, before)}
    wanted = {name: kept[name] if name in kept else _want_in(name, now) for name in NAMES}
    job.musts = sorted(name for name, want in wanted.items() if want is Want.must)
    job.wishes = sorted(name for name, want in wanted.items() if want is Want.nice)


def _want_in(name: str, reading: Reading) -> Want | None:
    return _want(name, reading.of(Want.must), reading.of(Want.nice))


def _want(name: str, musts: Collection[str], wishes: Collection[str]) -> Want | None:
    return Want.must if name in musts else Want.nice if name in wishes else None
