"""The practice room: the same notebook with a small task, no clock, and nothing that the team sees."""

from __future__ import annotations

from sqlmodel import Session, col, select

from server.assessments.tables.blueprints import BlueprintRow
from server.assessments.tables.invitations import Candidate
from server.bank.tables import Exercise
from server.errors import Unavailable
from server.workspaces.open import find_workspace
from server.workspaces.tables import Workspace


def room_exercise(session: Session, blueprint: BlueprintRow) -> Exercise:
    """A short one with checks to try, and none of the take-home's own. Raises Unavailable when the bank has none."""
    taken = [task["slug"] for task in blueprint.tasks]
    listed = select(Exercise).where(
        col(Exercise.retired_at).is_(None), col(Exercise.slug).not_in(taken), Exercise.checks_visible > 0
    )
    found = session.exec(listed.order_by(col(Exercise.kind) != "coding", col(Exercise.minutes), col(Exercise.slug))).first()
    if found is None:
        raise Unavailable("There is no practice task on this site just now. Nothing is lost: the take-home itself works.")
    return found


def room_of(session: Session, candidate: Candidate, slug: str) -> Workspace | None:
    """The candidate's workspace there, once it was opened."""
    return find_workspace(session, candidate.person_id, slug) if candidate.person_id else None
