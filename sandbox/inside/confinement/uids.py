"""An own host user for each process, when we may choose: two kernels, of one server or of two, share no user."""

import socket
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

FIRST = 0x7000_0000  # nobody hands out users from here on (systemd: "unused")
SERVERS, EACH = 65_536, 4_096
OF_SYSTEM = 10_000  # inside a container with few users: leave these alone
FEW = 1_024  # users of one fork-server, where there are few


class Range(NamedTuple):
    """Ids as they are seen here, and what the first of them is outside."""

    first: int
    outside: int
    count: int


Block = tuple[int, int]  # (first, count)


def parse_map(text: str) -> list[Range]:
    """/proc/self/uid_map"""
    return [Range(*map(int, line.split())) for line in text.splitlines()]


def blocks(ranges: Iterable[Range], serial: int) -> Iterator[Block]:
    """In the order in which the fork-server with this serial number, its pid, tries them; none if there are too few users."""
    ranges = list(ranges)
    for first, _, count in ranges:
        if first <= FIRST and first + count >= FIRST + SERVERS * EACH:
            yield from ((FIRST + (serial + step) % SERVERS * EACH, EACH) for step in range(SERVERS))
            return
    first, _, count = max(ranges, key=lambda each: each.count, default=Range(0, 0, 0))
    slots = (count - OF_SYSTEM) // FEW if count > 2 * OF_SYSTEM else 0
    yield from ((first + OF_SYSTEM + (serial + step) % slots * FEW, FEW) for step in range(slots))


def outside(ranges: Iterable[Range], uid: int) -> int:
    """What this user is called outside, where all who share the machine give it the same name."""
    return next(each.outside + uid - each.first for each in ranges if each.first <= uid < each.first + each.count)


def claim(ranges: Iterable[Range], serial: int) -> tuple[Block, socket.socket]:
    """The first block that no other fork-server on this machine has, and what holds it: an abstract name, which goes with the
    last process that has it open, however that ends. OSError: there is none."""
    ranges = list(ranges)
    taken = 0
    for block in blocks(ranges, serial):
        holder = socket.socket(socket.AF_UNIX)
        try:
            holder.bind(f"\0touchstone-users-{outside(ranges, block[0])}")
        except OSError:
            holder.close()
            taken += 1
            continue
        return block, holder
    raise OSError(f"all {taken} blocks of users are in use" if taken else "too few user ids are mapped into this container")


def next_free(block: Block, last: int, used: Container[int]) -> int:
    """The next user of the block after `last` that no running process has."""
    first, count = block
    for step in range(1, count + 1):
        uid = first + (last - first + step) % count
        if uid not in used:
            return uid
    raise OSError("every user of this server runs a process already")


class OwnUsers:
    """The users of one fork-server, each given to one process at a time. OSError: there are none to have."""

    def __init__(self, serial: int) -> None:
        with open("/proc/self/uid_map") as text:
            self.block, self._holder = claim(parse_map(text.read()), serial)
        self.chosen = self.block[0]
        self._of_process: dict[int, int] = {}  # pid -> uid

    def choose(self) -> None:
        """Before a fork: `chosen` is then what the new process becomes."""
        self.chosen = next_free(self.block, self.chosen, self._of_process.values())

    def given(self, pid: int) -> None:
        self._of_process[pid] = self.chosen

    def left(self, pid: int) -> None:
        self._of_process.pop(pid, None)
