"""The queue's threads in a process of their own. Python computes in one thread of a process at a time: what a grading waits for,
a hundred times in each, would wait for the pages of everybody else.

server -> process   on its standard input: each byte rings the bell; the end of the input ends the process
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)
STOP_SECONDS = 10.0
AGAIN_SECONDS = 2.0  # after it ended by itself


class WorkersApart:
    """Started beside a server, and started again when it ends."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, barred: str) -> None:
        """`barred`: why nobody's code may be run; questions are marked all the same."""
        self._thread = threading.Thread(target=self._keep, args=(barred,), name="workers-apart", daemon=True)
        self._thread.start()

    def ring(self) -> None:
        with self._lock:
            if self._process is not None and self._process.stdin is not None:
                with suppress(OSError):  # it is being started again, and looks at the queue then
                    self._process.stdin.write(b"\n")

    def stop(self) -> None:
        """What is being graded is finished, if it takes no longer than some seconds; else it is graded after the next start."""
        self._stopping.set()
        with self._lock:
            process = self._process
            if process is not None and process.stdin is not None:
                process.stdin.close()
        if process is not None:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def _keep(self, barred: str) -> None:
        while not self._stopping.is_set():
            with self._lock:
                self._process = start_process(barred)
            code = self._process.wait()
            if not self._stopping.is_set():
                log.error("the process that grades ended with code %s; it is started again", code)
                self._stopping.wait(AGAIN_SECONDS)


def start_process(barred: str) -> subprocess.Popen[bytes]:
    program = Path(sys.executable).with_name("touchstone")
    arguments = [str(program), "work", "--attached", *(["--barred", barred] if barred else [])]
    return subprocess.Popen(arguments, stdin=subprocess.PIPE, bufsize=0)
