"""`touchstone grade`: score notebooks from the command line, one line of JSON for each."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from server.cli.grading.batch import Batch, grade_batch, notebooks_in
from server.cli.grading.file import grade_file
from server.cli.grading.find_exercise import find_version
from server.cli.grading.report import totals, write_reports
from server.cli.progress import progress_bar
from server.exercise_format.exercise import Exercise
from server.forkservers import forkservers_of
from server.grading.ledger import Row
from server.grading.seeds import seeds_key
from server.settings import read_settings


@click.command()
@click.argument("exercise")
@click.argument("notebooks", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each notebook.")
@click.option("--seed", type=click.IntRange(0), help="Seed of the checks and numbers. Default: the notebook's own.")
@click.option("--visible-only", is_flag=True, help="Run the visible checks only, as Check does.")
@click.option("--jobs", type=click.IntRange(1), help="Of a folder: notebooks graded at a time. Default: one for each processor.")
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), help="Of a folder: where the results go. Default: FOLDER-grades."
)
def grade(
    exercise: str,
    notebooks: tuple[Path, ...],
    as_json: bool,
    seed: int | None,
    visible_only: bool,
    jobs: int | None,
    into: Path | None,
) -> None:
    """Score NOTEBOOKS against EXERCISE (a slug of the bank, or the path of an exercise's notebook).

    A folder in place of NOTEBOOKS: every notebook in it, with results as CSV, JSON and a page for each. Calling it again goes on
    where the last call was ended.

    Exit code: 0 when every notebook was graded, 1 when one could not be, by its fault or ours.
    """
    settings = read_settings(os.environ)
    wanted, version = find_version(exercise)
    folder = notebooks[0] if len(notebooks) == 1 and notebooks[0].is_dir() else None
    if folder is None and (jobs or into):
        raise click.UsageError("--jobs and --into are for a folder of notebooks.")
    forkservers = forkservers_of(settings)
    try:
        forkserver, key = forkservers.of(wanted.front.environment), seeds_key(settings.secret)
        one = partial(grade_file, wanted, forkserver=forkserver, key=key, seed=seed, visible_only=visible_only)
        if folder is None:
            rows: Sequence[Row] = [_shown(one(path), as_json) for path in notebooks]
        else:
            batch = Batch(folder, version, forkservers.digest(wanted.front.environment), seed, visible_only, one)
            rows = _grade_folder(wanted, into or folder.with_name(f"{folder.name}-grades"), batch, jobs, as_json)
    finally:
        forkservers.close()
    sys.exit(0 if all(row["status"] == "graded" for row in rows) else 1)


def _grade_folder(exercise: Exercise, into: Path, batch: Batch, jobs: int | None, as_json: bool) -> Sequence[Row]:
    """With a bar on standard error; the reports are written when all is graded."""
    paths = notebooks_in(batch.folder)
    began, known = time.monotonic(), 0
    with progress_bar(with_rest=True) as progress:
        bar = progress.add_task("Grading", total=len(paths))

        def on_row(row: Row, earlier: bool) -> None:
            nonlocal known
            known += earlier
            progress.advance(bar)
            if as_json:
                click.echo(json.dumps(row, ensure_ascii=False))

        try:
            rows = grade_batch(paths, into, batch, jobs or os.cpu_count() or 1, on_row)
        except OSError as error:
            raise click.ClickException(f"The results cannot be written to {into}: {error.strerror}.") from error
        except KeyboardInterrupt:
            click.echo(f"Interrupted. What is graded is kept in {into}; the same command goes on from there.", err=True)
            sys.exit(130)
    write_reports(rows, exercise, into)
    if not as_json:
        _show_totals(rows, known, time.monotonic() - began, into)
    return rows


def _show_totals(rows: Sequence[Row], known: int, seconds: float, into: Path) -> None:
    found, fresh = totals(rows), len(rows) - known
    states = ", ".join(f"{number} {status.replace('_', ' ')}" for status, number in found["by_status"].items())
    click.echo(f"{found['count']} notebooks: {states}. Points: {found['points']:g} in all" + mean_of(found) + ".")
    if known:
        click.echo(f"{known} of them were graded by an earlier call.")
    if fresh:
        click.echo(f"{fresh} in {seconds:.1f} s: {fresh / seconds:.1f} a second.")
    click.echo(f"Results: {into / 'results.csv'}, results.json and reports/.")


def mean_of(found: Mapping[str, Any]) -> str:
    return f", {found['mean']:g} on average" if found["mean"] is not None else ""


def _shown(row: dict[str, object], as_json: bool) -> dict[str, object]:
    if as_json:
        click.echo(json.dumps(row, ensure_ascii=False))
    else:
        _show(row)
    return row


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
