"""Seeds of checks. A person knows the seed of their notebook, so the checks' draws come from one that only the site can work
out: else the submission could know every hidden input before it is asked. Fixed for a submission: graded twice, it gets the
same draws."""

from __future__ import annotations

import hmac

PURPOSE = b"touchstone: seeds of checks, 1"
OPEN_KEY = b""  # of the gate: there is nobody to hide the draws from


def seeds_key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), PURPOSE, "sha256")


def check_seed(key: bytes, slug: str, seed: int) -> int:
    """`seed`: of the attempt. -> a whole number below 2 ** 63"""
    return int.from_bytes(hmac.digest(key, f"{slug} {seed}".encode(), "sha256")[:8], "big") >> 1
