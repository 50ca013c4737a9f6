"""Why a process is gone, told from what we did and what the zygote saw. Pure."""

import signal

from sandbox.errors import Death
from sandbox.limits import Limits
from sandbox.processes.child import Ending

NEARLY = 0.98  # clocks of the limit and of the account differ by a tick


def cause_of(ours: Death | None, ending: Ending, limits: Limits) -> tuple[Death, str]:
    """-> (cause, detail for the sentence)"""
    if ours is not None:
        return ours, ""
    if ending.signal in (signal.SIGKILL, signal.SIGXCPU):
        if ending.cpu_seconds >= limits.cpu_seconds * NEARLY:
            return Death.cpu, ""
        return (Death.memory, "") if ending.signal == signal.SIGKILL else (Death.cpu, "")
    if ending.signal is not None:
        return Death.crashed, signal_name(ending.signal)
    return Death.crashed, f"exit code {ending.code}" if ending.code is not None else ""


def signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
