"""`touchstone bench`: measure this machine, beside stock Jupyter where there is something to compare with."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import click

from sandbox.bench import measure_kernels
from sandbox.environments import candidate_python
from sandbox.forkserver import ForkServer
from server.cli.bench_grading import measure_grading
from server.cli.bench_pages import measure_pages
from server.settings import read_settings


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
    for name, value in figures.items():
        click.echo(f"{name}: {value}")


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.option("--starts", default=30, show_default=True, type=click.IntRange(5, 1_000), help="Kernels started for the times.")
@click.option("--alive", default=50, show_default=True, type=click.IntRange(1, 1_000), help="Kernels alive for the memory.")
def kernels(as_json: bool, starts: int, alive: int) -> None:
    """Time to the first reply, starts a second, memory and time to kill, beside a stock kernel in the same run."""
    _print(measure_kernels(_python(), starts=starts, alive=alive), as_json)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.option("--runs", default=20, show_default=True, type=click.IntRange(3, 1_000), help="Gradings measured.")
def grading(as_json: bool, runs: int) -> None:
    """Time of grading over the notebook's own run time."""
    forkserver = ForkServer(_python())
    try:
        _print(measure_grading(forkserver, runs), as_json)
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
