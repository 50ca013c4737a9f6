"""A self-test of the walls, in a real kernel: for `touchstone doctor`, the first start and every hour after it.

The code below tries what a candidate's code must not be able to do and prints what happened; the judgement is made out here."""

import json
import os
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sandbox.advice import Machine, look_at_machine, steps_for
from sandbox.errors import SandboxError, SandboxUnavailable
from sandbox.kernels.kernel import Kernel, start_kernel
from sandbox.limits import Limits
from sandbox.processes.forkserver import ForkServer
from sandbox.processes.zygote import clean_environment

Tier = Literal["full", "reduced", "open", "refuse"]
LIMITS = Limits(cell_seconds=20, memory_mb=512)
NO_CAPABILITIES = {"CapInh": 0, "CapPrm": 0, "CapEff": 0, "CapBnd": 0, "CapAmb": 0}
OF_LIBRARIES = ("KMP_", "TERM", "CLICOLOR", "FORCE_COLOR", "PAGER", "GIT_PAGER", "COLUMNS", "LINES")  # set while importing
ATTEMPTS = """
import ctypes, errno, json, os, resource, socket
def error_of(act):
    try:
        act()
        return ""
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error))
def connect():
    with socket.socket() as probe:
        probe.settimeout(2)
        probe.connect(("127.0.0.1", {port}))
def unshare():
    if ctypes.CDLL(None, use_errno=True).unshare(0x10000000) < 0:
        raise OSError(ctypes.get_errno(), "")
def visible():
    try:
        return sum(name.isdigit() for name in os.listdir("/proc"))
    except OSError:
        return 0
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
print(json.dumps({{
    "outside_file": error_of(lambda: open({path!r}).close()),
    "network": error_of(connect),
    "server_process": error_of(lambda: os.kill({pid}, 0)),
    "processes": visible(),
    "root": [error_of(lambda: open(folder + "/x", "w").close()) for folder in ("", "/usr", "/etc", "/proc/sys/kernel")],
    "variables": sorted(os.environ),
    "capabilities": {{name: int(status[name], 16) for name in status if name.startswith("Cap")}},
    "no_new_privs": status["NoNewPrivs"].strip(),
    "seccomp": status["Seccomp"].strip(),
    "namespaces": error_of(unshare),
    "limits": [resource.getrlimit(which)[1] for which in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE)],
    "uid": os.getuid(),
}}))
"""
DELEGATE = "With systemd: `Delegate=yes` in the service, or `systemd-run --user --scope -p Delegate=yes touchstone serve`."
LEND = (
    "Lend the server's user others: `apt install uidmap`, then `usermod --add-subuids 200000-265535 --add-subgids 200000-265535 "
    "NAME` with its name and a range that nobody else has in /etc/subuid, then restart the server."
)
RESTART = "Restart the server; if it stays, report it with the output of `touchstone doctor`."


@dataclass(frozen=True, slots=True)
class Layer:
    name: str
    works: bool
    why: str
    advice: str = ""
    needed: bool = True  # False: a second lock, whose absence is told and stops nothing


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which walls candidates' code runs behind here, and what an operator could do for more."""

    tier: Tier
    why: str
    steps: list[str]  # lines to type or to write; empty when there is nothing to do
    layers: list[Layer]


def examine(forkserver: ForkServer) -> Verdict:
    """Try the walls from inside a real kernel; takes some seconds. Never raises for what it finds."""
    if forkserver.mode == "open":
        return Verdict("open", "as TOUCHSTONE_SANDBOX=open asks", ["Unset TOUCHSTONE_SANDBOX to have the walls."], [])
    layers = probe(forkserver)
    machine = look_at_machine(os.geteuid() == 0, forkserver.python)
    return judge_tier(layers, str(forkserver.facts.get("mode", "")), forkserver.lost, machine)


def judge_tier(layers: list[Layer], walls: str, lost: SandboxUnavailable | None, machine: Machine) -> Verdict:
    """`walls`: which ones the zygote could build; `lost`: why not better ones. Pure."""
    broken = next((layer for layer in layers if layer.needed and not layer.works), None)
    if broken is not None:
        steps = steps_for(broken.name, machine) or ([broken.advice] if broken.advice else [])
        return Verdict("refuse", f"{broken.name}: {broken.why}", steps, layers)
    if walls == "reduced" and lost is not None:
        steps = steps_for(lost.layer, machine) or [lost.advice]
        return Verdict("reduced", f"not every wall can be built here: {lost.layer}: {lost.why}", steps, layers)
    return Verdict("reduced" if walls == "reduced" else "full", "every wall that is needed stands", [], layers)


def probe(forkserver: ForkServer) -> list[Layer]:
    """What of the wall is there. A wall that cannot be built gives the one layer that is missing."""
    try:
        with outside() as (path, port):
            kernel = start_kernel(forkserver, LIMITS, {})
            try:
                found = attempt(kernel, ATTEMPTS.format(path=path, port=port, pid=os.getpid()))
                facts = forkserver.facts
                return [*(judge(found) for judge in JUDGES), own_user(kernel, facts), landlock(facts), *counted(kernel)]
            finally:
                kernel.close()
    except SandboxUnavailable as missing:
        return [Layer(missing.layer, False, missing.why, missing.advice)]
    except SandboxError as error:
        return [Layer("start of a kernel", False, str(error), RESTART)]


@contextmanager
def outside() -> Iterator[tuple[str, int]]:
    """A file that everybody on this machine may read, and a port that everybody may connect to."""
    with tempfile.NamedTemporaryFile(prefix="touchstone-probe-") as file, socket.create_server(("127.0.0.1", 0)) as server:
        Path(file.name).chmod(0o644)
        yield file.name, server.getsockname()[1]


def attempt(kernel: Kernel, source: str) -> dict[str, Any]:
    events = list(kernel.run(source))
    text = "".join(event.data["text"] for event in events if event.kind == "stream")
    try:
        return dict(json.loads(text))
    except ValueError:
        raise SandboxError(f"The self-test gave no answer: {events[-1].data}, {text[:500]}") from None


def files(found: dict[str, Any]) -> Layer:
    return judged(
        "files of the server", found["outside_file"] != "", unless(found["outside_file"], "cannot be opened", "one was opened")
    )


def network(found: dict[str, Any]) -> Layer:
    return judged(
        "network", found["network"] != "", unless(found["network"], "no port answers", "a port of this machine was reached")
    )


def other_processes(found: dict[str, Any]) -> Layer:
    unreached = found["server_process"] in ("ESRCH", "EPERM") and found["processes"] <= 1
    server = unless(found["server_process"], "the server is out of reach", "the server was reached")
    return judged("other processes", unreached, f"{found['processes']} seen, {server}")


def read_only(found: dict[str, Any]) -> Layer:
    return judged(
        "read-only file tree",
        all(found["root"]),
        f"writing outside the home: {', '.join(error or 'done' for error in found['root'])}",
    )


def environment(found: dict[str, Any]) -> Layer:
    ours = clean_environment()
    strange = [name for name in found["variables"] if name not in ours and not name.startswith(OF_LIBRARIES)]
    return judged("clean environment", not strange, f"unknown: {', '.join(strange)}" if strange else "nothing of the server's")


def capabilities(found: dict[str, Any]) -> Layer:
    # the bounding set only says what programs with rights could give: without new privileges they give nothing
    locked = {"CapBnd"} if found["no_new_privs"] == "1" else set()
    held = [name for name, bits in found["capabilities"].items() if bits and name not in locked]
    return judged("capabilities", not held and found["uid"] != 0, f"held: {', '.join(held)}" if held else "none")


def no_new_privileges(found: dict[str, Any]) -> Layer:
    return judged("no new privileges", found["no_new_privs"] == "1", f"NoNewPrivs {found['no_new_privs']}")


def system_calls(found: dict[str, Any]) -> Layer:
    works = found["seccomp"] == "2" and found["namespaces"] == "EPERM"
    return judged(
        "system calls",
        works,
        f"filter {'on' if found['seccomp'] == '2' else 'off'}, new namespaces: {found['namespaces'] or 'allowed'}",
    )


def limits(found: dict[str, Any]) -> Layer:
    return judged("limits", all(most > 0 for most in found["limits"]), "memory, processes, file size")


def own_user(kernel: Kernel, facts: Mapping[str, Any]) -> Layer:
    name = "own user for each kernel"
    if not facts.get("own_users"):
        shared = facts.get("shared", "")  # nothing where there is no namespace in which it could be otherwise
        why = f": {shared}" if shared else ""
        return Layer(name, False, f"all run as the user of the server and share its counts{why}", LEND if shared else "", False)
    uid = Path(f"/proc/{kernel.child.pid}").stat().st_uid
    return judged(name, uid not in (0, os.getuid()), f"user {uid}")


def landlock(facts: Mapping[str, Any]) -> Layer:
    version = facts.get("landlock", 0)
    advice = "" if version else "Linux 5.13 or later with `landlock` in its list of security modules has it."
    return Layer("Landlock", version > 0, f"version {version}" if version else "not on this kernel", advice, needed=False)


def counted(kernel: Kernel) -> list[Layer]:
    """What Linux itself keeps count of, where it lets this server make control groups."""
    controllers = kernel.child.group.controllers
    names = {"memory": "memory counted by Linux", "cpu": "shares of the processor"}
    without = {
        "memory": "the server adds up each kernel's processes itself",
        "cpu": "candidates' processes are only told to be nice",
    }
    return [
        Layer(name, True, "control group", needed=False)
        if key in controllers
        else Layer(name, False, without[key], DELEGATE, needed=False)
        for key, name in names.items()
    ]


def unless(error: str, blocked: str, reached: str) -> str:
    return f"{blocked} ({error})" if error else reached


def judged(name: str, works: bool, why: str) -> Layer:
    return Layer(name, works, why, "" if works else RESTART)


JUDGES: tuple[Callable[[dict[str, Any]], Layer], ...] = (
    files, network, other_processes, read_only, environment, capabilities, no_new_privileges, system_calls, limits,
)  # fmt: skip
