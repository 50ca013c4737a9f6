"""Keeps every live process from a zygote within its memory, computing time, disk and life time: one thread for all.

Where Linux counts memory by control group, it ends what is over by itself, and the look from outside only tells why. Elsewhere
the address space of one process is limited by Linux (RLIMIT_AS) and the sum over all that was forked is bounded here.
Summing resident memory is cheap and counts shared pages too often, so whoever is over by that sum is looked at exactly before
anything is done. The more somebody holds, the sooner comes the next look."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from sandbox import files
from sandbox.errors import Death
from sandbox.processes import proc
from sandbox.processes.child import Child

log = logging.getLogger(__name__)
TICK_SECONDS = 0.1
SHORTEST_TICK = 0.01
FASTEST_GROWTH = 4 << 30  # bytes a second, on a few cores
SHARE_OF_A_CORE = 0.05  # a look at many processes takes long: then the looks come less often
LONGEST_TICK = 0.5  # but not so seldom that somebody who makes looks slow gains by it
LONGEST_LOOK = 1.0  # seconds for the exact look at one kernel; whoever makes it slower is judged by the sum
ROOM_BYTES = 48 << 20  # what a kernel needs for itself, and what a single process may reach by its own limit
SOCKET_BYTES = 212_992  # what may lie in the buffer of one, unless it is asked for more, which the filter refuses
SLOW_EVERY = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Sharing:
    """How much of the memory of the processes is the zygote's, and among how many it is divided."""

    zygote_bytes: int
    sharers: int

    def part_of(self, members: int) -> int:
        return self.zygote_bytes * members // (self.sharers + 1)


@dataclass(slots=True)
class Watched:
    child: Child
    ends: float  # of its life
    zygote_bytes: int
    slow_at: float = 0.0  # the next look at what changes slowly: computing time and files
    next_look: float = TICK_SECONDS


def most_by_sum(resident: list[int], sharing: Sharing) -> int:
    """No more than this is its own: each process shares with the zygote, but pages shared among them are counted again."""
    return sum(max(0, each - sharing.zygote_bytes) for each in resident) + min(sharing.zygote_bytes, *resident, 1 << 40)


def exactly(proportional: int, members: int, sharing: Sharing) -> int:
    return max(0, proportional - sharing.part_of(members))


def next_look(held: int, allowed: int) -> float:
    """Seconds in which nobody can grow from `held` to more than is allowed."""
    return min(TICK_SECONDS, max(SHORTEST_TICK, (allowed - held) / FASTEST_GROWTH))


class Watchdog:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._watched: dict[Child, Watched] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def watch(self, child: Child, zygote_bytes: int) -> None:
        """Until it is gone."""
        with self._lock:
            self._watched[child] = Watched(child, self.clock() + child.limits.session_seconds, zygote_bytes)
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep_looking, name="sandbox-watchdog", daemon=True)
                self._thread.start()

    def _keep_looking(self) -> None:
        wanted = TICK_SECONDS
        while True:
            began = self.clock()
            try:
                wanted = self.look()
            except Exception:  # whatever it was, the next look must come: nobody else bounds what they take
                log.exception("the look at the sandboxed processes failed")
            with self._lock:
                if not self._watched:
                    self._thread = None
                    return
            time.sleep(max(wanted, min(LONGEST_TICK, (self.clock() - began) / SHARE_OF_A_CORE)))

    def look(self) -> float:
        """End what is over a limit. -> seconds until the next look is due"""
        now = self.clock()
        with self._lock:
            self._watched = {child: facts for child, facts in self._watched.items() if child.alive()}
            watched = list(self._watched.values())
        uncounted = [each for each in watched if not {"memory", "cpu"} <= each.child.group.controllers]
        view = View.of([each.child for each in uncounted])
        soonest = TICK_SECONDS
        for each in watched:
            why = self.over(each, view, now)
            if why is not None:
                log.info("process %s is stopped: %s", each.child.pid, why)
                each.child.kill(why)
            soonest = min(soonest, each.next_look)
        return soonest

    def over(self, each: Watched, view: View, now: float) -> Death | None:
        """The limit that it is over, if any."""
        child = each.child
        if now >= each.ends:
            return Death.session_over
        if "memory" in child.group.controllers:
            if child.group.kills_for_memory():
                return Death.memory
        else:
            allowed = (child.limits.memory_mb << 20) + ROOM_BYTES
            held = memory_held(each, view, allowed)
            each.next_look = next_look(held, allowed)
            if held > allowed:
                return Death.memory
        if now < each.slow_at:
            return None
        each.slow_at = now + SLOW_EVERY
        return Death.cpu if cpu_used(child, view) > child.limits.cpu_seconds else self.disk(child)

    def disk(self, child: Child) -> Death | None:
        """Where its home has a size of its own, Linux refuses what does not fit; elsewhere its files are counted."""
        most = child.limits.disk_mb << 20
        with suppress(OSError), child.open_home() as home:
            found = os.fstatvfs(home)
            if found.f_blocks * found.f_frsize > most and files.bytes_in(home) > most:
                return Death.disk
        return None


@dataclass(frozen=True, slots=True)
class View:
    """One picture of all processes, for those whom Linux does not count."""

    table: proc.Table
    trees: dict[Child, list[int]]
    sharers: int  # of the zygote's memory

    @classmethod
    def of(cls, children: list[Child]) -> View:
        table = proc.process_table() if children else {}
        trees = {child: proc.tree_in(table, child.pid) for child in children}
        return cls(table, trees, sum(map(len, trees.values())))


def cpu_used(child: Child, view: View) -> float:
    """Seconds. Without a control group, what ended and was not waited for is not found."""
    counted = child.group.cpu_seconds()
    if counted is not None:
        return counted
    return sum(proc.cpu_seconds(pid) + view.table[pid].waited_seconds for pid in view.trees.get(child, []))


def memory_held(each: Watched, view: View, allowed: int) -> int:
    """Bytes: of its processes, of its memory disk, and what may lie in the buffers of its sockets."""
    child, tree, sharing = each.child, view.trees[each.child], Sharing(each.zygote_bytes, view.sharers)
    others = disk_bytes(child) + proc.sockets_of(child.pid) * SOCKET_BYTES
    held = most_by_sum([view.table[pid].resident_bytes for pid in tree], sharing) + others
    if held <= allowed:
        return held
    began = time.monotonic()
    proportional = 0
    for pid in tree:
        proportional += proc.proportional_bytes(pid)
        if time.monotonic() > began + LONGEST_LOOK:
            return held
    return exactly(proportional, len(tree), sharing) + others


def disk_bytes(child: Child) -> int:
    with suppress(OSError), child.open_home() as home:
        found = os.fstatvfs(home)
        whole = found.f_blocks * found.f_frsize
        return (found.f_blocks - found.f_bfree) * found.f_frsize if whole <= child.limits.disk_mb << 20 else 0
    return 0
