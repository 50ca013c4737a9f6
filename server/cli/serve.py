"""`touchstone serve`: prepare the data folder, then answer requests and keep kernels in one process, and grade in another."""

from __future__ import annotations

import logging
import os
import threading

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy.exc import OperationalError

from server import clock
from server.accounts.setup import make_setup_link
from server.bank.load import load_bundled
from server.cli.logs import set_up_logs
from server.database.migrate import upgrade
from server.errors import Unavailable
from server.files import exercises_folder
from server.settings import Settings, read_settings
from server.web.app import create_app
from server.wiring import House, open_house
from server.worker.apart import WorkersApart
from server.worker.clockwork import Clockwork
from server.worker.upkeep import Upkeep

log = logging.getLogger(__name__)


@click.command()
def serve() -> None:
    """Start Touchstone: pages and kernels in one process, grading in another."""
    settings = read_settings(os.environ)
    set_up_logs(settings.log_level)
    prepare(settings)
    Server(settings).run()


def prepare(settings: Settings) -> None:
    """Bring database and bank up to date, and print the operator's one-time link while there is no operator."""
    settings.data.mkdir(parents=True, exist_ok=True)
    house = open_house(settings)
    try:
        _upgrade(house)
        with house.sessions() as session:
            report = load_bundled(session, exercises_folder(), clock.now())
            link = make_setup_link(session, settings.base_url, clock.now())
            session.commit()
    finally:
        house.engine.dispose()
    click.echo(f"Touchstone: {report.listed} exercises in the bank. Data folder: {settings.data}")
    if link is not None:
        click.echo(f"Touchstone: set this site up once, within a day, at {link}")
    if settings.sandbox == "open":
        click.echo("Touchstone: TOUCHSTONE_SANDBOX=open: code runs without walls. Only for yourself, on your own computer.")
    click.echo(f"Touchstone: listening on {settings.base_url}")


def _upgrade(house: House) -> None:
    try:
        upgrade(house.engine)
    except OperationalError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        raise Unavailable(f"The database does not answer: {reason}. Start it, or correct TOUCHSTONE_DATABASE_URL.") from error


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with one worker process of many threads; the house is opened inside it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, object] = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": self._settings.threads,
            "timeout": 120,
            "graceful_timeout": 5,
            "keepalive": 30,
            "loglevel": "warning",
            "proc_name": "touchstone",
            "limit_request_line": 8190,
            "worker_exit": _close,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        house = open_house(self._settings)
        workers = WorkersApart()
        house.bell.also(workers.ring)
        threading.Thread(target=_warm_up, args=(house, workers), name="warm-up", daemon=True).start()
        Clockwork(house).start()
        Upkeep(house).start()
        app = create_app(house)
        app.extensions["touchstone-workers"] = workers
        app.extensions["touchstone-house"] = house
        return app


def _warm_up(house: House, workers: WorkersApart) -> None:
    """The first kernel should not wait for imports, and the operator hears of a missing wall at once. Grading begins after it."""
    house.test_sandbox()
    status, word, sentence = house.sandbox_condition()
    if status != "passed":
        log.error("the sandbox %s: %s `touchstone doctor` tells more.", word, sentence)
    if house.settings.workers:
        workers.start(sentence if status == "failed" else "")


def _close(_arbiter: object, worker: object) -> None:
    app = getattr(worker, "wsgi", None)
    extensions = getattr(app, "extensions", {})
    if "touchstone-workers" in extensions:
        extensions["touchstone-workers"].stop()
        extensions["touchstone-house"].close()
