"""The routes of a candidate, and who is asking there."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from server.assessments.sittings.closing import close_overdue
from server.assessments.sittings.courses import Seated, seat_candidate
from server.assessments.sittings.deadline import Phase, Standing
from server.assessments.sittings.sitting import CLOSED, candidate_of, tasks_of
from server.assessments.tables.blueprints import HiringJob
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting, SittingTask
from server.assessments.tables.teams import Team
from server.errors import Conflict
from server.web.door import candidates_here, commit, database, moment
from server.web.house import house

blueprint = Blueprint("takehome", __name__, url_prefix="/invitations/<candidate_id>")


@dataclass(frozen=True, slots=True)
class Here:
    """A candidate as this request finds them."""

    seated: Seated
    standing: Standing
    team: Team
    job: HiringJob

    @property
    def candidate(self) -> Candidate:
        return self.seated.candidate

    @property
    def root(self) -> str:
        return f"/invitations/{self.candidate.id}"

    @property
    def sitting(self) -> Sitting:
        """Raises Conflict before the start."""
        if self.seated.sitting is None:
            raise Conflict(CLOSED[Phase.ready], code=Phase.ready)
        return self.seated.sitting

    def tasks(self) -> list[SittingTask]:
        return tasks_of(database(), self.sitting)


def here(candidate_id: str) -> Here:
    """Whoever looks after the end closes what is over, should nobody else have done it. Raises NotFound."""
    candidate = candidate_of(database(), [someone.id for someone in candidates_here()], candidate_id)
    seated = seat_candidate(database(), candidate)
    if close_overdue(database(), seated, moment()):
        commit()
        house().queue_wake()
        seated = seat_candidate(database(), candidate)
    team, job = database().get_one(Team, candidate.team_id), database().get_one(HiringJob, candidate.job_id)
    return Here(seated, seated.standing(moment()), team, job)


def lead_on(at: Here) -> ResponseReturnValue:
    """To the page where this candidate is now."""
    phase = at.standing.phase
    if phase is Phase.running:
        return redirect(f"{at.root}/tasks/1", 303)
    if phase in (Phase.over, Phase.paused, Phase.handed_in):
        return redirect(f"{at.root}/{'receipt' if phase is Phase.handed_in else 'over'}", 303)
    return redirect(at.root, 303)
