"""One zygote as the server holds it: started, greeted, asked for processes, ended."""

import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from sandbox.errors import SandboxUnavailable, StartFailed
from sandbox.inside import wire
from sandbox.inside.stack import Stack
from sandbox.limits import Limits
from sandbox.processes import proc
from sandbox.processes.cgroups import Cgroups, Group
from sandbox.processes.child import Child, describe_failure

ZYGOTE_SECONDS = 120  # a cold disk makes the first import slow
Walls = Literal["full", "reduced", "open"]


@dataclass(frozen=True, slots=True)
class Request:
    """What one new process is asked to be. `request` is plain JSON; for each name in `channels` it gets a listening socket, and
    the caller one that is connected to it."""

    role: str
    limits: Limits
    request: Mapping[str, object] = field(default_factory=dict)
    sockets: Sequence[int] = ()
    channels: Sequence[str] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


class Zygote:
    """Safe to use from many threads."""

    def __init__(self, command: Sequence[str], walls: Walls, stack: Stack, cgroups: Cgroups, log: Path | None) -> None:
        """Returns when it is ready. Raises SandboxUnavailable for a wall that cannot be built here, else StartFailed."""
        self.walls, self.stack, self.cgroups = walls, stack, cgroups
        self.forks = self.living = 0
        self._when_empty: Callable[[], None] | None = None
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ExitStack() as undo, theirs:
            undo.callback(self._control.close)
            self._process = launch([*command, str(theirs.fileno())], theirs.fileno(), log)
            undo.callback(self.close)
            theirs.close()
            self.facts = self._greet()
            cgroups.set_up()
            undo.pop_all()
        self.resident_bytes = int(self.facts["resident_kb"]) * 1024

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def resident_now(self) -> int:
        """Bytes, of the process that forks: the one that was started only waits for it."""
        inner = proc.children_of(self.pid)
        entry = proc.read_process(str(inner[0] if inner else self.pid))
        return entry.resident_bytes if entry else 0

    def spawn(self, wanted: Request) -> Child:
        """A confined process that begins its role; the caller closes it. ConnectionError: the zygote is gone."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ExitStack() as undo:
            undo.callback(ours.close)
            group = self._new_group(wanted)
            undo.callback(self.cgroups.give_back, group)
            with theirs, open_payload(wanted) as payload, entrances(group) as ways:
                order = {"role": wanted.role, "limits": asdict(wanted.limits), "groups": len(ways), "channels": wanted.channels}
                with self._lock:
                    wire.send(self._control, order, [theirs.fileno(), payload, *ways, *wanted.sockets])
            ours.settimeout(wanted.limits.start_seconds)
            child = receive_child(wanted, ours, group)
            undo.pop_all()
        with self._lock:
            self.forks += 1
            self.living += 1
        child.on_close = self._left
        return child

    def retire(self, when_empty: Callable[[], None]) -> None:
        """Called when the last process from it is gone; at once, if there is none."""
        with self._lock:
            self._when_empty = when_empty
            empty = self.living == 0
        if empty:
            when_empty()

    def close(self) -> None:
        """It sees the end of its control socket and takes everything below with it."""
        self._control.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _left(self, child: Child) -> None:
        self.cgroups.give_back(child.group)
        with self._lock:
            self.living -= 1
            empty = self.living == 0 and self._when_empty is not None
        if empty and self._when_empty is not None:
            threading.Thread(target=self._when_empty, name="zygote-end").start()  # the one who closed need not wait

    def _new_group(self, wanted: Request) -> Group:
        try:
            return self.cgroups.new(wanted.limits, waited_for=wanted.role == "kernel")
        except OSError as error:
            advice = "Somebody removed this server's control groups while it ran: restart it."
            raise SandboxUnavailable("control groups", str(error), advice) from error

    def _greet(self) -> dict[str, Any]:
        self._control.settimeout(ZYGOTE_SECONDS)
        tops = [folder for _, folder in self.cgroups.folders]
        greeting = {
            "mode": self.walls,
            "stack": self.stack,
            "hide": hidden_folders(),
            "serial": self.pid,  # tells this server from the others on the machine
            "server": os.getpid(),
            "counted": sorted(self.cgroups.controllers),
            "groups": tops[0].name if tops else "",
        }
        parents = [os.open(top.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC) for top in tops]
        try:
            wire.send(self._control, greeting, parents)
            answer, _ = wire.receive(self._control)
        except TimeoutError as error:
            raise StartFailed(f"The fork-server did not become ready within {ZYGOTE_SECONDS} s. Its log says more.") from error
        except ConnectionError:
            answer = None
        finally:
            for each in parents:
                os.close(each)
        if answer is None:
            python = self._process.args[0]  # type: ignore[index]
            raise StartFailed(
                f"The candidates' Python ended while starting ({python!s}). `touchstone sandbox install` makes the environment "
                "anew; the log of the fork-server says more."
            )
        if "failed" in answer:
            raise as_error(answer["failed"])
        self._control.settimeout(None)
        return dict(answer["ready"])


def launch(command: Sequence[str], control: int, log: Path | None) -> subprocess.Popen[bytes]:
    errors = log.open("ab") if log else subprocess.DEVNULL
    try:
        return subprocess.Popen(
            command, env=clean_environment(), pass_fds=[control], cwd="/", stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        advice = "`touchstone sandbox install` makes the environment."
        raise StartFailed(f"{command[0]} cannot be started: {error}. {advice}") from error
    finally:
        if not isinstance(errors, int):
            errors.close()


def receive_child(wanted: Request, report: socket.socket, group: Group) -> Child:
    child: Child | None = None
    missing = {"forked", "home", "confined"}  # in any order: the new process can be faster than the zygote
    home = -1
    with ExitStack() as undo:
        while missing:
            step, descriptors = next_step(wanted.role, report, missing)
            missing.discard(step)
            if step == "forked":
                child = Child(descriptors[0], report, wanted.limits, group)
                child.connections = [undo.enter_context(socket.socket(fileno=each)) for each in descriptors[1:]]
                undo.callback(child.close)
            elif step == "home":
                home = descriptors[0]
                undo.callback(os.close, home)
        assert child is not None
        child.home = home
        undo.pop_all()
    return child


def next_step(role: str, report: socket.socket, missing: set[str]) -> tuple[str, list[int]]:
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


@contextmanager
def open_payload(wanted: Request) -> Iterator[int]:
    descriptor = wire.write_payload(wanted.request, wanted.files)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def entrances(group: Group) -> Iterator[list[int]]:
    ways = group.entrances()
    try:
        yield ways
    finally:
        for each in ways:
            os.close(each)


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
    top = Path(__file__).resolve().parents[2]
    return [str(top / name) for name in ("server", "sandbox", "exercises", "templates")]


def as_error(failed: dict[str, Any]) -> Exception:
    if "layer" in failed:
        return SandboxUnavailable(failed["layer"], failed["why"], failed["advice"])
    if failed.get("step") == "environment":
        return StartFailed(
            f"The candidates' environment is not whole: {failed['why']}. `touchstone sandbox install` makes it anew."
        )
    return StartFailed(f"The process could not be started. {describe_failure(failed)}")
