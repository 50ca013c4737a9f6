"""A blueprint is published when nothing blocks it any more; from then on it is what candidates are promised, word for word."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from server.assessments.blueprints.blueprint import blocking
from server.assessments.blueprints.coverage import read_whole
from server.assessments.blueprints.versions import PUBLISHED, REPLACED, hold_unchanged, note
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.teams.seats import Seat
from server.errors import Conflict

NOT_READY = "not_ready"


def publish_blueprint(session: Session, seat: Seat, job: HiringJob, blueprint: BlueprintRow, now: datetime) -> None:
    """Freeze it with the exercises as they are now; what was published before is replaced and stays to be read.
    Raises Conflict, with every problem that blocks; NotAllowed."""
    hold_unchanged(session, seat, job, blueprint)
    whole = read_whole(session, job, blueprint)
    found = blocking(whole.problems)
    if found:
        raise Conflict(f"Not published. {' '.join(problem.text for problem in found)}", code=NOT_READY)
    earlier = update(BlueprintRow).where(col(BlueprintRow.job_id) == job.id, col(BlueprintRow.state) == PUBLISHED)
    session.execute(earlier.values(state=REPLACED))
    blueprint.tasks = [{"slug": fact.slug, "digest": fact.digest} for fact in whole.facts]
    blueprint.state, blueprint.published_at = PUBLISHED, now
    session.add(blueprint)
    note(session, seat, blueprint, "blueprint.publish", {"version": blueprint.version}, now)
