"""`touchstone exercises import`: another system's assignment becomes an exercise, with an account of every cell."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from server.cli.exercises.files_beside import FilesBeside
from server.clock import now
from server.errors import Conflict, Invalid, NotFound
from server.exercise_format.finding import Finding
from server.exercise_format.foreign.front import slug_of
from server.exercise_format.foreign.imported import Imported, make_exercise
from server.exercise_format.foreign.notebook import NotImportable
from server.exercise_format.foreign.parts import Parts
from server.exercise_format.linter import lint
from server.exercise_format.nbgrader.reader import read_nbgrader
from server.exercise_format.otter.reader import read_otter
from server.exercise_format.reading.reader import read_exercise

ACCOUNT = "import-account.json"
Read = Callable[[bytes, Mapping[str, bytes]], Parts]


@dataclass(frozen=True, slots=True)
class Import:
    """One call of the command."""

    system: str
    read: Read
    path: Path
    into: Path
    environment: str
    force: bool


@click.group("import")
def import_() -> None:
    """Take over assignments of other systems."""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    folder = click.Path(path_type=Path, file_okay=False)
    for option in (
        click.option("--force", is_flag=True, help="Write over exercises that are there already."),
        click.option("--json", "as_json", is_flag=True, help="The account as one JSON document."),
        click.option("--environment", default="", metavar="NAME", help="Environment of the exercises, if not the usual one."),
        click.option("--into", type=folder, required=True, help="Folder of the exercises; each goes below its kind."),
    ):
        command = option(command)
    return click.argument("path", type=click.Path(path_type=Path))(command)


@import_.command()
@_options
def nbgrader(path: Path, into: Path, environment: str, as_json: bool, force: bool) -> None:
    """Make exercises of nbgrader's source notebooks: PATH is one, or a folder with them in it or below it.

    Exit code: 0 when all were imported, 1 when one could not be.
    """
    _run(Import("nbgrader", lambda data, _: read_nbgrader(data), path, into, environment, force), as_json)


@import_.command()
@_options
def otter(path: Path, into: Path, environment: str, as_json: bool, force: bool) -> None:
    """Make exercises of otter-assign's notebooks: PATH is one, or a folder with them in it or below it.

    Exit code: 0 when all were imported, 1 when one could not be.
    """
    _run(Import("otter", read_otter, path, into, environment, force), as_json)


def _run(call: Import, as_json: bool) -> None:
    found = [_import_one(call, source) for source in _notebooks(call.path)]
    if as_json:
        click.echo(json.dumps({"exercises": found}, ensure_ascii=False, indent=1))
    else:
        for document in found:
            _show(document)
    sys.exit(0 if all("error" not in document for document in found) else 1)


def _notebooks(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    found = sorted(each for each in path.rglob("*.ipynb") if ".ipynb_checkpoints" not in each.parts) if path.is_dir() else []
    if not found:
        raise NotFound(f"There is no notebook at {path}. Name a source notebook, or a folder with them.")
    return found


def _import_one(call: Import, source: Path) -> dict[str, Any]:
    """The account of one notebook as plain data; `error` says why there is no exercise."""
    deep = source.parent not in (call.path, call.path.parent)
    slug = slug_of(f"{source.parent.name}-{source.stem}" if deep else source.stem, call.system)
    try:
        beside = FilesBeside(source)
        parts = call.read(source.read_bytes(), beside)
        made = make_exercise(parts, slug, beside, call.environment, now().date())
        written = _write(made, call.into, call.force)
    except NotImportable as error:
        return {"source": str(source), "error": str(error)}
    except OSError as error:
        raise Invalid(f"{error.filename or source}: {error.strerror}. Check the path and try again.") from error
    document = _document(source, written, made)
    (written.with_suffix("") / ACCOUNT).write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    return document


def _write(made: Imported, into: Path, force: bool) -> Path:
    path = into / made.kind / f"{made.slug}.ipynb"
    if path.exists() and not force:
        raise Conflict(f"{path} is there already. Choose another --into, or write over it with --force.")
    public = path.with_suffix("") / "public"
    (public if made.public else public.parent).mkdir(parents=True, exist_ok=True)
    for name, content in made.public.items():
        (public / name).write_bytes(content)
    path.write_bytes(made.notebook)
    return path


def _document(source: Path, written: Path, made: Imported) -> dict[str, Any]:
    reading = read_exercise(made.notebook, made.slug, made.public)
    blocking = [finding for finding in reading.findings if finding.severity == "error"]
    left = [finding for finding in lint(reading, made.kind) if finding not in blocking]
    exercise = reading.draft
    obstacles = [finding.sentence for finding in blocking]
    if exercise is None or not (exercise.answers or exercise.questions):
        obstacles.append("It has nothing to answer.")
    return {
        "source": str(source),
        "exercise": str(written),
        "obstacles": obstacles,
        "points": {
            "checks": round(exercise.automatic_points(), 2) if exercise else 0,
            "marked": round(exercise.marked_points(), 2) if exercise else 0,
            "left_out": made.account.points_left_out,
        },
        "rows": [asdict(row) for row in made.account.rows],
        "findings": [_finding(finding) for finding in [*blocking, *left]],
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {"code": finding.code, "severity": finding.severity, "sentence": finding.sentence, "cell": finding.cell}


def _show(document: dict[str, Any]) -> None:
    console = Console()
    if "error" in document:
        console.print(f"[bold]{escape(document['source'])}[/bold]: not imported. {escape(document['error'])}", highlight=False)
        return
    points = document["points"]
    table = Table(title=f"{document['source']} → {document['exercise']}", title_justify="left")
    for column in ("cell", "what", "result", "how"):
        table.add_column(column, overflow="fold")
    for row in document["rows"]:
        table.add_row(str(row["cell"] or "–"), escape(row["name"]), row["verdict"], escape(row["sentence"]))
    console.print(table)
    total = f"Points: {points['checks']:g} by checks, {points['marked']:g} by a person, {points['left_out']:g} left out."
    console.print(f"{total} {_next_step(document)}", highlight=False)


def _next_step(document: dict[str, Any]) -> str:
    if document["obstacles"]:
        return "It cannot be graded as it is: " + escape(" ".join(document["obstacles"][:3]))
    return f"{len(document['findings'])} findings remain before it can be published: touchstone exercises check shows them."
