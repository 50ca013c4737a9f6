"""Landlock: a second, independent rule about files, where Linux has it. No signals and no abstract sockets outwards."""

import ctypes
import errno
import os
import struct
from collections.abc import Sequence

from . import linux

CREATE_RULESET_VERSION = 1
RULE_PATH_BENEATH = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
FOR_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
READ = EXECUTE | READ_FILE | READ_DIR
NET_BOTH, SCOPE_BOTH = 3, 3  # bind and connect; abstract sockets and signals


def version() -> int:
    """0 when this kernel has no Landlock or does not use it."""
    try:
        return linux.syscall("landlock_create_ruleset", None, 0, CREATE_RULESET_VERSION)
    except OSError as error:
        if error.errno in (errno.ENOSYS, errno.EOPNOTSUPP):
            return 0
        raise


def all_rights(abi: int) -> int:
    newest = 13 if abi == 1 else 14 if abi == 2 else 15 if abi < 5 else 16
    return (1 << newest) - 1


def ruleset_attributes(abi: int, network: bool) -> bytes:
    words = [all_rights(abi), *([0 if network else NET_BOTH] if abi >= 4 else []), *([SCOPE_BOTH] if abi >= 6 else [])]
    return struct.pack(f"={len(words)}Q", *words)


def restrict(abi: int, read_only: list[str], writable: list[str], network: bool, listed: Sequence[str] = ()) -> None:
    """Needs no_new_privs. `network`: TCP is allowed, as it cannot leave the process's own network. In the folders `listed` the
    names can be read, and only those."""
    attributes = ruleset_attributes(abi, network)
    ruleset = linux.syscall("landlock_create_ruleset", attributes, len(attributes), 0)
    for path in listed:
        allow(ruleset, path, READ_DIR)
    for path in read_only:
        allow(ruleset, path, READ)
    for path in writable:
        allow(ruleset, path, all_rights(abi))
    linux.syscall("landlock_restrict_self", ruleset, 0)
    os.close(ruleset)


def allow(ruleset: int, path: str, rights: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    if not os.path.isdir(path):
        rights &= FOR_FILES
    if not rights:
        os.close(place)
        return
    rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, place))
    linux.syscall("landlock_add_rule", ruleset, RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    os.close(place)
