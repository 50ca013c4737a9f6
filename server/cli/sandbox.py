"""`touchstone sandbox`: the environment that candidates' code runs in."""

from __future__ import annotations

import os
from pathlib import Path

import click

from sandbox.environments import base_environment, install
from server.settings import read_settings


@click.group()
def sandbox() -> None:
    """The environment that people's code runs in."""


@sandbox.command("install")
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), help="Folder of the environment. Default: in the data folder."
)
def install_environment(into: Path | None) -> None:
    """Make the candidates' environment: its own Python packages, locked, away from the server's."""
    folder = into or base_environment(read_settings(os.environ).data)
    install(folder, lambda step: click.echo(f"  {step}"))
    click.echo(f"The candidates' environment is ready in {folder}")
