"""`touchstone database`: bring the tables up to date."""

from __future__ import annotations

import os

import click

from server.database.engine import make_engine
from server.database.migrate import revision_of, upgrade
from server.settings import read_settings


@click.group()
def database() -> None:
    """The database."""


@database.command("upgrade")
def upgrade_tables() -> None:
    """Bring the tables to the shape of this version. `touchstone serve` does it by itself."""
    settings = read_settings(os.environ)
    settings.data.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    upgrade(engine)
    click.echo(f"The database has the shape {revision_of(engine)}.")
    engine.dispose()
