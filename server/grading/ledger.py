"""The rows of a batch on disk, one line of JSON each: what was graded is not graded again, whatever ended the batch before.

A line is on the disk before the next notebook begins. A line that was cut by the end of the process is thrown away."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from server.errors import Invalid
from server.grading.handed_in.submitted import read_file

Row = Mapping[str, Any]
SETTLED = ("graded", "unreadable")  # our own fault is tried again


@dataclass(frozen=True, slots=True)
class Key:
    """What a row depends on: the same key, the same row."""

    notebook: str  # relative to the batch's folder
    sha256: str  # of its bytes
    exercise: str  # digest of the version with all its files
    environment: str  # digest
    seed: int | None  # None: the notebook's own
    visible_only: bool


def digest_of(path: Path) -> str:
    """Empty for what is no notebook that could be read; grading says why."""
    try:
        return hashlib.sha256(read_file(path)).hexdigest()
    except (OSError, Invalid):
        return ""


class Ledger:
    """Safe to use from many threads of one process."""

    def __init__(self, path: Path) -> None:
        """Raises OSError when it can be neither read nor made."""
        self._path = path
        self._rows: dict[Key, Row] = dict(_readable(path))
        self._lock = threading.Lock()
        _end_cut_line(path)
        self._stream = path.open("a", encoding="utf-8")

    def get(self, key: Key) -> Row | None:
        row = self._rows.get(key)
        return row if row is not None and row["status"] in SETTLED else None

    def add(self, key: Key, row: Row) -> None:
        line = json.dumps({"key": asdict(key), "row": row}, ensure_ascii=False)
        with self._lock:
            self._stream.write(line + "\n")
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._rows[key] = row

    def close(self) -> None:
        self._stream.close()


def _readable(path: Path) -> Iterator[tuple[Key, Row]]:
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                entry = json.loads(line)
                key, row = Key(**entry["key"]), entry["row"]
                hash(key)
            except (ValueError, TypeError, KeyError):
                continue
            if isinstance(row, dict) and "status" in row:
                yield key, row


def _end_cut_line(path: Path) -> None:
    """What was cut must not swallow the line that comes next."""
    if not path.exists() or path.stat().st_size == 0:
        return
    with path.open("r+b") as stream:
        stream.seek(-1, os.SEEK_END)
        if stream.read(1) != b"\n":
            stream.write(b"\n")
