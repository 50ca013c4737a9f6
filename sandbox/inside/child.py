"""What a freshly forked process does before its role begins: confine itself, write its files, forget what it shares."""

import gc
import os
import random
import signal
import socket
import sys
import tempfile
import traceback
from typing import Any, NoReturn

from . import wire
from .confinement.rlimits import limit_memory
from .confinement.standing import work_behind_the_server
from .walls.missing import LayerMissing
from .walls.walls import Walls

FAILED = 70  # exit code: the fault is ours


def live(order: dict, report: socket.socket, descriptors: list[int], walls: Walls, roles: dict[str, Any]) -> NoReturn:
    try:
        begin = prepare(order, report, descriptors, walls, roles)
    except LayerMissing as missing:
        leave(report, {"failed": missing.told()})
    except BaseException:  # the last door of this process: whatever happened must be told
        leave(report, {"failed": {"step": "start", "why": traceback.format_exc()[-8000:]}})
    report.close()
    try:
        begin()
    except SystemExit as left:
        os._exit(left.code if isinstance(left.code, int) else 1)
    except BaseException:  # nobody is left to tell; the exit code says that the fault is ours
        os._exit(FAILED)
    os._exit(0)


def prepare(order: dict, report: socket.socket, descriptors: list[int], walls: Walls, roles: dict[str, Any]) -> Any:
    payload, *rest = descriptors
    entrances, sockets = rest[: order["groups"]], rest[order["groups"] :]
    join_groups(entrances)
    request, files = wire.read_payload(payload)
    role = roles[order["role"]]
    restore_signals()
    walls.confine(order["limits"], [report.fileno(), *sockets], lambda: tell_home(report))
    write_files(files)
    forget_shared_state()
    wire.send(report, {"confined": True})
    begin = role.prepare(request, sockets) if hasattr(role, "prepare") else lambda: role.main(request, sockets)
    limit_memory(order["limits"]["memory_mb"])
    gc.enable()
    work_behind_the_server(order["role"])
    return begin


def join_groups(entrances: list[int]) -> None:
    """First of all, so that nothing that this process takes is uncounted."""
    for each in entrances:
        try:
            os.write(each, b"0")
        except OSError as error:
            raise LayerMissing(
                "control groups", str(error), "Somebody changed this server's control groups: restart it."
            ) from error
        os.close(each)


def tell_home(report: socket.socket) -> None:
    """Called in the home, before the limits: others of this user may have as many descriptors on their way as those allow."""
    home = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    wire.send(report, {"home": True}, [home])
    os.close(home)


def leave(report: socket.socket, message: dict) -> NoReturn:
    try:
        wire.send(report, message)
    finally:
        os._exit(FAILED)


def restore_signals() -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def write_files(files: dict[str, bytes]) -> None:
    for name, data in files.items():
        if os.path.isabs(name) or ".." in name.split("/"):
            raise ValueError(f"{name} is not inside the home folder")
        folder = os.path.dirname(name)
        if folder:
            os.makedirs(folder, exist_ok=True)
        with open(name, "wb") as stream:
            stream.write(data)


def forget_shared_state() -> None:
    """Random numbers and temp folders are the same in all children of one parent until they are made anew."""
    random.seed()
    tempfile.tempdir = None
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.seed()
