"""Rooms with real kernels: who waits, who makes room, and what is said of it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sandbox.kernels.kernel import Event
from sandbox.kernels.pool import Kernels
from sandbox.limits import Limits
from server.workspaces.room import KernelState, Run
from server.workspaces.rooms import MADE_ROOM, PAUSED, Rooms, Wanted
from tests.kernels import eventually
from tests.trials import forkserver

BUSY = "print('begun', flush=True)\nimport time; time.sleep(60)"


class House:
    """Some rooms over few kernels."""

    def __init__(self, kernels: Kernels, settled_seconds: float) -> None:
        self.kernels = kernels
        self.rooms = Rooms(kernels, settled_seconds)
        self.kept: list[Run] = []

    def run(self, workspace: str, source: str, owner: str = "", **limits: Any) -> Run:
        return self.rooms.start_run(
            workspace, "cell", source, owner=owner or workspace, wanted=Wanted(Limits(**limits), {}), keep=self.kept.append
        )

    def works(self, workspace: str) -> Run:
        """A run that goes on until it is stopped."""
        run = self.run(workspace, BUSY)
        assert eventually(lambda: "begun" in printed(run), 20)
        return run

    def waits(self, workspace: str, place: int, owner: str = "") -> Run:
        run = self.run(workspace, "'had its turn'", owner)
        assert eventually(lambda: self.rooms.state(workspace) == KernelState("queued", place=place))
        return run


@contextmanager
def house(ceiling: int, settled_seconds: float = 0.0, waiting_room: int = 9) -> Iterator[House]:
    house = House(Kernels(forkserver(), ceiling, waiting_room), settled_seconds)
    yield house
    house.rooms.close()
    house.kernels.close()


def to_the_end(run: Run) -> list[Event]:
    return [event for event in run.follow() if event is not None]


def status(run: Run) -> str:
    return str(to_the_end(run)[-1].data["status"])


def printed(run: Run) -> str:
    return json.dumps([event.data for event in run.events])


def places(run: Run) -> list[int]:
    return [event.data["place"] for event in run.events if event.kind == "queued"]


def test_a_run_that_finds_no_kernel_waits_and_goes_on_by_itself() -> None:
    with house(ceiling=1) as here:
        here.works("mira")
        waiting = here.waits("tomas", 1)
        here.rooms.interrupt("mira")
        assert [event.kind for event in to_the_end(waiting)] == ["queued", "started", "result", "done"]
        assert here.rooms.state("tomas") == KernelState("idle")
        assert here.rooms.state("mira") == KernelState("none", "idle", MADE_ROOM)


def test_owners_take_turns() -> None:
    with house(ceiling=1) as here:
        here.works("mira")
        here.waits("tomas-1", 1, owner="tomas")
        second = here.waits("tomas-2", 2, owner="tomas")
        olga = here.waits("olga", 2)
        assert eventually(lambda: places(second) == [2, 3])
        assert places(olga) == [2]
        here.rooms.restart("mira")
        assert (status(olga), status(second)) == ("ok", "ok")
        assert here.kept.index(olga) < here.kept.index(second)


def test_a_kernel_that_rests_makes_room_before_anybody_waits() -> None:
    with house(ceiling=1) as here:
        assert status(here.run("mira", "1")) == "ok"
        assert [event.kind for event in to_the_end(here.run("tomas", "1"))] == ["started", "result", "done"]
        assert here.rooms.state("mira") == KernelState("none", "idle", MADE_ROOM)


def test_a_kernel_between_two_cells_is_not_taken_away() -> None:
    with house(ceiling=1, settled_seconds=60) as here:
        assert status(here.run("mira", "kept = 1")) == "ok"
        waiting = here.waits("tomas", 1)
        assert status(here.run("mira", "kept")) == "ok"
        here.rooms.leave("mira")
        assert status(waiting) == "ok"


@pytest.mark.parametrize("leave", [Rooms.interrupt, Rooms.restart, Rooms.leave])
def test_who_stops_restarts_or_leaves_is_out_of_the_line(leave: Callable[[Rooms, str], None]) -> None:
    with house(ceiling=1) as here:
        here.works("mira")
        first, second = here.waits("tomas", 1), here.waits("olga", 2)
        leave(here.rooms, "tomas")
        assert status(first) == "interrupted"
        assert here.rooms.state("tomas").state == "none"
        assert eventually(lambda: places(second) == [2, 1])
        assert here.kernels.waiting == 1
        assert first not in here.kept  # the outputs of an earlier run stay


def test_stopping_the_wait_keeps_what_was_said_of_the_last_kernel() -> None:
    with house(ceiling=1) as here:
        assert status(here.run("tomas", "1")) == "ok"
        here.works("mira")
        here.waits("tomas", 1)
        here.rooms.interrupt("tomas")
        assert eventually(lambda: here.rooms.state("tomas") == KernelState("none", "idle", MADE_ROOM))


def test_a_line_that_is_full_is_told_as_our_own_limit() -> None:
    with house(ceiling=1, waiting_room=1) as here:
        here.works("mira")
        here.waits("tomas", 1)
        refused = to_the_end(here.run("olga", "1"))
        assert [event.kind for event in refused] == ["limit", "done"]
        assert (refused[0].data["what"], refused[1].data["status"]) == ("ours", "died")


def test_somebody_who_only_listens_hears_that_nothing_happens() -> None:
    with house(ceiling=1) as here:
        here.works("mira")
        waiting = here.waits("tomas", 1)
        heard = waiting.follow(silence_seconds=0.05)
        assert [event and event.kind for event in (next(heard), next(heard), next(heard))] == ["queued", None, None]
        here.rooms.interrupt("mira")
        assert [event.kind for event in heard if event] == ["started", "result", "done"]


def test_a_long_pause_ends_the_kernel_and_is_told() -> None:
    with house(ceiling=1) as here:
        assert status(here.run("mira", "1")) == "ok"
        assert here.rooms.close_idle(0) == 1
        assert here.rooms.state("mira") == KernelState("none", "idle", PAUSED)


def test_a_kernel_that_ends_between_two_cells_is_told() -> None:
    with house(ceiling=1) as here:
        assert status(here.run("mira", "1", session_seconds=1.0)) == "ok"
        assert eventually(lambda: here.rooms.state("mira").state == "died")
        state = here.rooms.state("mira")
        assert (state.why, "the longest that is allowed" in state.sentence) == ("session_over", True)
        assert status(here.run("mira", "'fresh'")) == "ok"


def test_names_are_looked_up_in_an_idle_kernel_only() -> None:
    with house(ceiling=1) as here:
        assert here.rooms.inspect("mira", "len", 3) is None
        assert status(here.run("mira", "kept = 1")) == "ok"
        assert "number of items" in (here.rooms.inspect("mira", "len", 3) or "")
        assert here.rooms.inspect("mira", "unheard_of", 3) == ""
        here.works("mira")
        assert here.rooms.inspect("mira", "len", 3) is None


def test_many_waiting_runs_of_two_kernels_all_end() -> None:
    with house(ceiling=2) as here:
        runs = [here.run(f"workspace-{number}", f"{number}", owner=f"owner-{number % 3}") for number in range(8)]
        assert [status(run) for run in runs] == ["ok"] * 8
        assert here.kernels.waiting == 0
