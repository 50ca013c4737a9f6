"""A whole site inside the test's own process, whose clock the test moves: pages, workers, kernels, the clocks of take-homes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.serving import make_server

from server import clock
from server.bank.load import load_bundled
from server.files import exercises_folder
from server.web.app import create_app
from server.wiring import House
from server.worker.clockwork import Clockwork, look
from server.worker.loop import Workers
from tests.people import whole_house
from tests.serving import free_port

BETWEEN_BEATS = timedelta(seconds=10)


@dataclass
class MovedClock:
    """The machine's clock, moved by as much as a test says."""

    moved: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.moved

    def move(self, **by: float) -> None:
        """At once: for a site with sittings that would be an outage."""
        self.moved += timedelta(**by)


@dataclass
class MovingSite:
    house: House
    clock: MovedClock
    address: str
    app: Flask

    def pass_time(self, **by: float) -> None:
        """As if so much time went by: with the site's beats in it, or it would be an outage, and given back."""
        until = self.clock.moved + timedelta(**by)
        while self.clock.moved < until:
            self.clock.moved = min(until, self.clock.moved + BETWEEN_BEATS)
            look(self.house, self.clock.now())


@contextmanager
def moving_site(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: object) -> Iterator[MovingSite]:
    """Everything that asks for the time asks the one place that is moved here."""
    moved, port = MovedClock(), free_port()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    monkeypatch.setattr(clock, "now", moved.now)
    address = f"http://127.0.0.1:{port}"
    house = whole_house(engine, folder, base_url=address, port=port, **settings)
    with house.sessions() as session:
        load_bundled(session, exercises_folder(), moved.now())
        session.commit()
    workers, clockwork = Workers(house, 2), Clockwork(house)
    app = create_app(house, moved.now)
    server = make_server("127.0.0.1", port, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever, name="pages", daemon=True)
    clockwork.start()
    workers.start()
    serving.start()
    try:
        yield MovingSite(house, moved, address, app)
    finally:
        server.shutdown()
        clockwork.stop()
        workers.stop()
        house.close()
