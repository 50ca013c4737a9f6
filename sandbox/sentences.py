"""What a person reads when a process ended. Says what happened, why, and what is still there."""

from sandbox.errors import Death
from sandbox.limits import Limits

SAFE = "so the kernel was stopped; your cells are safe."


def why_it_died(why: Death, limits: Limits, detail: str = "") -> str:
    return {
        Death.memory: f"Your code used more than {memory(limits)} of memory, {SAFE}",
        Death.time: f"The cell ran for more than {seconds(limits.cell_seconds)} and did not stop when asked, {SAFE}",
        Death.cpu: f"Your code used more than {seconds(limits.cpu_seconds)} of computing time, {SAFE}",
        Death.killed: f"The cell did not stop when asked, {SAFE}",
        Death.crashed: f"The Python process ended{f' ({detail})' if detail else ''}, so the kernel is gone; your cells are safe.",
        Death.closed: "The kernel was closed; your cells are safe.",
        Death.session_over: f"The kernel ran for {seconds(limits.session_seconds)}, the longest that is allowed, {SAFE}",
        Death.disk: f"Your code wrote more than {limits.disk_mb} MB of files, {SAFE}",
        Death.output: f"The cell went on writing output after its limit and did not stop when asked, {SAFE}",
    }[why]


def time_is_over(cell_seconds: float) -> str:
    return f"The cell ran for {seconds(cell_seconds)}, the longest that is allowed, and was stopped."


def memory(limits: Limits) -> str:
    return f"{limits.memory_mb / 1024:g} GB" if limits.memory_mb >= 1024 else f"{limits.memory_mb} MB"


def seconds(count: float) -> str:
    if count >= 7_200:
        return f"{count / 3_600:g} hours"
    if count >= 120:
        return f"{count / 60:g} minutes"
    return "1 second" if count == 1 else f"{count:g} seconds"
