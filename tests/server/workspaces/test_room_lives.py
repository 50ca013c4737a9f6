"""Rooms with real kernels: whatever ends a kernel, its run ends and says why, and nobody crowds out the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from sandbox.kernels.kernel import Event, Kernel
from sandbox.kernels.pool import Kernels
from sandbox.limits import Limits
from server.errors import Conflict, TooMany
from server.workspaces.room import Run
from server.workspaces.rooms import MADE_ROOM, MOST_KERNELS_EACH, MOST_RUNS_EACH, OURS, PAUSED, TOO_LATE, Rooms, Wanted
from tests.kernels import Ran, eventually
from tests.trials import forkserver

LONG = "import time\nprint('began', flush=True)\ntime.sleep(60)"


class LateKernels(Kernels):
    """Kernels that are up, but handed over only when the test says so."""

    def __init__(self) -> None:
        super().__init__(forkserver())
        self.handed_over = threading.Event()

    @contextmanager
    def borrow(self, *args: Any, **more: Any) -> Iterator[Kernel]:
        with super().borrow(*args, **more) as kernel:
            assert self.handed_over.wait(30)
            yield kernel


@pytest.fixture
def kernels() -> Kernels:
    return Kernels(forkserver())


@pytest.fixture
def rooms(kernels: Kernels) -> Iterator[Rooms]:
    rooms = Rooms(kernels)
    yield rooms
    rooms.close()
    assert eventually(lambda: kernels.running == 0)


def begin(
    rooms: Rooms, source: str, workspace: str = "task", owner: str = "mira", keep: Callable[[Run], None] = lambda _run: None
) -> Run:
    return rooms.start_run(workspace, "cell", source, owner=owner, wanted=Wanted(Limits(), {}), keep=keep)


def begin_long(rooms: Rooms, workspace: str = "task", owner: str = "mira") -> Run:
    """A run of a minute that has begun."""
    run = begin(rooms, LONG, workspace, owner)
    assert next(event for event in run.follow() if event.kind == "stream").data["text"] == "began\n"
    return run


def finish(rooms: Rooms, source: str, workspace: str = "task", owner: str = "mira") -> Ran:
    return ended(begin(rooms, source, workspace, owner))


def ended(run: Run) -> Ran:
    return Ran(list(run.follow()))


def state(rooms: Rooms, workspace: str = "task") -> tuple[str, str, str]:
    """What the page says of the kernel."""
    found = rooms.state(workspace)
    return found.state, found.why, found.sentence


def test_a_kernel_comes_with_the_first_run_and_remembers(rooms: Rooms, kernels: Kernels) -> None:
    assert state(rooms) == ("none", "", "")
    assert finish(rooms, "kept = 41").status == "ok"
    assert state(rooms) == ("idle", "", "")
    assert finish(rooms, "kept + 1").value == "42"
    assert kernels.running == 1


def test_all_readers_of_a_run_see_all_its_events_whenever_they_come(rooms: Rooms) -> None:
    run = begin(rooms, "import time\nfor number in range(5):\n    print(number, flush=True)\n    time.sleep(0.05)")
    with ThreadPoolExecutor(2) as readers:
        first, second = readers.map(lambda _: list(run.follow()), range(2))
    assert first == second == list(run.follow()) == run.events
    assert Ran(first).text == "0\n1\n2\n3\n4\n"
    assert (first[0].kind, first[-1].kind) == ("started", "done")


def test_a_second_run_is_refused_while_one_goes_on_and_harms_nothing(rooms: Rooms) -> None:
    run = begin_long(rooms)
    with pytest.raises(Conflict, match="still busy"):
        begin(rooms, "1")
    assert (rooms.running("task"), state(rooms)[0]) == (run, "busy")
    rooms.interrupt("task")
    assert ended(run).status == "interrupted"
    assert eventually(lambda: rooms.running("task") is None)
    assert finish(rooms, "1").value == "1"


def test_a_restart_ends_the_run_which_says_why_and_the_next_one_starts_afresh(rooms: Rooms, kernels: Kernels) -> None:
    finish(rooms, "kept = 1")
    run = begin_long(rooms)
    rooms.restart("task")
    told = ended(run)
    assert (told.status, told.one("died")["why"]) == ("died", "closed")
    assert told.one("died")["sentence"]
    assert eventually(lambda: rooms.running("task") is None)
    assert (state(rooms), kernels.running) == (("none", "", ""), 0)
    assert finish(rooms, "kept").error.startswith("NameError")


@pytest.mark.parametrize("empty", [Rooms.leave, Rooms.restart])
def test_a_kernel_that_comes_up_for_a_room_that_was_emptied_is_ended(empty: Callable[[Rooms, str], None]) -> None:
    kernels = LateKernels()
    rooms = Rooms(kernels)
    run = begin(rooms, "1")
    assert eventually(lambda: kernels.running == 1)
    assert state(rooms)[0] == "starting"
    empty(rooms, "task")
    kernels.handed_over.set()
    told = ended(run)
    assert (told.status, told.one("limit")["sentence"]) == ("died", TOO_LATE)
    assert eventually(lambda: kernels.running == 0)
    assert eventually(lambda: state(rooms)[0] == "none")
    assert finish(rooms, "2").value == "2"
    rooms.close()


def test_who_leaves_takes_the_kernel_along_also_in_the_middle_of_a_run(rooms: Rooms, kernels: Kernels) -> None:
    run = begin_long(rooms)
    rooms.leave("task")
    assert ended(run).status == "died"
    assert (kernels.running, state(rooms)) == (0, ("none", "", ""))


def test_a_kernel_that_died_says_so_until_the_next_run(rooms: Rooms, kernels: Kernels) -> None:
    assert finish(rooms, "import os\nos._exit(3)").status == "died"
    assert eventually(lambda: state(rooms)[:2] == ("died", "crashed"))
    assert state(rooms)[2]
    assert kernels.running == 0
    assert finish(rooms, "1").value == "1"
    assert state(rooms) == ("idle", "", "")


def test_one_person_runs_some_notebooks_at_once_and_leaves_the_others_their_turn(rooms: Rooms) -> None:
    for number in range(MOST_RUNS_EACH):
        begin_long(rooms, f"task-{number}")
    with pytest.raises(TooMany, match=f"{MOST_RUNS_EACH} of your notebooks"):
        begin(rooms, "1", "one-too-many")
    assert finish(rooms, "1", "his-task", owner="tomas").value == "1"
    rooms.interrupt("task-0")
    assert eventually(lambda: rooms.running("task-0") is None)
    assert finish(rooms, "1", "one-too-many").value == "1"


def test_one_person_holds_some_kernels_and_the_longest_idle_makes_room(rooms: Rooms, kernels: Kernels) -> None:
    finish(rooms, "1", "his-task", owner="tomas")
    for number in range(MOST_KERNELS_EACH):
        finish(rooms, "1", f"task-{number}")
    finish(rooms, "1", "task-0")  # used again: not the longest idle any more
    assert finish(rooms, "1", "one-more").value == "1"
    assert kernels.running == MOST_KERNELS_EACH + 1
    assert state(rooms, "task-1") == ("none", "idle", MADE_ROOM)
    assert {state(rooms, name)[0] for name in ("task-0", "task-2", "one-more", "his-task")} == {"idle"}


def test_when_all_kernels_are_taken_an_idle_one_of_anybody_makes_room() -> None:
    kernels = Kernels(forkserver(), ceiling=1)
    rooms = Rooms(kernels)
    finish(rooms, "1", owner="mira")
    assert finish(rooms, "1", "his-task", owner="tomas").value == "1"
    assert state(rooms) == ("none", "idle", MADE_ROOM)
    rooms.close()
    assert kernels.running == 0


def test_a_kernel_that_nobody_uses_is_ended_and_one_that_runs_is_not(rooms: Rooms, kernels: Kernels) -> None:
    finish(rooms, "1", "idle")
    run = begin_long(rooms, "busy")
    assert eventually(lambda: state(rooms, "idle")[0] == "idle")
    assert rooms.close_idle() == 0
    assert rooms.close_idle(idle_seconds=0) == 1
    assert (state(rooms, "idle"), state(rooms, "busy")[0]) == (("none", "idle", PAUSED), "busy")
    assert kernels.running == 1
    rooms.interrupt("busy")
    assert ended(run).status == "interrupted"


def test_what_a_cell_shows_is_kept_before_readers_hear_that_the_run_is_over(rooms: Rooms) -> None:
    kept: list[list[Event]] = []
    run = begin(rooms, "print(1)", keep=lambda run: kept.append(run.events))
    assert [list(run.follow())] == kept


def test_a_run_that_cannot_be_kept_is_told_as_our_fault_and_frees_the_room(rooms: Rooms) -> None:
    def full_disk(_run: Run) -> None:
        raise OSError("no space left")

    assert ended(begin(rooms, "1", keep=full_disk)).one("limit") == {"what": "ours", "sentence": OURS}
    assert finish(rooms, "1").value == "1"


def test_names_are_completed_while_the_kernel_is_idle(rooms: Rooms) -> None:
    assert rooms.complete("task", "ma", 2) == []
    finish(rooms, "matrix_of_mine = 1")
    assert "matrix_of_mine" in rooms.complete("task", "matrix_", 7)
    assert rooms.complete("task", "\ud800", 2**31 - 1) == []
    begin_long(rooms)
    assert rooms.complete("task", "matrix_", 7) == []
    rooms.restart("task")
