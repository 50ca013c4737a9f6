"""Kernels that end in every way and servers that are killed at any moment leave nothing behind. `touchstone bench soak` does it a
thousand times."""

import random
import threading
from pathlib import Path

import pytest

from sandbox.benches import soak
from sandbox.environments import candidate_python
from sandbox.processes import proc
from sandbox.processes.cgroups import own_places
from sandbox.trials.trial import CLOSING
from tests.kernels import eventually


def tree_without_us() -> set[int]:
    return set(proc.tree_of(soak.os.getpid())[1:])


def groups() -> set[Path]:
    """Of this process; others run tests beside it."""
    return {folder for place in own_places() for folder in place.folder.glob(f"touchstone-{soak.os.getpid()}-*/*/")}


def await_earlier_trials() -> None:
    """The tests before have left them to be closed in the background: what is still there of them is no part of the count."""
    for thread in threading.enumerate():
        if thread.name == CLOSING:
            thread.join()


def test_kernels_that_end_in_every_way_leave_no_process_and_no_group() -> None:
    await_earlier_trials()
    before = (tree_without_us(), groups())
    soak.start_and_end(candidate_python(), 5, random.Random(3), lambda _: None)
    assert eventually(lambda: (tree_without_us(), groups()) == before)


@pytest.mark.parametrize("seed", [1, 3])
def test_a_killed_server_leaves_no_group(seed: int) -> None:
    name = f"touchstone-{soak.kill_a_server(candidate_python(), random.Random(seed))}-*"
    assert eventually(lambda: not [found for place in own_places() for found in place.folder.glob(name)], seconds=10)


def test_the_whole_soak_counts_the_same_before_and_after() -> None:
    found = soak.soak(rounds=2, kills=1)
    for what in ("mounts", "temporary_files", "descriptors"):
        assert found["before"][what] == found["after_rounds"][what] == found["after_kills"][what], what
