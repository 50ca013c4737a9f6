"""A member previews the take-home: lets this browser in as a candidate who counts nowhere."""

from flask import redirect
from flask.typing import ResponseReturnValue
from sqlmodel import col, select

from server.assessments.blueprints.job_openings import opening_of
from server.assessments.blueprints.preview import begin_preview
from server.assessments.tables.blueprints import BlueprintRow
from server.errors import NotFound
from server.web.door import commit, database, let_candidate_in, moment
from server.web.hiring.blueprint import blueprint, seat


@blueprint.post("/teams/<team_id>/jobs/<job_id>/blueprint/preview")
def send_preview(team_id: str, job_id: str) -> ResponseReturnValue:
    """Of the newest version: the draft, when there is one."""
    here = seat(team_id)
    job = opening_of(database(), here, job_id)
    versions = select(BlueprintRow).where(BlueprintRow.job_id == job.id).order_by(col(BlueprintRow.version).desc())
    newest = database().exec(versions).first()
    if newest is None:
        raise NotFound("This job has no blueprint yet. Make one; then it can be previewed.")
    candidate, token = begin_preview(database(), here, newest, moment())
    commit()
    let_candidate_in(token)
    return redirect(f"/invitations/{candidate.id}", 303)
