"""Rights, namespaces, mounts and limits: what would make a candidate more than nobody (C005)."""

import ctypes
import os
import resource
import socket
import struct

from .toolkit import (
    CONTEXT,
    LIBC,
    Answer,
    called,
    checked,
    home,
    in_child,
    permitted,
    probe,
    status,
    those,
    tried,
)  # fmt: skip

NEW_USER, NEW_MOUNTS, NEW_NETWORK, NEW_PIDS = 0x1000_0000, 0x2_0000, 0x4000_0000, 0x2000_0000
SIGCHLD = 17
SUID_PROGRAMS = (
    "/usr/bin/su",
    "/usr/bin/sudo",
    "/usr/bin/mount",
    "/usr/bin/passwd",
    "/usr/bin/newuidmap",
    "/usr/bin/pkexec",
    "/bin/su",
)


@probe("privileges")
def no_new_privs_set() -> Answer:
    return status("NoNewPrivs") != "1", f"NoNewPrivs={status('NoNewPrivs')}"


@probe("privileges")
def capabilities_empty() -> Answer:
    held = {name: status(name) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}
    return any(int(bits, 16) for bits in held.values()), held


@probe("privileges")
def seccomp_on() -> Answer:
    return status("Seccomp") != "2", f"Seccomp={status('Seccomp')}"


@probe("privileges")
def become_root() -> Answer:
    return those([("setuid", lambda: os.setuid(0)), ("setresuid", lambda: os.setresuid(0, 0, 0)),
                  ("setgid", lambda: os.setgid(0)), ("setgroups", lambda: os.setgroups([0]))])  # fmt: skip


@probe("privileges")
def become_another_user() -> Answer:
    return those([("setresuid", lambda: os.setresuid(12345, 12345, 12345)),
                  ("setresgid", lambda: os.setresgid(12345, 12345, 12345)),
                  ("setfsuid", lambda: took_file_user(12345))])  # fmt: skip


def took_file_user(uid: int) -> None:
    LIBC.setfsuid(uid)
    if LIBC.setfsuid(uid) != uid:
        raise PermissionError(1, "not taken")


@probe("privileges")
def suid_programs_usable() -> Answer:
    usable = [path for path in SUID_PROGRAMS if os.path.exists(path) and os.stat(path).st_mode & 0o4000
              and not os.statvfs(path).f_flag & os.ST_NOSUID and status("NoNewPrivs") != "1"]  # fmt: skip
    return bool(usable), usable or "none"


@probe("privileges")
def give_a_file_to_root() -> Answer:
    """A program of one's own that belongs to root and runs as root, or that carries a capability."""
    path = f"{home()}/.probe-program"
    with open(path, "wb") as made:
        made.write(b"#!/bin/sh\n")
    capability = struct.pack("<IIIII", 0x0200_0001, 1 << 21, 0, 0, 0)
    answer = those([("chown", lambda: os.chown(path, os.getuid() + 1, -1)),
                    ("capability", lambda: os.setxattr(path, "security.capability", capability))])  # fmt: skip
    os.unlink(path)
    return answer


# Namespaces and mounts


@probe("privileges")
def unshare_user_namespace() -> Answer:
    made = in_child(lambda: f"made {checked(LIBC.unshare(NEW_USER))}")
    return made.startswith("made"), made


@probe("privileges")
def unshare_and_mount() -> Answer:
    def act() -> str:
        checked(LIBC.unshare(NEW_USER | NEW_MOUNTS))
        return f"mounted {checked(LIBC.mount(b'tmpfs', home().encode(), b'tmpfs', 0, None))}"

    mounted = in_child(act)
    return mounted.startswith("mounted"), mounted


@probe("privileges")
def clone_into_new_namespaces() -> Answer:
    """By the calls that make a process: clone, and clone3 whose flags no filter can read."""

    def clone(flags: int) -> None:
        leave_or_wait(called("clone", flags | SIGCHLD, 0, 0, 0, 0))

    def clone3(flags: int) -> None:
        leave_or_wait(called("clone3", struct.pack("=8Q", flags, 0, 0, 0, SIGCHLD, 0, 0, 0), 64))

    flags = {"user": NEW_USER, "network": NEW_USER | NEW_NETWORK, "pids": NEW_USER | NEW_PIDS}
    return those([(f"{name} by {way.__name__}", lambda way=way, value=value: way(value)) for way in (clone, clone3)
                  for name, value in flags.items()])  # fmt: skip


def leave_or_wait(pid: int) -> None:
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


@probe("privileges")
def join_other_namespaces() -> Answer:
    """Also the own ones again: into the own user namespace Linux lets nobody, into the others only those with rights."""
    places = [
        f"/proc/{pid}/ns/{kind}" for pid in (*CONTEXT.get("pids", []), 1) for kind in ("user", "mnt", "net", "pid", "uts", "ipc")
    ]

    def join(path: str) -> None:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            answer = in_child(lambda: f"joined {checked(LIBC.setns(descriptor, 0))}")
        finally:
            os.close(descriptor)
        if not answer.startswith("joined"):
            raise PermissionError(1, answer)

    return those([(path, lambda path=path: join(path)) for path in places])


@probe("privileges")
def mount_family() -> Answer:
    """No file system has that name: an answer about it means that mounting itself was allowed."""
    place = home().encode()
    return permitted([("mount", lambda: checked(LIBC.mount(b"none", place, b"nosuchfs", 0, None))),
                      ("umount2", lambda: checked(LIBC.umount2(place, 0)))])  # fmt: skip


@probe("privileges")
def new_mount_calls() -> Answer:
    nothing = ctypes.create_string_buffer(64)
    return permitted([
        ("fsopen", lambda: called("fsopen", b"tmpfs", 0)), ("open_tree", lambda: called("open_tree", -100, b"/tmp", 1)),
        ("move_mount", lambda: called("move_mount", -1, b"", -1, b"", 0)), ("fspick", lambda: called("fspick", -100, b"/", 0)),
        ("mount_setattr", lambda: called("mount_setattr", -100, b"/tmp", 0, nothing, 32)),
        ("pivot_root", lambda: called("pivot_root", b"/nowhere", b"/nowhere")),
    ])  # fmt: skip


@probe("privileges")
def chroot_call() -> Answer:
    changed = in_child(lambda: (os.chroot("/"), "changed")[1])
    return changed == "changed", changed


@probe("privileges")
def name_of_the_machine() -> Answer:
    return those([("sethostname", lambda: socket.sethostname(socket.gethostname())),
                  ("setdomainname", lambda: checked(LIBC.setdomainname(b"(none)", 6)))])  # fmt: skip


# Limits


@probe("privileges")
def raise_limits() -> Answer:
    found = []
    for name in ("NPROC", "NOFILE", "AS", "DATA", "FSIZE", "CORE", "MEMLOCK", "CPU", "SIGPENDING", "MSGQUEUE", "NICE", "RTPRIO"):
        which = getattr(resource, f"RLIMIT_{name}", None)
        if which is None:
            continue
        hard = resource.getrlimit(which)[1]
        if hard == resource.RLIM_INFINITY:
            found += [f"{name} unlimited"] if name in ("NPROC", "FSIZE", "CORE") else []
        elif tried(resource.setrlimit, which, (hard + 4096, hard + 4096))[0]:
            found.append(f"{name} raised")
    return bool(found), found or "none"


@probe("privileges")
def raise_priority() -> Answer:
    def real_time() -> None:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))

    def last_to_be_killed() -> None:
        with open("/proc/self/oom_score_adj", "w") as score:
            score.write("-900")

    return those([("nice", lambda: os.nice(-5)), ("real time", real_time), ("oom_score_adj", last_to_be_killed)])
