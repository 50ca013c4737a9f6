"""One candidate's time: what runs, what they reported, what the team gives them. By name: whoever is here invited them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlmodel import col, select

from server.assessments.blueprints.job_openings import opening_of
from server.assessments.invitations.windows import NO_MOMENT, read_moment
from server.assessments.invitations.wording import minutes
from server.assessments.sittings.candidate_acts import list_problems
from server.assessments.sittings.courses import Seated, seat_candidate
from server.assessments.sittings.deadline import credited, whole_time
from server.assessments.sittings.granting import answer_problem, go_on, grant_minutes, pause, reopen
from server.assessments.tables.blueprints import HiringJob
from server.assessments.tables.invitations import Candidate
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.errors import Invalid, NotFound
from server.web.account.forms import form_again, form_page
from server.web.door import commit, database, moment
from server.web.hiring.blueprint import blueprint, seat

PAGE = "hiring/time.html"
ROOT = "/teams/<team_id>/jobs/<job_id>/candidates/<candidate_id>"


def candidate_here(team_id: str, job_id: str, candidate_id: str) -> tuple[Seat, HiringJob, Seated]:
    """Through team and job. Raises NotFound, NotAllowed."""
    here = seat(team_id)
    job = opening_of(database(), here, job_id)
    here.require(Right.hire)
    wanted = select(Candidate).where(Candidate.id == candidate_id, Candidate.job_id == job.id, col(Candidate.erased_at).is_(None))
    candidate = database().exec(wanted).first()
    if candidate is None:
        raise NotFound("There is no such candidate in this job.")
    return here, job, seat_candidate(database(), candidate)


@blueprint.get(f"{ROOT}/time")
def show_time(team_id: str, job_id: str, candidate_id: str) -> ResponseReturnValue:
    return form_page(PAGE, **time_context(*candidate_here(team_id, job_id, candidate_id)))


@blueprint.post(f"{ROOT}/grant")
def send_grant(team_id: str, job_id: str, candidate_id: str) -> ResponseReturnValue:
    typed = request.form.get("minutes", "")

    def act(here: Seat, seated: Seated) -> str:
        grant_minutes(database(), here, seated, int(typed) if typed.isdecimal() and len(typed) < 6 else 0, moment())
        return f"{typed} minutes more. The candidate sees it within a minute."

    return _done(candidate_here(team_id, job_id, candidate_id), act, {"minutes": typed})


@blueprint.post(f"{ROOT}/pause")
def send_pause(team_id: str, job_id: str, candidate_id: str) -> ResponseReturnValue:
    def act(here: Seat, seated: Seated) -> str:
        if request.form.get("answer") == "on":
            go_on(database(), here, seated, moment())
            return "The clock runs again."
        pause(database(), here, seated, moment())
        return "The clock stands still, and so does the notebook, until you let it go on."

    return _done(candidate_here(team_id, job_id, candidate_id), act, {})


@blueprint.post(f"{ROOT}/reopen")
def send_reopen(team_id: str, job_id: str, candidate_id: str) -> ResponseReturnValue:
    typed = request.form.get("until", "")

    def act(here: Seat, seated: Seated) -> str:
        reopen(database(), here, seated, until(typed), moment())
        return "Opened again. The link in the candidate's mail leads back to the work as it was left."

    return _done(candidate_here(team_id, job_id, candidate_id), act, {"until": typed})


@blueprint.post(f"{ROOT}/problems/<problem_id>")
def send_problem_answer(team_id: str, job_id: str, candidate_id: str, problem_id: str) -> ResponseReturnValue:
    typed = request.form.get("answer", "")[:5_000]

    def act(here: Seat, seated: Seated) -> str:
        answer_problem(database(), here, seated, problem_id, typed, moment())
        return "Answered. The candidate reads it on the page of the task."

    return _done(candidate_here(team_id, job_id, candidate_id), act, {"answer": typed})


def _done(
    found: tuple[Seat, HiringJob, Seated], act: Callable[[Seat, Seated], str], values: dict[str, str]
) -> ResponseReturnValue:
    here, job, seated = found
    try:
        said = act(here, seated)
    except Invalid as problem:
        return form_again(PAGE, values, problem, **time_context(*found))
    commit()
    flash(said, "good")
    return redirect(f"/teams/{here.team.id}/jobs/{job.id}/candidates/{seated.candidate.id}/time", 303)


def until(typed: str) -> datetime:
    """Raises Invalid."""
    try:
        found = read_moment(typed, last=True)
    except ValueError as error:
        raise Invalid.fields({"until": str(error)}) from error
    if found is None:
        raise Invalid.fields({"until": NO_MOMENT})
    return found


def time_context(here: Seat, job: HiringJob, seated: Seated) -> dict[str, Any]:
    standing, sitting = seated.standing(moment()), seated.sitting
    given_back = credited(seated.terms, seated.course, moment())
    return {
        "seat": here,
        "job": job,
        "candidate": seated.candidate,
        "root": f"/teams/{here.team.id}/jobs/{job.id}/candidates/{seated.candidate.id}",
        "sitting": sitting,
        "standing": standing,
        "left": minutes(standing.left) if standing.left else "",
        "allowed": minutes(whole_time(seated.terms, seated.course)),
        "given_back": minutes(given_back) if given_back else "",
        "problems": list_problems(database(), sitting) if sitting else [],
    }
