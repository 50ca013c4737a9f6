"""Jobs of a team: the list, a new one, one of them with its advert read."""

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from server.assessments.blueprints.advert import FAMILIES, LONGEST, read_advert
from server.assessments.blueprints.job_openings import (
    Wording,
    close_job,
    list_openings,
    open_job,
    opening_of,
    reword_job,
    sort_skills,
)
from server.assessments.blueprints.roles import BY_KEY, ROLES, template
from server.assessments.blueprints.versions import list_versions
from server.assessments.tables.blueprints import HiringJob
from server.assessments.teams.rights import Right, may
from server.assessments.teams.seats import Seat
from server.errors import Invalid
from server.web.account.forms import form_again, form_page, typed
from server.web.door import commit, database, moment
from server.web.hiring.blueprint import blueprint, seat

LIST, ONE = "hiring/jobs.html", "hiring/job.html"


@blueprint.get("/teams/<team_id>/jobs")
def show_jobs(team_id: str) -> ResponseReturnValue:
    return form_page(LIST, **list_context(seat(team_id)))


@blueprint.post("/teams/<team_id>/jobs")
def send_job(team_id: str) -> ResponseReturnValue:
    here = seat(team_id)
    try:
        job = open_job(database(), here, wording(), moment())
    except Invalid as problem:
        return form_again(LIST, words(), problem, **list_context(here))
    commit()
    return redirect(f"/teams/{team_id}/jobs/{job.id}", 303)


@blueprint.get("/teams/<team_id>/jobs/<job_id>")
def show_job(team_id: str, job_id: str) -> ResponseReturnValue:
    here = seat(team_id)
    return form_page(ONE, **job_context(here, opening_of(database(), here, job_id)))


@blueprint.post("/teams/<team_id>/jobs/<job_id>")
def send_wording(team_id: str, job_id: str) -> ResponseReturnValue:
    here = seat(team_id)
    job = opening_of(database(), here, job_id)
    try:
        reword_job(database(), here, job, wording(), moment())
    except Invalid as problem:
        return form_again(ONE, words(), problem, **job_context(here, job))
    commit()
    flash("Saved.", "good")
    return redirect(f"/teams/{team_id}/jobs/{job_id}", 303)


@blueprint.post("/teams/<team_id>/jobs/<job_id>/skills")
def send_skills(team_id: str, job_id: str) -> ResponseReturnValue:
    here = seat(team_id)
    job = opening_of(database(), here, job_id)
    chosen = {name: request.form.get(name, "") for families in FAMILIES.values() for name in families}
    musts, wishes = ([name for name, want in chosen.items() if want == wanted] for wanted in ("must", "wish"))
    sort_skills(database(), here, job, musts, wishes, moment())
    commit()
    flash("Saved. Floors can be set for what is a must.", "good")
    return redirect(f"/teams/{team_id}/jobs/{job_id}", 303)


@blueprint.post("/teams/<team_id>/jobs/<job_id>/close")
def send_close(team_id: str, job_id: str) -> ResponseReturnValue:
    here = seat(team_id)
    close_job(database(), here, opening_of(database(), here, job_id), moment())
    commit()
    flash("The job is closed. It stays here to be read.", "good")
    return redirect(f"/teams/{team_id}/jobs", 303)


def words() -> dict[str, str]:
    """As they were typed; an advert is as long as it is."""
    return {**typed("title", "role", "composed_of"), "advert": request.form.get("advert", "")[: LONGEST + 1]}


def wording() -> Wording:
    return Wording(**words())


def list_context(here: Seat) -> dict[str, Any]:
    return {
        "seat": here,
        "jobs": list_openings(database(), here),
        "hires": may(here.member.role, Right.hire),
        "role_titles": {key: role.title for key, role in BY_KEY.items()},
        **role_context(),
    }


def job_context(here: Seat, job: HiringJob) -> dict[str, Any]:
    return {
        "seat": here,
        "job": job,
        "hires": may(here.member.role, Right.hire) and job.closed_at is None,
        "invites": may(here.member.role, Right.hire),
        "marks": may(here.member.role, Right.review),
        "reading": read_advert(job.advert) if job.advert else None,
        "role": template(job.role, job.composed_of),
        "families": FAMILIES,
        "sees_blueprint": may(here.member.role, Right.see_results),
        "has_blueprint": bool(list_versions(database(), job)),
        **role_context(),
    }


def role_context() -> dict[str, Any]:
    return {"roles": ROLES, "kinds_of_scientist": [BY_KEY[key] for role in ROLES for key in role.composed_of]}
