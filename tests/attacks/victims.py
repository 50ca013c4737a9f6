"""Something real to find behind every wall: a listener for each way to the network, secrets in files, in an environment and in
memory, a process of the same user, a sibling's signs."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.attacks.probes.signs import SIGNAL_PLACES
from tests.attacks.probes.source import probes_source

CANARY_START = "TSCAN" + "ARY-"
# A server, as far as an attacker cares: a secret in its environment, another one in its memory, and then it waits.
SERVER = """
import os, sys
kept = [os.environ["TOUCHSTONE_SECRET"], sys.stdin.readline()]
print("ready", flush=True)
sys.stdin.read()
"""
SIBLING = """
import json, sys
print(json.dumps([hold_signs(*json.loads(sys.stdin.readline())), take_pipes()]), flush=True)
sys.stdin.read()
"""
# Outside nobody is asked but our own listeners: these addresses are for documents and belong to nobody (RFC 5737).
NOBODYS_ADDRESSES = ["198.51.100.1", "203.0.113.1"]


@dataclass
class Victims:
    folder: Path
    token: str = field(default_factory=lambda: f"sign-{secrets.token_hex(6)}")
    canary: str = field(default_factory=lambda: CANARY_START + secrets.token_hex(8))
    tcp: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    udp: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    by_path: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_UNIX))
    abstract: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_UNIX))
    giver: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_UNIX))
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    pids: list[int] = field(default_factory=list)  # ours, and those of the sandbox that the caller adds

    @property
    def secrets(self) -> list[Path]:
        return [self.folder / "touchstone.db", self.folder / "answers" / "for-the-server-alone.json"]

    @property
    def shared(self) -> Path:
        """A file that everybody here may lock; the devices may be locked by others who test beside us."""
        return self.folder / "shared"

    def context(self) -> dict[str, Any]:
        """What an attacker who knows everything would know."""
        return {
            "pids": self.pids,
            "paths": [str(path) for path in (*self.secrets, self.folder)],
            "tcp_port": self.tcp.getsockname()[1],
            "udp_port": self.udp.getsockname()[1],
            "unix_paths": [self.by_path.getsockname()],
            "abstract": [self.abstract.getsockname()[1:].decode()],
            "givers": [self.giver.getsockname()],
            "token": self.token,
            "shared": [str(self.shared)],
        }

    def seen(self) -> list[str]:
        """Which listeners were reached since the last question."""
        return [name for name in ("tcp", "udp", "by_path", "abstract") if reached(getattr(self, name))]


def reached(listener: socket.socket) -> bool:
    found = False
    try:
        while True:
            if listener.type == socket.SOCK_DGRAM:
                listener.recv(100)
            else:
                listener.accept()[0].close()
            found = True
    except BlockingIOError:
        return found


@contextmanager
def victims() -> Iterator[Victims]:
    """Not in a folder that a sandboxed process has of its own, so that the same path means the same place."""
    base = "/var/tmp" if os.access("/var/tmp", os.W_OK) else None
    with ExitStack() as undo:
        folder = Path(tempfile.mkdtemp(prefix="touchstone-victims-", dir=base))
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        found = Victims(folder)
        plant_secrets(found)
        open_sockets(found, undo)
        start_processes(found, undo)
        undo.callback(remove_signs, found.token)
        yield found


def remove_signs(token: str) -> None:
    for folder in SIGNAL_PLACES:
        Path(folder, token).unlink(missing_ok=True)


def plant_secrets(found: Victims) -> None:
    found.folder.chmod(0o755)
    for path, mode in zip(found.secrets, (0o644, 0o600), strict=True):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found.canary)
        path.chmod(mode)
    found.shared.write_text("nothing secret")


def open_sockets(found: Victims, undo: ExitStack) -> None:
    found.udp.bind(("127.0.0.1", 0))
    for each, address in ((found.by_path, str(found.folder / "s")), (found.giver, str(found.folder / "g"))):
        each.bind(address)
        Path(address).chmod(0o777)
    found.abstract.bind(f"\0touchstone-victim-{secrets.token_hex(6)}")
    for each in (found.tcp, found.udp, found.by_path, found.abstract, found.giver):
        undo.callback(each.close)
        if each is not found.udp:
            each.listen(100)
        if each is not found.giver:
            each.setblocking(False)
    undo.callback(found.giver.shutdown, socket.SHUT_RDWR)
    threading.Thread(target=give, args=(found.giver, found.secrets[1]), daemon=True).start()


def give(giver: socket.socket, path: Path) -> None:
    """Whoever asks gets the open file."""
    while True:
        try:
            connection, _ = giver.accept()
        except OSError:
            return
        with connection, path.open("rb") as secret:
            try:
                socket.send_fds(connection, [b"x"], [secret.fileno()])
            except OSError:
                continue


def start_processes(found: Victims, undo: ExitStack) -> None:
    server = start(found, undo, SERVER, {"TOUCHSTONE_SECRET": found.canary}, CANARY_START + secrets.token_hex(8))
    sibling = start(found, undo, probes_source("signs") + SIBLING, {}, json.dumps([found.token, {"shared": [str(found.shared)]}]))
    found.processes = [server, sibling]
    found.pids = [server.pid, sibling.pid]


def start(found: Victims, undo: ExitStack, source: str, environment: dict[str, str], line: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", source], env={"PATH": "/usr/bin:/bin", **environment}, text=True, cwd=found.folder,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    undo.callback(process.wait)
    undo.callback(process.kill)
    assert process.stdin is not None
    assert process.stdout is not None
    undo.callback(process.stdin.close)
    undo.callback(process.stdout.close)
    process.stdin.write(line + "\n")
    process.stdin.flush()
    process.stdout.readline()
    return process
