"""What another machine would hold, from what this one took. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from server.cli.bench.load import KERNELS_EACH
from server.cli.bench.scale.growth import Computer, Growth, Step

OTHERS = ((2, 8), (4, 16), (8, 32), (16, 64))  # cores, GB
MB_OF_GB = 1024


@dataclass(frozen=True, slots=True)
class Rates:
    """Megabytes, milliseconds of a core, and cores that one person keeps busy."""

    kernel_mb: float
    base_mb: float  # server and zygote
    run_ms: float
    grading_ms: float
    act_ms: float
    cores_each: float
    server_cores_each: float


@dataclass(frozen=True, slots=True)
class NextMachine:
    cores: int
    memory_gb: float
    kernels: int
    runs_per_second: int
    gradings_per_second: int
    people_by_memory: int
    people_by_cores: int
    people_by_server: int


def rates(growth: Growth) -> Rates:
    """From the largest size without errors; from the smallest, when all had some."""
    step = _best(growth)
    each, busy, memory = step.load["cpu_ms_each"], step.load["cores_busy"], step.load["memory_mb_at_end"]
    return Rates(
        kernel_mb=step.kernels["memory_light_mb"]["p50"],
        base_mb=memory["server"] + memory["zygote"],
        run_ms=each["run_in_kernel"] or 0.0,
        grading_ms=each["grading_in_graders"] or 0.0,
        act_ms=each["act_in_server"] or 0.0,
        cores_each=busy["all"] / step.size,
        server_cores_each=busy["server"] / step.size,
    )


def _best(growth: Growth) -> Step:
    good = [step for step in growth.steps if not step.load["errors"]]
    return good[-1] if good else growth.steps[0]


def next_machines(this: Computer, measured: Rates) -> list[NextMachine]:
    """This machine first, then some others."""
    return [next_machine(cores, memory_gb, measured) for cores, memory_gb in ((this.cores, this.memory_gb), *OTHERS)]


def next_machine(cores: int, memory_gb: float, measured: Rates) -> NextMachine:
    kernels = int(max(0.0, memory_gb * MB_OF_GB - measured.base_mb) / measured.kernel_mb)
    return NextMachine(
        cores=cores,
        memory_gb=memory_gb,
        kernels=kernels,
        runs_per_second=_each(cores, measured.run_ms / 1_000),
        gradings_per_second=_each(cores, measured.grading_ms / 1_000),
        people_by_memory=int(kernels / KERNELS_EACH),
        people_by_cores=_each(cores, measured.cores_each),
        people_by_server=_each(1, measured.server_cores_each),
    )


def _each(cores: int, share: float) -> int:
    """How often a share goes into the cores; 0 where nothing was measured."""
    return int(cores / share) if share else 0
