"""A shared page on which the judge notes whether it waits for the suspect, so that the referee can tell whose time ran out
even when the judge itself no longer answers. The suspect never sees it."""

import mmap
import os
import struct
import time

FIELDS = struct.Struct("<ddd")  # seconds waited so far, moment since which it waits (0: it does not), calls in flight
SIZE = mmap.PAGESIZE


class Board:
    def __init__(self, descriptor: int) -> None:
        self.page = mmap.mmap(descriptor, SIZE)
        self.waited, self.since, self.calls = 0.0, 0.0, 0

    def clear(self) -> None:
        self.waited, self.since, self.calls = 0.0, 0.0, 0
        self.write()

    def write(self) -> None:
        FIELDS.pack_into(self.page, 0, self.waited, self.since, self.calls)

    def wait_begins(self) -> None:
        self.since = time.monotonic()
        self.write()

    def wait_ends(self) -> None:
        self.waited += time.monotonic() - self.since
        self.since = 0.0
        self.write()

    def call_begins(self) -> None:
        self.calls += 1
        self.wait_begins()

    def call_ends(self) -> None:
        self.calls -= 1
        if self.since:
            self.wait_ends()
        else:
            self.write()

    def read(self, now: float) -> tuple[float, bool]:
        """-> (seconds that the judge waited for the suspect, whether a call is in flight)"""
        waited, since, calls = FIELDS.unpack_from(self.page, 0)
        return waited + (now - since if since else 0.0), calls > 0

    def close(self) -> None:
        self.page.close()


def make_board() -> tuple[int, Board]:
    descriptor = os.memfd_create("board", os.MFD_CLOEXEC)
    os.ftruncate(descriptor, SIZE)
    return descriptor, Board(descriptor)
