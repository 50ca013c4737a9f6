"""The link of an invitation: kept in the cookie, shown, and opened by a post. Looking uses nothing: mail scanners look."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect
from flask import session as cookie
from flask.typing import ResponseReturnValue

from server.assessments.invitations.opening import find_invitation, newest_opened, open_invitation
from server.web.door import candidates_here, commit, database, let_candidate_in, moment
from server.web.limits import limiter
from server.web.links import keep_token
from server.web.pages import page

LINK = "invitation"
blueprint = Blueprint("invitation", __name__)


@blueprint.get("/invitation/<token>")
def keep_link(token: str) -> ResponseReturnValue:
    return keep_token(LINK, token)


@blueprint.get("/invitation")
def show_link() -> ResponseReturnValue:
    """Whoever goes back to this page after they opened it is led to where they were."""
    opened = newest_opened(database(), [someone.id for someone in candidates_here()]) if LINK not in cookie else None
    if opened is not None:
        return redirect(f"/invitations/{opened.id}", 303)
    _, team, job = find_invitation(database(), cookie.get(LINK, ""))
    response = make_response(page("takehome/open.html", team=team, job=job))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.post("/invitation")
@limiter.limit("60/minute")
def send_open() -> ResponseReturnValue:
    """Any number of times, from any browser: whoever has the mail gets back to their work."""
    candidate, session_token = open_invitation(database(), cookie.get(LINK, ""), moment())
    commit()
    cookie.pop(LINK, None)
    let_candidate_in(session_token)
    return redirect(f"/invitations/{candidate.id}", 303)
