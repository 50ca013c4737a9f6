"""One candidate of a rush: opens the link, starts, writes every answer, hands in within the last minute or lets time do it."""

from __future__ import annotations

import random
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from server.cli.bench.crowd.browser import Browser, Failed, state_in
from server.cli.bench.crowd.person import must_be_ok
from server.cli.bench.crowd.plan import Act, Task, noted

LAST_SECONDS = 60.0
LEFT_TO_TIME = 0.1  # of all candidates: they go on writing until the end


@dataclass(slots=True)
class Sitter:
    """`written`: exercise -> the text that the server last said to have saved."""

    number: int
    browser: Browser
    token: str
    tasks: tuple[Task, ...]
    began: float
    acts: list[Act] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    handed_in: bool = False

    def sit(self) -> None:
        """Whatever goes wrong is written down where it happened."""
        chance = random.Random(self.number)
        try:
            root = self._open()
            ends = self._start(root)
            self._work(root, chance)
            self._wait_and_hand_in(root, ends, chance)
        except Failed:
            return
        finally:
            self.browser.close()

    def _open(self) -> str:
        with self._act("open"):
            self.browser.visit(f"/invitation/{self.token}")
            self.browser.page("/invitation")
            root = self.browser.form("/invitation")
            self.browser.page(root)
        return root

    def _start(self, root: str) -> float:
        with self._act("start"):
            self.browser.page(f"{root}/start")
            first = self.browser.form(f"{root}/start")
            state = state_in(self.browser.page(first))
        return time.monotonic() + float(state["clock"]["left_ms"]) / 1_000

    def _work(self, root: str, chance: random.Random) -> None:
        for position, task in enumerate(self.tasks, 1):
            with self._act("task"):
                state = state_in(self.browser.page(f"{root}/tasks/{position}"))
            for cell in state["cells"]:
                if cell["role"] == "answer":
                    self._save(state, cell, task, f"{task.answers[cell['id']]}\n# {self.number} wrote this")
                    self._run(state, cell)
            time.sleep(chance.uniform(0.5, 3.0))

    def _wait_and_hand_in(self, root: str, ends: float, chance: random.Random) -> None:
        early = chance.uniform(2.0, LAST_SECONDS)
        if chance.random() < LEFT_TO_TIME:
            return
        time.sleep(max(0.0, ends - early - time.monotonic()))
        with self._act("hand in"):
            self.browser.page(f"{root}/hand-in")
            self.browser.form(f"{root}/hand-in")
        self.handed_in = True

    def _save(self, state: dict[str, Any], cell: dict[str, Any], task: Task, text: str) -> None:
        with self._act("save"):
            address = f"{state['urls']['cells']}/{cell['id']}/save"
            cell["version"] = self.browser.post(address, {"source": text, "base": cell["version"]})["version"]
        cell["source"] = self.written[task.slug] = text

    def _run(self, state: dict[str, Any], cell: dict[str, Any]) -> None:
        with self._act("run"):
            setups = [each for each in state["cells"] if each["role"] == "setup" and each["type"] == "code"]
            for each in (*setups, cell):
                there = f"{state['urls']['cells']}/{each['id']}/run"
                must_be_ok(self.browser.stream(there, {"source": each["source"], "base": each["version"]}))

    def _act(self, name: str) -> AbstractContextManager[None]:
        return noted(self.acts, name, self.began)
