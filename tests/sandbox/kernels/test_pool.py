import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.errors import GaveUp, NoRoom, StartFailed
from sandbox.kernels.pool import InLine, Kernels
from sandbox.processes.forkserver import ForkServer
from tests.kernels import eventually, ran
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


class Caller:
    """Somebody who waits in line, in a thread of their own, and says what they got."""

    def __init__(self, kernels: Kernels, owner: str, diary: list[str] | None = None) -> None:
        self.kernels, self.owner, self.diary = kernels, owner, diary if diary is not None else []
        self.places: list[int] = []
        self.gone = threading.Event()
        self.asked = 0
        self._thread = ThreadPoolExecutor(1)
        self.answer: Future[str] = self._thread.submit(self._run)
        self._thread.shutdown(wait=False)

    def _run(self) -> str:
        with self.kernels.borrow(line=InLine(self.owner, self.places.append, self.gone.is_set, self.ask)) as kernel:
            self.diary.append(self.owner)
            return ran(kernel, f"{self.owner!r}").value

    def ask(self) -> None:
        self.asked += 1

    def waits_at(self, place: int) -> bool:
        return eventually(lambda: self.places[-1:] == [place])

    def give_up(self) -> None:
        self.gone.set()
        self.kernels.look_again()


def test_without_others_nobody_waits() -> None:
    kernels = Kernels(forkserver(), ceiling=1)
    caller = Caller(kernels, "mira")
    assert caller.answer.result(20) == "'mira'"
    assert (caller.places, caller.asked) == ([], 0)


def test_those_who_wait_are_told_their_place_and_served_in_turn() -> None:
    kernels, diary = Kernels(forkserver(), ceiling=1), []
    with kernels.borrow():
        first = Caller(kernels, "mira", diary)
        assert first.waits_at(1)
        second = Caller(kernels, "mira", diary)
        assert second.waits_at(2)
        third = Caller(kernels, "tomas", diary)
        assert third.waits_at(2)
        assert second.waits_at(3)
        assert kernels.waiting == 3
    assert [caller.answer.result(20) for caller in (first, second, third)] == ["'mira'", "'mira'", "'tomas'"]
    assert diary == ["mira", "tomas", "mira"]
    assert (first.places, third.places) == ([1], [2, 1])
    assert (kernels.running, kernels.waiting, kernels.full) == (0, 0, False)


def test_two_kernels_that_come_free_serve_two() -> None:
    kernels = Kernels(forkserver(), ceiling=2)
    with kernels.borrow():
        with kernels.borrow():
            callers = [Caller(kernels, owner) for owner in ("mira", "tomas", "olga")]
            assert eventually(lambda: kernels.waiting == 3)
        assert sorted(caller.answer.result(20) for caller in callers) == ["'mira'", "'olga'", "'tomas'"]


def test_who_gives_up_leaves_the_line_at_once_and_the_others_move_up() -> None:
    kernels = Kernels(forkserver(), ceiling=1)
    with kernels.borrow():
        first, second = Caller(kernels, "mira"), None
        assert first.waits_at(1)
        second = Caller(kernels, "tomas")
        assert second.waits_at(2)
        first.give_up()
        with pytest.raises(GaveUp):
            first.answer.result(20)
        assert second.waits_at(1)
        assert kernels.waiting == 1
    assert second.answer.result(20) == "'tomas'"


def test_whoever_is_next_asks_for_room() -> None:
    kernels = Kernels(forkserver(), ceiling=1)
    with kernels.borrow():
        first = Caller(kernels, "mira")
        assert first.waits_at(1)
        second = Caller(kernels, "tomas")
        assert second.waits_at(2)
        assert eventually(lambda: first.asked > 2)
        assert second.asked == 0
    second.answer.result(20)


def test_nobody_overtakes_those_who_wait() -> None:
    kernels = Kernels(forkserver(), ceiling=1)
    with kernels.borrow():
        caller = Caller(kernels, "mira")
        assert caller.waits_at(1)
        kernels.ceiling = 2  # a place is free, and the caller has not heard of it yet
        with pytest.raises(NoRoom), kernels.borrow():
            pass
        assert caller.answer.result(20) == "'mira'"


def test_a_line_that_is_too_long_takes_nobody_more() -> None:
    kernels = Kernels(forkserver(), ceiling=1, waiting_room=1)
    with kernels.borrow():
        first = Caller(kernels, "mira")
        assert first.waits_at(1)
        with pytest.raises(NoRoom, match="waiting for a kernel already"):
            Caller(kernels, "tomas").answer.result(20)
    first.answer.result(20)


def test_closing_the_pool_ends_the_waiting() -> None:
    kernels = Kernels(forkserver(), ceiling=1)
    with kernels.borrow():
        caller = Caller(kernels, "mira")
        assert caller.waits_at(1)
        kernels.close()
        with pytest.raises(GaveUp):
            caller.answer.result(20)


def test_a_start_that_failed_lets_the_next_one_try() -> None:
    kernels = Kernels(ForkServer(Path("/nowhere/python")), ceiling=0)
    callers = [Caller(kernels, owner) for owner in ("mira", "tomas")]
    assert eventually(lambda: kernels.waiting == 2)
    kernels.ceiling = 1
    kernels.look_again()
    for caller in callers:
        with pytest.raises(StartFailed):
            caller.answer.result(20)
