"""Attacks that only somebody outside can judge. All are judged by the same conditions, which a careless server does not keep.

Outside, the careless server: it ends code by asking politely, keeps all that is printed, follows links, takes what is sent,
and kills one process. Inside: a kernel and a suspect, with the server that we have."""

import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sandbox.kernels.kernel import Kernel
from sandbox.kernels.pool import Kernels
from sandbox.processes.forkserver import ForkServer
from sandbox.trials.trial import Cell, TrialPlan, run_trial
from tests.attacks.probes.source import probes_source
from tests.attacks.proving import LIMITS, Finding, Place, as_call, printed, read_lines, surrounded
from tests.attacks.stock_server import what_breaks_it

SHORT = replace(LIMITS, cell_seconds=3, output_kb=64, memory_mb=512)
OF_MALFORMED = ("malformed_frames", "junk_on_all_sockets")
LONGEST_SECONDS = 60.0  # of a run whose time limit is three seconds: the machine may be busy
GONE_SECONDS, NEXT_SECONDS = 15.0, 60
ASKED_SECONDS = 5.0  # in which who was asked politely has ended; outside some never do
MOST_MB = 64
AT_ONCE = 5
Context = Mapping[str, Any]
FEW = 60  # descriptors by which other runs at the same time may differ


@dataclass
class Seen:
    """What an observer saw while the attack ran and after it; every field has the value that it must have."""

    ended: bool = True  # within its time
    bounded: bool = True  # what it printed
    server_lives_well: bool = True  # memory and open files of the server
    nothing_taken: bool = True  # no byte of a file outside
    nothing_left: bool = True  # no process a second after the end
    next_one_works: bool = True
    sibling_works: bool = True
    detail: str = ""
    skipped: str = ""

    def broken(self) -> list[str]:
        return [name for name, value in vars(self).items() if value is False]


def judge(probe: str, place: Place, seen: Seen) -> Finding:
    if seen.skipped:
        return Finding(probe, place, "skipped", seen.skipped)
    broken = seen.broken()
    return Finding(probe, place, "breached" if broken else "held", ", ".join(f"not {name}" for name in broken) or seen.detail)


# Inside


@dataclass
class ServerState:
    resident_mb: int = field(default_factory=lambda: resident_mb())
    open_files: int = field(default_factory=lambda: len(os.listdir("/proc/self/fd")))  # noqa: PTH208

    def is_well_since(self, before: "ServerState") -> bool:
        return self.resident_mb - before.resident_mb < MOST_MB and self.open_files - before.open_files < FEW


def resident_mb() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


def survivors(name: str) -> list[int]:
    found = []
    for place in Path("/proc").iterdir():
        with suppress(OSError):
            if place.name.isdigit() and (place / "comm").read_text().strip() == name:
                found.append(int(place.name))
    return found


def gone_within(seconds: float, pids: Callable[[], list[int]]) -> bool:
    until = time.monotonic() + seconds
    while pids():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def still_there(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def works(kernel: Kernel) -> bool:
    return any(event.kind == "result" and event.data["data"]["text/plain"] == "2" for event in kernel.run("1 + 1", NEXT_SECONDS))


def in_kernel(forkserver: ForkServer, probe: str, context: Context, canary: str, sibling: Callable[[], bool]) -> Finding:
    before, began = ServerState(), time.monotonic()
    with Kernels(forkserver).borrow(SHORT) as kernel:
        events = [*kernel.run(probes_source("observed"), 20), *kernel.run(as_call([probe], context))]
        seen = Seen(ended=time.monotonic() - began < LONGEST_SECONDS, sibling_works=sibling())
        later = [*kernel.run("1 + 1", NEXT_SECONDS)]  # a kernel that lives answers, one that died says so
        seen.next_one_works = later[-1].kind == "done" and (not kernel.alive or works(kernel))
        pids = [kernel.child.pid, *kernel.child.descendants()]
    seen.nothing_left = gone_within(GONE_SECONDS, lambda: still_there(pids) + survivors(context["survivor"]))
    seen.bounded = len(printed(events)) <= SHORT.output_kb * 1024
    seen.nothing_taken = canary not in str(events)
    seen.server_lives_well = ServerState().is_well_since(before)
    seen.detail, seen.skipped = how(probe, printed(events), str(events[-1].data.get("status")))
    return judge(probe, "kernel", seen)


def in_suspect(forkserver: ForkServer, probe: str, context: Context, canary: str, sibling: Callable[[], bool]) -> Finding:
    before, began = ServerState(), time.monotonic()
    cells = (Cell("0", probes_source("observed")), Cell("1", as_call([probe], context)), Cell("2", "print('next')"))
    report = run_trial(forkserver, TrialPlan(cells, (), (), (), limits=SHORT))
    ran = report.cells[1]
    if report.cells[0].status != "ok":
        return Finding(probe, "suspect", "broken", report.cells[0].error)
    seen = Seen(
        ended=time.monotonic() - began < LONGEST_SECONDS,
        bounded=len(ran.text) <= SHORT.output_kb * 1024,
        nothing_taken=canary not in str(report),
        nothing_left=gone_within(GONE_SECONDS, lambda: survivors(context["survivor"])),
        next_one_works=report.cells[2].text == "next\n" or probe in OF_MALFORMED,
        sibling_works=sibling(),
        server_lives_well=ServerState().is_well_since(before),
    )
    seen.detail, seen.skipped = how(probe, ran.text, ran.status)
    return judge(probe, "suspect", seen)


def how(probe: str, text: str, status: str) -> tuple[str, str]:
    """-> (how it ended, why it could not be tried)"""
    told = read_lines(text, "kernel").get(probe)
    if told is None:
        return status, ""
    return f"{status}, {told.detail}", told.detail if told.state == "skipped" else ""


# Outside


def outside(probe: str, context: Context, canary: str) -> Finding:
    if probe == "malformed_frames":
        return with_stock_jupyter(probe, context)
    folder = Path(context["home"]) / probe
    folder.mkdir()
    ours, theirs = socket.socketpair()
    process = subprocess.Popen(
        [sys.executable, "-c", "import sys; exec(sys.stdin.read())"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(folder)}, cwd=folder, pass_fds=[theirs.fileno()], start_new_session=True,
    )  # fmt: skip
    theirs.close()
    try:
        return judge(probe, "outside", watch_carelessly(probe, process, ours, folder, context, canary))
    finally:
        process.kill()
        process.wait()
        ours.close()
        for pid in survivors(context["survivor"]):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def with_stock_jupyter(probe: str, context: Context) -> Finding:
    error = what_breaks_it(probes_source("observed"), as_call([probe], context))
    return judge(probe, "outside", Seen(server_lives_well=not error, detail=error))


def watch_carelessly(
    probe: str, process: "subprocess.Popen[bytes]", ours: socket.socket, folder: Path, context: Context, canary: str,
) -> Seen:  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(
        f"{probes_source('observed')}\n{as_call([probe], context)}\nprint('next', flush=True)\ntime.sleep(1)".encode()
    )
    process.stdin.close()
    kept: list[bytes] = []
    reader = threading.Thread(target=read_all, args=(process, kept), daemon=True)
    reader.start()
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    process.terminate()
    seen = Seen(ended=gone_within(ASKED_SECONDS, lambda: [] if process.poll() is not None else [process.pid]))
    process.kill()
    process.wait()
    text = b"".join(kept)
    seen.nothing_left = not survivors(context["survivor"])
    seen.bounded = len(text) <= SHORT.output_kb * 1024
    seen.next_one_works = b"next" in text or not seen.ended or not seen.bounded
    seen.nothing_taken = not any(canary in first_of(path) for path in folder.iterdir())
    taken, well_formed = receive(ours)
    seen.server_lives_well = taken == 0 and well_formed
    seen.detail, seen.skipped = how(probe, text[:20_000].decode(errors="replace"), "ended")
    return seen


def read_all(process: "subprocess.Popen[bytes]", kept: list[bytes]) -> None:
    assert process.stdout is not None
    with process.stdout as stream:
        while data := os.read(stream.fileno(), 1 << 20):
            kept.append(data)


def first_of(path: Path) -> str:
    """As a careless collector reads: through links, but not for ever."""
    with suppress(OSError), path.open("rb") as stream:
        return stream.read(10_000).decode(errors="replace")
    return ""


def receive(ours: socket.socket) -> tuple[int, bool]:
    """-> (descriptors that came, whether all bytes were text)"""
    taken, data = 0, b""
    while select.select([ours], [], [], 0)[0]:
        part, descriptors, _, _ = socket.recv_fds(ours, 65536, 253)
        for descriptor in descriptors:
            os.close(descriptor)
        taken += len(descriptors)
        data += part
        if not part and not descriptors:
            break
    return taken, b"\xff" not in data


def observe(forkserver: ForkServer, chosen: Sequence[str], places: Sequence[Place]) -> list[Finding]:
    """Several at the same time: most of them only wait. But memory and open files of the server are counted for all of them
    together, so what looks like a hole is looked at once more, alone: a real one is there then too."""
    with surrounded(forkserver) as (who, context), Kernels(forkserver).borrow(LIMITS) as sibling:
        lock = threading.Lock()

        def sibling_answers() -> bool:
            with lock:
                return works(sibling)

        def look(probe: str, place: Place) -> Finding:
            own = {**context, "survivor": f"ts-{secrets.token_hex(5)}"}
            if place == "outside":
                return outside(probe, own, who.canary)
            act = in_kernel if place == "kernel" else in_suspect
            return act(forkserver, probe, own, who.canary, sibling_answers)

        found: list[Finding] = []
        for at_work in (("outside",), ("kernel", "suspect")):  # what the careless server keeps would count as ours
            tasks = [(probe, place) for probe in chosen for place in at_work if place in places]
            with ThreadPoolExecutor(AT_ONCE) as pool:
                first = list(pool.map(lambda task: look(*task), tasks))
            alone = [each.state == "breached" and each.place != "outside" for each in first]
            found += [look(each.probe, each.place) if again else each for each, again in zip(first, alone, strict=True)]
        return found
