"""Giving up every right: user, groups, capabilities, and the way back to any of them."""

import ctypes
import os

from . import linux

HIGHEST_CAPABILITY = 63
CAPABILITY_VERSION = 0x2008_0522


def become(uid: int) -> None:
    """Groups before the group, the group before the user: afterwards none of it is allowed."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    linux.prctl(linux.PR_SET_DUMPABLE, 1)  # else /proc/self belongs to root and the id map cannot be written


def drop_capabilities() -> None:
    linux.prctl(linux.PR_CAP_AMBIENT, linux.PR_CAP_AMBIENT_CLEAR_ALL)
    for capability in range(HIGHEST_CAPABILITY + 1):
        if linux.libc.prctl(linux.PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) < 0:
            break  # beyond the last one that this kernel knows
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()
    linux.syscall("capset", ctypes.byref(header), ctypes.byref(nothing))


def forbid_new_privileges() -> None:
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)


def die_with_parent(number: int = 9) -> None:
    """Cleared by every change of user, so it comes after the last one."""
    linux.prctl(linux.PR_SET_PDEATHSIG, number)
