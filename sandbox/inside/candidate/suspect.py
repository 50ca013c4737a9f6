"""The process that runs a submitted notebook: its cells first, then a fresh copy of it answers the judge for each check.

It holds no check, no expected value and no private file, and nothing that it says about itself is believed."""

import ctypes
import gc
import os
import random
import signal
import socket
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

from ..channel import Broken, TrustingChannel
from ..codec import libraries
from ..messages import HELLO, CellDone, Ready, RunCell, Serve, ToSuspect
from .agent import Agent
from .quiet_shell import Output, QuietShell, build_shell, draw_into_memory, run_cell, settle_in

LONGEST_MESSAGE = 64 << 20
PR_SET_CHILD_SUBREAPER = 36


class Warm:
    """What the zygote has ready."""

    shell: QuietShell | None = None


def warm() -> None:
    Warm.shell = build_shell()


def prepare(request: dict[str, Any], descriptors: list[int]) -> Callable[[], None]:
    channel = TrustingChannel(socket.socket(fileno=descriptors[0]), ToSuspect, LONGEST_MESSAGE)
    seed_everything(int(request.get("seed", 0)))
    libraries.accept_generators()
    libraries.send_figures()
    draw_into_memory()
    shell = Warm.shell or build_shell()
    settle_in(shell)
    return Suspect(channel, shell).serve


def main(request: dict[str, Any], descriptors: list[int]) -> None:
    prepare(request, descriptors)()


def seed_everything(seed: int) -> None:
    """Grading twice gives the same result, as far as the notebook draws from the global generators."""
    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed % 2**32)


class Suspect:
    def __init__(self, channel: TrustingChannel, shell: QuietShell) -> None:
        self.channel, self.shell = channel, shell
        self.output = Output()
        self.in_cell = False
        self.finished = False

    def serve(self) -> None:
        sys.stdout = sys.stderr = self.output
        self.channel.send(Ready())
        try:
            while True:
                self.obey(self.channel.receive())
        except Broken:
            os._exit(0)

    def obey(self, order: ToSuspect) -> None:
        if isinstance(order, RunCell):
            self.channel.send(self.run(order.source))
            return
        descriptor = self.channel.take_descriptor()
        if isinstance(order, Serve) or self.fork() == 0:
            self.answer_judge(socket.socket(fileno=descriptor))
        os.close(descriptor)

    def run(self, source: str) -> CellDone:
        signal.signal(signal.SIGINT, self.interrupt)
        self.in_cell = True
        try:
            error = run_cell(self.shell, source)
        except BaseException as caught:  # a cell may break even the shell: then that is its error
            error = type(caught).__name__
        self.in_cell = False
        sys.stdout = sys.stderr = self.output
        return CellDone("error" if error else "ok", error, self.output.take().encode("utf-8", "replace").decode())

    def interrupt(self, *_: object) -> None:
        """An interrupt that comes late, between two cells, must not break a message in two."""
        if self.in_cell:
            raise KeyboardInterrupt

    def fork(self) -> int:
        self.finish()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # forking beside a learner's threads is meant
            return os.fork()

    def finish(self) -> None:
        """What the notebook made is shared with the copies: their garbage collectors must not touch it."""
        if not self.finished:
            gc.freeze()
            self.finished = True
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass

    def answer_judge(self, sock: socket.socket) -> NoReturn:
        """In a fresh copy, or for Serve in the notebook's own process."""
        try:
            self.channel.close()
            adopt_orphans()
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            sock.sendall(HELLO)
            Agent(sock, self.shell.user_ns).serve()
        finally:
            os._exit(0)


def adopt_orphans() -> None:
    """What a check's calls leave behind stays below this process, and ends with it."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
