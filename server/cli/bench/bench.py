"""`touchstone bench`: measure this machine, beside stock Jupyter where there is something to compare with."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import click

from sandbox.benches.kernels import measure_kernels
from sandbox.benches.neighbours import measure_neighbours
from sandbox.benches.soak import soak as soak_machine
from sandbox.environments import candidate_python
from sandbox.processes.forkserver import ForkServer
from server.cli.bench.board import measure_board
from server.cli.bench.crowd.plan import think_time
from server.cli.bench.grading import measure_grading
from server.cli.bench.grow import growth_as_json, measure_growth, read_growth, write_page
from server.cli.bench.load import measure_load
from server.cli.bench.pages import measure_pages
from server.cli.bench.rush import measure_rush
from server.cli.bench.sizes import Sizes
from server.settings import read_settings

SIZES = Sizes(largest=1_000)


@click.group()
def bench() -> None:
    """Measure this machine."""


def _python() -> Path:
    settings = read_settings(os.environ)
    return settings.candidate_python or candidate_python(settings.data)


def _print(figures: Mapping[str, object], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(figures))
        return
    for line in _lines(figures):
        click.echo(line)


def _lines(figures: Mapping[str, object]) -> Iterator[str]:
    """A line for each figure; what holds groups of figures gets one line for each group."""
    for name, value in figures.items():
        if isinstance(value, Mapping) and all(isinstance(part, Mapping) for part in value.values()) and value:
            yield f"{name}:"
            yield from (f"  {part}: {_in_line(figure)}" for part, figure in value.items())
        else:
            yield f"{name}: {_in_line(value)}"


def _in_line(value: object) -> str:
    return ", ".join(f"{name} {part}" for name, part in value.items()) if isinstance(value, Mapping) else str(value)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.option("--starts", default=30, show_default=True, type=click.IntRange(5, 1_000), help="Kernels started for the times.")
@click.option("--alive", default=50, show_default=True, type=click.IntRange(1, 1_000), help="Kernels alive for the memory.")
@click.option("--stock", default=5, show_default=True, type=click.IntRange(1, 100), help="Stock kernels, one after the other.")
@click.option("--grow", type=SIZES, help="Instead of --alive: several numbers, as 25,50,100. Gives a JSON list.")
def kernels(as_json: bool, starts: int, alive: int, stock: int, grow: tuple[int, ...] | None) -> None:
    """Time to the first reply, starts a second, memory and time to kill, beside a stock kernel in the same run."""
    if grow is None:
        _print(measure_kernels(_python(), starts, alive, stock), as_json)
    else:
        click.echo(json.dumps([measure_kernels(_python(), starts, size, stock) for size in grow]))


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.option("--runs", default=20, show_default=True, type=click.IntRange(3, 1_000), help="Gradings measured.")
@click.option(
    "--others",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of nbgrader and otter. Default: the path.",
)
def grading(as_json: bool, runs: int, others: Path | None) -> None:
    """Time of grading over the notebook's own run time, beside nbclient; beside nbgrader and otter where they are installed."""
    forkserver = ForkServer(_python())
    try:
        _print(measure_grading(forkserver, runs, others), as_json)
    finally:
        forkserver.close()


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.option(
    "--exercises", "count", default=1_000, show_default=True, type=click.IntRange(24, 20_000), help="Exercises in the bank."
)
@click.option("--attempts", default=10_000, show_default=True, type=click.IntRange(0, 200_000), help="Attempts in the bank.")
@click.option("--requests", default=100, show_default=True, type=click.IntRange(10, 10_000), help="Requests for each page.")
def pages(as_json: bool, count: int, attempts: int, requests: int) -> None:
    """Time of home, bank and exercise page over HTTP, with a full bank."""
    _print(measure_pages(count, attempts, requests), as_json)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.option("--people", default=200, show_default=True, type=click.IntRange(1, 2_000), help="People at work at the same time.")
@click.option(
    "--seconds", default=60.0, show_default=True, type=click.FloatRange(1), help="Time measured, after all have arrived."
)
@click.option(
    "--think", default=10.0, show_default=True, type=click.FloatRange(0.01), help="Mean of the seconds between two acts."
)
@click.option("--seed", default=1, show_default=True, help="What people do and how long they think is drawn from it.")
@click.option("--kernels", type=click.IntRange(1), help="Most kernels of the server. Default: five for four people.")
@click.option("--database-url", help="An empty database, to be filled. Default: SQLite in the temporary data folder.")
def load(
    as_json: bool, people: int, seconds: float, think: float, seed: int, kernels: int | None, database_url: str | None
) -> None:
    """People at work on a server of its own, over HTTP: times of each act, errors, memory and CPU. Exit code 1 on errors."""
    found = measure_load(people, seconds, think_time(think, seed), kernels, database_url)
    _print(found, as_json)
    sys.exit(1 if found["errors"] else 0)


@bench.command()
@click.option(
    "--into", type=click.Path(dir_okay=False, path_type=Path), help="Page to be written; the plot goes to images beside it."
)
@click.option("--sizes", default="25,50,100,200,400", show_default=True, type=SIZES, help="People, and kernels, of each step.")
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(1), help="Time measured of each step's people.")
@click.option(
    "--think", default=10.0, show_default=True, type=click.FloatRange(0.01), help="Mean of the seconds between two acts."
)
@click.option("--seed", default=1, show_default=True, help="What people do and how long they think is drawn from it.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as one line of JSON.")
@click.option("--from", "source", type=click.File("rb"), help="Figures of an earlier --json, instead of measuring.")
def grow(
    into: Path | None, sizes: tuple[int, ...], seconds: float, think: float, seed: int, as_json: bool, source: BinaryIO | None
) -> None:
    """`kernels` and `load` at growing sizes, as a page with a plot and what the next machine would add. Exit code 1 on errors."""
    growth = read_growth(source.read()) if source else measure_growth(_python(), sizes, seconds, think_time(think, seed))
    if into is not None:
        write_page(growth, into)
    if as_json or into is None:
        click.echo(growth_as_json(growth))
    sys.exit(1 if any(step.load["errors"] for step in growth.steps) else 0)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.option("--people", default=200, show_default=True, type=click.IntRange(1, 2_000), help="Candidates of the take-home.")
@click.option("--minutes", default=4, show_default=True, type=click.IntRange(2, 240), help="What each of them has.")
@click.option("--database-url", help="An empty database, to be filled. Default: SQLite in the temporary data folder.")
def rush(as_json: bool, people: int, minutes: int, database_url: str | None) -> None:
    """Candidates who sit one take-home and hand in within its last minute: is all kept and graded? Exit code 1 when it is not."""
    found = measure_rush(people, minutes, database_url)
    _print(found, as_json)
    sys.exit(0 if found["all_graded"] and not found["texts_lost"] and not found["errors"] else 1)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.option("--seconds", default=10.0, show_default=True, type=click.FloatRange(1), help="Time measured, before and during.")
def neighbours(as_json: bool, seconds: float) -> None:
    """What five people at work notice of five attackers beside them, and what each attacker is told."""
    _print(measure_neighbours(_python(), seconds), as_json)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.option("--rounds", default=1_000, show_default=True, type=click.IntRange(1), help="Kernels started and ended.")
@click.option("--kills", default=50, show_default=True, type=click.IntRange(0), help="Servers killed at random moments.")
@click.option("--seed", default=7, show_default=True, help="The ways and moments are drawn from it.")
def soak(as_json: bool, rounds: int, kills: int, seed: int) -> None:
    """Does anything stay behind: processes, mounts, control groups, files? Exit code 1 when something does."""
    found = soak_machine(rounds, kills, seed, _python(), lambda step: click.echo(step, err=True))
    _print(found, as_json)
    sys.exit(0 if found["equal"] else 1)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.option("--candidates", default=1_000, show_default=True, type=click.IntRange(1, 10_000), help="Candidates on the board.")
@click.option("--requests", default=100, show_default=True, type=click.IntRange(10, 10_000), help="Requests for each page.")
@click.option("--database-url", help="An empty database, to be filled. Default: SQLite in the temporary data folder.")
def board(as_json: bool, candidates: int, requests: int, database_url: str | None) -> None:
    """Time of a job's board and of its decision sheets over HTTP, every candidate graded, most of them marked by two."""
    _print(measure_board(candidates, requests, database_url), as_json)
