"""What all probes share. Runs inside a candidate's process: standard library and ctypes alone.

A probe tries one thing that must not be possible and returns whether it was, and what it got: `(True, ...)` is a breach. An
OSError on the way means that something stopped it. What is said here proves nothing by itself: it is compared with the same
probe in a process without walls (see `proving.py`)."""

import ctypes
import errno
import json
import os
import select
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Answer = tuple[bool, object]
LONGEST_DETAIL = 300
EMFILE_ROOM = 8  # descriptors that a probe leaves free for reporting
PATIENCE = 4  # times what it takes on a machine of its own; nobody is held for being slow
NUMBERS: dict[str, int] = {}  # of system calls; filled in when the text is made
CONTEXT: dict[str, Any] = {}  # what the one who runs the probes knows: pids, ports, paths, amounts
HELD: list[Any] = []  # what must stay open until the process ends
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long


class Probe(NamedTuple):
    act: Callable[[], Answer]
    area: str
    seconds: float  # usual for an answer at the latest; without one after some times as long it is ended
    kind: str  # "plain", "heavy": takes memory, processes, disk; "observed": judged from outside


class Skip(Exception):
    """This machine has nothing to try it on."""


PROBES: dict[str, Probe] = {}


def probe(area: str, seconds: float = 6, kind: str = "plain") -> Callable[[Callable[[], Answer]], Callable[[], Answer]]:
    def register(act: Callable[[], Answer]) -> Callable[[], Answer]:
        PROBES[act.__name__] = Probe(act, area, seconds, kind)
        return act

    return register


# Trying


def called(name: str, *arguments: object) -> int:
    """A system call by its name."""
    if name not in NUMBERS:
        raise Skip(f"this machine has no system call {name}")
    return raw_call(NUMBERS[name], *arguments)


def raw_call(number: int, *arguments: object) -> int:
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return checked(LIBC.syscall(ctypes.c_long(number), *words))


def checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def name_of(error: BaseException) -> str:
    return errno.errorcode.get(error.errno or 0, str(error)) if isinstance(error, OSError) else repr(error)[:80]


def tried(act: Callable[..., Any], *arguments: object) -> tuple[bool, Any]:
    """-> (True, what came back) or (False, name of the error)"""
    try:
        return True, act(*arguments)
    except Exception as error:
        return False, name_of(error)


def those(wanted: list[tuple[str, Callable[[], Any]]]) -> Answer:
    """Of many ways, those that work; with what stopped the first of the others."""
    got, stopped = [], ""
    for name, act in wanted:
        worked, value = tried(act)
        if worked:
            got.append(name)
        else:
            stopped = stopped or str(value)
    return bool(got), got or stopped


def permitted(wanted: list[tuple[str, Callable[[], Any]]]) -> Answer:
    """For calls with senseless arguments: anything but a plain refusal means that the call itself was allowed."""
    got, stopped = [], ""
    for name, act in wanted:
        worked, value = tried(act)
        if worked or value not in ("EPERM", "EACCES", "ENOSYS"):
            got.append(f"{name}:{'done' if worked else value}")
        else:
            stopped = stopped or value
    return bool(got), got or stopped


def reaching(wanted: list[tuple[str, Callable[[], Any]]]) -> Answer:
    """Stricter than `permitted`: only a plain refusal means that the call was stopped."""
    got, stopped = [], ""
    for name, act in wanted:
        worked, value = tried(act)
        if worked or value not in ("EPERM", "EACCES"):
            got.append(f"{name}:{'done' if worked else value}")
        else:
            stopped = stopped or value
    return bool(got), got or stopped


# Looking around


def read(path: str, most: int = 65536) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return os.read(descriptor, most)
    finally:
        os.close(descriptor)


def touch(path: str, flags: int) -> None:
    os.close(os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC, 0o600))


def home() -> str:
    own = os.environ.get("HOME", "")
    return own if own and os.access(own, os.W_OK) else os.getcwd()


def status(key: str) -> str:
    lines = dict(line.split(":", 1) for line in read("/proc/self/status").decode().splitlines())
    return lines.get(key, "").strip()


def parent_of(pid: int) -> int:
    return int(read(f"/proc/{pid}/stat").rsplit(b")", 1)[1].split()[1])


def family() -> set[int]:
    """This process and its ancestors."""
    found, pid = set(), os.getpid()
    while pid > 0 and pid not in found:
        found.add(pid)
        worked, pid = tried(parent_of, pid)
        if not worked:
            break
    return found


def strangers() -> list[int]:
    """Processes of others: those that were named, and unless only those may be touched also all that can be seen."""
    named = [int(pid) for pid in CONTEXT.get("pids", [])]
    if CONTEXT.get("only_pids"):
        return named
    own = family() | {1, int(CONTEXT.get("kernel_pid", 1))}
    seen = [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) not in own]
    return named + [pid for pid in seen if parent_of_or(pid) not in own]


def parent_of_or(pid: int) -> int:
    worked, parent = tried(parent_of, pid)
    return parent if worked else 0


def amount(name: str, otherwise: int) -> int:
    return int(CONTEXT.get("limits", {}).get(name, otherwise))


def hold() -> None:
    """Long enough for those who watch from outside."""
    time.sleep(float(CONTEXT.get("hold_seconds", 0.1)))


# Children


def in_child(act: Callable[[], object], seconds: float = 5) -> str:
    """What `act` gives, as short text; "signal 9", "no answer" or "no fork" when it gives nothing."""
    answers = in_children(1, act, seconds)
    return answers[0] if answers else "no fork"


def in_children(
    count: int, act: Callable[[], object], seconds: float, enough: Callable[[list[str]], bool] = lambda answers: False
) -> list[str]:
    """Runs `act` in as many children as can be had, waits for all answers, then ends them. Where these are `enough` for a breach
    it holds before that: those who watch from outside may still end it."""
    children: list[tuple[int, int]] = []
    seconds *= PATIENCE
    for _ in range(count):
        reading, writing = os.pipe()
        try:
            pid = fork()
        except OSError:
            os.close(reading)
            os.close(writing)
            break
        if pid == 0:
            for descriptor, _ in children:
                os.close(descriptor)
            answer_and_wait(act, writing, seconds)
        os.close(writing)
        children.append((reading, pid))
    until = time.monotonic() + seconds
    answers = [read_answer(reading, until) for reading, _ in children]
    if enough(answers):
        hold()
    return [answer or ended for answer, ended in zip(answers, [end(*child) for child in children], strict=True)]


def fork() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # beside threads of the kernel
        return os.fork()


def answer_and_wait(act: Callable[[], object], writing: int, seconds: float) -> None:
    try:
        text = str(act())
    except BaseException as error:
        text = f"error {name_of(error)}"
    try:
        os.write(writing, text[:400].encode() or b" ")
        time.sleep(seconds)
    finally:
        os._exit(0)


def read_answer(reading: int, until: float) -> str:
    ready = select.select([reading], [], [], max(0, until - time.monotonic()))[0]
    return os.read(reading, 400).decode() if ready else "no answer"


def end(reading: int, pid: int) -> str:
    os.close(reading)
    tried(os.kill, pid, 9)
    code = os.waitpid(pid, 0)[1]
    return f"signal {os.WTERMSIG(code)}" if os.WIFSIGNALED(code) else f"exit {os.WEXITSTATUS(code)}"


# Running


def run_probes(names: list[str], context: dict[str, Any]) -> None:
    """Prints one line of JSON for each, as soon as it is known."""
    CONTEXT.clear()
    CONTEXT.update(context)
    for name in names:
        print(json.dumps({"id": name, **run_one(PROBES[name])}), flush=True)


def run_one(chosen: Probe) -> dict[str, Any]:
    """In a child of its own: a probe may break its process."""
    if chosen.kind == "observed":
        return answer_of(chosen)
    reading, writing = os.pipe()
    try:
        pid = fork()
    except OSError as error:
        return {"state": "skipped", "detail": f"cannot fork: {name_of(error)}"}
    if pid == 0:
        try:
            os.setpgid(0, 0)
            os.close(reading)
            os.write(writing, json.dumps(answer_of(chosen)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    until = time.monotonic() + chosen.seconds * PATIENCE
    text = b"".join(pieces(reading, until))
    in_time = time.monotonic() < until
    tried(os.killpg, pid, 9)
    ended = end(reading, pid)
    if text:
        answer: dict[str, Any] = json.loads(text)
        return answer
    if in_time:  # it did not even come to the end: a limit ended it
        return {"state": "held", "detail": f"the process was ended ({ended})"}
    return {"state": "silent", "detail": f"no answer within {chosen.seconds * PATIENCE} s ({ended})"}


def pieces(reading: int, until: float) -> Iterator[bytes]:
    while select.select([reading], [], [], max(0, until - time.monotonic()))[0]:
        piece = os.read(reading, 65536)
        if not piece:
            return
        yield piece
        if piece.endswith(b"}"):
            return


def answer_of(chosen: Probe) -> dict[str, Any]:
    try:
        breached, detail = chosen.act()
    except Skip as reason:
        return {"state": "skipped", "detail": str(reason)}
    except (OSError, MemoryError) as error:
        return {"state": "held", "detail": f"stopped: {name_of(error)}"}
    except Exception as error:
        return {"state": "broken", "detail": repr(error)[:LONGEST_DETAIL]}
    shown = detail if isinstance(detail, str) else json.dumps(detail, default=str)
    return {"state": "breached" if breached else "held", "detail": shown[:LONGEST_DETAIL]}


def own_packages() -> tuple[str, ...]:
    return tuple({sys.prefix, sys.base_prefix, os.path.dirname(os.__file__), "/usr/lib", "/usr/share", "/lib"})
