"""What has to be done now and then: idle kernels are ended each minute, what nobody can come back to is forgotten each day."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

from server import clock
from server.accounts.guests import forget_lost_guests
from server.queue.jobs import forget_old
from server.wiring import House

log = logging.getLogger(__name__)

LOOK_EVERY = 60.0  # seconds
SWEEP_EVERY = timedelta(days=1)


class Upkeep:
    """One thread of this process."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._stopping = threading.Event()
        self._swept_at: datetime | None = None
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
        """End idle kernels, and sweep when a day has passed since the last time."""
        self._house.rooms.close_idle()
        if self._swept_at is None or now - self._swept_at >= SWEEP_EVERY:
            sweep(self._house, now)
            self._swept_at = now


def sweep(house: House, now: datetime) -> None:
    """Guests whose last session is over, and jobs that were done long ago."""
    with house.sessions() as session:
        guests = forget_lost_guests(session, house.keepers, now)
        jobs = forget_old(session, now)
        session.commit()
    log.info("swept %s guests and %s jobs", guests, jobs)
