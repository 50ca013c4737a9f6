"""Runs the probes: outside in a plain process, in a kernel, and in a suspect, each time with the same victims.

A wall is proven when the probe succeeds outside and is held inside. `python -m tests.attacks.proving` prints what was found."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from sandbox.environments import candidate_python
from sandbox.kernels.kernel import Event
from sandbox.kernels.pool import Kernels
from sandbox.limits import Limits
from sandbox.processes.forkserver import ForkServer
from sandbox.trials.trial import Cell, TrialPlan, run_trial
from tests.attacks.probes.source import all_probes, names, probes_source
from tests.attacks.resolver import NAME
from tests.attacks.victims import NOBODYS_ADDRESSES, Victims, victims

Place = Literal["outside", "kernel", "suspect"]
PLACES: tuple[Place, ...] = ("outside", "kernel", "suspect")
REPOSITORY = Path(__file__).resolve().parents[2]
LIMITS = Limits(memory_mb=64, processes=32, open_files=256, disk_mb=32, file_mb=16, cell_seconds=300)
COMPUTING = replace(LIMITS, cpu_seconds=1)
# More than these limits allow (with the 64 MB of room that the watchdog gives), and not too much for the machine outside.
AMOUNTS = {
    "memory_mb": 160, "sum_mb": 320, "child_mb": 40, "children": 20, "processes": 100, "threads": 100, "disk_mb": 64,
    "inodes": 21_000, "files": 1_024, "signals": 5_000, "terminals": 100, "socket_mb": 128, "locked_mb": 32, "aio_events": 8_000,
    "cpu_seconds": 3,
}  # fmt: skip
OUTSIDE_SECONDS = 600
AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Finding:
    probe: str
    place: Place
    state: str  # "breached", "held", "skipped", "broken": an error in the probe, "silent": no answer in time
    detail: str


Findings = dict[str, Finding]


def as_call(chosen: Sequence[str], context: Mapping[str, Any]) -> str:
    return f"run_probes({list(chosen)!r}, {dict(context)!r})"


def read_lines(text: str, place: Place) -> Findings:
    told = [json.loads(line) for line in text.splitlines() if line.startswith('{"id": ')]
    return {each["id"]: Finding(each["id"], place, each["state"], each["detail"]) for each in told}


def with_silent(found: Findings, chosen: Sequence[str], place: Place, state: str, why: str) -> Findings:
    """Those that did not tell anything: the process was lost before."""
    return {name: found.get(name) or Finding(name, place, state, why) for name in chosen}


# The three places


def outside(chosen: Sequence[str], context: Mapping[str, Any], canary: str) -> Findings:
    """As a process that the server starts carelessly: its environment, its Python, its open files, its user."""
    own = {**context, "pids": context["pids"][:2], "only_pids": True, "addresses": NOBODYS_ADDRESSES, "hold_seconds": 0.1}
    folder = os.open(context["paths"][-1], os.O_RDONLY)
    try:
        ran = subprocess.run(
            [sys.executable, "-c", "import sys; exec(sys.stdin.read())"], input=f"{probes_source()}\n{as_call(chosen, own)}",
            env={**os.environ, "TOUCHSTONE_SECRET": canary, "PYTHONPATH": str(REPOSITORY), "HOME": context["home"]},
            pass_fds=[folder], capture_output=True, text=True, timeout=OUTSIDE_SECONDS, cwd=context["home"],
        )  # fmt: skip
    finally:
        os.close(folder)
    return with_silent(read_lines(ran.stdout, "outside"), chosen, "outside", "broken", ran.stderr[-300:])


def in_kernel(forkserver: ForkServer, chosen: Sequence[str], context: Mapping[str, Any]) -> Findings:
    with Kernels(forkserver).borrow(limits_for(chosen)) as kernel:
        events = [*kernel.run(probes_source()), *kernel.run(as_call(chosen, context))]
    died = [str(event.data["why"]) for event in events if event.kind == "died"]
    errors = [f"{event.data['ename']}: {event.data['evalue']}" for event in events if event.kind == "error"]
    state, why = ("held", f"the kernel was ended: {died[0]}") if died and len(chosen) == 1 else ("broken", str(errors + died))
    return with_silent(read_lines(printed(events), "kernel"), chosen, "kernel", state, why)


def printed(events: Sequence[Event]) -> str:
    return "".join(event.data["text"] for event in events if event.kind == "stream")


def in_suspect(forkserver: ForkServer, chosen: Sequence[str], context: Mapping[str, Any]) -> Findings:
    """A cell for each area: what one cell prints is cut."""
    areas = dict.fromkeys(all_probes()[name].area for name in chosen)
    calls = [as_call([name for name in chosen if all_probes()[name].area == area], context) for area in areas]
    cells = [Cell(str(number), source) for number, source in enumerate([probes_source(), *calls])]
    report = run_trial(forkserver, TrialPlan(tuple(cells), (), (), (), limits=limits_for(chosen)))
    lost = [run for run in report.cells if run.status != "ok"]
    ended = bool(lost) and lost[0].status in ("died", "timed_out") and len(chosen) == 1
    why = f"the process was ended: {lost[0].error}" if ended else str([run.error for run in lost])
    text = "\n".join(run.text for run in report.cells)
    return with_silent(read_lines(text, "suspect"), chosen, "suspect", "held" if ended else "broken", why)


def groups(chosen: Sequence[str]) -> list[list[str]]:
    """Plain probes share a process, each heavy one has its own: it may lose it."""
    plain = [name for name in chosen if all_probes()[name].kind == "plain"]
    return [*([plain] if plain else []), *([name] for name in chosen if all_probes()[name].kind == "heavy")]


def limits_for(chosen: Sequence[str]) -> Limits:
    return COMPUTING if list(chosen) == ["computing_in_short_children"] else LIMITS


# All of it


@contextmanager
def surrounded(forkserver: ForkServer) -> Iterator[tuple[Victims, dict[str, Any]]]:
    """-> victims, and what an attacker in a sandboxed process may know of them. A sibling holds its signs meanwhile."""
    with victims() as found, Kernels(forkserver).borrow(LIMITS) as sibling:
        home = found.folder / "home"
        home.mkdir()
        list(sibling.run(f"{probes_source('signs')}\nhold_signs({found.token!r}, {{}})\ntake_pipes()"))
        found.pids += [os.getpid(), sibling.child.pid, *forkserver.zygote_pids]
        own = {
            "limits": AMOUNTS,
            "hold_seconds": 1.5,
            "home": str(home),
            "pipes_taken": True,
            "libraries": libraries(),
            "dns_name": NAME,
        }
        context = {**found.context(), **own}
        yield found, context


def libraries() -> list[str]:
    """Modules that all candidates share."""
    return [str(path) for path in candidate_python().parent.parent.glob("lib/python3*/site-packages/numpy/__init__.py")]


def prove(forkserver: ForkServer, chosen: Sequence[str], places: Sequence[Place] = PLACES) -> list[Finding]:
    """Also says who was reached: a listener that heard something while nobody but the sandbox was at work is a breach."""
    results: list[Finding] = []
    with surrounded(forkserver) as (who, context):

        def run(place: Place, group: Sequence[str]) -> Findings:
            if place == "outside":
                return outside(group, context, who.canary)
            return (in_kernel if place == "kernel" else in_suspect)(forkserver, group, context)

        for at_work in (("outside",), ("kernel", "suspect")):
            tasks = [(place, group) for group in groups(chosen) for place in at_work if place in places]
            with ThreadPoolExecutor(AT_ONCE) as pool:
                for found in pool.map(lambda task: run(*task), tasks):
                    results += found.values()
            if at_work == ("outside",):
                who.seen()
        results += [Finding(f"reached the {name} listener", "kernel", "breached", "something arrived") for name in who.seen()]
    return results


def main() -> None:
    forkserver = ForkServer(candidate_python())
    try:
        chosen = sys.argv[1:] or names("plain", "heavy")
        print(json.dumps([asdict(finding) for finding in prove(forkserver, chosen)]))
    finally:
        forkserver.close()


if __name__ == "__main__":
    main()
