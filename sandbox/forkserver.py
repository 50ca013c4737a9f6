"""The server's side of the zygote: starts it, asks it for processes, starts it again when it died."""

import logging
import os
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from sandbox.child import Child, describe_failure
from sandbox.errors import SandboxUnavailable, StartFailed
from sandbox.inside import wire
from sandbox.limits import Limits
from sandbox.watchdog import Watchdog

log = logging.getLogger(__name__)
ZYGOTE_SECONDS = 120  # a cold disk makes the first import slow
START = Path(__file__).parent / "inside" / "start.py"
Mode = Literal["confined", "open"]


class ForkServer:
    """Safe to use from many threads. Starts with the first spawn."""

    def __init__(self, python: Path, mode: Mode = "confined", log: Path | None = None) -> None:
        self.python, self.mode, self.log = python, mode, log
        self.facts: dict[str, Any] = {}  # what the zygote told when it was ready
        self._watchdog = Watchdog()
        self._zygote: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        with self._lock:
            self._ensure_zygote()

    def spawn(
        self,
        role: str,
        request: dict[str, object],
        sockets: Sequence[int],
        limits: Limits,
        files: Mapping[str, bytes] | None = None,
    ) -> Child:
        """A confined process that begins `role`; the caller closes it. `request` is plain JSON."""
        for _ in range(2):  # a zygote that died meanwhile is started again, once
            with self._lock:
                control = self._ensure_zygote()
            try:
                return self._spawn(control, role, request, sockets, limits, files or {})
            except ConnectionError as error:
                log.warning("the zygote is gone: %s", error)
                self._forget(control)
        raise StartFailed(f"The fork-server died twice while starting a {role}. Its log says more.")

    def close(self) -> None:
        """The zygote sees the end of its control socket and takes everything below with it."""
        with self._lock:
            self._drop_zygote()

    def _forget(self, control: socket.socket) -> None:
        """Another thread may have started the next zygote already."""
        with self._lock:
            if self._control is control:
                self._drop_zygote()

    def _spawn(
        self,
        control: socket.socket,
        role: str,
        request: dict[str, object],
        sockets: Sequence[int],
        limits: Limits,
        files: Mapping[str, bytes],
    ) -> Child:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ExitStack() as undo:
            undo.callback(ours.close)
            with theirs, open_payload(request, files) as payload, self._lock:
                wire.send(control, {"role": role, "limits": asdict(limits)}, [theirs.fileno(), payload, *sockets])
            ours.settimeout(limits.start_seconds)
            child = self._receive_child(role, ours, limits)
            undo.pop_all()
            return child

    def _receive_child(self, role: str, report: socket.socket, limits: Limits) -> Child:
        child: Child | None = None
        missing = {"forked", "confined"}  # in either order: the new process can be faster than the zygote
        with ExitStack() as undo:
            while missing:
                step, descriptors = self._next_step(role, report, missing)
                missing.discard(step)
                if step == "forked":
                    child = Child(descriptors[0], report, limits)
                    undo.callback(child.close)
            assert child is not None
            undo.pop_all()
        self._watchdog.watch(child, self.facts["resident_kb"] * 1024)
        return child

    def _next_step(self, role: str, report: socket.socket, missing: set[str]) -> tuple[str, list[int]]:
        try:
            message, descriptors = wire.receive(report)
        except TimeoutError:
            late = ", ".join(sorted(missing))
            raise StartFailed(f"Starting a {role} took too long (not {late}). The machine is overloaded, try again.") from None
        if message is None:
            raise ConnectionResetError(f"no answer to a request for a {role}")
        if "failed" in message:
            raise as_error(message["failed"])
        step = next(iter(message))
        if step not in missing:
            raise StartFailed(f"Starting a {role} failed ({message}). The log of the fork-server says more.")
        return step, descriptors

    def _ensure_zygote(self) -> socket.socket:
        if self._control is not None and self._zygote is not None and self._zygote.poll() is None:
            return self._control
        self._drop_zygote()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = ours
        with ExitStack() as undo:
            undo.callback(self._drop_zygote)
            with theirs:
                self._zygote = self._launch(theirs.fileno())
            self.facts = self._greet(ours)
            undo.pop_all()
        return ours

    def _launch(self, control: int) -> subprocess.Popen[bytes]:
        command = [str(self.python), "-P", "-s", "-B", str(START), str(control)]
        errors = self.log.open("ab") if self.log else subprocess.DEVNULL
        try:
            return subprocess.Popen(
                command, env=clean_environment(), pass_fds=[control], cwd="/", stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            advice = "`touchstone sandbox install` makes the environment."
            raise StartFailed(f"{self.python} cannot be started: {error}. {advice}") from error
        finally:
            if not isinstance(errors, int):
                errors.close()

    def _greet(self, control: socket.socket) -> dict[str, Any]:
        control.settimeout(ZYGOTE_SECONDS)
        try:
            wire.send(control, {"mode": self.mode, "hide": hidden_folders(), "serial": self._serial()})
            answer, _ = wire.receive(control)
        except (TimeoutError, ConnectionError) as error:
            raise StartFailed(f"The fork-server did not become ready: {error}. Its log says more.") from error
        if answer is None:
            raise StartFailed(f"The fork-server ended while starting ({self.python}). Its log says more.")
        if "failed" in answer:
            raise as_error(answer["failed"])
        control.settimeout(None)
        return dict(answer["ready"])

    def _serial(self) -> int:
        """Tells this server from the others on the machine: the pid of its zygote."""
        return self._zygote.pid if self._zygote else 0

    def _drop_zygote(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._zygote is not None:
            try:
                self._zygote.wait(2)
            except subprocess.TimeoutExpired:
                self._zygote.kill()
                self._zygote.wait()
        self._control = self._zygote = None


@contextmanager
def open_payload(request: Mapping[str, object], files: Mapping[str, bytes]) -> Iterator[int]:
    descriptor = wire.write_payload(request, files)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def clean_environment() -> dict[str, str]:
    """All that the zygote gets to know, and with it every process from it: nothing of the server's environment."""
    home = "/home/k"
    return {
        "HOME": home,
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TMPDIR": "/tmp",
        "PYTHONHASHSEED": "0",  # grading twice gives the same result
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": f"{home}/.config/matplotlib",
        "IPYTHONDIR": f"{home}/.ipython",
        "MALLOC_ARENA_MAX": "2",
        "ARROW_DEFAULT_MEMORY_POOL": "system",  # its own ones reserve address space, which is limited, and fail after a fork
        **{f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")},
    }


def hidden_folders() -> list[str]:
    """Our own code and with it the bundled exercises: must not show even where a bound folder holds it."""
    top = Path(__file__).resolve().parent.parent
    return [str(top / name) for name in ("server", "sandbox", "exercises", "templates")]


def as_error(failed: dict[str, Any]) -> Exception:
    if "layer" in failed:
        return SandboxUnavailable(failed["layer"], failed["why"], failed["advice"])
    return StartFailed(f"The process could not be started. {describe_failure(failed)}")
