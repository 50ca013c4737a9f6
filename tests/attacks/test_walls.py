"""What a candidate's code tries against the walls, in real kernels, with something real to find behind each of them."""

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.inside.confinement.syscalls import number
from sandbox.kernel import Kernel
from tests.kernels import borrowed, eventually, ran, told
from tests.trials import forkserver

REPOSITORY = Path(__file__).resolve().parents[2]
CANARY = "TSCANARY-fedcba9876543210"
TRIES = """
import ctypes, errno, os, socket
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
def tried(act, *arguments):
    try:
        return act(*arguments) or "done"
    except OSError as error:
        return errno.errorcode[error.errno]
def called(number, *arguments):
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return "done" if libc.syscall(ctypes.c_long(number), *words) >= 0 else errno.errorcode[ctypes.get_errno()]
"""


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    with borrowed() as shared:
        assert ran(shared, TRIES).status == "ok"
        yield shared


@pytest.fixture(scope="module")
def sibling() -> Iterator[Kernel]:
    with borrowed() as other:
        ran(other, "1")
        yield other


def test_a_file_that_everybody_may_read_is_not_there(kernel: Kernel, tmp_path: Path) -> None:
    secret = tmp_path / "answers.json"
    secret.write_text(CANARY)
    secret.chmod(0o644)
    for path in (secret, REPOSITORY / "pyproject.toml", REPOSITORY / "exercises", Path("/etc/shadow"), Path("/etc/hostname")):
        assert path.exists()
        assert told(kernel, f"tried(os.stat, {str(path)!r})") == "ENOENT"


def test_no_way_leads_out_of_the_tree(kernel: Kernel) -> None:
    ways = ["/proc/self/root/..", "/proc/1/root", "/" + "../" * 20, "/proc/self/cwd/../../.."]
    roots = told(kernel, f"[sorted(os.listdir(way)) for way in {ways}]")
    assert len({tuple(root) for root in roots}) == 1
    assert told(kernel, f"tried(os.stat, {'../' * 20 + str(REPOSITORY / 'pyproject.toml')[1:]!r})") == "ENOENT"
    assert told(kernel, "os.listdir('/home'), os.listdir('/tmp'), sorted(os.listdir('/run'))") == [["k"], [], ["k", "shm", "tmp"]]


@pytest.mark.parametrize("name", ["server", "sandbox", "tests", "exercises"])
def test_our_own_code_cannot_be_imported(kernel: Kernel, name: str) -> None:
    assert ran(kernel, f"import {name}").error.startswith("ModuleNotFoundError")


def test_nothing_of_the_servers_memory_is_in_the_kernel(kernel: Kernel) -> None:
    first, rest = CANARY[:9], CANARY[:8:-1]  # never whole in the kernel, so that it cannot find its own question
    source = f"""
found = 0
for line in open("/proc/self/maps"):
    start, end = (int(x, 16) for x in line.split()[0].split("-"))
    if "rw-p" in line:
        with open("/proc/self/mem", "rb", 0) as memory:
            try:
                memory.seek(start)
                data = memory.read(end - start)
            except (OSError, OverflowError):
                continue
        parts = data.split({first!r}.encode())[1:]
        found += sum(part[:{len(rest)}][::-1] == {rest!r}.encode() for part in parts)
found
"""
    assert told(kernel, source, cell_seconds=30) == 0
    planted = f"planted = {first!r} + {rest!r}[::-1]"
    assert ran(kernel, planted).status == "ok"
    assert told(kernel, source, cell_seconds=30) > 0  # the search does find what is there


def test_other_processes_are_neither_seen_nor_reached(kernel: Kernel, sibling: Kernel) -> None:
    zygote = forkserver()._zygote
    assert zygote is not None
    assert told(kernel, "[name for name in os.listdir('/proc') if name.isdigit()]") == ["1"]
    for pid in (os.getpid(), sibling.child.pid, zygote.pid):
        reached = told(kernel, f"tried(os.kill, {pid}, 9), tried(os.pidfd_open, {pid}), tried(os.getpgid, {pid})")
        assert reached == ["ESRCH", "ESRCH", "ESRCH"]
        assert told(kernel, f"tried(os.stat, '/proc/{pid}/environ')") == "ENOENT"
    assert sibling.alive


def test_tracing_is_refused(kernel: Kernel) -> None:
    numbers = [number(name) for name in ("ptrace", "process_vm_readv", "pidfd_getfd")]
    assert told(kernel, f"[called(number, 16, 1, 0, 0, 0, 0) for number in {numbers}]") == ["EPERM", "EPERM", "EPERM"]


def test_no_packet_reaches_a_listener_of_the_machine(kernel: Kernel, tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as by_path,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        udp.bind(("127.0.0.1", 0))
        by_path.bind(str(tmp_path / "s"))
        abstract.bind(f"\0touchstone-test-{os.getpid()}")
        for listener in (by_path, abstract):
            listener.listen()
        (tmp_path / "s").chmod(0o777)
        source = f"""
def connect(family, kind, address):
    with socket.socket(family, kind) as probe:
        probe.settimeout(5)
        probe.connect(address)
        probe.send(b"x")
ways = (
    (2, 1, ("127.0.0.1", {tcp.getsockname()[1]})), (2, 2, ("127.0.0.1", {udp.getsockname()[1]})),
    (2, 1, ("169.254.169.254", 80)), (10, 1, ("::1", 80)),
    (1, 1, {str(tmp_path / "s")!r}), (1, 1, {abstract.getsockname()!r}))
[tried(connect, *each) for each in ways]
"""
        # at once: the cell would be over time if it waited for a time-out
        assert told(kernel, source, cell_seconds=4) == ["ENETUNREACH"] * 4 + ["ENOENT", "ECONNREFUSED"]
        for listener in (tcp, udp, by_path, abstract):
            listener.settimeout(0.05)
            with pytest.raises(TimeoutError):
                listener.recv(1) if listener is udp else listener.accept()


def test_names_are_not_resolved(kernel: Kernel) -> None:
    assert "gaierror" in ran(kernel, "socket.getaddrinfo('example.org', 80)").error


def test_new_namespaces_mounts_and_roots_are_refused(kernel: Kernel) -> None:
    tries = "tried(os.chroot, '/tmp'), tried(socket.sethostname, 'x'), tried(os.setuid, 0)"
    assert told(kernel, tries) == ["EPERM", "EPERM", "EINVAL"]
    assert told(kernel, "libc.unshare(0x10000000), libc.unshare(0x20000)") == [-1, -1]
    assert told(kernel, "libc.mount(b't', b'/tmp', b'tmpfs', 0, None), libc.umount2(b'/proc', 2)") == [-1, -1]


def test_rights_and_ids_are_those_of_nobody(kernel: Kernel) -> None:
    source = """
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
{name: status[name].strip() for name in ("CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb", "NoNewPrivs", "Seccomp")}
"""
    nothing = "0" * 16
    capabilities = dict.fromkeys(("CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb"), nothing)
    assert told(kernel, source) == {**capabilities, "NoNewPrivs": "1", "Seccomp": "2"}
    assert told(kernel, "os.getuid(), os.getgid(), [g for g in os.getgroups() if g not in (1000, 65534)]") == [1000, 1000, []]


@pytest.mark.parametrize("folder", ["", "/usr/lib", "/etc", "/dev", "/run", "/proc/sys/kernel"])
def test_nothing_can_be_written_outside_ones_own_folders(kernel: Kernel, folder: str) -> None:
    assert told(kernel, f"tried(open, {folder + '/x'!r}, 'w')") in ("EROFS", "EACCES", "ENOENT")


def test_the_libraries_cannot_be_changed(kernel: Kernel) -> None:
    source = "import numpy, sys\n[tried(open, path, 'a') for path in (numpy.__file__, sys.executable, os.__file__)]"
    assert set(told(kernel, source)) <= {"EROFS", "EACCES"}


def test_only_own_descriptors_are_open(kernel: Kernel) -> None:
    source = """
import re
kinds = set()
for name in os.listdir("/proc/self/fd"):
    try:
        kinds.add(re.sub(r"[0-9]+", "N", os.readlink("/proc/self/fd/" + name)))
    except OSError:
        pass
sorted(kinds)
"""
    assert set(told(kernel, source)) <= {"/dev/null", "anon_inode:[eventfd]", "anon_inode:[eventpoll]", "pipe:[N]", "socket:[N]"}


def test_calls_with_a_history_of_holes_are_refused(kernel: Kernel) -> None:
    names = ["bpf", "perf_event_open", "userfaultfd", "keyctl", "memfd_create", "shmget", "inotify_init1", "io_uring_setup",
             "open_by_handle_at", "seccomp", "personality"]  # fmt: skip
    numbers = [number(name) for name in names]
    assert set(told(kernel, f"[called(number, 0, 0, 0, 0, 0) for number in {numbers}]")) == {"EPERM"}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="only x86-64 has a second ABI behind the same entry")
def test_the_second_abi_is_closed(kernel: Kernel) -> None:
    assert told(kernel, "called(0x40000000 + 39)") == "ENOSYS"


def test_shared_files_cannot_carry_signs(kernel: Kernel, sibling: Kernel) -> None:
    source = """
import fcntl, struct
shared = open(os.__file__, "rb")
lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)
[tried(fcntl.flock, shared, fcntl.LOCK_EX), tried(fcntl.fcntl, shared, fcntl.F_GETLK, lock)]
"""
    ran(sibling, TRIES)
    for each in (kernel, sibling):
        assert told(each, source) == ["ENOSYS", "EPERM"]


def test_limits_cannot_be_raised(kernel: Kernel) -> None:
    source = "import resource\nresource.setrlimit(resource.RLIMIT_NPROC, (10_000, 10_000))"
    assert ran(kernel, source).status == "error"
    assert told(kernel, "tried(os.nice, -10), tried(os.sched_setscheduler, 0, 1, os.sched_param(1))") == ["EPERM", "EPERM"]


def test_a_daemon_does_not_outlive_its_kernel_many_times() -> None:
    daemon = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: time.sleep(600)
    os._exit(0)
os.wait()
"""
    pids: list[int] = []
    for _ in range(5):
        with borrowed() as kernel:
            ran(kernel, daemon)
            pids += kernel.child.descendants()
    assert len(pids) == 5
    assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def test_starting_many_at_once_mixes_no_descriptors() -> None:
    counts: list[str] = []

    def look() -> None:
        with borrowed() as kernel:
            counts.append(ran(kernel, "import os; len(os.listdir('/proc/self/fd'))").value)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counts) == 8
    assert len(set(counts)) == 1
