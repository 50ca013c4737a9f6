"""Jupyter messages as a client of a kernel writes and reads them. What is not a whole, signed message is read as None."""

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

DELIMITER = b"<IDS|MSG>"
PROTOCOL = "5.3"
PARTS = 4  # header, parent header, metadata, content


@dataclass(frozen=True, slots=True)
class Message:
    kind: str
    parent: str  # id of the request that it answers
    content: dict[str, Any]


def request(kind: str, content: dict[str, Any], key: bytes, session: str, now: datetime | None = None) -> tuple[str, list[bytes]]:
    """-> (id, frames)"""
    identity = uuid.uuid4().hex
    header = {
        "msg_id": identity, "msg_type": kind, "session": session, "username": "server", "version": PROTOCOL,
        "date": (now or datetime.now(UTC)).isoformat(),
    }  # fmt: skip
    parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
    return identity, [DELIMITER, sign(parts, key), *parts]


def sign(parts: list[bytes], key: bytes) -> bytes:
    digest = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        digest.update(part)
    return digest.hexdigest().encode()


def read(frames: list[bytes], key: bytes) -> Message | None:
    if DELIMITER not in frames:
        return None
    signature, *parts = frames[frames.index(DELIMITER) + 1 :] or [b""]
    if len(parts) < PARTS or not hmac.compare_digest(signature, sign(parts[:PARTS], key)):
        return None
    header, parent, _, content = (as_object(part) for part in parts[:PARTS])
    if header is None or parent is None or content is None:
        return None
    return Message(str(header.get("msg_type", "")), str(parent.get("msg_id", "")), content)


def as_object(part: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(part)
    except (ValueError, RecursionError):  # not UTF-8, not JSON, a number of a million digits, nested without end
        return None
    return value if isinstance(value, dict) else None
