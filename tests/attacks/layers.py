"""Which layer stops a probe: it is run in kernels that have one layer alone, and in kernels that lack one.

A layer stops a probe by itself when the probe succeeds in a kernel without any layer and fails where that layer alone is up (with
"no new privileges", without which an ordinary user can put up nothing)."""

import socket
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.environments import candidate_python
from sandbox.errors import SandboxError, SandboxUnavailable
from sandbox.inside.walls.confined import ConfinedWalls
from sandbox.inside.walls.leftovers import Leftovers
from sandbox.processes.cgroups import Cgroups, own_cgroups
from sandbox.processes.forkserver import ForkServer
from tests.attacks.probes.source import all_probes
from tests.attacks.proving import Findings, groups, in_kernel, surrounded
from tests.attacks.victims import NOBODYS_ADDRESSES
from tests.attacks.zygote_with import ALWAYS, DIVIDED, OF_THE_ZYGOTE, script_for

NO_NEW = "no new privileges"
WATCH, GROUPS = "memory watch", "control group"
UNKNOWN = "not examined"
TOGETHER = "several together"
START = "fork-server (clean environment, own Python)"
# Which of several answers first, when a process asks Linux for something.
FIRST_TO_ACT = (
    START, "system calls", "limits", GROUPS, "own pids", "own network and IPC", "file tree", "own disk", "open files",
    "own user for each kernel", "user namespace", "capabilities", NO_NEW, "Landlock", "priority",
    "end with the fork-server", WATCH,
)  # fmt: skip
OF_RESOURCES = (GROUPS, "system calls", "limits", "own disk", "own user for each kernel", "user namespace", "own network and IPC")
AT_ONCE = 2
TRIES = 2


def all_layers() -> list[str]:
    """As the walls have them now."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        steps = [name for name, _ in ConfinedWalls(ours, Leftovers([], "", 0), [], 0, frozenset()).steps({}, [], lambda: None)]
    return [GROUPS, *OF_THE_ZYGOTE, *(name for name in steps if name not in (*DIVIDED, *ALWAYS))]


@dataclass
class Runs:
    bare: Findings
    alone: dict[str, Findings]
    lacking: dict[str, Findings]

    def stopping(self, probe: str) -> list[str]:
        """What stops a probe that is held: layers that do so by themselves, first the one that acts first; else those needed."""
        if probe not in self.bare:
            return [UNKNOWN]
        if not breached(self.bare, probe):
            return [START]
        by_itself = [layer for layer, found in self.alone.items() if stops(found, probe, self.alone.get(NO_NEW, {}), layer)]
        if by_itself:
            return sorted(by_itself, key=place_in_order)
        together = [layer for layer, found in self.lacking.items() if breached(found, probe)]
        return [" and ".join(sorted(together, key=place_in_order)) or TOGETHER]


def breached(found: Findings, probe: str) -> bool:
    return probe in found and found[probe].state == "breached"


def stops(found: Findings, probe: str, beside: Findings, layer: str) -> bool:
    """Not what "no new privileges", which is up beside it, stops anyway."""
    if probe not in found or found[probe].state != "held":
        return False
    return layer == NO_NEW or probe not in beside or breached(beside, probe)


def place_in_order(layer: str) -> int:
    return FIRST_TO_ACT.index(layer) if layer in FIRST_TO_ACT else len(FIRST_TO_ACT)


class NoWatch:
    """In place of the watchdog, to see what the other layers do without it."""

    def watch(self, *_: object) -> None:
        pass


def run_with(layers: Sequence[str], chosen: Sequence[str], watched: bool) -> Findings:
    """Nothing when no kernel can be started like that; a machine that was only too busy is asked again."""
    for _ in range(TRIES):
        try:
            return run_once_with(layers, chosen, watched)
        except SandboxUnavailable:
            break
        except SandboxError:
            continue
    return {}


def run_once_with(layers: Sequence[str], chosen: Sequence[str], watched: bool) -> Findings:
    with tempfile.TemporaryDirectory(prefix="touchstone-layers-", ignore_cleanup_errors=True) as place:
        Path(place).chmod(0o777)
        forkserver = ForkServer(
            candidate_python(), start=script_for(layers, Path(place)), cgroups=own_cgroups() if GROUPS in layers else Cgroups([])
        )
        if not watched:
            forkserver._watchdog = NoWatch()  # type: ignore[assignment]
        try:
            with surrounded(forkserver) as (who, context):
                own = {**context, "only_pids": True, "addresses": NOBODYS_ADDRESSES, "pids": who.pids[:2]}
                own["hold_seconds"] = context["hold_seconds"] if watched else 0.2
                return in_groups(forkserver, chosen, own)
        finally:
            forkserver.close()


def in_groups(forkserver: ForkServer, chosen: Sequence[str], context: Mapping[str, Any]) -> Findings:
    found: Findings = {}
    for group in groups(chosen):
        found |= in_kernel(forkserver, group, context)
    return found


def examine(chosen: Sequence[str]) -> Runs:
    """Takes minutes: every set of layers is a zygote of its own."""
    layers = all_layers()
    heavy = [name for name in chosen if all_probes()[name].kind == "heavy"]
    plain = [name for name in chosen if all_probes()[name].kind == "plain"]
    wanted: dict[str, tuple[list[str], list[str], bool]] = {"bare": ([], [*plain, *heavy], False), WATCH: ([], heavy, True)}
    for layer in layers:
        of_interest = [*plain, *(heavy if layer in OF_RESOURCES else [])]
        wanted[f"alone {layer}"] = (list(dict.fromkeys([NO_NEW, layer])), of_interest, False)
        wanted[f"without {layer}"] = ([each for each in layers if each != layer], plain, True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = dict(zip(wanted, pool.map(lambda each: run_with(*each), wanted.values()), strict=True))
    alone = {layer: found[f"alone {layer}"] for layer in layers}
    return Runs(found["bare"], {**alone, WATCH: found[WATCH]}, {layer: found[f"without {layer}"] for layer in layers})
