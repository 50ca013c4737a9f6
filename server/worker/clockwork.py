"""What the clocks of take-homes need every few seconds: a beat, so that outages are known, and the hand-in of what is over.

The first beat comes before the first request, so that nobody is told that their time is up while we still owe them some.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime

from server import clock
from server.assessments.sittings.closing import close_overdue, is_overdue
from server.assessments.sittings.courses import seat_candidate, seat_running
from server.assessments.sittings.outages import beat
from server.assessments.tables.invitations import Candidate
from server.wiring import House

log = logging.getLogger(__name__)

EVERY = 5.0  # seconds; well under the silence that counts as an outage


class Clockwork:
    """One thread of the process that serves pages."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="clockwork", daemon=True)

    def start(self) -> None:
        self._look()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()

    def _work(self) -> None:
        while not self._stopping.wait(EVERY):
            self._look()

    def _look(self) -> None:
        try:
            look(self._house, clock.now())
        except Exception:  # the thread's door: a database that is away is an outage, and found as one later
            log.exception("the clocks of take-homes could not be looked after; tried again in a few seconds")


def look(house: House, now: datetime) -> int:
    """Beat, then hand in what is over. Returns how many sittings were closed."""
    with house.sessions() as session:
        outage = beat(session, now)
        session.commit()
        if outage is not None:
            log.warning("down from %s to %s: every sitting that ran then gets the time back", outage.since, outage.until)
        overdue = [seated.candidate.id for seated in seat_running(session) if is_overdue(seated, now)]
    closed = sum(_close(house, candidate_id, now) for candidate_id in overdue)
    if closed:
        house.queue_wake()
        log.info("time was up for %s sittings", closed)
    return closed


def _close(house: House, candidate_id: str, now: datetime) -> bool:
    """Each in a transaction of its own: one that cannot be handed in keeps nobody else waiting."""
    try:
        with house.sessions() as session:
            done = close_overdue(session, seat_candidate(session, session.get_one(Candidate, candidate_id)), now)
            session.commit()
            return done
    except Exception:
        log.exception("the sitting of candidate %s could not be handed in; tried again in a few seconds", candidate_id)
        return False
