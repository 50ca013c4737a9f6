"""How fast kernels are here, beside stock Jupyter kernels with the same imports, in the same run: `touchstone bench kernels`."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from sandbox import processes
from sandbox.environments import candidate_python
from sandbox.forkserver import ForkServer
from sandbox.kernel import Kernel
from sandbox.pool import Kernels

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
MB = 1 << 20


def measure_kernels(python: Path | None = None, starts: int = 30, alive: int = 50, stock: int = 5) -> dict[str, Any]:
    """Milliseconds and megabytes. `stock` starts of a stock kernel take more than a second each."""
    forkserver = ForkServer(python or candidate_python())
    kernels = Kernels(forkserver, ceiling=max(alive, IN_FLIGHT) + 1)
    try:
        began = time.perf_counter()
        forkserver.start()
        warm_up_seconds = time.perf_counter() - began
        first_reply(kernels)
        return {
            "python": sys.version.split()[0],
            "forkserver_start_s": round(warm_up_seconds, 2),
            "first_reply_ms": spread([first_reply(kernels) for _ in range(starts)]),
            "stock_first_reply_ms": spread([stock_first_reply(forkserver.python) for _ in range(stock)]),
            "starts_per_second": round(starts_per_second(kernels, starts), 1),
            **measure_alive(kernels, alive),
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


def stock_first_reply(python: Path) -> float:
    """The same from jupyter_client and ipykernel as they come."""
    with tempfile.TemporaryDirectory() as folder:
        manager = KernelManager(connection_file=f"{folder}/connection.json", transport="ipc", ip=f"{folder}/kernel")
        manager._kernel_spec = KernelSpec(argv=[str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"])
        began = time.perf_counter()
        manager.start_kernel()
        client = manager.blocking_client()
        client.start_channels()
        request = client.execute(STACK)
        while client.get_shell_msg(timeout=60)["parent_header"].get("msg_id") != request:
            pass
        took = (time.perf_counter() - began) * 1000
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        return took


def starts_per_second(kernels: Kernels, starts: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(IN_FLIGHT) as threads:
        list(threads.map(lambda _: first_reply(kernels), range(starts)))
    return starts / (time.perf_counter() - began)


def measure_alive(kernels: Kernels, alive: int) -> dict[str, Any]:
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
            "trivial_cell_ms": spread(cell),
            "kill_ms": spread([timed(kernel.child.kill) for kernel in living]),
        }


def run(kernel: Kernel, source: str) -> None:
    *_, done = kernel.run(source)
    if done.data["status"] != "ok":
        raise RuntimeError(f"a cell of the benchmark ended as {done.data}")


def memory_mb(kernel: Kernel) -> float:
    """Each shared page divided among those who share it."""
    return processes.proportional_bytes(kernel.child.pid) / MB


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def spread(figures: list[float]) -> dict[str, float]:
    if len(figures) < 2:
        return {"p50": round(sum(figures), 1), "p95": round(sum(figures), 1), "n": len(figures)}
    return {
        "p50": round(statistics.median(figures), 1),
        "p95": round(statistics.quantiles(figures, n=20, method="inclusive")[18], 1),
        "n": len(figures),
    }
