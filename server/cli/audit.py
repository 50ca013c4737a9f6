"""`touchstone audit`: the log of who did what."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict

import click

from server.audit.seals import Verified, audit_key, verify
from server.database.engine import make_engine, session_factory
from server.settings import read_settings

MOST_SHOWN = 20


@click.group()
def audit() -> None:
    """The log of who did what."""


@audit.command("verify")
@click.option("--link", default="", help="A link that an earlier call, or an exported log, holds; the chain must hold it.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def verify_all(link: str, as_json: bool) -> None:
    """Look whether every row of the log is there as it was sealed. Exit code: 1 when anything is wrong."""
    settings = read_settings(os.environ)
    engine = make_engine(settings.database_url)
    try:
        with session_factory(engine)() as session:
            found = verify(session, audit_key(settings.secret), link)
    finally:
        engine.dispose()
    click.echo(json.dumps(asdict(found)) if as_json else in_words(found))
    sys.exit(1 if found.faults else 0)


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def in_words(found: Verified) -> str:
    lines = [f"{name}: {fault.value}." for name, fault in found.faults[:MOST_SHOWN]]
    if len(found.faults) > MOST_SHOWN:
        lines.append(f"And {len(found.faults) - MOST_SHOWN} more; --json has them all.")
    state = plural(len(found.faults), "fault") if found.faults else "all as they were sealed"
    lines.append(f"{plural(found.sealed, 'sealed row')}: {state}.")
    if found.earlier:
        lines.append(f"Not sealed, because from before that: {plural(found.earlier, 'row')}.")
    if found.last_link:
        lines.append(f"Last link: {found.last_link}")
    return "\n".join(lines)
