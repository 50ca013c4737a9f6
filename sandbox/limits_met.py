"""Which limit of the sandbox stands behind an error of the code, and what the person reads of it. Pure.

The error is told by the code itself, so it may be made up: the note is a help, nothing is decided by it."""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.limits import Limits
from sandbox.sentences import memory

PATTERNS = {
    "memory": r"^\w*MemoryError\b|^OutOfMemoryException\b|Unable to allocate [\d.]+ ?\w*B|\[Errno 12\]|can't allocate memory",
    "disk": r"\[Errno 28\]|database or disk is full",
    "file": r"\[Errno 27\]",
    "open files": r"\[Errno 24\]",
    "processes": r"^RuntimeError: can't start new thread",
    "network": r"^gaierror\b|\[Errno 101\]|\[Errno -[235]\]|Name or service not known|Temporary failure in name resolution",
    "input": r"^StdinNotImplementedError\b",
}
NO_MORE_PROCESSES = "BlockingIOError: [Errno 11]"  # also said by a pipe that has nothing to read: the traceback tells
ONLY_BEHIND_WALLS = ("disk", "processes", "network")


def limit_behind(error: Mapping[str, Any], limits: Limits, confined: bool = True) -> dict[str, str] | None:
    """The data of a `limit` event that goes with this `error` event, or None. Without walls some limits do not exist."""
    what = limit_met(error)
    if what is None or (what in ONLY_BEHIND_WALLS and not confined):
        return None
    return {"what": what, "sentence": sentence_of(what, limits)}


def limit_met(error: Mapping[str, Any]) -> str | None:
    said = f"{error['ename']}: {error['evalue']}"
    if said.startswith(NO_MORE_PROCESSES):
        return "processes" if any("fork" in part for part in error["traceback"]) else None
    return next((what for what, pattern in PATTERNS.items() if re.search(pattern, said)), None)


def sentence_of(what: str, limits: Limits) -> str:
    return {
        "memory": f"Your code needed more than the {memory(limits)} of memory that it may use. "
        "The kernel goes on; your variables are still there.",
        "disk": f"The disk is full: your code may keep {limits.disk_mb} MB of files. "
        "Delete files that you no longer need, or restart the kernel to begin with an empty disk.",
        "file": f"One file may have {limits.file_mb} MB at most. Write less, or write several files.",
        "open files": f"Your code may have {limits.open_files} files open at the same time. "
        "Close each one after its use; a with block does that by itself.",
        "processes": f"Your code may have {limits.processes} processes and threads at the same time. "
        "Use fewer of them, for example n_jobs=2.",
        "network": "There is no network here. The exercise's files are in the folder of the notebook.",
        "input": "input() cannot be used here; write the value into the code.",
    }[what]
