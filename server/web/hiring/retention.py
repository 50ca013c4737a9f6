"""How long candidates are kept, who is erased when, and erasing one on request."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from server.accounts.leaving import confirm
from server.assessments.privacy.erasing import Why, erase_candidate
from server.assessments.privacy.looks import note_names
from server.assessments.privacy.retention import due_at, list_kept, set_retention
from server.assessments.sittings.courses import Seated
from server.assessments.tables.blueprints import HiringJob
from server.assessments.teams.seats import Seat
from server.errors import Invalid
from server.web.account import guessing
from server.web.account.forms import form_again, form_page, typed
from server.web.door import commit, database, moment, signed_in
from server.web.hiring.blueprint import blueprint, seat
from server.web.hiring.teams import ONE, team_context
from server.web.hiring.time import ROOT, candidate_here
from server.web.house import house

QUEUE, ERASE = "hiring/retention.html", "hiring/erase.html"
SHOWN = 100


@blueprint.get("/teams/<team_id>/retention")
def show_retention(team_id: str) -> ResponseReturnValue:
    here = seat(team_id)
    kept = list_kept(database(), here)
    page = min(max(1, request.args.get("page", 1, type=int)), max(1, -(-len(kept) // SHOWN)))
    shown = kept[(page - 1) * SHOWN : page * SHOWN]
    more = page + 1 if len(kept) > page * SHOWN else None
    return form_page(QUEUE, seat=here, kept=shown, total=len(kept), page_number=page, more=more, now=moment())


@blueprint.post("/teams/<team_id>/retention")
def send_retention(team_id: str) -> ResponseReturnValue:
    here, values = seat(team_id), typed("retention_days")
    try:
        set_retention(database(), here, values["retention_days"], moment())
    except Invalid as problem:
        return form_again(ONE, values, problem, **team_context(here))
    commit()
    flash(f"Candidates are kept for {here.team.retention_days} days after they hand in.", "good")
    return redirect(f"/teams/{team_id}", 303)


@blueprint.get(f"{ROOT}/erase")
def show_erase(team_id: str, job_id: str, candidate_id: str) -> ResponseReturnValue:
    here, job, seated = candidate_here(team_id, job_id, candidate_id)
    if note_names(database(), here, job, moment()):
        commit()
    return form_page(ERASE, **erase_context(here, job, seated))


@blueprint.post(f"{ROOT}/erase")
@guessing.by_address
def send_erase(team_id: str, job_id: str, candidate_id: str) -> ResponseReturnValue:
    here, job, seated = candidate_here(team_id, job_id, candidate_id)
    own, candidate = signed_in(), seated.candidate
    try:
        confirm(own, request.form.get("password", ""))
    except Invalid as problem:
        return form_again(ERASE, {}, problem, **erase_context(here, job, seated))
    erase_candidate(database(), candidate, house().keepers, house().settings.outbox, own.id, Why.team, moment())
    commit()
    flash("Everything that was kept of this person is deleted.", "good")
    return redirect(f"/teams/{team_id}/jobs/{job_id}/invitations", 303)


def erase_context(here: Seat, job: HiringJob, seated: Seated) -> dict[str, Any]:
    """By name, as on the page of invitations: names and codes do not stand on one page."""
    return {
        "seat": here,
        "job": job,
        "candidate": seated.candidate,
        "sitting": seated.sitting,
        "title": seated.candidate.name or seated.candidate.email,
        "due": due_at(seated.candidate, here.team, seated.sitting),
        "now": moment(),
    }
