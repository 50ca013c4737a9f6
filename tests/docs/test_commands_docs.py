"""docs/commands.md lists every command and option, and no other."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from server.cli.main import commands

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


def all_commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from all_commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def options(command: click.Command) -> set[str]:
    named = [option for parameter in command.params if isinstance(parameter, click.Option) for option in parameter.opts]
    return {option for option in named if option.startswith("--")}


def test_the_page_lists_every_command_with_its_options_and_nothing_else() -> None:
    parts = re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)[1:]
    documented = {part.splitlines()[0]: set(re.findall(r"^\| `(--[a-z-]+)` \|", part, re.MULTILINE)) for part in parts}
    assert documented == {name: options(command) for name, command in all_commands(commands, "touchstone")}


def test_every_command_and_option_has_help() -> None:
    for name, command in all_commands(commands, "touchstone"):
        assert command.help, name
        assert all(parameter.help for parameter in command.params if isinstance(parameter, click.Option)), name
