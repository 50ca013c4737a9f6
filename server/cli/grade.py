"""`touchstone grade`: score notebooks from the command line, one line of JSON for each."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from sandbox.environments import candidate_python
from sandbox.errors import SandboxError
from sandbox.forkserver import ForkServer
from server.cli.find_exercise import find_exercise
from server.errors import Refusal
from server.exercise_format.exercise import Exercise
from server.grading.grade import grade_cells
from server.grading.outcome import Grade
from server.grading.submitted import read_submitted
from server.settings import read_settings


@click.command()
@click.argument("exercise")
@click.argument("notebooks", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each notebook.")
@click.option("--seed", type=click.IntRange(0), help="Seed of the checks and numbers. Default: the notebook's own.")
@click.option("--visible-only", is_flag=True, help="Run the visible checks only, as Check does.")
def grade(exercise: str, notebooks: tuple[Path, ...], as_json: bool, seed: int | None, visible_only: bool) -> None:
    """Score NOTEBOOKS against EXERCISE (a slug of the bank, or the path of an exercise's notebook).

    Exit code: 0 when every notebook was graded, 1 when one could not be, by its fault or ours.
    """
    settings = read_settings(os.environ)
    wanted = find_exercise(exercise)
    forkserver = ForkServer(settings.candidate_python or candidate_python(settings.data), settings.sandbox)
    try:
        rows = [_grade_one(wanted, path, forkserver, seed, visible_only, as_json) for path in notebooks]
    finally:
        forkserver.close()
    sys.exit(0 if all(row["status"] == "graded" for row in rows) else 1)


def _grade_one(
    exercise: Exercise, path: Path, forkserver: ForkServer, seed: int | None, visible_only: bool, as_json: bool
) -> dict[str, object]:
    row = grade_file(exercise, path, forkserver, seed, visible_only)
    if as_json:
        click.echo(json.dumps(row, ensure_ascii=False))
    else:
        _show(row)
    return row


def grade_file(
    exercise: Exercise, path: Path, forkserver: ForkServer, seed: int | None = None, visible_only: bool = False
) -> dict[str, object]:
    """The row of one notebook. `status` is graded, our_fault, or unreadable (then `error` says why)."""
    began = time.monotonic()
    head: dict[str, object] = {"notebook": str(path), "exercise": exercise.slug}
    try:
        submitted = read_submitted(path.read_bytes())
        chosen = submitted.seed if seed is None else seed
        found = grade_cells(exercise, submitted.cells, chosen, forkserver, visible_only=visible_only)
    except OSError as error:
        return head | _failed("unreadable", f"{path}: {error.strerror}. Check the path and try again.", began)
    except Refusal as refusal:
        return head | _failed("unreadable", refusal.sentence, began)
    except SandboxError as error:
        return head | _failed("our_fault", str(error), began)
    return head | as_row(found)


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
        "seconds": found.seconds,
        "notebook_seconds": round(found.notebook_seconds, 4),
    }


def _failed(status: str, sentence: str, began: float) -> dict[str, object]:
    seconds = round(time.monotonic() - began, 4)
    return {
        "status": status,
        "points": None,
        "possible": None,
        "outcomes": [],
        "repairs": [],
        "seconds": seconds,
        "error": sentence,
    }


def _show(row: dict[str, object]) -> None:
    console = Console()
    if row["status"] != "graded":
        console.print(
            f"[bold]{row['notebook']}[/bold]: {row['status']}. {row.get('error', 'A check could not be run; try again.')}"
        )
        return
    table = Table(title=f"{row['notebook']}: {row['points']:g} of {row['possible']:g} points", title_justify="left")
    for column in ("check", "outcome", "points", "message"):
        table.add_column(column)
    outcomes = row["outcomes"]
    assert isinstance(outcomes, list)
    for outcome in outcomes:
        name = f"{outcome['check']} (hidden)" if outcome["hidden"] else outcome["check"]
        table.add_row(name, outcome["outcome"], f"{outcome['points']:g}/{outcome['possible']:g}", outcome["message"])
    console.print(table)
    repairs = row["repairs"]
    assert isinstance(repairs, list)
    for repair in repairs:
        console.print(f"Repaired: {repair}")
