from pathlib import Path

import pytest

from sandbox.errors import NoRoom, StartFailed
from sandbox.forkserver import ForkServer
from sandbox.pool import Kernels
from tests.kernels import ran
from tests.trials import forkserver


def test_a_borrowed_kernel_is_closed_whatever_happens() -> None:
    kernels = Kernels(forkserver())
    with pytest.raises(ZeroDivisionError), kernels.borrow() as kernel:
        raise ZeroDivisionError
    assert (kernel.state, kernels.running) == ("died", 0)


def test_no_more_kernels_run_than_allowed() -> None:
    kernels = Kernels(forkserver(), ceiling=1)
    with kernels.borrow(), pytest.raises(NoRoom, match="as many as this server allows"), kernels.borrow():
        pass
    with kernels.borrow() as kernel:
        assert ran(kernel, "1").value == "1"


def test_a_start_that_failed_takes_no_room() -> None:
    kernels = Kernels(ForkServer(Path("/nowhere/python")), ceiling=1)
    for _ in range(2):
        with pytest.raises(StartFailed), kernels.borrow():
            pass


def test_closing_the_pool_closes_every_kernel() -> None:
    kernels = Kernels(forkserver())
    with kernels.borrow() as one, kernels.borrow() as another:
        kernels.close()
        assert (one.alive, another.alive) == (False, False)
