"""Members of a team: invite, change what they may do, take out, leave."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from server.assessments.teams.members import change_role, invite_member, remove_member, take_back
from server.errors import Invalid
from server.web.account.forms import form_again, typed
from server.web.door import commit, database, moment, signed_in
from server.web.hiring.blueprint import blueprint, seat
from server.web.hiring.teams import ONE, team_context
from server.web.house import house
from server.web.limits import limiter


@blueprint.post("/teams/<team_id>/invites")
@limiter.limit("60 per hour", methods=["POST"])
def send_invite(team_id: str) -> ResponseReturnValue:
    here, values = seat(team_id), typed("email", "role")
    try:
        made = invite_member(database(), here, values["email"], values["role"], moment())
    except Invalid as problem:
        return form_again(ONE, values, problem, **team_context(here))
    commit()
    house().queue_wake()
    flash(f"{made.email} is invited as {made.role}.", "good")
    return redirect(f"/teams/{team_id}", 303)


@blueprint.post("/teams/<team_id>/invites/<invite_id>/take-back")
def send_take_back(team_id: str, invite_id: str) -> ResponseReturnValue:
    take_back(database(), seat(team_id), invite_id, moment())
    commit()
    flash("The invitation is taken back; its link stopped working.", "good")
    return redirect(f"/teams/{team_id}", 303)


@blueprint.post("/teams/<team_id>/members/<person_id>/role")
def send_role(team_id: str, person_id: str) -> ResponseReturnValue:
    change_role(database(), seat(team_id), person_id, request.form.get("role", ""), moment())
    commit()
    flash("Changed.", "good")
    return redirect(f"/teams/{team_id}", 303)


@blueprint.post("/teams/<team_id>/members/<person_id>/remove")
def send_removal(team_id: str, person_id: str) -> ResponseReturnValue:
    remove_member(database(), seat(team_id), person_id, moment())
    commit()
    if person_id == signed_in().id:
        flash("You left the team.", "good")
        return redirect("/teams", 303)
    flash("Taken out of the team.", "good")
    return redirect(f"/teams/{team_id}", 303)
