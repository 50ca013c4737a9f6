"""The routes of hiring teams; each file of this folder adds those of its noun."""

from flask import Blueprint

from server.assessments.teams.seats import Seat, seat_of
from server.web.door import database, signed_in

blueprint = Blueprint("hiring", __name__)


def seat(team_id: str) -> Seat:
    """Who asks, in this team. A team of others is as if it did not exist."""
    return seat_of(database(), team_id, signed_in().id)
