"""`touchstone grades`: the stored results."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from server.cli.verified import fault_lines, verified
from server.grading.seals import Verified, seal_key, verify


@click.group()
def grades() -> None:
    """The stored results."""


@grades.command("verify")
@click.option("--link", default="", help="A link that an earlier call printed; the chain must hold it.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def verify_all(link: str, as_json: bool) -> None:
    """Look whether every result is the one that was sealed. Exit code: 1 when anything is wrong."""
    found = verified(lambda session, secret: verify(session, seal_key(secret), link))
    click.echo(json.dumps(asdict(found)) if as_json else in_words(found))
    sys.exit(1 if found.faults else 0)


def in_words(found: Verified) -> str:
    lines = fault_lines(found.faults)
    state = f"{len(found.faults)} faults" if found.faults else "all as they were sealed"
    lines.append(f"{found.sealed} sealed results, {found.deleted} of them deleted since: {state}.")
    if found.last_link:
        lines.append(f"Last link: {found.last_link}")
    return "\n".join(lines)
