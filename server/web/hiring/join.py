"""An invitation into a team: the link, what it is about, yes or no. Only the post answers it: mail scanners open links."""

from flask import flash, redirect, request
from flask import session as cookie
from flask.typing import ResponseReturnValue

from server.assessments.teams.members import answer_invite, find_invite
from server.assessments.teams.rights import RIGHTS, Right, Role
from server.web.door import commit, database, moment, person, signed_in
from server.web.hiring.blueprint import blueprint
from server.web.links import keep_token
from server.web.pages import page

LINK = "join"


@blueprint.get("/join/<token>")
def open_invite(token: str) -> ResponseReturnValue:
    return keep_token(LINK, token)


@blueprint.get("/join")
def show_invite() -> ResponseReturnValue:
    invite, team = find_invite(database(), cookie.get(LINK, ""), moment())
    rights = [right.value for right in Right if right in RIGHTS[Role(invite.role)]]
    someone = person()
    return page(
        "hiring/join.html", invite=invite, team=team, rights=rights, has_account=someone is not None and not someone.is_guest
    )


@blueprint.post("/join")
def send_answer() -> ResponseReturnValue:
    accept = request.form.get("answer") == "yes"
    team = answer_invite(database(), cookie.get(LINK, ""), signed_in(), accept, moment())
    commit()
    cookie.pop(LINK, None)
    flash(f"You are in the team {team.name}." if accept else "You declined the invitation.", "good")
    return redirect(f"/teams/{team.id}" if accept else "/", 303)
