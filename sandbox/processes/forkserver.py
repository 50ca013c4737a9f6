"""The server's side of all zygotes of one environment: a lineage for each stack of libraries, and which walls can be built."""

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal

from sandbox.errors import SandboxUnavailable, StartFailed
from sandbox.inside.stack import HOLDS, WHOLE, Stack
from sandbox.limits import Limits
from sandbox.processes.cgroups import Cgroups, own_cgroups
from sandbox.processes.child import Child
from sandbox.processes.lineage import Lineage, Wear
from sandbox.processes.watchdog import Watchdog
from sandbox.processes.zygote import Request, Walls, Zygote

log = logging.getLogger(__name__)
START = Path(__file__).parents[1] / "inside" / "start.py"
Mode = Literal["confined", "full", "reduced", "open"]
TIERS: dict[Mode, tuple[Walls, ...]] = {
    "confined": ("full", "reduced"),  # as much as this machine gives, and never less than the second
    "full": ("full",),
    "reduced": ("reduced",),
    "open": ("open",),
}


class ForkServer:
    """Safe to use from many threads. Starts with the first spawn.

    `start` is the zygote's first script: tests put up only some of the layers, to see what each of them stops."""

    def __init__(
        self,
        python: Path,
        mode: Mode = "confined",
        *,
        log: Path | None = None,
        start: Path = START,
        wear: Wear | None = None,
        cgroups: Cgroups | None = None,
    ) -> None:
        self.python, self.mode, self.log, self.start_script = python, mode, log, start
        self.cgroups = cgroups or own_cgroups()
        self.lost: SandboxUnavailable | None = None  # why the best walls of this mode cannot be built
        self.barred = ""  # why nothing may be started now: the self-test found a hole
        self._watchdog = Watchdog()
        self._lineages = {stack: Lineage(partial(self._start_zygote, stack), wear or Wear()) for stack in HOLDS}
        self._examiner = threading.local()

    def of(self, environment: str) -> "ForkServer":
        """Itself: where there is only one, it stands for every environment."""
        return self

    @property
    def facts(self) -> dict[str, Any]:
        """What the serving zygote told when it was ready; empty before that."""
        serving = self._lineages[WHOLE].serving
        return serving.facts if serving else {}

    @property
    def zygote_pid(self) -> int:
        """Of the one with all libraries."""
        serving = self._lineages[WHOLE].serving
        return serving.pid if serving else 0

    @property
    def zygote_pids(self) -> list[int]:
        return [lineage.serving.pid for lineage in self._lineages.values() if lineage.serving]

    def start(self, stack: Stack = WHOLE) -> None:
        self._lineages[stack].zygote()

    def spawn(
        self,
        role: str,
        request: Mapping[str, object],
        sockets: Sequence[int],
        limits: Limits,
        files: Mapping[str, bytes] | None = None,
        channels: Sequence[str] = (),
        stack: Stack = WHOLE,
    ) -> Child:
        """A confined process that begins `role`, with the libraries of `stack` ready; the caller closes it. See `Request` for
        what is asked."""
        if self.barred and not getattr(self._examiner, "here", False):
            raise SandboxUnavailable("self-test", self.barred, "Until it passes nobody's code is run.")
        wanted = Request(role, limits, request, sockets, channels, files or {})
        lineage = self._lineages[stack]
        for _ in range(2):  # a zygote that died meanwhile is started again, once
            zygote = lineage.zygote()
            try:
                child = zygote.spawn(wanted)
            except ConnectionError as error:
                log.warning("the zygote is gone: %s", error)
                lineage.forget(zygote)
                continue
            self._watchdog.watch(child, zygote.resident_bytes)
            lineage.replace_if_worn(zygote)
            return child
        raise StartFailed(f"The fork-server died twice while starting a {role}. Its log says more.")

    @contextmanager
    def examined(self) -> Iterator[None]:
        """What this thread starts meanwhile tries the walls; it may, even while nobody else's code is run."""
        self._examiner.here = True
        try:
            yield
        finally:
            self._examiner.here = False

    def replace(self) -> None:
        """A fresh zygote with all libraries serves from now on. See `Lineage.replace`."""
        self._lineages[WHOLE].replace()

    def close(self) -> None:
        """End every zygote, and with each all that came from it."""
        for lineage in self._lineages.values():
            lineage.close()

    def _start_zygote(self, stack: Stack) -> Zygote:
        """With the best walls that can be built here."""
        self.cgroups.open()
        command = [str(self.python), "-P", "-s", "-B", str(self.start_script)]
        first, *others = TIERS[self.mode]
        try:
            return Zygote(command, first, stack, self.cgroups, self.log)
        except SandboxUnavailable as missing:
            self.lost = missing
            for walls in others:
                try:
                    return Zygote(command, walls, stack, self.cgroups, self.log)
                except SandboxUnavailable as also:
                    log.info("the %s walls cannot be built either: %s", walls, also)
            raise
