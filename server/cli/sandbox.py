"""`touchstone sandbox`: the environments that people's code runs in, and running a file in one."""

from __future__ import annotations

import os
from pathlib import Path

import click

from sandbox.environments import BASE, environment_folder, install
from sandbox.kernelspec import register
from server.cli.sandbox_exec import run_file
from server.settings import read_settings


@click.group()
def sandbox() -> None:
    """The environments that people's code runs in."""


@sandbox.command("install")
@click.argument("name", default=BASE)
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), help="Folder of the environment. Default: in the data folder."
)
@click.option(
    "--requirements",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="List of packages, each pinned with its hashes, for an environment other than base.",
)
@click.option("--kernelspec/--no-kernelspec", default=True, help="Register the kernel `touchstone` for Jupyter clients.")
def install_environment(name: str, into: Path | None, requirements: Path | None, kernelspec: bool) -> None:
    """Make the environment NAME (base): its own Python packages, locked, away from the server's.

    Also registers it with Jupyter, so that any client runs notebooks in the sandbox: `--kernel touchstone`, and
    `touchstone-NAME` for an environment other than base.
    """
    if name != BASE and requirements is None:
        raise click.UsageError(
            f"An environment called {name} needs --requirements: the list of what is in it, pinned with hashes."
        )
    folder = into or environment_folder(read_settings(os.environ).data, name)
    install(folder, lambda step: click.echo(f"  {step}"), requirements)
    click.echo(f"The environment {name} is ready in {folder}")
    if kernelspec:
        click.echo(f"Jupyter clients find it as the kernel {register(name, folder / 'bin' / 'python')}")


sandbox.add_command(run_file)
