"""The zygotes of one stack, one after another: which one serves, and when the next one takes its place."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.errors import SandboxError
from sandbox.processes.zygote import Zygote

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wear:
    """When a zygote has served long enough. All its processes share one layout of addresses and what it leaked."""

    forks: int = 2_000
    growth_bytes: int = 96 << 20

    def is_over(self, zygote: Zygote) -> bool:
        if zygote.forks >= self.forks:
            return True
        return zygote.forks % 50 == 49 and zygote.resident_now() > zygote.resident_bytes + self.growth_bytes


class Lineage:
    """Safe to use from many threads. The first zygote is started when it is asked for."""

    def __init__(self, start: Callable[[], Zygote], wear: Wear) -> None:
        self._start, self._wear = start, wear
        self._serving: Zygote | None = None
        self._retired: list[Zygote] = []  # replaced, but processes from them still run
        self._replacing = False
        self._closed = False
        self._lock = threading.RLock()

    @property
    def serving(self) -> Zygote | None:
        return self._serving

    def zygote(self) -> Zygote:
        with self._lock:
            if self._serving is None or not self._serving.alive:
                if self._serving is not None:
                    self._serving.close()
                self._serving = self._start()
                self._closed = False
            return self._serving

    def forget(self, zygote: Zygote) -> None:
        """It is gone. Another thread may have started the next one already."""
        with self._lock:
            if self._serving is not zygote:
                return
            self._serving = None
        zygote.close()

    def replace(self) -> None:
        """A fresh zygote serves from now on; what runs below the old one goes on, and the old one ends with the last of it."""
        successor = self._start()
        with self._lock:
            if self._closed:
                successor.close()
                return
            former, self._serving = self._serving, successor
            if former is not None:
                self._retired.append(former)
        if former is not None:
            former.retire(self._tidy)

    def replace_if_worn(self, zygote: Zygote) -> None:
        """In the background: nobody waits for the second that the imports take."""
        with self._lock:
            if self._replacing or self._serving is not zygote or not self._wear.is_over(zygote):
                return
            self._replacing = True
        threading.Thread(target=self._replace_in_background, name="next-zygote", daemon=True).start()

    def close(self) -> None:
        """End every zygote, and with each all that came from it."""
        with self._lock:
            zygotes = [*self._retired, *([self._serving] if self._serving else [])]
            self._serving, self._retired, self._closed = None, [], True
        for zygote in zygotes:
            zygote.close()

    def _tidy(self) -> None:
        """End the zygotes that nobody needs any more."""
        with self._lock:
            unused = [zygote for zygote in self._retired if zygote.living <= 0 or not zygote.alive]
            self._retired = [zygote for zygote in self._retired if zygote not in unused]
        for zygote in unused:
            zygote.close()

    def _replace_in_background(self) -> None:
        try:
            self.replace()
        except SandboxError as error:  # the old one goes on serving
            log.warning("the next zygote could not be started: %s", error)
        finally:
            self._replacing = False
