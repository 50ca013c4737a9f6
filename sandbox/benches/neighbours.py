"""How much honest people notice of attackers beside them: `touchstone bench neighbours`."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sandbox.benches.kernels import spread
from sandbox.environments import candidate_python
from sandbox.kernels.kernel import Event, Kernel
from sandbox.kernels.pool import Kernels
from sandbox.limits import Limits
from sandbox.processes.forkserver import ForkServer

HONEST = 5
HONEST_WORK = """
import numpy as np, pandas as pd
frame = pd.DataFrame({"x": np.arange(5_000) % 7, "y": np.random.rand(5_000)})
print(frame.groupby("x").y.mean().round(3).to_dict())
"""
THINK_SECONDS = 0.1
LIMITS = Limits(memory_mb=512, cell_seconds=6)
ATTACKS = {
    "fork bomb": """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
""",
    "memory hog": """
import os, time
hoard = []
for _ in range(8):
    if os.fork() == 0:
        while True:
            hoard.append(bytearray(b"x" * 10**7))
time.sleep(60)
""",
    "output flood": "while True: print('x' * 1000)",
    "loop that holds the GIL": "sum(range(10**12))",
    "disk filler": """
number = 0
while True:
    with open(f"fill{number}", "wb") as stream:
        stream.write(b"x" * (1 << 20))
    number += 1
""",
}


def measure_neighbours(python: Path | None = None, seconds: float = 10) -> dict[str, Any]:
    """Milliseconds of an honest cell before and while one kernel of each attack runs, and what each attacker is told."""
    forkserver = ForkServer(python or candidate_python())
    kernels = Kernels(forkserver, ceiling=HONEST + len(ATTACKS) + 1)
    try:
        with ExitStack() as stack:
            honest = [stack.enter_context(kernels.borrow()) for _ in range(HONEST)]
            before = work(honest, seconds)
            with attackers(kernels) as told:
                during = work(honest, seconds)
            return {
                "honest_kernels": HONEST,
                "attackers": len(ATTACKS),
                "honest_before_ms": spread([1000 * each for each in before]),
                "honest_during_ms": spread([1000 * each for each in during]),
                "honest_failures": 0,  # `work` raises at the first one
                "attackers_were_told": told,
            }
    finally:
        kernels.close()
        forkserver.close()


def work(honest: list[Kernel], seconds: float) -> list[float]:
    """All of them at once, each with a moment of thought between cells. -> seconds of each cell"""
    times: list[float] = []
    troubles: list[Event] = []

    def one(kernel: Kernel) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            began = time.perf_counter()
            done = list(kernel.run(HONEST_WORK))[-1]
            times.append(time.perf_counter() - began)
            if done.data["status"] != "ok":
                troubles.append(done)
            time.sleep(THINK_SECONDS)

    threads = [threading.Thread(target=one, args=(kernel,)) for kernel in honest]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if troubles:
        raise RuntimeError(f"an honest cell failed: {troubles[0]}")
    return times


@contextmanager
def attackers(kernels: Kernels) -> Iterator[dict[str, list[str]]]:
    """Each attacks again and again, in a fresh kernel when the last one was stopped. Yields what each was told so far."""
    over = threading.Event()
    told: dict[str, list[str]] = {name: [] for name in ATTACKS}
    threads = [threading.Thread(target=attack, args=(kernels, name, told[name], over)) for name in ATTACKS]
    for thread in threads:
        thread.start()
    try:
        time.sleep(0.5)  # until they are at it
        yield told
    finally:
        over.set()
        for thread in threads:
            thread.join()


def attack(kernels: Kernels, name: str, told: list[str], over: threading.Event) -> None:
    while not over.is_set():
        with kernels.borrow(LIMITS) as kernel:
            while not over.is_set() and kernel.alive:
                for event in kernel.run(ATTACKS[name]):
                    sentence = sentence_of(event)
                    if sentence and sentence not in told:
                        told.append(sentence)


def sentence_of(event: Event) -> str:
    return str(event.data["sentence"]) if event.kind in ("limit", "died") else ""
