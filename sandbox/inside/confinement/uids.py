"""An own host user for each process, when we may choose: two kernels, of one server or of two, share no user."""

from collections.abc import Iterable

FIRST = 0x7000_0000  # nobody hands out users from here on (systemd: "unused")
SERVERS, EACH = 65_536, 4_096
OF_SYSTEM = 10_000  # inside a container with few users: leave these alone


def parse_map(text: str) -> list[tuple[int, int]]:
    """/proc/self/uid_map -> [(first, count)] as seen inside."""
    return [(int(line.split()[0]), int(line.split()[2])) for line in text.splitlines()]


def choose_block(ranges: Iterable[tuple[int, int]], serial: int) -> tuple[int, int]:
    """-> (first, count): the users of the server with this serial number, the pid of its zygote. Count is 0 if there are none."""
    for first, count in ranges:
        if first <= FIRST and first + count >= FIRST + SERVERS * EACH:
            return FIRST + (serial % SERVERS) * EACH, EACH
    first, count = max(ranges, key=lambda each: each[1], default=(0, 0))
    return (first + OF_SYSTEM, count - OF_SYSTEM) if count > 2 * OF_SYSTEM else (0, 0)


def choose_own_block(serial: int) -> tuple[int, int]:
    with open("/proc/self/uid_map") as text:
        block = choose_block(parse_map(text.read()), serial)
    if block[1] <= 0:
        raise OSError("too few user ids are mapped into this container")
    return block


def next_free(block: tuple[int, int], last: int, used: set[int]) -> int:
    """The next user of the block after `last` that no running process has."""
    first, count = block
    for step in range(1, count + 1):
        uid = first + (last - first + step) % count
        if uid not in used:
            return uid
    raise OSError("every user of this server runs a process already")
