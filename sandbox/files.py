"""The files in a sandboxed process's home, read without ever being led out of it.

Everything there is made by a candidate's code: links, pipes, holes, odd names. Names are resolved by Linux below a descriptor of
the home that was opened before that code began, with no link followed and no file system crossed; only ordinary files are opened
for reading, without waiting, and never more than is asked for."""

import ctypes
import os
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.inside.confinement import linux

RESOLVE_NO_XDEV, RESOLVE_NO_MAGICLINKS, RESOLVE_NO_SYMLINKS, RESOLVE_BENEATH = 1, 2, 4, 8
STAY_BELOW = RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
DEEPEST = 16
MOST_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class Found:
    """`name` is the path below the home; bytes that are no UTF-8 stand in it as Python's surrogate escapes."""

    name: str
    size: int


def open_below(home: int, name: str | bytes, flags: int) -> int:
    """-> descriptor. Raises OSError for whatever would lead out of the home (ELOOP, EXDEV, ENOENT)."""
    how = struct.pack("=QQQ", flags | os.O_CLOEXEC, 0, STAY_BELOW)
    buffer = ctypes.create_string_buffer(how, len(how))
    return linux.syscall("openat2", home, os.fsencode(name), ctypes.byref(buffer), len(how))


def listed(home: int, most: int = 1_000) -> list[Found]:
    """The ordinary files, by name; the first `most` that are found."""
    found = []
    for folder, entry in walk(home):
        if entry.is_file(follow_symlinks=False):
            found.append(Found(below(folder, entry.name), entry.stat(follow_symlinks=False).st_size))
            if len(found) >= most:
                break
    return sorted(found, key=lambda each: each.name)


def read(home: int, name: str, most_bytes: int) -> bytes:
    """Raises OSError if it is no ordinary file in the home, ValueError if it is larger than `most_bytes`."""
    descriptor = open_below(home, name, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_NOCTTY)
    with os.fdopen(descriptor, "rb", buffering=0):
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(f"{name!r} is no ordinary file")
        if found.st_size > most_bytes:
            raise ValueError(f"{name!r} has {found.st_size} bytes, {most_bytes} are allowed")
        return read_at_most(descriptor, most_bytes)


def below(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def read_at_most(descriptor: int, most_bytes: int) -> bytes:
    """It may grow while it is read."""
    parts: list[bytes] = []
    left = most_bytes
    while left and (part := os.read(descriptor, min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def bytes_in(home: int) -> int:
    """On disk: holes are free, and so is what has a second name."""
    seen: set[int] = set()
    total = 0
    for _, entry in walk(home):
        found = entry.stat(follow_symlinks=False)
        if found.st_ino not in seen:
            seen.add(found.st_ino)
            total += found.st_blocks * 512
    return total


def walk(home: int) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    """-> (folder below the home, entry); no deeper and no more than the limits, whatever is made meanwhile."""
    folders = [""]
    left = MOST_ENTRIES
    for folder in folders:
        try:
            descriptor = open_below(home, folder or ".", FOLDER)
        except OSError:
            continue  # removed, replaced or closed to us meanwhile
        try:
            with os.scandir(descriptor) as entries:
                for entry in entries:
                    left -= 1
                    if left < 0:
                        return
                    yield folder, entry
                    if entry.is_dir(follow_symlinks=False) and folder.count("/") < DEEPEST:
                        folders.append(below(folder, entry.name))
        except OSError:
            continue
        finally:
            os.close(descriptor)
