"""Fewer page table entries: forking a process copies one entry for each page of its own memory.

Existing memory is put into pages of 2 MB where Linux can do it (MADV_COLLAPSE, 6.1). What a child writes to is still copied in
pages of 4 KB. Nothing depends on its success."""

import ctypes

from .confinement.linux import libc

MADV_COLLAPSE = 25
LARGE = 2 << 20


def use_large_pages() -> None:
    for start, end in private_memory():
        first, last = -(-start // LARGE) * LARGE, end // LARGE * LARGE
        if last > first:
            libc.madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), MADV_COLLAPSE)


def private_memory() -> list[tuple[int, int]]:
    """Ranges of the heap and of anonymous memory that can be written."""
    found: list[tuple[int, int]] = []
    with open("/proc/self/maps") as maps:
        for line in maps:
            fields = line.split()
            if fields[1] == "rw-p" and (len(fields) < 6 or fields[5] == "[heap]"):
                start, _, end = fields[0].partition("-")
                found.append((int(start, 16), int(end, 16)))
    return found
