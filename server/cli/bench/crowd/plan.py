"""What the people of a load do: on which exercises, and how long they think. Goes to their process as JSON."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from server.cli.bench.crowd.browser import Failed
from server.exercise_format.copies.whole import reference_sources
from server.exercise_format.exercise import Exercise
from server.exercise_format.folder import exercise_paths, read_exercise_file
from server.files import exercises_folder

ARRIVALS_PER_SECOND = 7.0
SETTLING_SECONDS = 30.0


class Think(msgspec.Struct, frozen=True):
    """Seconds between two acts: exponential, cut at both ends, drawn from the seed and the person's number."""

    mean: float
    least: float
    most: float
    seed: int

    def shown(self) -> dict[str, object]:
        return {"distribution": "exponential, cut at both ends", **msgspec.to_builtins(self)}


class Task(msgspec.Struct, frozen=True):
    """One exercise and the right text of each of its answer cells."""

    slug: str
    answers: dict[str, str]


class Plan(msgspec.Struct, frozen=True):
    host: str
    port: int
    people: int
    seconds: float
    think: Think
    tasks: tuple[Task, ...]
    settling: float

    @property
    def ramp_up(self) -> float:
        """Seconds within which they arrive."""
        return self.people / ARRIVALS_PER_SECOND

    @property
    def measured_from(self) -> float:
        """Seconds after the first arrival. Nobody's working day begins with everybody at once: what waits because of the arrival
        is told on its own."""
        return self.ramp_up + self.settling


class Act(msgspec.Struct, frozen=True):
    """One thing that a person did: when it began (seconds since the first arrival), how long it took, what went wrong."""

    name: str
    at: float
    seconds: float
    error: str = ""


@contextmanager
def noted(acts: list[Act], name: str, since: float) -> Iterator[None]:
    """Writes down what the block took, and what went wrong in it. Raises Failed for all of that. `since`: of time.monotonic()."""
    began, error = time.monotonic(), ""
    try:
        yield
    except Failed as failed:
        error = str(failed)
        raise
    except (ValueError, LookupError, TypeError) as odd:
        error = f"an answer that the page could not read: {odd!r}"
        raise Failed(error) from odd
    finally:
        acts.append(Act(name, began - since, time.monotonic() - began, error))


def think_time(mean: float, seed: int) -> Think:
    return Think(mean=mean, least=mean / 10, most=mean * 3, seed=seed)


def bundled_tasks() -> tuple[Task, ...]:
    """The exercises of the bank whose answers are code that takes milliseconds: all but take-home projects."""
    return tuple(Task(exercise.slug, _answers(exercise)) for exercise in _bundled() if _is_small_code(exercise))


def _bundled() -> Iterator[Exercise]:
    for path in exercise_paths(exercises_folder()):
        exercise = read_exercise_file(path).exercise
        if exercise is not None:
            yield exercise


def _is_small_code(exercise: Exercise) -> bool:
    return bool(exercise.answers) and exercise.variant is None and exercise.front.kind != "takehome"


def _answers(exercise: Exercise) -> dict[str, str]:
    sources = reference_sources(exercise)
    return {answer.cell: sources[answer.name] for answer in exercise.answers}
