"""`touchstone audit`: the log of who did what."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from server.audit.seals import Verified, audit_key, verify
from server.cli.verified import fault_lines, verified


@click.group()
def audit() -> None:
    """The log of who did what."""


@audit.command("verify")
@click.option("--link", default="", help="A link that an earlier call, or an exported log, holds; the chain must hold it.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def verify_all(link: str, as_json: bool) -> None:
    """Look whether every row of the log is there as it was sealed. Exit code: 1 when anything is wrong."""
    found = verified(lambda session, secret: verify(session, audit_key(secret), link))
    click.echo(json.dumps(asdict(found)) if as_json else in_words(found))
    sys.exit(1 if found.faults else 0)


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def in_words(found: Verified) -> str:
    lines = fault_lines(found.faults)
    state = plural(len(found.faults), "fault") if found.faults else "all as they were sealed"
    lines.append(f"{plural(found.sealed, 'sealed row')}: {state}.")
    if found.earlier:
        lines.append(f"Not sealed, because from before that: {plural(found.earlier, 'row')}.")
    if found.last_link:
        lines.append(f"Last link: {found.last_link}")
    return "\n".join(lines)
