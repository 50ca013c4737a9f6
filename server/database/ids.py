"""Identifiers of rows: random, so that none can be guessed or counted."""

from uuid import uuid4


def new_id() -> str:
    return uuid4().hex
