"""The candidates' environments of one machine, side by side: each with its own fork-server, started when it is first used."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.environments import BASE, Environments, digest
from sandbox.processes.forkserver import ForkServer, Mode


class ForkServers:
    """Safe to use from many threads. An environment that is not there is told when somebody wants to run code in it."""

    def __init__(self, environments: Environments, mode: Mode = "confined") -> None:
        self.environments, self.mode = environments, mode
        self._made: dict[str, ForkServer] = {}
        self._digests: dict[str, str] = {}
        self._barred = ""
        self._lock = threading.Lock()

    def of(self, name: str = BASE) -> ForkServer:
        """Raises SandboxError when there is no environment of this name."""
        with self._lock:
            if name not in self._made:
                self._made[name] = ForkServer(self.environments.python(name), self.mode)
                self._made[name].barred = self._barred
            return self._made[name]

    def digest(self, name: str = BASE) -> str:
        """Of what the code runs with; recorded with every attempt and every result. Read once."""
        if name not in self._digests:
            self._digests[name] = digest(self.environments.python(name))
        return self._digests[name]

    def bar(self, why: str) -> None:
        """Nothing is started any more, in any environment, until it is called with no reason."""
        with self._lock:
            self._barred = why
            for forkserver in self._made.values():
                forkserver.barred = why

    @contextmanager
    def examined(self, name: str = BASE) -> Iterator[ForkServer]:
        """The fork-server, for the one who tries the walls: usable even while nobody else's code is run."""
        forkserver = self.of(name)
        with forkserver.examined():
            yield forkserver

    def close(self) -> None:
        with self._lock:
            made, self._made = self._made, {}
        for forkserver in made.values():
            forkserver.close()
