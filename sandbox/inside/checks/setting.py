"""Where a check runs: what the judge lends it; or stand-ins, when a learner runs a visible check by hand in a kernel."""

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class LocalObservation:
    """As the judge's observation, without a wall: the function ran right here, on copies of its arguments."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        self.arguments: list[Any] = [copy.deepcopy(argument) for argument in arguments]
        self.named: dict[str, Any] = copy.deepcopy(named)
        self.error: Exception | None = None
        self._result: Any = None
        began = time.process_time()
        try:
            self._result = function(*self.arguments, **self.named)
        except Exception as error:  # whatever the function raises is what was observed
            self.error = error
        self.cpu_seconds = time.process_time() - began
        self.figures: list[Any] = []

    @property
    def result(self) -> Any:
        if self.error is not None:
            raise self.error
        return self._result


def observe_here(function: Callable[..., Any], /, *arguments: Any, **named: Any) -> LocalObservation:
    return LocalObservation(function, arguments, named)


@dataclass(frozen=True, slots=True)
class Setting:
    """`excuse` gives the text for an error that is the learner's to repair, and None for one of the author's; `report` notes that
    the verdict rests on what the submission alone can tell, or can evade."""

    hidden: bool = False
    observe: Callable[..., Any] = observe_here
    award: Callable[[Any, str], None] = lambda fraction, note: None
    report: Callable[[], None] = lambda: None
    excuse: Callable[[BaseException], str | None] = lambda error: f"{type(error).__name__}: {error}"


BY_HAND = Setting()


class Stage:
    """One check at a time."""

    setting = BY_HAND


def current() -> Setting:
    return Stage.setting


def enter(setting: Setting) -> None:
    Stage.setting = setting


def leave() -> None:
    Stage.setting = BY_HAND
