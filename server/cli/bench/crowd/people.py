"""The process of all people of a load: reads a `Plan` from its input, writes what they did to its output, both as JSON.

A thread is a person. They wait nearly all the time, so one process has room for hundreds of them.
"""

from __future__ import annotations

import sys
import threading
import time

import msgspec

from server.cli.bench.crowd.person import Person
from server.cli.bench.crowd.plan import ARRIVALS_PER_SECOND, Act, Plan

STACK_BYTES = 512 * 1024


class Lived(msgspec.Struct, frozen=True):
    acts: list[Act]
    seconds: float
    cpu_seconds: float  # what acting them cost


def live(plan: Plan) -> Lived:
    """All people from the first arrival until the last one has finished what they were doing."""
    threading.stack_size(STACK_BYTES)
    over, began = threading.Event(), time.monotonic()
    people = [Person(number, plan, began, over) for number in range(plan.people)]
    threads = []
    for number, person in enumerate(people):
        _sleep_until(began + number / ARRIVALS_PER_SECOND)
        threads.append(threading.Thread(target=person.live, name=f"person-{number}"))
        threads[-1].start()
    _sleep_until(began + plan.measured_from + plan.seconds)
    over.set()
    for thread in threads:
        thread.join()
    acts = [act for person in people for act in person.acts]
    return Lived(acts, time.monotonic() - began, time.process_time())


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


if __name__ == "__main__":
    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    sys.stdout.buffer.write(msgspec.json.encode(live(plan)))
