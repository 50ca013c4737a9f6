"""The command `touchstone`. Every command is listed here and in docs/commands.md."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from sandbox.errors import SandboxError
from server.errors import Refusal
from server.settings import SettingsError

# Each is imported when it is called: grading a notebook should not wait for the web server's libraries.
COMMANDS = {
    "serve": "server.cli.serve",
    "work": "server.cli.work",
    "grade": "server.cli.grading.grade",
    "grades": "server.cli.grading.grades",
    "regrade": "server.cli.grading.regrade",
    "reports": "server.cli.reports",
    "audit": "server.cli.audit",
    "exercises": "server.cli.exercises.exercises",
    "sandbox": "server.cli.sandbox",
    "doctor": "server.cli.doctor",
    "bench": "server.cli.bench.bench",
    "database": "server.cli.database",
}


class Commands(click.Group):
    """The commands of `COMMANDS`; each module holds a command of its own name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="touchstone-interviews", prog_name="touchstone")
def commands() -> None:
    """Practise machine-learning interviews in notebooks, with grading that can be trusted."""


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
