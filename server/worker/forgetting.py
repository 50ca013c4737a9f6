"""Once a day: candidates whose time is over are erased, and previews that members made."""

from __future__ import annotations

import logging
from datetime import datetime

from server.assessments.privacy.erasing import Why, erase_candidate, erase_preview
from server.assessments.privacy.retention import find_due, list_due
from server.wiring import House

log = logging.getLogger(__name__)

BY = "server"


def forget_due_candidates(house: House, now: datetime) -> int:
    """Each in a transaction of its own: one that cannot be erased keeps nobody else. Returns how many went."""
    with house.sessions() as session:
        due = list_due(session, now)
    return sum(_forget(house, candidate_id, now) for candidate_id in due)


def _forget(house: House, candidate_id: str, now: datetime) -> bool:
    try:
        with house.sessions() as session:
            candidate = find_due(session, candidate_id, now)
            if candidate is None:
                return False
            if candidate.preview:
                erase_preview(session, candidate, house.keepers)
            else:
                erase_candidate(session, candidate, house.keepers, house.settings.outbox, BY, Why.time, now)
            session.commit()
            return True
    except Exception:  # one candidate's door
        log.exception("candidate %s could not be erased; tried again tomorrow", candidate_id)
        return False
