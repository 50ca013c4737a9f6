"""The process that holds an exercise's checks and private files, and decides. It never runs a learner's code."""

import os
import signal
import socket
import sys
import warnings
from collections.abc import Callable
from typing import Any

from ..board import Board
from ..channel import Broken, TrustingChannel
from ..codec import libraries
from ..handles.link import Link
from ..messages import AskUsage, CallFunction, FunctionDone, Prepare, Prepared, RunCheck, ToJudge, Usage, Verdict
from .author_functions import call_function
from .helpers import Helpers
from .judging import Ignored, run_check, run_setup
from .namespace import SetupNamespace, fresh_copy

LONGEST_MESSAGE = 256 << 20


def prepare(request: dict[str, Any], descriptors: list[int]) -> Callable[[], None]:
    channel = TrustingChannel(socket.socket(fileno=descriptors[0]), ToJudge, LONGEST_MESSAGE)
    board = Board(descriptors[1])
    os.close(descriptors[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    libraries.send_generators()
    return Judge(channel, board).serve


def main(request: dict[str, Any], descriptors: list[int]) -> None:
    prepare(request, descriptors)()


class Judge:
    def __init__(self, channel: TrustingChannel, board: Board) -> None:
        self.channel, self.board = channel, board
        self.order = Prepare(setup=[], remote_names=[], object_names=[], sources={}, seed=0, private_folder="")
        self.names = SetupNamespace()

    def serve(self) -> None:
        be_quiet()
        try:
            while True:
                self.channel.send(self.obey(self.channel.receive()))
        except Broken:
            os._exit(0)

    def obey(self, order: ToJudge) -> Prepared | Verdict | FunctionDone:
        if isinstance(order, Prepare):
            return self.prepare(order)
        if isinstance(order, RunCheck):
            return self.run(order, self.channel.take_descriptor())
        if isinstance(order, CallFunction):
            return call_function(self.names, order)
        raise Broken("an order out of turn")

    def prepare(self, order: Prepare) -> Prepared:
        self.order = order
        self.names = SetupNamespace(order.remote_names)
        self.names.update({"__name__": "__main__", "get_ipython": Ignored, "display": lambda *_, **__: None})
        error = run_setup(order.setup, self.names)
        for name in order.remote_names:  # the notebook's own, also where a setup cell defines a stand-in
            self.names.pop(name, None)
        return Prepared(error)

    def run(self, check: RunCheck, descriptor: int) -> Verdict:
        self.board.clear()
        with socket.socket(fileno=descriptor) as sock:
            link = Link(sock, self.board, self.order.object_names)
            folder = os.path.abspath(self.order.private_folder)
            helpers = Helpers(check.name, self.order.seed, self.order.sources, folder, self.ask_usage, link.get_file)
            names = fresh_copy(self.names, helpers.names(), link.get_name)
            self.names.fetch = names.__getitem__  # functions of the setup see this check's notebook
            return run_check(check, names, helpers, link)

    def ask_usage(self, question: AskUsage) -> Usage:
        self.channel.send(question)
        answer = self.channel.receive()
        if not isinstance(answer, Usage):
            raise Broken("no answer to a question about what was used")
        return answer


def be_quiet() -> None:
    """Nothing that a check prints goes anywhere, and no warning of a library changes a verdict."""
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115  (for the rest of this process's life)
    warnings.simplefilter("ignore")
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.seterr(all="ignore")
