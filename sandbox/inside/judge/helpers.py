"""What a check may use without importing it: rng, observe, award, source, written, private."""

import hashlib
import math
import os
import random
import sys
from collections.abc import Callable, Mapping
from typing import Any

from ..checks.plain import handles_in
from ..handles.answers import Seen
from ..handles.faults import AuthorFault, HandleMisuse, TooLarge
from ..handles.own_generator import own_generator
from ..handles.remote import NotebookFunction, NotebookIterator, is_declared, path_of, type_of
from ..messages import AskUsage, Usage

AskReferee = Callable[[AskUsage], Usage]
GetFile = Callable[[str], bytes]  # of what the notebook wrote, below its folder


class Observation:
    """`.result` `.error` `.figures` rest on what came back, `.cpu_seconds` on what was measured from outside. The others are
    *reported*: they rest on the suspect's word, or, as `.memory_mb`, on a measurement that it can evade."""

    def __init__(self, seen: Seen, before: Usage, after: Usage, mark_reported: Callable[[], None]) -> None:
        self._seen, self._before, self._after, self._mark_reported = seen, before, after, mark_reported

    @property
    def error(self) -> Exception | None:
        if isinstance(self._seen.told.error, TooLarge):
            raise self._seen.told.error
        return self._seen.told.error

    @property
    def result(self) -> Any:
        return self._seen.told.get()

    @property
    def cpu_seconds(self) -> float:
        """Raises HandleMisuse when something came back whose work may be still to come, such as a generator."""
        for handle in handles_in(self._seen.told.value):
            if not is_declared(handle) or isinstance(handle, NotebookIterator):
                raise HandleMisuse(path_of(handle), type_of(handle), "a finished result, because its time is measured")
        return max(0.0, self._after.seconds - self._before.seconds)

    @property
    def memory_mb(self) -> float:
        """By how much the notebook's processes grew at the most, in MB of 2**20 bytes, what came back included. What a process
        held that has ended is not seen."""
        self._mark_reported()
        if self._before.bytes < 0 or self._after.bytes < 0:
            raise AuthorFault("The memory of a call cannot be measured on this machine.")
        return max(0, self._after.bytes - self._before.bytes) / (1 << 20)

    @property
    def arguments(self) -> list[Any]:
        return self._reported(self._seen.arguments, "arguments")

    @property
    def named(self) -> dict[str, Any]:
        return self._reported(self._seen.named, "named arguments")

    @property
    def printed(self) -> str:
        return self._reported(self._seen.printed, "printed text")

    @property
    def warnings(self) -> list[tuple[str, str]]:
        return self._reported(self._seen.warnings, "warnings")

    @property
    def figures(self) -> list[Any]:
        """What pyplot had open after the call, as plain data; compared by the check, as a result is."""
        if self._seen.figures is None:
            raise ValueError("the figures could not be sent back after the call")
        return self._seen.figures

    def _reported(self, value: Any, what: str) -> Any:
        self._mark_reported()
        if value is None:
            raise ValueError(f"the {what} could not be sent back after the call")
        return value


class Award:
    """Partial credit of one check: the last call counts."""

    def __init__(self) -> None:
        self.fraction = 1.0
        self.note = ""

    def __call__(self, fraction: float, note: str = "") -> None:
        number = float(fraction)
        self.fraction = 0.0 if math.isnan(number) else min(1.0, max(0.0, number))
        self.note = str(note)


class Helpers:
    """Made anew for each check."""

    def __init__(self, name: str, seed: int, sources: Mapping[str, str], folder: str, ask: AskReferee, get_file: GetFile) -> None:
        self.number = seed_of(seed, name)
        self.sources, self.folder, self.ask, self.get_file = sources, folder, ask, get_file
        self.award = Award()
        self.reported = False
        self.read_source = False

    def names(self) -> dict[str, Any]:
        seed_everything(self.number)
        return {
            "rng": own_generator(self.number),
            "observe": self.observe,
            "award": self.award,
            "source": self.source,
            "written": self.get_file,
            "private": self.private,
            "display": lambda *_, **__: None,
        }

    def observe(self, function: NotebookFunction, /, *arguments: Any, **named: Any) -> Observation:
        if not isinstance(function, NotebookFunction):
            raise TypeError(f"observe() needs a function of the notebook, not {type(function).__name__}")
        before = self.ask(AskUsage(opens=True))
        try:
            seen = function._touchstone_link.observe(function, arguments, named)
        finally:
            after = self.ask(AskUsage(opens=False))
        return Observation(seen, before, after, self.mark_reported)

    def mark_reported(self) -> None:
        self.reported = True

    def source(self, name: str) -> str:
        if name not in self.sources:
            raise AuthorFault(f"source({name!r}): the exercise has no such answer")
        self.read_source = True
        return self.sources[name]

    def private(self, name: str) -> str:
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            raise AuthorFault(f"private({name!r}): the exercise has no such file")
        return path


def seed_of(seed: int, name: str) -> int:
    """The same on every machine and in every version of Python."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{name}".encode()).digest()[:8], "big")


def seed_everything(number: int) -> None:
    """A check that draws from the global generators against the rules still gives the same result twice."""
    random.seed(number)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(number % 2**32)
