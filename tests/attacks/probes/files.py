"""Secrets, files and devices of the machine (C001, C002, C011)."""

import ctypes
import fcntl
import importlib
import os
import re
import socket
import stat
import sys
import time
from collections.abc import Iterator
from typing import BinaryIO

from .toolkit import (
    CONTEXT,
    Answer,
    Skip,
    called,
    home,
    own_packages,
    parent_of,
    permitted,
    probe,
    read,
    those,
    touch,
    tried,
)  # fmt: skip

CANARY = re.compile(b"TSCAN" + b"ARY-" + rb"[0-9a-f]{16}")  # what planted secrets look like; not whole here, or it finds itself
PIECE, OVERLAP = 1 << 20, 64  # bytes
SECRET_NAMES = re.compile(r"SECRET|TOKEN|PASSW|API_KEY|DATABASE|DSN|CREDENTIAL", re.IGNORECASE)
PRIVATE_FOLDERS = ("/root", "/home", "/srv", "/var/log", "/var/lib", "/opt", "/mnt", "/boot", "/etc/ssh")
# `touchstone` is not among them: touchstone.checks, the library for authors, is there for everybody.
SERVERS_PACKAGES = ("server", "sandbox", "tests", "exercises", "flask", "sqlmodel", "sqlalchemy", "alembic",
                    "psycopg")  # fmt: skip
KNOBS = (
    "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/vm/overcommit_memory", "/proc/sysrq-trigger",
    "/sys/kernel/uevent_helper", "/proc/sys/fs/binfmt_misc/register", "/sys/fs/cgroup/cgroup.procs", "/sys/kernel/mm/ksm/run",
)  # fmt: skip
DEVICES = ("mem", "kmsg", "port", "vda", "sda", "nvme0n1", "loop-control", "kvm", "fuse", "net/tun", "vhost-vsock", "hwrng",
           "btrfs-control", "autofs", "tty0", "nvidia0", "dri/card0", "userfaultfd", "udmabuf", "dma_heap/system",
           "vhost-net", "vsock", "cpu/0/msr", "mapper/control", "uinput", "snd/seq", "ttyS0", "console", "tty")  # fmt: skip
HARMLESS_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random", "/dev/pts/")
CONTROL = re.compile(r"anon_inode:.*(pidfd|bpf|userfault|perf|io_uring|fscontext|mount|landlock|seccomp|fanotify)")
BLOCK_DEVICE, F_GETPIPE_SZ = 0o60600, 1032


@probe("files")
def env_secrets() -> Answer:
    """The environment holds nothing that belongs to the server."""
    bad = [name for name, value in os.environ.items() if SECRET_NAMES.search(name) or CANARY.search(os.fsencode(value))]
    return bool(bad), bad or "nothing"


@probe("files")
def proc_self_environ() -> Answer:
    """The environment with which the program was started, before its fork."""
    variables = [each for each in read("/proc/self/environ").split(b"\0") if each]
    bad = [each.split(b"=")[0].decode() for each in variables
           if SECRET_NAMES.search(each.split(b"=")[0].decode()) or CANARY.search(each)]  # fmt: skip
    return bool(bad), bad or "nothing"


@probe("files", seconds=30)
def own_memory() -> Answer:
    """What the process shares with the one from which it was forked: no byte of the server."""
    found = 0
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            start, end = (int(word, 16) for word in span.split("-"))
            if rights.startswith("rw") and "[v" not in line:
                found += sum(len(CANARY.findall(piece)) for piece in pieces_of(memory, start, end))
    return found > 0, f"{found} canaries"


def pieces_of(memory: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    """Overlapping, so that none is cut in two; small, so that the search does not end at the limit of memory."""
    for place in range(start, end, PIECE):
        worked, data = tried(lambda place=place: (memory.seek(place), memory.read(min(PIECE + OVERLAP, end - place)))[1])
        if worked:
            yield data


@probe("files")
def read_shadow_or_host_users() -> Answer:
    readable, why = tried(read, "/etc/shadow")
    users = len(read("/etc/passwd").splitlines())
    return readable or users > 4, f"shadow {'readable' if readable else why}, {users} users"


@probe("files")
def host_private_folders() -> Answer:
    seen = []
    for folder in PRIVATE_FOLDERS:
        worked, names = tried(os.listdir, folder)
        names = [name for name in names if not on_the_way(os.path.join(folder, name))] if worked else []
        if names:
            seen.append(f"{folder}:{len(names)}")
    return bool(seen), seen or "nothing"


def on_the_way(folder: str) -> bool:
    """To one's own home or to the interpreter, wherever that was installed."""
    return any(f"{own}/".startswith(f"{folder}/") for own in (home(), sys.prefix, sys.base_prefix))


@probe("files", seconds=20)  # the first import of a fresh clone compiles them all
def named_server_paths() -> Answer:
    """The server's database, settings, exercises: open to all, or only to the server's user."""
    if not CONTEXT.get("paths"):
        raise Skip("no path was named")
    return those([(path, lambda path=path: os.listdir(path) if os.path.isdir(path) else read(path)) for path in CONTEXT["paths"]])


@probe("files", seconds=20)
def find_databases() -> Answer:
    endings = (".db", ".sqlite", ".sqlite3", ".env", ".pem", ".key")
    kept_out = (home() + "/", "/etc/ssl", "/usr", *own_packages())
    found = [path for root in CONTEXT.get("roots", ["/"]) for path in walk(root)
             if path.endswith(endings) and not path.startswith(kept_out) and tried(read, path, 16)[0]]  # fmt: skip
    return bool(found), found[:5] or "nothing"


def walk(root: str, seconds: float = 12.0) -> Iterator[str]:
    until = time.monotonic() + seconds
    for folder, below, names in os.walk(root):
        below[:] = [name for name in below if not os.path.join(folder, name).startswith(("/proc", "/sys", "/dev"))
                    and os.path.join(folder, name) not in own_packages()]  # fmt: skip
        yield from (os.path.join(folder, name) for name in names)
        if time.monotonic() > until:
            return


@probe("files", seconds=20)
def import_server_packages() -> Answer:
    found = [name for name in CONTEXT.get("modules", SERVERS_PACKAGES) if tried(importlib.import_module, name)[0]]
    return bool(found), found or "none"


@probe("files")
def write_outside_home() -> Answer:
    folders = ("/", "/etc", "/usr", "/usr/local", "/bin", "/var", "/var/tmp", "/run", "/opt", "/dev", "/proc", "/sys",
               sys.prefix, sys.base_prefix, os.path.dirname(os.__file__))  # fmt: skip
    return those([(folder, lambda folder=folder: make_and_remove(f"{folder}/.probe-{os.getpid()}")) for folder in folders])


def make_and_remove(path: str) -> None:
    touch(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL)
    os.unlink(path)


@probe("files")
def write_programs_and_libraries() -> Answer:
    """What all candidates run: the interpreter (also by the name that every process has for it), its modules, libc."""
    targets = ["/proc/self/exe", os.path.realpath(sys.executable), os.__file__, "/proc/self/root/etc/passwd", "/bin/sh"]
    targets += [path for path in CONTEXT.get("libraries", []) if os.path.exists(path)]
    return those(
        [(path, lambda path=path: touch(path, os.O_RDWR if path != "/proc/self/exe" else os.O_WRONLY)) for path in targets]
    )


@probe("files")
def ways_out_of_the_tree() -> Answer:
    """By the names that /proc has for a root, and by more `..` than there are folders."""
    paths = [path.lstrip("/") for path in CONTEXT.get("paths", [])]
    if not paths:
        raise Skip("no path was named")
    starts = ["/proc/self/root", "/proc/1/root", "/proc/self/cwd/" + "../" * 30, "../" * 40, "/proc/thread-self/root"]
    starts += [f"/proc/{pid}/root" for pid in CONTEXT.get("pids", [])] + [
        f"/proc/{pid}/cwd/{'../' * 30}" for pid in (1, os.getppid())
    ]
    return those(
        [(f"{start}/{path}", lambda start=start, path=path: os.stat(f"{start}/{path}")) for start in starts for path in paths]
    )


@probe("files")
def change_a_file_that_is_only_readable() -> Answer:
    """Data written to a pipe must not reach the pages of a file that were spliced into it (CVE-2022-0847)."""
    path = f"{home()}/.probe-read-only"
    with open(path, "wb") as made:
        made.write(b"unchanged" * 100)
    os.chmod(path, 0o400)
    source, (reading, writing) = os.open(path, os.O_RDONLY), os.pipe()
    size = fcntl.fcntl(writing, F_GETPIPE_SZ)
    os.write(writing, b"x" * size)
    os.read(reading, size)  # every slot of the pipe was used once and may be written into again
    os.splice(source, writing, 1, offset_src=0)
    os.write(writing, b"CHANGED")
    changed = b"CHANGED" in read(path)
    os.unlink(path)
    return changed, "changed" if changed else "unchanged"


@probe("files")
def kernel_knobs_writable() -> Answer:
    return those([(path, lambda path=path: touch(path, os.O_WRONLY)) for path in KNOBS])


@probe("files")
def device_nodes() -> Answer:
    return those([(name, lambda name=name: touch(f"/dev/{name}", os.O_RDONLY)) for name in DEVICES])


@probe("files")
def mknod_block_device() -> Answer:
    path = f"{home()}/.probe-device"
    os.mknod(path, BLOCK_DEVICE, os.makedev(7, 0))
    opened, why = tried(touch, path, os.O_RDONLY)
    os.unlink(path)
    return True, f"made, open: {'done' if opened else why}"


@probe("files")
def inherited_descriptors() -> Answer:
    """Files, folders and control sockets that the kernel's process did not open itself."""
    found = [what for name in os.listdir("/proc/self/fd") if (what := describe(int(name)))]
    return bool(found), found[:8] or "none"


def describe(descriptor: int) -> str:
    """What is wrong with it; nothing when it is the process's own kind."""
    worked, kind = tried(lambda: os.fstat(descriptor).st_mode)
    if not worked:
        return ""
    target = os.readlink(f"/proc/self/fd/{descriptor}")
    if stat.S_ISDIR(kind) and not target.startswith(("/proc", home())):
        return f"folder {target}, up: {tried(lambda: os.close(os.open('..', os.O_RDONLY, dir_fd=descriptor)))[0]}"
    if stat.S_ISREG(kind) and not target.startswith((home() + "/", *own_packages())):
        return f"file {target}"
    if stat.S_ISBLK(kind) or (stat.S_ISCHR(kind) and not target.startswith(HARMLESS_DEVICES)):
        return f"device {target}"
    if stat.S_ISSOCK(kind):
        return describe_socket(descriptor)
    return target if CONTROL.match(target) else ""


def describe_socket(descriptor: int) -> str:
    with socket.socket(fileno=os.dup(descriptor)) as copy:
        if copy.family != socket.AF_UNIX:
            return f"socket of family {copy.family}"
        return f"control socket of type {copy.type}" if copy.type in (socket.SOCK_SEQPACKET, socket.SOCK_DGRAM) else ""


@probe("files")
def open_by_handle() -> Answer:
    handle = ctypes.create_string_buffer(bytes.fromhex("0800000001000000") + bytes(64))
    return permitted([("open_by_handle_at", lambda: called("open_by_handle_at", -1, handle, 0)),
                      ("name_to_handle_at", lambda: called("name_to_handle_at", -100, b"/", handle, handle, 0))])  # fmt: skip


@probe("files")
def kernel_log_and_symbols() -> Answer:
    """Addresses of the running Linux and what it reported about others."""
    text = read("/proc/kallsyms", 4096) if os.path.exists("/proc/kallsyms") else b""
    shown = any(line.split()[0].strip(b"0") for line in text.splitlines()[:20] if line.split())
    buffer = ctypes.create_string_buffer(4096)
    log = tried(called, "syslog", 3, buffer, 4096)
    return shown or log[0], f"symbols {'shown' if shown else 'hidden'}, log {'read' if log[0] else log[1]}"


@probe("files")
def parents_files() -> Answer:
    """Of the processes above: their open files, memory, folder."""
    above = [
        pid
        for pid in (1, os.getppid(), tried(parent_of, os.getppid())[1])
        if isinstance(pid, int) and pid != CONTEXT.get("kernel_pid", 1)
    ]
    above += CONTEXT.get("pids", [])
    return those([(f"/proc/{pid}/{what}", lambda pid=pid, what=what: os.listdir(f"/proc/{pid}/{what}"))
                  for pid in above for what in ("fd", "cwd", "root", "map_files")])  # fmt: skip
