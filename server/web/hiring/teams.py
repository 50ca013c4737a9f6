"""Teams: those of a person, one of them, its name and its profile."""

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from server.assessments.teams.members import list_invites, list_members
from server.assessments.teams.organisation import QUESTIONS, Archetype, Sliders, weights
from server.assessments.teams.rights import RIGHTS, Right, Role, may
from server.assessments.teams.seats import Seat, answer_profile, create_team, rename_team, set_profile, teams_of
from server.errors import Invalid
from server.exercise_format.words import KINDS
from server.web.account.forms import form_again, form_page, typed
from server.web.door import commit, database, moment, signed_in
from server.web.hiring.blueprint import blueprint, seat

LIST, ONE, PROFILE = "hiring/teams.html", "hiring/team.html", "hiring/profile.html"
SLIDERS = (
    ("research", "Software or research", "mostly software", "mostly research"),
    ("data", "Ownership of data", "others own the data", "the team owns the data"),
    ("models", "Ownership of models", "models are handed over", "the team runs its models"),
)


@blueprint.get("/teams")
def show_teams() -> ResponseReturnValue:
    return form_page(LIST, seats=teams_of(database(), signed_in().id))


@blueprint.post("/teams")
def send_team() -> ResponseReturnValue:
    values = typed("name")
    try:
        team = create_team(database(), signed_in().id, values["name"], moment())
    except Invalid as problem:
        return form_again(LIST, values, problem, seats=teams_of(database(), signed_in().id))
    commit()
    return redirect(f"/teams/{team.id}", 303)


@blueprint.get("/teams/<team_id>")
def show_team(team_id: str) -> ResponseReturnValue:
    return form_page(ONE, **team_context(seat(team_id)))


@blueprint.post("/teams/<team_id>/name")
def send_name(team_id: str) -> ResponseReturnValue:
    here, values = seat(team_id), typed("name")
    try:
        rename_team(database(), here, values["name"], moment())
    except Invalid as problem:
        return form_again(ONE, values, problem, **team_context(here))
    commit()
    flash("The name is changed.", "good")
    return redirect(f"/teams/{team_id}", 303)


@blueprint.get("/teams/<team_id>/profile")
def show_profile(team_id: str) -> ResponseReturnValue:
    return form_page(PROFILE, **profile_context(seat(team_id)))


@blueprint.post("/teams/<team_id>/profile/answers")
def send_answers(team_id: str) -> ResponseReturnValue:
    here = seat(team_id)
    given = {question.key: request.form[question.key] for question in QUESTIONS if question.key in request.form}
    try:
        answer_profile(database(), here, given, moment())
    except Invalid as problem:
        return form_again(PROFILE, given, problem, **profile_context(here))
    commit()
    flash("Placed by your answers. Change it below where you know better.", "good")
    return redirect(f"/teams/{team_id}/profile", 303)


@blueprint.post("/teams/<team_id>/profile")
def send_profile(team_id: str) -> ResponseReturnValue:
    here = seat(team_id)
    sliders = {key: request.form.get(key, -1, type=int) for key, *_ in SLIDERS}
    try:
        set_profile(database(), here, request.form.get("archetype", ""), sliders, moment())
    except Invalid as problem:
        shown = Invalid.fields({"archetype": problem.sentence})
        return form_again(PROFILE, {}, shown, **profile_context(here))
    commit()
    flash("The profile is saved.", "good")
    return redirect(f"/teams/{team_id}/profile", 303)


def team_context(here: Seat) -> dict[str, Any]:
    manages = may(here.member.role, Right.manage_members)
    return {
        "seat": here,
        "members": list_members(database(), here),
        "invites": list_invites(database(), here, moment()) if manages else [],
        "manages": manages,
        "edits": may(here.member.role, Right.edit_team),
        "hires": may(here.member.role, Right.hire),
        "reads_log": may(here.member.role, Right.see_log),
        "roles": [(role.value, [right.value for right in Right if right in RIGHTS[role]]) for role in Role],
    }


def profile_context(here: Seat) -> dict[str, Any]:
    team, kinds = here.team, {kind.name: kind.help for kind in KINDS}
    found = weights(Archetype(team.archetype), Sliders(**team.sliders), tuple(kinds)) if team.archetype else ()
    return {
        "seat": here,
        "edits": may(here.member.role, Right.edit_team),
        "questions": QUESTIONS,
        "archetypes": [archetype.value for archetype in Archetype],
        "sliders": SLIDERS,
        "weights": found,
        "kinds": kinds,
    }
