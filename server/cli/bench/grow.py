"""Kernels and people at growing sizes, and the page about it."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from sandbox.benches.kernels import measure_kernels
from server import clock
from server.cli.bench.crowd.plan import Think
from server.cli.bench.load import measure_load
from server.cli.bench.saves import saves_per_second
from server.cli.bench.scale.growth import Growth, Step, this_computer
from server.cli.bench.scale.page import page, picture

STOCK_KERNELS = 3


def measure_growth(python: Path, sizes: tuple[int, ...], seconds: float, think: Think) -> Growth:
    """Takes some minutes. Says on standard error how far it is."""
    steps = []
    for size in sizes:
        click.echo(f"{size} kernels, then {size} people for {seconds:g} s", err=True)
        kernels = measure_kernels(python, alive=size, stock=STOCK_KERNELS)
        steps.append(Step(size, kernels, measure_load(size, seconds, think)))
    return Growth(clock.now().date().isoformat(), this_computer(), saves_per_second(), tuple(steps))


def write_page(growth: Growth, into: Path) -> None:
    """The page, and its plot in the folder `images` beside it."""
    plot = into.parent / "images" / f"{into.stem}.svg"
    plot.parent.mkdir(parents=True, exist_ok=True)
    plot.write_text(picture(growth))
    into.write_text(page(growth, f"images/{plot.name}"))


def growth_as_json(growth: Growth) -> str:
    return msgspec.json.encode(growth).decode()


def read_growth(text: bytes) -> Growth:
    """Raises click's own error for what is no such file."""
    try:
        return msgspec.json.decode(text, type=Growth)
    except msgspec.MsgspecError as error:
        raise click.UsageError(f"These are no figures of `touchstone bench grow --json`: {error}") from error
