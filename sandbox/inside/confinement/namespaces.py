"""Own namespaces: of the zygote, whose pid namespace takes everything below with it, and of each process."""

import fcntl
import os
import socket
import struct
from collections.abc import Callable

from . import linux
from .linux import CLONE_NEWCGROUP, CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWUSER, CLONE_NEWUTS
from .loans import Lender, Loan
from .privileges import die_with_parent

HOST_NAME = "touchstone"
OF_AN_ORDINARY_USER = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
TCP_BUFFERS = "4096 65536 65536"  # bytes: least, default, most; what lies in them no limit of a process counts


def enter_as_root() -> None:
    linux.unshare(CLONE_NEWNS | CLONE_NEWPID)


def enter_as_user() -> None:
    """All rights, but only over what these namespaces hold."""
    uid, gid = os.getuid(), os.getgid()
    linux.unshare(OF_AN_ORDINARY_USER)
    map_ids(uid, gid, uid, gid)


def enter_with_lent_users(loan: Loan) -> str:
    """As root of these namespaces, with the lent users to become. -> why only as the user itself; empty when it worked."""
    lender = Lender(loan)
    try:
        linux.unshare(OF_AN_ORDINARY_USER)
    finally:
        why = lender.lend()
    if why:
        map_ids(loan.uid, loan.gid, loan.uid, loan.gid)
    return why


def continue_in_child(close: list[socket.socket], at_the_end: Callable[[], None]) -> None:
    """The first process of the new pid namespace goes on; this one waits for it and ends as it ended."""
    pid = os.fork()
    if pid == 0:
        die_with_parent()
        return
    for each in close:
        each.close()
    _, status = os.waitpid(pid, 0)
    at_the_end()
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def fork_into_own_pids(home: int) -> int:
    """Fork the first process of a new pid namespace; `home` is a descriptor of our own one, to come back to."""
    linux.unshare(CLONE_NEWPID)
    try:
        pid = os.fork()
    except OSError:
        linux.setns(home, CLONE_NEWPID)
        raise
    if pid:
        linux.setns(home, CLONE_NEWPID)
    return pid


def leave_shared_namespaces() -> None:
    linux.unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP)
    socket.sethostname(HOST_NAME)


def open_loopback() -> None:
    """The new network has one device, which only its own processes reach."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
    for name in ("tcp_rmem", "tcp_wmem"):
        write(f"/proc/sys/net/ipv4/{name}", TCP_BUFFERS)


def can_leave_user_namespace() -> bool:
    """Tried in a process of its own: there is no way back."""
    pid = os.fork()
    if pid == 0:
        try:
            linux.unshare(CLONE_NEWUSER)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1] == 0


def leave_user_namespace(inner: int) -> None:
    uid, gid = os.getuid(), os.getgid()
    linux.unshare(CLONE_NEWUSER)
    map_ids(inner, inner, uid, gid)


def map_ids(inner_uid: int, inner_gid: int, outer_uid: int, outer_gid: int) -> None:
    write("/proc/self/setgroups", "deny")
    write("/proc/self/gid_map", f"{inner_gid} {outer_gid} 1\n")
    write("/proc/self/uid_map", f"{inner_uid} {outer_uid} 1\n")


def write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
