"""One person at work: reads, writes, runs, checks and submits, thinking after each act."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Event
from typing import Any

from server.cli.bench.crowd.browser import Browser, Failed, state_in
from server.cli.bench.crowd.plan import Act, Plan, Task, Think, noted

LOOKS = (0.2, 0.2, 0.2, 0.3, 0.4, 0.6, 1.0, 2.0)  # seconds between looks for a result, as in static/notebook/grader.js
RESULT_SECONDS = 60.0
TRY = "print(sorted(name for name in dir() if not name.startswith('_'))[:5])"


class Person:
    def __init__(self, number: int, plan: Plan, began: float, over: Event) -> None:
        self._chance = random.Random(f"{plan.think.seed}/{number}")
        self._think, self._began, self._over = plan.think, began, over
        self._tasks = self._chance.sample(plan.tasks, len(plan.tasks))
        self._browser = Browser(plan.host, plan.port, f"10.{number // 65_536}.{number // 256 % 256}.{number % 256}")
        self._ran: set[str] = set()  # workspaces whose kernel was asked for
        self._work: Notebook
        self.acts: list[Act] = []

    def live(self) -> None:
        """Until the time is over. Arrives in the middle of the first exercise, so that not all do the same at once."""
        ahead = self._chance.randrange(len(STEPS))
        for round_number in range(1_000_000):
            task = self._tasks[round_number % len(self._tasks)]
            try:
                self._work_on(task, ahead)
            except Failed:  # written down where it happened; a person tries the next one
                self._pause()
            if self._over.is_set():
                return
            ahead = 0

    def _work_on(self, task: Task, ahead: int) -> None:
        self._work = Notebook(task)
        for number, step in enumerate(STEPS):
            if self._over.is_set():
                return
            step(self)
            if number >= ahead:
                self._pause()

    def _pause(self) -> None:
        self._over.wait(drawn(self._think, self._chance))

    def _act(self, name: str) -> AbstractContextManager[None]:
        return noted(self.acts, name, self._began)

    def _fetch_files(self, page: str) -> None:
        with self._act("files"):
            self._browser.fetch_files(page)

    def look_at_bank(self) -> None:
        with self._act("bank"):
            page = self._browser.page("/exercises")
        self._fetch_files(page)

    def open_exercise(self) -> None:
        with self._act("exercise"):
            page = self._browser.page(f"/exercises/{self._work.task.slug}")
        self._fetch_files(page)

    def start(self) -> None:
        with self._act("start"):
            page = self._browser.page(self._browser.form(f"/exercises/{self._work.task.slug}/start"))
            self._work.state = state_in(page)
        self._fetch_files(page)

    def run_given_cells(self) -> None:
        for cell in self._work.cells("setup"):
            self._run(cell, cell["source"])

    def write_a_part(self) -> None:
        for cell in self._work.cells("answer"):
            lines = self._work.task.answers[cell["id"]].splitlines()
            self._save(cell, "\n".join(lines[: len(lines) // 2]))

    def write_the_whole(self) -> None:
        for cell in self._work.cells("answer"):
            self._save(cell, self._work.task.answers[cell["id"]])

    def run_answers(self) -> None:
        for cell in self._work.cells("answer"):
            self._run(cell, self._work.task.answers[cell["id"]])

    def try_it_out(self) -> None:
        own = self._work.cells("own")
        if not own:
            with self._act("add"):
                added = self._browser.post(self._work.url("cells"), {"type": "code", "after": self._work.last})["cell"]
            self._work.state["cells"].append(added)
            own = [added]
        self._run(own[-1], TRY)

    def check(self) -> None:
        self._hand_in("check")

    def submit(self) -> None:
        self._hand_in("submit")

    def read_history(self) -> None:
        with self._act("history"):
            self._browser.get(self._work.url("submissions"))

    def _save(self, cell: dict[str, Any], source: str) -> None:
        with self._act("save"):
            address = f"{self._work.url('cells')}/{cell['id']}/save"
            saved = self._browser.post(address, {"source": source, "base": cell["version"]})
            cell["version"] = saved["version"]

    def _run(self, cell: dict[str, Any], source: str) -> None:
        first = self._work.id not in self._ran
        self._ran.add(self._work.id)
        with self._act("first run" if first else "next run"):
            address = f"{self._work.url('cells')}/{cell['id']}/run"
            events = self._browser.stream(address, {"source": source, "base": cell["version"]})
            cell["version"] = next((event["version"] for event in events if event["t"] == "saved"), cell["version"])
            must_be_ok(events)

    def _hand_in(self, kind: str) -> None:
        with self._act(kind):
            request = {"request": secrets.token_hex(16)}
            submission = self._browser.post(self._work.url(kind), request)["submission"]
            state = self._result(f"{self._work.url('submissions')}/{submission}")
            if state != "graded":
                raise Failed(f"no result: {state}")

    def _result(self, address: str) -> str:
        until, look, again = time.monotonic() + RESULT_SECONDS, 0, 0.0
        while time.monotonic() < until:
            time.sleep(max(again, LOOKS[min(look, len(LOOKS) - 1)]))
            with self._act("look"):
                found = self._browser.get(address)
            state, again = str(found["state"]), float(found.get("again_ms", 0)) / 1_000
            if state in ("graded", "our_fault"):
                return state
            look += 1
        return f"not within {RESULT_SECONDS:.0f} s"


class Notebook:
    """What the person sees of one exercise."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.state: dict[str, Any] = {}

    @property
    def id(self) -> str:
        return str(self.state["id"])

    @property
    def last(self) -> str:
        return str(self.state["cells"][-1]["id"])

    def url(self, name: str) -> str:
        return str(self.state["urls"][name])

    def cells(self, role: str) -> list[dict[str, Any]]:
        return [cell for cell in self.state["cells"] if cell["role"] == role and cell["type"] == "code"]


STEPS: tuple[Callable[[Person], None], ...] = (
    Person.look_at_bank,
    Person.open_exercise,
    Person.start,
    Person.run_given_cells,
    Person.write_a_part,
    Person.write_the_whole,
    Person.run_answers,
    Person.try_it_out,
    Person.check,
    Person.try_it_out,
    Person.submit,
    Person.read_history,
)


def drawn(think: Think, chance: random.Random) -> float:
    return min(max(chance.expovariate(1 / think.mean), think.least), think.most)


def must_be_ok(events: list[dict[str, Any]]) -> None:
    """Raises Failed with what the person would read."""
    if not events or events[-1]["t"] != "done":
        raise Failed("the stream broke off")
    if events[-1]["status"] != "ok":
        said = [str(event.get("sentence") or event.get("evalue") or "") for event in events if event["t"] != "stream"]
        raise Failed(f"the run ended as {events[-1]['status']}: {' '.join(filter(None, said))[:200]}")
