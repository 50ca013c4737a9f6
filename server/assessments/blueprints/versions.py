"""Blueprints of a job: looked up, drafted, changed while they are drafts. There is one draft at a time.

Who wins between a change and the publishing is decided by the database: both change the row of the draft first, so that what was
changed before is in the published version, and what comes later is refused.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from server.assessments.blueprints.first_draft import Start, starting_needs, summed_minutes
from server.assessments.blueprints.job_openings import refuse_closed
from server.assessments.blueprints.policies import Policies, merge_policies, refuse_policies
from server.assessments.blueprints.roles import Need, template
from server.assessments.tables.blueprints import BlueprintRow, HiringJob, NeedRow
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.bank.versions import listed_exercise
from server.database.changed import changed_rows
from server.database.insert import insert_once
from server.errors import Conflict, Invalid, NotFound

DRAFT, PUBLISHED, REPLACED = "draft", "published", "replaced"
POLICIES = tuple(field.name for field in fields(Policies))
MOST_TASKS = 12
MOST_VERSIONS = 1_000_000  # beyond what any job gets, within what every database counts
KEPT_OF_NEEDS = ("position", "floor", "kind", "topics", "minutes", "level", "share", "words", "must", "written_at")
FROZEN = "This version is published, so it does not change any more. Begin a new version instead."


def blueprint_of(session: Session, seat: Seat, job: HiringJob, version: int | None = None) -> BlueprintRow:
    """The draft if there is one, else what is published; or one version. Raises NotFound, NotAllowed."""
    seat.require(Right.see_results)
    wanted = select(BlueprintRow).where(BlueprintRow.job_id == job.id, BlueprintRow.team_id == seat.team.id)
    if version is not None:
        wanted = wanted.where(BlueprintRow.version == min(version, MOST_VERSIONS))
    found = session.exec(wanted.order_by(col(BlueprintRow.version).desc())).first()
    if found is None:
        raise NotFound("This job has no such blueprint.")
    return found


def published_of(session: Session, job: HiringJob) -> BlueprintRow | None:
    """What candidates are invited to. None before anything was published."""
    return session.exec(_of(job).where(BlueprintRow.state == PUBLISHED)).first()


def list_versions(session: Session, job: HiringJob) -> list[BlueprintRow]:
    """The newest first; a draft counts as one."""
    return list(session.exec(_of(job).order_by(col(BlueprintRow.version).desc())))


def needs_of(session: Session, blueprint: BlueprintRow) -> tuple[list[NeedRow], list[NeedRow]]:
    """Strengths and floors, each in their order."""
    wanted = select(NeedRow).where(NeedRow.blueprint_id == blueprint.id)
    found = session.exec(wanted.order_by(col(NeedRow.position), col(NeedRow.id))).all()
    return [row for row in found if not row.floor], [row for row in found if row.floor]


def as_need(row: NeedRow) -> Need:
    return Need(row.kind, tuple(row.topics), row.minutes, row.level, row.share)


def draft_blueprint(session: Session, seat: Seat, job: HiringJob, now: datetime) -> BlueprintRow:
    """The draft, if there is one already; else a new one, from what is published or from the job's role.
    Raises NotAllowed, Conflict."""
    seat.require(Right.hire)
    refuse_closed(job)
    newest = session.exec(_of(job).order_by(col(BlueprintRow.version).desc())).first()
    if newest is not None and newest.state == DRAFT:
        return newest
    policies = {name: getattr(newest, name) for name in POLICIES} if newest else {}
    starts = [] if newest else _starts(seat, job)
    made = BlueprintRow(
        team_id=seat.team.id,
        job_id=job.id,
        version=newest.version + 1 if newest else 1,
        tasks=[{"slug": task["slug"]} for task in newest.tasks] if newest else [],
        created_by=seat.member.person_id,
        created_at=now,
        changed_at=now,
        **(policies or {"stated_minutes": summed_minutes([start.need for start in starts])}),
    )
    if not insert_once(session, made):  # somebody else began the same version a moment ago
        return session.exec(_of(job).where(BlueprintRow.version == made.version)).one()
    drafted = session.get_one(BlueprintRow, made.id)
    if newest:
        _copy_needs(session, newest, drafted)
    else:
        _write_needs(session, starts, drafted, now)
    note(session, seat, drafted, "blueprint.draft", {"version": drafted.version}, now)
    return drafted


def _starts(seat: Seat, job: HiringJob) -> list[Start]:
    role = template(job.role, job.composed_of)
    return starting_needs(role, job.musts, seat.team.archetype, seat.team.sliders)


def _write_needs(session: Session, starts: list[Start], blueprint: BlueprintRow, now: datetime) -> None:
    for position, start in enumerate(starts, 1):
        need = {**asdict(start.need), "topics": list(start.need.topics)}
        row = NeedRow(blueprint_id=blueprint.id, position=position, floor=start.floor, must=start.must, written_at=now, **need)
        session.add(row)
    session.flush()


def _copy_needs(session: Session, earlier: BlueprintRow, blueprint: BlueprintRow) -> None:
    """Each with the moment at which it got its wording: a new version makes no hypothesis younger or older."""
    for rows in needs_of(session, earlier):
        session.add_all(
            NeedRow(blueprint_id=blueprint.id, **{name: getattr(row, name) for name in KEPT_OF_NEEDS}) for row in rows
        )
    session.flush()


def hold_draft(session: Session, seat: Seat, job: HiringJob, blueprint: BlueprintRow, now: datetime) -> None:
    """To be called before a draft is changed: nobody publishes it until the caller's commit. Raises NotAllowed, Conflict."""
    _hold(session, seat, job, blueprint, now)


def hold_unchanged(session: Session, seat: Seat, job: HiringJob, blueprint: BlueprintRow) -> None:
    """To be called before a draft is published: nobody changes it until the caller's commit. Raises NotAllowed, Conflict."""
    _hold(session, seat, job, blueprint, col(BlueprintRow.changed_at))


def _hold(session: Session, seat: Seat, job: HiringJob, blueprint: BlueprintRow, changed_at: datetime | Mapped[datetime]) -> None:
    seat.require(Right.hire)
    refuse_closed(job)
    is_draft = update(BlueprintRow).where(col(BlueprintRow.id) == blueprint.id, col(BlueprintRow.state) == DRAFT)
    if not changed_rows(session, is_draft.values(changed_at=changed_at)):
        raise Conflict(FROZEN, code="published")
    session.refresh(blueprint)


def mark_previewed(session: Session, blueprint: BlueprintRow, now: datetime) -> None:
    """Somebody of the team began at `now` to sit it as it was then. A later change asks for another preview."""
    blueprint.previewed_at = max(filter(None, (now, blueprint.previewed_at)))
    session.add(blueprint)


def choose_exercise(
    session: Session, seat: Seat, job: HiringJob, blueprint: BlueprintRow, slug: str, now: datetime, place: int | None = None
) -> None:
    """At `place`, counted from 0; at the end without one. Raises Invalid, NotAllowed, Conflict."""
    hold_draft(session, seat, job, blueprint, now)
    chosen = [task["slug"] for task in blueprint.tasks]
    if slug in chosen:
        raise Invalid("This exercise is in the blueprint already. A candidate would do it once.", code="twice")
    if len(chosen) >= MOST_TASKS:
        raise Conflict(f"A blueprint has at most {MOST_TASKS} exercises.")
    listed_exercise(session, slug)
    chosen.insert(len(chosen) if place is None else min(max(0, place), len(chosen)), slug)
    _lay_out(session, blueprint, chosen)
    note(session, seat, blueprint, "blueprint.choose", {"exercise": slug}, now)


def drop_exercise(session: Session, seat: Seat, job: HiringJob, blueprint: BlueprintRow, slug: str, now: datetime) -> int:
    """The place that it had, from 0. Raises NotFound, NotAllowed, Conflict."""
    hold_draft(session, seat, job, blueprint, now)
    chosen = [task["slug"] for task in blueprint.tasks]
    place = _place_of(slug, chosen)
    _lay_out(session, blueprint, [each for each in chosen if each != slug])
    note(session, seat, blueprint, "blueprint.drop", {"exercise": slug}, now)
    return place


def move_exercise(
    session: Session, seat: Seat, job: HiringJob, blueprint: BlueprintRow, slug: str, by: int, now: datetime
) -> None:
    """`by`: -1 is one up, 1 is one down; beyond either end it stays there. Raises NotFound, NotAllowed, Conflict."""
    hold_draft(session, seat, job, blueprint, now)
    chosen = [task["slug"] for task in blueprint.tasks]
    place = _place_of(slug, chosen)
    chosen.insert(max(0, place + by), chosen.pop(place))
    _lay_out(session, blueprint, chosen)
    note(session, seat, blueprint, "blueprint.move", {"exercise": slug, "by": by}, now)


def _place_of(slug: str, chosen: list[str]) -> int:
    if slug not in chosen:
        raise NotFound("This exercise is not in the blueprint. Somebody may have removed it a moment ago.")
    return chosen.index(slug)


def _lay_out(session: Session, blueprint: BlueprintRow, slugs: list[str]) -> None:
    blueprint.tasks = [{"slug": slug} for slug in slugs]
    session.add(blueprint)


def set_policies(
    session: Session,
    seat: Seat,
    job: HiringJob,
    blueprint: BlueprintRow,
    policies: Policies,
    now: datetime,
    shown: Policies | None = None,
) -> None:
    """`shown`: what stood on the page where they were typed, so that what others changed since stays. Raises Invalid,
    NotAllowed, Conflict."""
    seat.require(Right.hire)
    refuse_policies(policies, seat.team.retention_days)
    hold_draft(session, seat, job, blueprint, now)
    was = {name: getattr(blueprint, name) for name in POLICIES}
    if shown is not None:
        policies = merge_policies(policies, shown, Policies(**was))
        refuse_policies(policies, seat.team.retention_days)
    blueprint.sqlmodel_update({**asdict(policies), "about": policies.about.strip(), "contact": policies.contact.strip()})
    session.add(blueprint)
    changed = {name: old for name, old in was.items() if old != getattr(blueprint, name)}
    note(session, seat, blueprint, "blueprint.policies", {"was": changed}, now)


def _of(job: HiringJob) -> SelectOfScalar[BlueprintRow]:
    return select(BlueprintRow).where(BlueprintRow.job_id == job.id)


def note(session: Session, seat: Seat, blueprint: BlueprintRow, act: str, details: dict[str, object], now: datetime) -> None:
    record(session, seat.member.person_id, act, f"team:{seat.team.id}", {"blueprint": blueprint.id, **details}, now)
