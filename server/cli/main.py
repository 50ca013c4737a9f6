"""The command `touchstone`. Every command is listed here and in docs/commands.md."""

from __future__ import annotations

import os
import sys

import click

from sandbox.errors import SandboxError
from server.cli.bench import bench
from server.cli.database import database
from server.cli.doctor import doctor
from server.cli.exercises import exercises
from server.cli.grade import grade
from server.cli.sandbox import sandbox
from server.cli.serve import serve
from server.errors import Refusal
from server.settings import SettingsError

RUN = """Practise machine-learning interviews in notebooks, and hold them, with grading that can be trusted."""


@click.group(help=RUN, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="touchstone-interviews", prog_name="touchstone")
def commands() -> None:
    """The root of all commands."""


for command in (serve, grade, exercises, sandbox, doctor, bench, database):
    commands.add_command(command)


def main() -> None:
    """Run one command. Refusals end it with one clear sentence and exit code 2, never with a traceback."""
    try:
        commands()
    except (Refusal, SettingsError, SandboxError) as error:
        click.echo(f"touchstone: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:  # the reader (head, less) went away: nobody is left to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
