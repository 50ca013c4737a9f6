"""A server of its own for a benchmark: `touchstone serve` with a free port and a data folder that goes away afterwards."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from server.settings import PREFIX, Settings

# What the machine's owner may have set and should be measured; the rest would lead to other people's data and addresses.
KEPT = ("CANDIDATE_PYTHON", "SANDBOX", "THREADS", "WORKERS")
START_SECONDS = 60
STOP_SECONDS = 20
LOG = "server.log"


def site_environment(folder: Path, **settings: object) -> dict[str, str]:
    """The environment of a server that keeps its data in `folder`."""
    kept = {f"{PREFIX}{name}" for name in KEPT}
    environ = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX) or name in kept}
    own = {"DATA": folder, "PORT": free_port(), "LOG_LEVEL": "error", **settings}
    return environ | {f"{PREFIX}{name}": str(value) for name, value in own.items()}


@contextmanager
def serving(environ: Mapping[str, str], settings: Settings) -> Iterator[int]:
    """A running server; gives its process id. Raises RuntimeError with the end of its log when it does not start."""
    program = Path(sys.executable).with_name("touchstone")
    with (settings.data / LOG).open("ab") as log:
        server = subprocess.Popen([str(program), "serve"], env=dict(environ), stdout=log, stderr=log)
    try:
        _wait_for(server, settings)
        yield server.pid
    finally:
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def end_of_log(folder: Path, characters: int = 2_000) -> str:
    """What the server said last."""
    return (folder / LOG).read_text(errors="replace")[-characters:]


def _wait_for(server: subprocess.Popen[bytes], settings: Settings) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with socket.create_connection((settings.host, settings.port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start within {START_SECONDS} s:\n{end_of_log(settings.data)}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
