"""How fast kernels are here, beside stock Jupyter kernels with the same imports, in the same run: `touchstone bench kernels`."""

import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sandbox.benches.stock import measure_stock, timed
from sandbox.environments import candidate_python
from sandbox.kernels.kernel import Kernel
from sandbox.kernels.pool import Kernels
from sandbox.processes import proc
from sandbox.processes.forkserver import ForkServer

STACK = "import numpy, pandas, scipy.stats, sklearn.linear_model, sklearn.ensemble, sklearn.model_selection, matplotlib.pyplot"
TRIVIAL = "1 + 1"
LIGHT_WORK = """
import numpy as np, pandas as pd, matplotlib.pyplot as plt
from sklearn.linear_model import LogisticRegression
frame = pd.DataFrame({"x": np.arange(2000) % 7, "y": np.random.rand(2000)})
model = LogisticRegression().fit(frame[["y"]], frame.x > 3)
frame.groupby("x").y.mean().plot(); plt.show()
"""
IN_FLIGHT = 4
ROUND_TRIPS = 50
SETTLE_SECONDS = 0.5
STARTS_BESIDE = 10  # one after the other, while all the others live
MB = 1 << 20
# To hold also with 200 kernels alive. Memory: 1,000 idle kernels, or 600 after light work, in 24 GB.
GOALS = {
    "first_reply_ms": {"p50": 60, "p95": 100},
    "start_beside_them_ms": {"p50": 60, "p95": 100},
    "starts_per_second": 40,
    "memory_idle_mb": {"p50": 24},
    "memory_light_mb": {"p50": 40},
    "trivial_cell_ms": {"p50": 30},
    "kill_ms": {"p50": 20},
}


def measure_kernels(python: Path | None = None, starts: int = 30, alive: int = 50, stock: int = 5) -> dict[str, Any]:
    """Milliseconds and megabytes. Each of the `stock` kernels takes some seconds."""
    forkserver = ForkServer(python or candidate_python())
    kernels = Kernels(forkserver, ceiling=alive + IN_FLIGHT)
    try:
        began = time.perf_counter()
        forkserver.start()
        warm_up_seconds = time.perf_counter() - began
        first_reply(kernels)
        return {
            "python": sys.version.split()[0],
            "forkserver_start_s": round(warm_up_seconds, 2),
            "first_reply_ms": spread([first_reply(kernels) for _ in range(starts)]),
            "starts_per_second": round(starts_per_second(kernels, starts), 1),
            **measure_alive(kernels, alive),
            **each_spread(measure_stock(forkserver.python, stock, STACK, TRIVIAL, LIGHT_WORK)),
            "goals": GOALS,
        }
    finally:
        kernels.close()
        forkserver.close()


def first_reply(kernels: Kernels) -> float:
    """From the request to the answer of a first cell, with the stack imported."""
    began = time.perf_counter()
    with kernels.borrow() as kernel:
        run(kernel, STACK)
        return (time.perf_counter() - began) * 1000


def starts_per_second(kernels: Kernels, starts: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(IN_FLIGHT) as threads:
        list(threads.map(lambda _: first_reply(kernels), range(starts)))
    return starts / (time.perf_counter() - began)


def measure_alive(kernels: Kernels, alive: int) -> dict[str, Any]:
    """So many kernels at once: their memory, what the next one and a cell take beside them, and their end."""
    with ExitStack() as stack:
        living = [stack.enter_context(kernels.borrow()) for _ in range(alive)]
        for kernel in living:
            run(kernel, TRIVIAL)
        time.sleep(SETTLE_SECONDS)
        idle = [memory_mb(kernel) for kernel in living]
        cell = [timed(lambda: run(living[0], TRIVIAL)) for _ in range(ROUND_TRIPS)]
        for kernel in living:
            run(kernel, LIGHT_WORK)
        time.sleep(SETTLE_SECONDS)
        light = [memory_mb(kernel) for kernel in living]
        return {
            "kernels_alive": alive,
            "memory_idle_mb": spread(idle),
            "memory_light_mb": spread(light),
            "start_beside_them_ms": spread([first_reply(kernels) for _ in range(STARTS_BESIDE)]),
            "trivial_cell_ms": spread(cell),
            "kill_ms": spread([timed(kernel.child.kill) for kernel in living]),
        }


def run(kernel: Kernel, source: str) -> None:
    *_, done = kernel.run(source)
    if done.data["status"] != "ok":
        raise RuntimeError(f"a cell of the benchmark ended as {done.data}")


def memory_mb(kernel: Kernel) -> float:
    """Each shared page divided among those who share it."""
    return proc.proportional_bytes(kernel.child.pid) / MB


def each_spread(figures: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    return {name: spread(values) for name, values in figures.items()}


def spread(figures: list[float]) -> dict[str, float]:
    if len(figures) < 2:
        return {"p50": round(sum(figures), 1), "p95": round(sum(figures), 1), "n": len(figures)}
    return {
        "p50": round(statistics.median(figures), 1),
        "p95": round(statistics.quantiles(figures, n=20, method="inclusive")[18], 1),
        "n": len(figures),
    }
