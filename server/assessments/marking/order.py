"""The order in which a reviewer meets the sittings: random, another one for each reviewer, and always the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def in_order(reviewer_id: str, sitting_ids: Iterable[str]) -> list[str]:
    """Nothing but the two ids decides: no time of arrival, no code, no site. A new sitting moves no other past another."""
    return sorted(sitting_ids, key=lambda sitting_id: _place(reviewer_id, sitting_id))


def _place(reviewer_id: str, sitting_id: str) -> bytes:
    return hashlib.sha256(f"{reviewer_id}\n{sitting_id}".encode()).digest()
