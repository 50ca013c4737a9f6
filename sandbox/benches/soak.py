"""Does anything stay behind? Many kernels started and ended in every way, and servers killed at random moments:
`touchstone bench soak`.

What is counted before and after: sandboxed processes, mounts, control groups, files in the temporary folder, and this process's
descriptors and threads. All of it must be equal."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox.environments import candidate_python
from sandbox.inside.walls.names import is_of_the_dead
from sandbox.kernels.pool import Kernels
from sandbox.processes.cgroups import own_places
from sandbox.processes.forkserver import START, ForkServer

DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
os.wait()
"""
FILES = "open('left', 'wb').write(b'x' * 1_000_000)"
SLEEP = "import time; time.sleep(600)"
SERVER = """
import sys
from pathlib import Path
from sandbox.processes.forkserver import ForkServer
from sandbox.kernels.pool import Kernels
from sandbox.benches.soak import DAEMON
server = ForkServer(Path(sys.argv[1]))
server.start()
print("ready", flush=True)
kernels = Kernels(server)
while True:
    with kernels.borrow() as one, kernels.borrow() as two:
        list(one.run(DAEMON)), list(two.run("1"))
"""
CALM_SECONDS = 10.0
HOMES = Path("/tmp")  # where the zygotes of weaker walls have their homes
LONGEST_LIFE = 1.5  # seconds after the zygote is ready; a server may be killed long before that as well


def soak(
    rounds: int, kills: int, seed: int = 7, python: Path | None = None, progress: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """`equal` says whether everything was as before, after the rounds and after the kills."""
    with tempfile.TemporaryDirectory() as place, temporary_folder(place):
        return soak_here(python or candidate_python(), rounds, kills, random.Random(seed), progress)


@contextmanager
def temporary_folder(place: str) -> Iterator[None]:
    """One that nobody else uses, for this process and for those that it starts."""
    former, variable = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir = os.environ["TMPDIR"] = place
    try:
        yield
    finally:
        tempfile.tempdir = former
        if variable is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = variable


def soak_here(chosen: Path, rounds: int, kills: int, luck: random.Random, progress: Callable[[str], None]) -> dict[str, Any]:
    warm(chosen)
    before = settled(snapshot(), snapshot)
    start_and_end(chosen, rounds, luck, progress)
    after_rounds = settled(before, snapshot)
    for number in range(kills):
        kill_a_server(chosen, luck)
        progress(f"{number + 1} of {kills} servers killed")
    warm(chosen)  # the next server clears away what a killed one could not
    after_kills = settled(before, snapshot)
    return {
        "rounds": rounds,
        "kills": kills,
        "before": before,
        "after_rounds": after_rounds,
        "after_kills": after_kills,
        "equal": before == after_rounds == after_kills,
    }


def warm(python: Path) -> None:
    """What is made once and stays (threads, libraries) is there before anything is counted."""
    forkserver = ForkServer(python)
    with Kernels(forkserver).borrow() as kernel:
        list(kernel.run("1"))
    forkserver.close()


def start_and_end(python: Path, rounds: int, luck: random.Random, progress: Callable[[str], None]) -> None:
    forkserver = ForkServer(python)
    kernels = Kernels(forkserver, ceiling=8)
    try:
        for number in range(rounds):
            with kernels.borrow() as kernel:
                luck.choice(WAYS)(kernel)
            if (number + 1) % 100 == 0:
                progress(f"{number + 1} of {rounds} kernels ended")
    finally:
        kernels.close()
        forkserver.close()


def end_idle(kernel: Any) -> None:
    list(kernel.run("1 + 1"))


def end_with_daemon(kernel: Any) -> None:
    list(kernel.run(DAEMON))


def end_with_files(kernel: Any) -> None:
    list(kernel.run(FILES))


def end_while_running(kernel: Any) -> None:
    threading.Timer(0.01, kernel.child.kill).start()
    list(kernel.run(SLEEP))


def end_itself(kernel: Any) -> None:
    list(kernel.run("import os; os._exit(3)"))


WAYS = (end_idle, end_with_daemon, end_with_files, end_while_running, end_itself)


def kill_a_server(python: Path, luck: random.Random) -> int:
    """At any moment: while it starts, while kernels come and go. -> its pid"""
    command, surroundings = [sys.executable, "-c", SERVER, str(python)], {**os.environ, "PYTHONPATH": repository()}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=surroundings) as doomed:
        if luck.random() < 0.3:
            time.sleep(luck.uniform(0, 1.0))
        else:
            assert doomed.stdout is not None
            doomed.stdout.readline()
            time.sleep(luck.uniform(0, LONGEST_LIFE))
        doomed.send_signal(signal.SIGKILL)
    return doomed.pid


def repository() -> str:
    return str(Path(__file__).resolve().parents[2])


def snapshot() -> dict[str, int]:
    return {
        "processes": len(sandboxed()),
        "mounts": len(Path("/proc/self/mountinfo").read_text().splitlines()),
        "cgroups": sum(groups_under(place.folder) for place in own_places()),
        "temporary_files": files_under(tempfile.gettempdir()) + len(left_homes()),
        "descriptors": sum(1 for _ in Path("/proc/self/fd").iterdir()),
        "threads": threading.active_count(),
    }


def groups_under(folder: Path) -> int:
    """Itself too. What another server gives back while we look is not there, and no error: glob would make it one."""
    return sum(1 for _ in os.walk(folder))


def files_under(folder: str) -> int:
    return sum(len(folders) + len(files) for _, folders, files in os.walk(folder))


def left_homes() -> list[Path]:
    """Of zygotes that are gone; those of servers that run beside us are theirs."""
    return [folder for folder in HOMES.iterdir() if is_of_the_dead(folder.name)]


def sandboxed() -> list[int]:
    """Every process on this machine that came from a zygote of ours, by its command line."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if str(START).encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
    return found


def settled(wanted: dict[str, int], look: Callable[[], dict[str, int]]) -> dict[str, int]:
    """What is there when things have calmed down: at once if all is as wanted, else after some seconds."""
    until = time.monotonic() + CALM_SECONDS
    while (found := look()) != wanted and time.monotonic() < until:
        time.sleep(0.1)
    return found
