"""Keeps every live process from the zygote within its memory, computing time and life time: one thread for all.

The memory and computing time of one process are limited by Linux (RLIMIT_AS, RLIMIT_CPU); what only a look from outside can bound
is the sum over all that a candidate's code forked. Summing resident memory is cheap and counts shared pages too often, so whoever
is over by that sum is looked at exactly before anything is done."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox import processes
from sandbox.child import Child
from sandbox.errors import Death

log = logging.getLogger(__name__)
TICK_SECONDS = 0.1
SHARE_OF_A_CORE = 0.05  # a look at many processes takes long: then the looks come less often
ROOM_BYTES = 64 << 20  # what a kernel needs for itself, and what a single process may reach by its own limit


@dataclass(frozen=True, slots=True)
class Sharing:
    """How much of the memory of the processes is the zygote's, and among how many it is divided."""

    zygote_bytes: int
    sharers: int

    def part_of(self, members: int) -> int:
        return self.zygote_bytes * members // (self.sharers + 1)


def over_by_sum(resident: int, sharing: Sharing, allowed: int) -> bool:
    return resident - sharing.zygote_bytes > allowed


def over_exactly(proportional: int, members: int, sharing: Sharing, allowed: int) -> bool:
    return proportional - sharing.part_of(members) > allowed


class Watchdog:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._watched: dict[Child, tuple[float, int]] = {}  # -> (end of its life, bytes of the zygote it shares)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def watch(self, child: Child, zygote_bytes: int) -> None:
        """Until it is gone."""
        with self._lock:
            self._watched[child] = (self.clock() + child.limits.session_seconds, zygote_bytes)
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep_looking, name="sandbox-watchdog", daemon=True)
                self._thread.start()

    def _keep_looking(self) -> None:
        while True:
            began = self.clock()
            try:
                self.look()
            except Exception:  # whatever it was, the next look must come: nobody else bounds what they take
                log.exception("the look at the sandboxed processes failed")
            with self._lock:
                if not self._watched:
                    self._thread = None
                    return
            time.sleep(max(TICK_SECONDS, (self.clock() - began) / SHARE_OF_A_CORE))

    def look(self) -> None:
        now = self.clock()
        with self._lock:
            self._watched = {child: facts for child, facts in self._watched.items() if child.alive()}
            watched = dict(self._watched)
        table = processes.process_table() if watched else {}
        trees = {child: processes.tree_in(table, child.pid) for child in watched}
        sharers = sum(map(len, trees.values()))
        for child, (ends, zygote_bytes) in watched.items():
            if now >= ends:
                child.kill(Death.session_over)
            elif sum(map(processes.cpu_seconds, trees[child])) > child.limits.cpu_seconds:
                child.kill(Death.cpu)
            elif self.takes_too_much(child, trees[child], table, Sharing(zygote_bytes, sharers)):
                log.info("process %s is stopped: more than %s MB of memory", child.pid, child.limits.memory_mb)
                child.kill(Death.memory)

    def takes_too_much(self, child: Child, tree: list[int], table: processes.Table, sharing: Sharing) -> bool:
        allowed = (child.limits.memory_mb << 20) + ROOM_BYTES
        if not over_by_sum(sum(table[pid].resident_bytes for pid in tree), sharing, allowed):
            return False
        return over_exactly(sum(map(processes.proportional_bytes, tree)), len(tree), sharing, allowed)
