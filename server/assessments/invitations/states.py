"""Where an invitation stands: one pure function of the candidate's row, their sitting and the moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting


class State(StrEnum):
    """In the order in which an invitation usually goes through them."""

    waiting = "waiting"  # the mail has not left
    sent = "sent"
    opened = "opened"
    started = "started"
    submitted = "submitted"
    expired = "expired"
    bounced = "bounced"
    declined = "declined"
    withdrawn = "withdrawn"


SENTENCES = {
    State.waiting: "The mail has not left yet.",
    State.sent: "The mail left; nobody has opened the link yet.",
    State.opened: "The link was opened; the work has not begun.",
    State.started: "The work has begun.",
    State.submitted: "The work is handed in.",
    State.expired: "The window closed before the work began.",
    State.bounced: "The mail did not arrive.",
    State.declined: "Does not want to take part.",
    State.withdrawn: "The team took the invitation back.",
}
OPEN = frozenset({State.waiting, State.sent, State.opened, State.started, State.bounced})


@dataclass(frozen=True, slots=True)
class InviteState:
    """`at`: since when."""

    state: State
    sentence: str
    at: datetime

    @property
    def is_open(self) -> bool:
        """Something can still come of it, if need be with another mail."""
        return self.state in OPEN


def state_of(candidate: Candidate, sitting: Sitting | None, now: datetime) -> InviteState:
    """Work that was handed in or began says more than whatever became of its mail."""
    state, at = _found(candidate, sitting, now)
    sentence = SENTENCES[state]
    if state is State.bounced and candidate.bounce:
        sentence = f"{sentence} {candidate.bounce}"
    return InviteState(state, sentence, at)


def _found(candidate: Candidate, sitting: Sitting | None, now: datetime) -> tuple[State, datetime]:
    if sitting is not None and sitting.handed_in_at is not None:
        return State.submitted, sitting.handed_in_at
    if candidate.withdrawn_at is not None:
        return State.withdrawn, candidate.withdrawn_at
    if sitting is not None:
        return State.started, sitting.started_at
    if candidate.declined_at is not None:
        return State.declined, candidate.declined_at
    if now > candidate.closes_at:
        return State.expired, candidate.closes_at
    if candidate.opened_at is not None:
        return State.opened, candidate.opened_at
    if candidate.bounced_at is not None:
        return State.bounced, candidate.bounced_at
    if candidate.sent_at is not None:
        return State.sent, candidate.sent_at
    return State.waiting, candidate.created_at
