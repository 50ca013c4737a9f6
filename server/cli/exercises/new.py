"""`touchstone exercises new`: a small exercise that passes the gate, to be turned into one's own."""

from __future__ import annotations

from pathlib import Path

import click

from server.clock import now
from server.errors import Conflict, Invalid
from server.exercise_format.reading.front_matter_values import SLUG
from server.exercise_format.starter import starter_notebook
from server.exercise_format.words import KINDS
from server.files import exercises_folder


@click.command()
@click.argument("kind", type=click.Choice([kind.name for kind in KINDS]))
@click.argument("slug")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="Folder of the bank. Default: the bundled bank.")
def new(kind: str, slug: str, into: Path | None) -> None:
    """Write a starter exercise of KIND called SLUG, in a form that suits the kind.

    It passes `touchstone exercises check` as it is: change it step by step and check again.
    """
    if not SLUG.fullmatch(slug):
        raise Invalid(f"{slug!r} is no slug: use 4 to 60 of a-z, 0-9 and -.")
    path = (into or exercises_folder()) / kind / f"{slug}.ipynb"
    if path.exists():
        raise Conflict(f"{path} is there already; choose another slug.")
    data = starter_notebook(kind, slug, now().date())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    click.echo(f"Wrote {path}. Next: open it in Jupyter, then run `touchstone exercises check {path}`.")
