"""Which system calls a candidate's process may make. The rest of the wall does not rest on this filter: it takes away what the
namespaces leave reachable (odd sockets, tracing, keys, kernel interfaces with a history of holes)."""

import ctypes
import errno
import fcntl
import os
import socket

from . import bpf, linux
from .bpf import Program
from .syscalls import MACHINES, NEWEST, number, numbers

AUDIT_ARCHITECTURE = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
X32_BIT = 0x4000_0000  # the second ABI of x86-64, with the same architecture word
NAMESPACES = (
    linux.CLONE_NEWNS | linux.CLONE_NEWCGROUP | linux.CLONE_NEWUTS | linux.CLONE_NEWIPC
    | linux.CLONE_NEWUSER | linux.CLONE_NEWPID | linux.CLONE_NEWNET
)  # fmt: skip
BUFFER_OPTIONS = (socket.SO_SNDBUF, socket.SO_RCVBUF)  # memory of the kernel that no other limit counts
F_NOTIFY = 1026
WATCHING_FILES = (fcntl.F_GETLK, fcntl.F_OFD_GETLK, fcntl.F_SETLEASE, F_NOTIFY)
TIOCSTI, TIOCLINUX = 0x5412, 0x541C  # type into the terminal of somebody else

REFUSED = {
    "a new tree of files": "mount umount2 pivot_root chroot mount_setattr move_mount open_tree fsopen fsconfig fsmount fspick "
    "statmount listmount",
    "other namespaces": "unshare setns",
    "other processes": "ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp pidfd_getfd "
    "move_pages migrate_pages",
    "files behind the tree": "open_by_handle_at name_to_handle_at lookup_dcookie",
    "watching files that others use": "fanotify_init fanotify_mark inotify_init inotify_init1 inotify_add_watch cachestat",
    "interfaces with a history of holes": "bpf perf_event_open userfaultfd keyctl add_key request_key io_uring_setup "
    "io_uring_enter io_uring_register vmsplice remap_file_pages personality",
    "memory that no limit counts": "shmget shmat msgget semget mq_open memfd_create memfd_secret",
    "the machine": "init_module finit_module delete_module create_module query_module get_kernel_syms kexec_load "
    "kexec_file_load reboot swapon swapoff acct syslog quotactl quotactl_fd settimeofday clock_settime clock_adjtime adjtimex "
    "sethostname setdomainname iopl ioperm modify_ldt nfsservctl vhangup uselib ustat sysfs _sysctl vserver "
    "set_mempolicy_home_node",
    "the wall itself": "seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self lsm_get_self_attr "
    "lsm_set_self_attr lsm_list_modules",
}


def build_filter(machine: str = os.uname().machine) -> bytes:
    names = " ".join(REFUSED.values()).split()
    return bpf.assemble([
        *only_native_calls(machine),
        *only_known_calls(machine),
        *clone_without_namespaces(machine),
        *only_local_sockets(machine),
        *no_larger_buffers(machine),
        *no_typing_into_terminals(machine),
        *no_signs_over_shared_files(machine),
        *(step for each in numbers(names, machine) for step in bpf.when(bpf.JUMP_EQUAL, each, bpf.refuse(errno.EPERM))),
        *bpf.answer(bpf.ALLOW),
    ])  # fmt: skip


def only_native_calls(machine: str) -> Program:
    return [
        *bpf.load(bpf.ARCHITECTURE),
        *bpf.unless(bpf.JUMP_EQUAL, AUDIT_ARCHITECTURE[machine], bpf.refuse(errno.ENOSYS)),
        *bpf.load(bpf.NUMBER),
    ]


def only_known_calls(machine: str) -> Program:
    """Also refuses the x32 ABI, whose numbers begin at X32_BIT. clone3 hides its flags in memory: libc falls back to clone."""
    assert NEWEST < X32_BIT
    return [
        *bpf.when(bpf.JUMP_GREATER, NEWEST, bpf.refuse(errno.ENOSYS)),
        *bpf.when(bpf.JUMP_EQUAL, number("clone3", machine), bpf.refuse(errno.ENOSYS)),
    ]


def clone_without_namespaces(machine: str) -> Program:
    looks = [
        *bpf.load(bpf.argument(0)),
        *bpf.when(bpf.JUMP_ANY_BIT, NAMESPACES, bpf.refuse(errno.EPERM)),
        *bpf.answer(bpf.ALLOW),
    ]
    return bpf.when(bpf.JUMP_EQUAL, number("clone", machine), looks)


def only_local_sockets(machine: str) -> Program:
    """The answer for internet sockets is what a machine without a network says, so that code fails in the ways it knows."""
    pair = [
        *bpf.load(bpf.argument(0)),
        *bpf.when(bpf.JUMP_EQUAL, socket.AF_UNIX, bpf.answer(bpf.ALLOW)),
        *bpf.when(bpf.JUMP_EQUAL, socket.AF_INET, bpf.refuse(errno.ENETUNREACH)),
        *bpf.when(bpf.JUMP_EQUAL, socket.AF_INET6, bpf.refuse(errno.ENETUNREACH)),
        *bpf.refuse(errno.EAFNOSUPPORT),
    ]
    return [
        *bpf.when(bpf.JUMP_EQUAL, number("socket", machine), pair),
        *bpf.when(bpf.JUMP_EQUAL, number("socketpair", machine), pair),
    ]


def no_larger_buffers(machine: str) -> Program:
    """Asking for larger socket buffers does nothing and is not an error."""
    looks = [
        *bpf.load(bpf.argument(1)),
        *bpf.unless(bpf.JUMP_EQUAL, socket.SOL_SOCKET, bpf.answer(bpf.ALLOW)),
        *bpf.load(bpf.argument(2)),
        *(step for option in BUFFER_OPTIONS for step in bpf.when(bpf.JUMP_EQUAL, option, bpf.refuse(0))),
        *bpf.answer(bpf.ALLOW),
    ]
    return bpf.when(bpf.JUMP_EQUAL, number("setsockopt", machine), looks)


def no_typing_into_terminals(machine: str) -> Program:
    looks = [
        *bpf.load(bpf.argument(1)),
        *bpf.when(bpf.JUMP_EQUAL, TIOCSTI, bpf.refuse(errno.EPERM)),
        *bpf.when(bpf.JUMP_EQUAL, TIOCLINUX, bpf.refuse(errno.EPERM)),
        *bpf.answer(bpf.ALLOW),
    ]
    return bpf.when(bpf.JUMP_EQUAL, number("ioctl", machine), looks)


def no_signs_over_shared_files(machine: str) -> Program:
    """The libraries' files are the same for all candidates: a lock on one, seen by another, would be a way to talk. Locks for
    reading and writing stay (databases need them); asking for other people's locks, leases and watches do not."""
    looks = [
        *bpf.load(bpf.argument(1)),
        *(step for command in WATCHING_FILES for step in bpf.when(bpf.JUMP_EQUAL, command, bpf.refuse(errno.EPERM))),
        *bpf.answer(bpf.ALLOW),
    ]
    return [
        *bpf.when(bpf.JUMP_EQUAL, number("flock", machine), bpf.refuse(errno.ENOSYS)),
        *bpf.when(bpf.JUMP_EQUAL, number("fcntl", machine), looks),
    ]


def supported(machine: str = os.uname().machine) -> bool:
    return machine in MACHINES


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def install_filter(code: bytes) -> None:
    """For the calling thread and all it starts; needs no_new_privs."""
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    linux.prctl(linux.PR_SET_SECCOMP, linux.SECCOMP_MODE_FILTER, ctypes.addressof(program))
