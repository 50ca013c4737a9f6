"""One invitation, by name: where it stands, another mail, another window, an answer to a request, taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from server.assessments.invitations.candidates import Invited, invited_of
from server.assessments.invitations.changes import LONGEST_ANSWER, answer_adjustment, change_window, resend, take_back
from server.assessments.invitations.states import State
from server.assessments.invitations.windows import Window, read_moment, read_percent
from server.assessments.privacy.looks import note_names
from server.assessments.tables.blueprints import HiringJob
from server.assessments.teams.seats import Seat
from server.errors import Invalid
from server.web.account.forms import form_again, form_page, typed
from server.web.door import commit, database, moment
from server.web.hiring.blueprint import blueprint
from server.web.hiring.invitations import ROOT, TONES, address, asks, field_moment, job_here, understood
from server.web.house import house
from server.web.limits import by_person, limiter

PAGE = "hiring/invitation.html"
ONE = f"{ROOT}/<candidate_id>"


@blueprint.get(ONE)
def show_one(team_id: str, job_id: str, candidate_id: str) -> ResponseReturnValue:
    here, job = job_here(team_id, job_id)
    found = invited_of(database(), here, job, candidate_id, moment())
    if note_names(database(), here, job, moment()):
        commit()
    return form_page(PAGE, window_values(found), **one_context(here, job, found))


@blueprint.post(f"{ONE}/resend")
@limiter.limit("120/hour", key_func=by_person)
def send_again(team_id: str, job_id: str, candidate_id: str) -> ResponseReturnValue:
    here, job = job_here(team_id, job_id)
    found = invited_of(database(), here, job, candidate_id, moment())
    resend(database(), here, found, moment())
    commit()
    house().queue_wake()
    return _back(here, job, found, "Another mail leaves in a moment. The earlier link stops working then.")


@blueprint.post(f"{ONE}/take-back")
def send_candidate_back(team_id: str, job_id: str, candidate_id: str) -> ResponseReturnValue:
    here, job = job_here(team_id, job_id)
    found = invited_of(database(), here, job, candidate_id, moment())
    take_back(database(), here, found, moment())
    commit()
    return _back(here, job, found, "The invitation is taken back; its link stopped working.")


@blueprint.post(f"{ONE}/window")
def send_window(team_id: str, job_id: str, candidate_id: str) -> ResponseReturnValue:
    here, job = job_here(team_id, job_id)
    found = invited_of(database(), here, job, candidate_id, moment())
    values = typed("opens", "closes", "extra_percent")
    try:
        window, extra = window_typed(values, found)
        change_window(database(), here, job, found, window, extra, moment())
    except Invalid as problem:
        return form_again(PAGE, values, problem, **one_context(here, job, found))
    commit()
    said = "Changed. The candidate sees it on their page; send the mail again if they should hear of it."
    return _back(here, job, found, said)


@blueprint.post(f"{ONE}/adjustment")
def send_adjustment_answer(team_id: str, job_id: str, candidate_id: str) -> ResponseReturnValue:
    """The field of the extra time has a name of its own: the page has two of them."""
    here, job = job_here(team_id, job_id)
    found = invited_of(database(), here, job, candidate_id, moment())
    values = {**window_values(found), **typed("extra"), "answer": request.form.get("answer", "")[: LONGEST_ANSWER + 1]}
    try:
        problems: dict[str, str] = {}
        extra = understood("extra_percent", lambda: read_percent(values["extra"]), problems) or 0
        if problems:
            raise Invalid.fields(problems)
        answer_adjustment(database(), here, found, request.form.get("asked", ""), values["answer"], extra, moment())
    except Invalid as problem:
        renamed = {"extra" if field == "extra_percent" else field: said for field, said in problem.errors.items()}
        return form_again(PAGE, values, Invalid.fields(renamed), **one_context(here, job, found))
    commit()
    return _back(here, job, found, "Answered. The candidate reads it on their page; markers are not told.")


def window_typed(values: dict[str, str], found: Invited) -> tuple[Window, int]:
    """A field that was left as it was keeps the moment to the second. Raises Invalid."""
    problems: dict[str, str] = {}
    candidate = found.candidate
    opens = _moment_typed("opens", values["opens"], candidate.opens_at, False, problems)
    closes = _moment_typed("closes", values["closes"], candidate.closes_at, True, problems)
    extra = understood("extra_percent", lambda: read_percent(values["extra_percent"]), problems) or 0
    if problems:
        raise Invalid.fields(problems)
    return Window(opens, closes), extra


def _moment_typed(field: str, text: str, current: datetime, last: bool, problems: dict[str, str]) -> datetime:
    if text == field_moment(current):
        return current
    return understood(field, lambda: read_moment(text, last=last), problems) or current


def window_values(found: Invited) -> dict[str, str]:
    candidate = found.candidate
    return {
        "opens": field_moment(candidate.opens_at),
        "closes": field_moment(candidate.closes_at),
        "extra_percent": str(candidate.extra_percent),
        "extra": str(candidate.extra_percent),
        "answer": candidate.adjustment_answer,
    }


def one_context(here: Seat, job: HiringJob, found: Invited) -> dict[str, Any]:
    state = found.state.state
    settled = state in (State.submitted, State.withdrawn, State.declined)
    return {
        "seat": here,
        "job": job,
        "root": address(here, job),
        "found": found,
        "candidate": found.candidate,
        "title": found.candidate.name or found.candidate.email,
        "tone": TONES.get(state, ""),
        "asks": asks(found),
        "changes": not settled,
        "resends": state not in (State.withdrawn, State.declined, State.waiting, State.expired),
        "takes_back": state not in (State.withdrawn, State.submitted),
    }


def _back(here: Seat, job: HiringJob, found: Invited, said: str) -> ResponseReturnValue:
    flash(said, "good")
    return redirect(f"{address(here, job)}/{found.candidate.id}", 303)
