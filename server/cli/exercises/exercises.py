"""`touchstone exercises`: check exercises against their own promises, and begin new ones."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sandbox.environments import BASE
from sandbox.processes.forkservers import ForkServers
from server.cli.exercises.importing import import_
from server.cli.exercises.new import new
from server.cli.progress import progress_bar
from server.errors import NotFound
from server.exercise_format.folder import exercise_paths, read_exercise_file
from server.files import exercises_folder
from server.forkservers import forkservers_of
from server.grading.gate.gate import USUAL, check_reading
from server.grading.gate.report import GateReport, Kind
from server.grading.gate.runs import Effort
from server.settings import read_settings

MARKS = {"kept": "[green]kept[/green]", "broken": "[bold red]broken[/bold red]", "our_fault": "[yellow]our fault[/yellow]"}
NOUNS: dict[Kind, str] = {
    "variant": "variant rule",
    "question": "question",
    "solution": "solution",
    "repeatable": "repetition",
    "stub": "stub",
    "lazy": "lazy answer",
    "tampering": "tampering answer",
    "mistake": "mistake",
}


@click.group()
def exercises() -> None:
    """Check exercises, and begin new ones."""


exercises.add_command(new)
exercises.add_command(import_)


@exercises.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.option("--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 2, help="Exercises at once. Default: one per core.")
@click.option(
    "--seeds", type=click.IntRange(1, 1000), default=USUAL.seeds, show_default=True, help="Seeds to run each notebook with."
)
@click.option(
    "--repeats", type=click.IntRange(2, 1000), default=USUAL.repeats, show_default=True, help="Gradings that must agree."
)
def check(paths: tuple[Path, ...], as_json: bool, jobs: int, seeds: int, repeats: int) -> None:
    """Try exercises against everything that they promise.

    PATH is an exercise notebook or a folder of them; without one the bundled bank is checked. Solutions must pass, the
    stub must earn nothing, each listed mistake must fail exactly as declared, and the linter must find no error.

    Exit code: 0 when every promise is kept, 1 when one is broken or could not be tried.
    """
    notebooks = find_notebooks(paths)
    settings = read_settings(os.environ)
    forkservers = forkservers_of(settings)
    try:
        reports = _check_all(notebooks, forkservers, jobs, Effort(seeds, repeats), show=not as_json)
    finally:
        forkservers.close()
    if as_json:
        click.echo(json.dumps(as_document(reports), ensure_ascii=False, indent=1))
    else:
        Console().print(summary(reports), highlight=False)
    sys.exit(0 if all(report.ok for report in reports) else 1)


def find_notebooks(paths: Sequence[Path]) -> list[Path]:
    """The notebooks below the given paths; raises NotFound for a path that leads to none."""
    found: list[Path] = []
    for path in paths or [exercises_folder()]:
        inside = [path] if path.is_file() else exercise_paths(path) or sorted(path.glob("*.ipynb"))
        if not inside:
            raise NotFound(f"There is no exercise notebook at {path}.")
        found += inside
    return list(dict.fromkeys(found))


def _check_all(notebooks: Sequence[Path], forkservers: ForkServers, jobs: int, effort: Effort, show: bool) -> list[GateReport]:
    """All reports in the order of the notebooks; the bar moves and a table appears as soon as one is done."""
    progress = progress_bar()
    reports: dict[int, GateReport] = {}
    with progress, ThreadPoolExecutor(jobs) as pool:
        bar = progress.add_task("Checking exercises", total=len(notebooks))
        running = {pool.submit(_check_one, path, forkservers, effort): place for place, path in enumerate(notebooks)}
        for done in as_completed(running):
            reports[running[done]] = done.result()
            progress.advance(bar)
            if show:
                progress.stop()  # takes the bar off the terminal while the table is written
                _show(done.result())
                progress.start()
    return [reports[place] for place in sorted(reports)]


def _check_one(path: Path, forkservers: ForkServers, effort: Effort) -> GateReport:
    reading = read_exercise_file(path)
    environment = reading.exercise.front.environment if reading.exercise else BASE
    return check_reading(reading, path.stem, forkservers.of(environment), effort, path.resolve().parent.name)


def as_document(reports: Sequence[GateReport]) -> dict[str, object]:
    """The reports as plain data."""
    return {
        "ok": all(report.ok for report in reports),
        "exercises": [
            {
                "slug": report.slug,
                "ok": report.ok,
                "seconds": report.seconds,
                "findings": [
                    {"code": f.code, "severity": f.severity, "sentence": f.sentence, "cell": f.cell} for f in report.findings
                ],
                "lines": [
                    {"kind": x.kind, "name": x.name, "verdict": x.verdict, "detail": x.detail, "seconds": x.seconds}
                    for x in report.lines
                ],
            }
            for report in reports
        ],
    }


def _show(report: GateReport) -> None:
    console = Console()
    state = "all promises kept" if report.ok else f"{len(list(report.broken()))} not kept"
    console.print(f"\n[bold]{escape(report.slug)}[/bold]: {state}, {report.seconds:.1f} s", highlight=False)
    console.print(_table(report))
    for finding in report.findings:
        console.print(f"  {finding.severity}: {escape(str(finding))}", highlight=False)


def _table(report: GateReport) -> Table:
    table = Table()
    for column in ("kind", "name", "result", "seconds", "detail"):
        table.add_column(column, overflow="fold", justify="right" if column == "seconds" else "left")
    for line in report.lines:
        table.add_row(line.kind, escape(line.name), MARKS[line.verdict], f"{line.seconds:.2f}", escape(line.detail))
    return table


def summary(reports: Sequence[GateReport]) -> str:
    """One sentence on everything that was checked."""
    lines = [line for report in reports for line in report.lines]
    tried = Counter(line.kind for line in lines if line.kind != "lint")
    findings = Counter(finding.severity for report in reports for finding in report.findings)
    kinds = ", ".join(f"{count} {NOUNS[kind]}{'' if count == 1 else 's'}" for kind, count in tried.items())
    kept = sum(report.ok for report in reports)
    ours = sum(line.verdict == "our_fault" for line in lines)
    text = f"{kept} of {len(reports)} exercises keep their promises. Tried: {kinds or 'nothing'}."
    text += f" Linter: {findings['error']} errors, {findings['warning']} warnings."
    return f"{text} {ours} could not be tried, which is our fault; run it again." if ours else text
