"""The row of one notebook file, as `touchstone grade` prints and stores it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from sandbox.errors import SandboxError
from sandbox.processes.forkserver import ForkServer
from server.errors import Invalid, Refusal
from server.exercise_format.exercise import Exercise
from server.grading.grade import grade_cells
from server.grading.handed_in.adopted import adopt
from server.grading.handed_in.out_of_order import top_to_bottom
from server.grading.handed_in.repairs import holds_answers
from server.grading.handed_in.submitted import SubmittedNotebook, read_file, read_submitted
from server.grading.outcome import Grade


def grade_file(
    exercise: Exercise, path: Path, forkserver: ForkServer, key: bytes, seed: int | None = None, visible_only: bool = False
) -> dict[str, object]:
    """The row of one notebook. `key`: of the site, for the checks' draws. `status` is graded, our_fault, or unreadable (then
    `error` says why)."""
    began = time.monotonic()
    head: dict[str, object] = {"notebook": str(path), "exercise": exercise.slug}
    try:
        submitted = read_submitted(read_file(path))
        if not submitted.exercise:  # no copy of ours: it may come from the system that the exercise was imported from
            submitted = replace(submitted, cells=tuple(adopt(exercise, submitted.cells)))
        refuse_strangers(exercise, submitted)
        chosen = submitted.seed if seed is None else seed
        found = grade_cells(exercise, submitted.cells, chosen, forkserver, key=key, visible_only=visible_only)
    except OSError as error:
        return head | failed("unreadable", f"{path}: {error.strerror}. Check the path and try again.", began)
    except Refusal as refusal:
        return head | failed("unreadable", refusal.sentence, began)
    except SandboxError as error:
        return head | failed("our_fault", str(error), began)
    return head | as_row(found)


def refuse_strangers(exercise: Exercise, submitted: SubmittedNotebook) -> None:
    """A notebook without any answer to this exercise has no grade: zero would say that somebody tried."""
    if submitted.exercise not in ("", exercise.slug):
        raise Invalid(f"This is a notebook of the exercise {submitted.exercise}, not of {exercise.slug}.")
    if not holds_answers(exercise, submitted.cells):
        raise Invalid(f"None of the answer cells of {exercise.slug} is in this notebook. Was the right file handed in?")


def as_row(found: Grade) -> dict[str, object]:
    """A grade as plain data."""
    return {
        "status": "our_fault" if found.our_fault else "graded",
        "points": found.points,
        "possible": found.possible,
        "outcomes": [
            {
                "check": row.check,
                "hidden": row.hidden,
                "outcome": row.outcome.value,
                "points": row.points,
                "possible": row.possible,
                "message": row.message,
                "seconds": row.seconds,
                "reported": row.reported,
            }
            for row in found.outcomes
        ],
        "repairs": list(found.repairs),
        "top_to_bottom": top_to_bottom(found.cells),
        "seconds": found.seconds,
        "notebook_seconds": round(found.notebook_seconds, 4),
    }


def failed(status: str, sentence: str, began: float) -> dict[str, object]:
    seconds = round(time.monotonic() - began, 4)
    return {
        "status": status,
        "points": None,
        "possible": None,
        "outcomes": [],
        "repairs": [],
        "top_to_bottom": [],
        "seconds": seconds,
        "error": sentence,
    }
