"""What has to be done now and then.

Each minute idle kernels are ended, each hour the walls are tried, each day what nobody can come back to is forgotten.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

from server import clock
from server.accounts.guests import forget_lost_guests
from server.queue.jobs import forget_old
from server.wiring import House
from server.worker.forgetting import forget_due_candidates
from server.worker.loop import tell_owners

log = logging.getLogger(__name__)

LOOK_EVERY = 60.0  # seconds
TEST_EVERY = timedelta(hours=1)
SWEEP_EVERY = timedelta(days=1)
TELL_WITHIN = timedelta(days=1)  # at the start: what failed while no server ran, or as it ended
OVERLAP = timedelta(minutes=2)  # a job is stored as failed a little later than the moment it bears


class Upkeep:
    """One thread of this process."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._stopping = threading.Event()
        self._swept_at: datetime | None = None
        self._tested_at = clock.now()  # the start has its own test
        self._told_at: datetime | None = None
        self._thread = threading.Thread(target=self._work, name="upkeep", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()

    def _work(self) -> None:
        while not self._stopping.wait(LOOK_EVERY):
            try:
                self.look(clock.now())
            except Exception:  # the thread's door: a database that is away for a moment must not end the upkeep
                log.exception("the upkeep could not be done; it is tried again in a minute")

    def look(self, now: datetime) -> None:
        """End idle kernels and tell of lost jobs; try the walls and sweep when it is time again."""
        self._house.rooms.close_idle()
        tell_owners(self._house, self._told_at - OVERLAP if self._told_at else now - TELL_WITHIN)
        self._told_at = now
        if now - self._tested_at >= TEST_EVERY:
            self._house.test_sandbox()
            self._tested_at = now
        if self._swept_at is None or now - self._swept_at >= SWEEP_EVERY:
            sweep(self._house, now)
            self._swept_at = now


def sweep(house: House, now: datetime) -> None:
    """Candidates whose time is over, guests whose last session is, and jobs that were done long ago."""
    candidates = forget_due_candidates(house, now)
    with house.sessions() as session:
        guests = forget_lost_guests(session, house.keepers, now)
        jobs = forget_old(session, now)
        session.commit()
    log.info("swept %s candidates, %s guests and %s jobs", candidates, guests, jobs)
