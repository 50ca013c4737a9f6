"""`touchstone sandbox exec`: one Python file as one cell behind the walls."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any, Literal

import click

from sandbox import files
from sandbox.environments import BASE
from sandbox.kernels.kernel import Event, start_kernel
from sandbox.limits import Limits, read_ceilings
from sandbox.processes.forkserver import ForkServer
from sandbox.trials.suspect import Suspect
from sandbox.trials.trial import Cell, TrialPlan
from server.forkservers import forkservers_of
from server.settings import read_settings

OK, RAISED, STOPPED = 0, 1, 3  # exit codes
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
Role = Literal["kernel", "suspect"]


@click.command("exec")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--as", "role", type=click.Choice(["kernel", "suspect"]), default="kernel", show_default=True, help="What runs it.")
@click.option("--environment", default=BASE, show_default=True, help="Name of the environment.")
@click.option("--limits", "ceilings", default="", help='Lower limits than usual, such as "memory_mb=256 cell_seconds=5".')
@click.option("--json", "as_json", is_flag=True, help="One line of JSON at the end instead of the output.")
def run_file(file: Path, role: Role, environment: str, ceilings: str, as_json: bool) -> None:
    """Run a Python FILE as one cell, in a fresh kernel or as a submitted notebook is graded, within a candidate's limits.

    What it prints is shown as it comes. Exit code: 0 when it ended normally, 1 when it raised an error, 3 when a limit or a
    signal ended it; then the last line says which.
    """
    settings = read_settings(os.environ)
    limits = Limits().within({**settings.limits, **_read(ceilings)})
    source = file.read_text(encoding="utf-8")
    forkservers = forkservers_of(settings)
    try:
        run = _in_kernel if role == "kernel" else _as_suspect
        told = run(forkservers.of(environment), source, limits, not as_json)
    finally:
        forkservers.close()
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=True))
    elif told["sentence"]:
        click.echo(told["sentence"], err=True)
    sys.exit(OK if told["status"] == "ok" else RAISED if told["status"] == "error" else STOPPED)


def _read(ceilings: str) -> dict[str, int]:
    try:
        return read_ceilings(ceilings)
    except ValueError as error:
        raise click.UsageError(f"--limits {error}.") from error


def _in_kernel(forkserver: ForkServer, source: str, limits: Limits, show: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"status": "", "sentence": "", "error": "", "text": "", "seconds": 0.0, "files": []}
    kernel = start_kernel(forkserver, limits, {})
    try:
        for event in kernel.run(source):
            _note(told, event)
            if show:
                _show(event)
        with kernel.child.open_home() as home:
            told["files"] = [[found.name, found.size] for found in files.listed(home)]
    finally:
        kernel.close()
    return told


def _note(told: dict[str, Any], event: Event) -> None:
    data = event.data
    if event.kind == "stream":
        told["text"] += data["text"]
    elif event.kind in ("limit", "died"):
        told["sentence"] = data["sentence"]
    elif event.kind == "error":
        told["error"] = f"{data['ename']}: {data['evalue']}"
    elif event.kind == "done":
        told["status"], told["seconds"] = data["status"], round(data["seconds"], 4)


def _show(event: Event) -> None:
    if event.kind == "stream":
        click.echo(event.data["text"], nl=False, err=event.data["name"] == "stderr")
    elif event.kind in ("result", "display"):
        click.echo(event.data["data"].get("text/plain", "[a picture]"))
    elif event.kind == "error":
        text = "\n".join(event.data["traceback"])
        click.echo(text if sys.stderr.isatty() else COLOURS.sub("", text), err=True)


def _as_suspect(forkserver: ForkServer, source: str, limits: Limits, show: bool) -> dict[str, Any]:
    suspect = Suspect(forkserver, TrialPlan((), (), (), (), limits=limits))
    try:
        run = suspect.run(Cell("file", source))
        sentence = run.error if run.status in ("died", "timed_out") else ""
        if show:
            click.echo(run.text, nl=False)
            click.echo(run.error, err=True) if run.status == "error" else None
        error = run.error if run.status == "error" else ""
        return {"status": run.status, "sentence": sentence, "error": error, "text": run.text, "seconds": round(run.seconds, 4)}
    finally:
        suspect.close()
