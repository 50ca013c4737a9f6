"""The same work with jupyter_client and ipykernel as they come, for the comparison in `touchstone bench kernels`."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from sandbox.processes import proc

MB = 1 << 20
Manager = TypeVar("Manager", bound=KernelManager)
REPLY_SECONDS = 60
ROUND_TRIPS = 5


class StockKernel:
    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self._manager, self._client = manager, client

    def run(self, source: str) -> None:
        """Returns with the reply."""
        request = self._client.execute(source)
        while self._client.get_shell_msg(timeout=REPLY_SECONDS)["parent_header"].get("msg_id") != request:
            pass

    def memory_mb(self) -> float:
        provisioner = self._manager.provisioner
        assert provisioner is not None
        return proc.proportional_bytes(getattr(provisioner, "pid", 0) or 0) / MB

    def kill(self) -> None:
        self._manager.shutdown_kernel(now=True)


@contextmanager
def stock_manager(kind: type[Manager], python: Path) -> Iterator[Manager]:
    """Of a kernel that is not started yet; its files live as long as the block."""
    with tempfile.TemporaryDirectory() as folder:
        manager = kind(connection_file=f"{folder}/connection.json", transport="ipc", ip=f"{folder}/kernel")
        manager._kernel_spec = KernelSpec(argv=[str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"])
        yield manager


@contextmanager
def stock_kernel(python: Path) -> Iterator[StockKernel]:
    """A kernel of which it is not known yet whether it listens."""
    with stock_manager(KernelManager, python) as manager:
        manager.start_kernel()
        client = manager.blocking_client()
        client.start_channels()
        try:
            yield StockKernel(manager, client)
        finally:
            client.stop_channels()
            if manager.has_kernel:
                manager.shutdown_kernel(now=True)


def measure_stock(python: Path, starts: int, stack: str, trivial: str, light_work: str) -> dict[str, list[float]]:
    """Milliseconds and megabytes of kernels that live one after the other."""
    found: dict[str, list[float]] = {
        "stock_first_reply_ms": [],
        "stock_trivial_cell_ms": [],
        "stock_memory_light_mb": [],
        "stock_kill_ms": [],
    }
    for _ in range(starts):
        began = time.perf_counter()
        with stock_kernel(python) as kernel:
            kernel.run(stack)
            found["stock_first_reply_ms"].append((time.perf_counter() - began) * 1000)
            found["stock_trivial_cell_ms"] += [timed(lambda: kernel.run(trivial)) for _ in range(ROUND_TRIPS)]
            kernel.run(light_work)
            found["stock_memory_light_mb"].append(kernel.memory_mb())
            found["stock_kill_ms"].append(timed(kernel.kill))
    return found


def timed(act: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000
