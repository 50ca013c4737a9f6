"""What `touchstone bench grow` measured, and on which machine."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

import msgspec

GB = 1 << 30


class Computer(msgspec.Struct, frozen=True):
    """What a reader needs to know to compare their own machine."""

    processor: str
    cores: int
    memory_gb: float
    system: str
    python: str


class Step(msgspec.Struct, frozen=True):
    """One size: so many kernels, then so many people."""

    size: int
    kernels: dict[str, Any]
    load: dict[str, Any]


class Growth(msgspec.Struct, frozen=True):
    day: str
    computer: Computer
    saves_per_second: float
    steps: tuple[Step, ...]


def this_computer() -> Computer:
    return Computer(
        processor=_processor(),
        cores=os.cpu_count() or 1,
        memory_gb=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GB, 1),
        system=f"{platform.system()} {platform.release().partition('-')[0]}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
    )


def _processor() -> str:
    """The model's name; some machines tell none."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
