"""What can go wrong in the sandbox.

SandboxError                 our own trouble, never the candidate's
├── SandboxUnavailable       a layer of the isolation is missing: says which one and what to do
├── StartFailed              the fork-server or a process from it did not come up
├── KernelBusy               a cell is running in this kernel already
├── NoRoom                   as many kernels as allowed are running, or as many callers waiting
├── GaveUp                   the caller that waited for a kernel does not want it any more
└── KernelDied               the process is gone; `reason` says why
"""

from enum import StrEnum


class Death(StrEnum):
    memory = "memory"
    time = "time"
    cpu = "cpu"
    killed = "killed"
    crashed = "crashed"
    closed = "closed"
    session_over = "session_over"
    output = "output"
    disk = "disk"


class SandboxError(Exception):
    """The sandbox could not do its part."""


class SandboxUnavailable(SandboxError):
    def __init__(self, layer: str, why: str, advice: str) -> None:
        super().__init__(f"The sandbox cannot be built here: {layer}: {why}. {advice}")
        self.layer, self.why, self.advice = layer, why, advice


class StartFailed(SandboxError):
    pass


class KernelBusy(SandboxError):
    pass


class NoRoom(SandboxError):
    pass


class GaveUp(SandboxError):
    pass


class KernelDied(SandboxError):
    def __init__(self, reason: Death, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
