"""Who a candidate is: shown to those who hire, after the decision, or before it for a reason that is kept."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue
from sqlmodel import col, select

from server.accounts.tables import Person
from server.assessments.privacy.looks import note_look
from server.assessments.privacy.unblinding import candidate_seen, may_see_name, unblind
from server.assessments.tables.marking import Unblinding
from server.assessments.teams.rights import Right
from server.errors import Invalid
from server.web.account.forms import form_again, form_page
from server.web.door import commit, database, moment
from server.web.hiring.blueprint import blueprint
from server.web.hiring.marking import ONE, At, at_sitting

FORM, SEEN = "hiring/marking/unblind.html", "hiring/marking/seen.html"
LONGEST_TYPED = 5_000


@blueprint.get(f"{ONE}/unblind")
def show_unblind(team_id: str, job_id: str, sitting_id: str) -> ResponseReturnValue:
    at = at_sitting(team_id, job_id, sitting_id)
    at.seat.require(Right.hire)
    if not may_see_name(database(), at.seat, at.sitting):
        return form_page(FORM, at=at)
    candidate = candidate_seen(database(), at.seat, at.sitting)
    shown = form_page(SEEN, at=at, candidate=candidate, unblindings=_unblindings(at))
    if note_look(database(), at.seat, at.sitting, moment()):
        commit()
    return shown


@blueprint.post(f"{ONE}/unblind")
def send_unblind(team_id: str, job_id: str, sitting_id: str) -> ResponseReturnValue:
    at = at_sitting(team_id, job_id, sitting_id)
    reason = request.form.get("reason", "")[:LONGEST_TYPED]
    try:
        unblind(database(), at.seat, at.sitting, reason, moment())
    except Invalid as problem:
        return form_again(FORM, {"reason": reason}, problem, at=at)
    commit()
    return redirect(f"{at.root}/unblind", 303)


def _unblindings(at: At) -> list[tuple[str, Unblinding]]:
    """Who saw it before the decision, and why."""
    wanted = select(Person.name, Unblinding).join(Person, col(Person.id) == col(Unblinding.person_id))
    return list(database().exec(wanted.where(Unblinding.sitting_id == at.sitting.id).order_by(col(Unblinding.at))))
