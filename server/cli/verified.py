"""What the commands share that look whether something stored is as it was sealed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from enum import Enum
from typing import TypeVar

from sqlmodel import Session

from server.database.engine import make_engine, session_factory
from server.settings import read_settings

MOST_SHOWN = 20
Found = TypeVar("Found")


def verified(verify: Callable[[Session, str], Found]) -> Found:
    """What `verify` finds in this site's database; it is given the site's secret."""
    settings = read_settings(os.environ)
    engine = make_engine(settings.database_url)
    try:
        with session_factory(engine)() as session:
            return verify(session, settings.secret)
    finally:
        engine.dispose()


def fault_lines(faults: Iterable[tuple[str, Enum]]) -> list[str]:
    """A line for each of the first ones, and how many more there are."""
    lines = [f"{name}: {fault.value}." for name, fault in faults]
    more = [f"And {len(lines) - MOST_SHOWN} more; --json has them all."] if len(lines) > MOST_SHOWN else []
    return lines[:MOST_SHOWN] + more
