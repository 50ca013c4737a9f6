"""Who may see whose work it is: nobody before the decision, except whoever hires, with a reason that is kept."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.marking import Unblinding
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.rights import Right, may
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.database.insert import insert_once
from server.errors import Invalid, NotAllowed

LONGEST_REASON = 2_000
BLIND = "Who this is can be seen after the decision, or by whoever hires, with a reason."


def may_see_name(session: Session, seat: Seat, sitting: Sitting) -> bool:
    """Of those who hire: everybody after the decision, before it whoever unblinded."""
    if not may(seat.member.role, Right.hire):
        return False
    decided = session.get(Decision, sitting.id) is not None
    return decided or session.get(Unblinding, (sitting.id, seat.member.person_id)) is not None


def unblind(session: Session, seat: Seat, sitting: Sitting, reason: str, now: datetime) -> None:
    """For this member, from now on. The reason stays beside it; a later one changes nothing. Raises Invalid, NotAllowed."""
    seat.require(Right.hire)
    if not reason.strip():
        raise Invalid.fields({"reason": "Say why you need to know it now"})
    if len(reason) > LONGEST_REASON:
        raise Invalid.fields({"reason": f"At most {LONGEST_REASON:,} characters"})
    row = Unblinding(sitting_id=sitting.id, person_id=seat.member.person_id, reason=reason.strip(), at=now)
    if insert_once(session, row):
        record(session, seat.member.person_id, "sitting.unblind", f"team:{seat.team.id}", {"sitting": sitting.id}, now)


def candidate_seen(session: Session, seat: Seat, sitting: Sitting) -> Candidate:
    """The candidate with name and address. Raises NotAllowed for whoever is blind."""
    if not may_see_name(session, seat, sitting):
        raise NotAllowed(BLIND)
    return session.get_one(Candidate, sitting.candidate_id)
