"""`touchstone work`: the queue's threads, without pages."""

from __future__ import annotations

import os
import signal
import sys
import threading

import click

from sandbox.inside.stack import ARRAYS, TABLES
from server.cli.logs import set_up_logs
from server.settings import read_settings
from server.wiring import House, open_house
from server.worker.loop import Workers

CHUNK = 4_096


@click.command()
@click.option("--attached", is_flag=True, help="Started by a server: each byte on standard input rings, its end ends this.")
@click.option("--barred", default="", help="Why nobody's code may be run, as the server's self-test found it.")
def work(attached: bool, barred: str) -> None:
    """Run the jobs of the queue: gradings and mails. `touchstone serve` starts one of these by itself; more may run beside it."""
    settings = read_settings(os.environ)
    set_up_logs(settings.log_level)
    over = threading.Event()
    listen_to_signals(over, attached)
    house = open_house(settings)
    workers = Workers(house, settings.workers)
    threading.Thread(target=_begin, args=(house, workers, attached, barred), name="begin", daemon=True).start()
    if attached:
        threading.Thread(target=_hear, args=(house, over), name="bell", daemon=True).start()
    over.wait()
    workers.stop()
    house.close()


def listen_to_signals(over: threading.Event, attached: bool) -> None:
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    # Ctrl-C at a terminal reaches the server too, which then closes our input.
    signal.signal(signal.SIGINT, signal.SIG_IGN if attached else lambda *_: over.set())


def _begin(house: House, workers: Workers, attached: bool, barred: str) -> None:
    """The walls come first. A server's own process is told what the server found; others look for themselves."""
    if attached:
        house.forkservers.bar(barred)
    else:
        house.test_sandbox()
    workers.start()
    if not barred:
        for stack in (ARRAYS, TABLES):  # the first grading should not wait for imports
            house.forkservers.of().start(stack)


def _hear(house: House, over: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), CHUNK):
        house.bell.ring()
    over.set()
