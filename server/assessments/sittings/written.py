"""Words that somebody has to write: an answer, a problem, a request."""

from __future__ import annotations

from server.errors import Invalid

LONGEST_TEXT = 4_000


def written(field: str, text: str, missing: str) -> str:
    """Without spaces around it. Raises Invalid for nothing, with `missing`, and for too much."""
    words = text.strip()
    if not words:
        raise Invalid.fields({field: missing})
    if len(words) > LONGEST_TEXT:
        raise Invalid.fields({field: f"At most {LONGEST_TEXT:,} characters, please"})
    return words
