"""Real, confined kernels for tests, and what came out of a cell in a form that reads well in an assertion."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sandbox.kernels.kernel import Event, Kernel
from sandbox.kernels.pool import Kernels
from sandbox.limits import Limits
from tests.trials import forkserver


@contextmanager
def borrowed(files: Mapping[str, bytes] | None = None, **limits: Any) -> Iterator[Kernel]:
    with Kernels(forkserver()).borrow(Limits(**limits), files or {}) as kernel:
        yield kernel


@dataclass(frozen=True)
class Ran:
    events: list[Event]

    @property
    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]

    @property
    def status(self) -> str:
        return str(self.events[-1].data["status"])

    @property
    def text(self) -> str:
        """All that was printed."""
        return "".join(event.data["text"] for event in self.events if event.kind == "stream")

    @property
    def value(self) -> str:
        """The plain text of the cell's last line."""
        return str(self.one("result")["data"]["text/plain"])

    @property
    def error(self) -> str:
        error = self.one("error")
        return f"{error['ename']}: {error['evalue']}"

    def all(self, kind: str) -> list[dict[str, Any]]:
        return [event.data for event in self.events if event.kind == kind]

    def one(self, kind: str) -> dict[str, Any]:
        (found,) = self.all(kind)
        return found


def ran(kernel: Kernel, source: str, cell_seconds: float | None = None) -> Ran:
    return Ran(list(kernel.run(source, cell_seconds)))


def told(kernel: Kernel, source: str, cell_seconds: float | None = None) -> Any:
    """The value of the last line, as plain data."""
    *before, last = source.strip().splitlines()
    cell = ran(kernel, "\n".join([*before, f"print(__import__('json').dumps(({last})))"]), cell_seconds)
    assert cell.status == "ok", cell.events
    return json.loads(cell.text)


def eventually(holds: Callable[[], bool], seconds: float = 5) -> bool:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
