"""Rows that are linked in a chain: whoever changes, adds or removes one, without the site's secret, is found out.

Each link is an HMAC-SHA-256 (RFC 2104) over its number, the link before it, the name of a thing and the digest of what it says.
What no chain can show by itself is the loss of its own end; whoever kept the last link sees that too.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping

from sqlalchemy import text
from sqlmodel import Session

FIRST = "0" * 64
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(:chain)")


def chain_key(secret: str, purpose: bytes) -> bytes:
    """Each chain has a key of its own, so that no link fits into another one."""
    return hmac.digest(secret.encode(), purpose, "sha256")


def link_of(key: bytes, number: int, before: str, thing: str, digest: str) -> str:
    return hmac.digest(key, json.dumps([number, before, thing, digest]).encode(), "sha256").hex()


def fits(link: str, key: bytes, number: int, before: str, thing: str, digest: str) -> bool:
    """Whether this is the link that was made there."""
    return hmac.compare_digest(link, link_of(key, number, before, thing, digest))


def digest_of(said: Mapping[str, object]) -> str:
    """SHA-256 of plain data, in one spelling."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def wait_for_the_end(session: Session, chain: int) -> None:
    """Until the commit nobody else adds to this chain. `chain`: a number of ours; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(ONE_AT_A_TIME, {"chain": chain})
