"""Grade a folder of notebooks: some at a time, resumable, and one bad notebook stops nothing.

1. Find the notebooks; take the rows that an earlier call has written for the same bytes, exercise, environment and seed.
2. Grade the rest, some at a time; each row is on the disk before the next notebook begins.
3. Write the whole as CSV, as JSON and as a page for each notebook."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from server.cli.grading.file import failed
from server.errors import Invalid
from server.grading.ledger import Key, Ledger, Row, digest_of

log = logging.getLogger(__name__)
LEDGER = "results.jsonl"
PASSED_OVER = ".ipynb_checkpoints"

OnRow = Callable[[Row, bool], None]


@dataclass(frozen=True, slots=True)
class Batch:
    """What all rows have in common. `grade` makes the row of one notebook."""

    folder: Path
    exercise: str  # digest
    environment: str  # digest
    seed: int | None
    visible_only: bool
    grade: Callable[[Path], Row]

    def key(self, path: Path) -> Key:
        name = os.fsencode(path.relative_to(self.folder)).decode("utf-8", "replace")
        return Key(name, digest_of(path), self.exercise, self.environment, self.seed, self.visible_only)


def notebooks_in(folder: Path) -> list[Path]:
    """All notebooks below it, by name, without Jupyter's own copies. Raises Invalid when there are none."""
    found = sorted(path for path in folder.rglob("*.ipynb") if PASSED_OVER not in path.parts)
    if not found:
        raise Invalid(f"There is no notebook (*.ipynb) in {folder} or below it.")
    return found


def grade_batch(paths: Sequence[Path], into: Path, batch: Batch, jobs: int, on_row: OnRow) -> list[Row]:
    """A row for each notebook, in the order given. `on_row` hears each row as it is there, and whether it was there before.
    Raises OSError when the results cannot be written."""
    into.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(into / LEDGER)
    try:
        return _grade_all(paths, ledger, batch, jobs, on_row)
    finally:
        ledger.close()


def _grade_all(paths: Sequence[Path], ledger: Ledger, batch: Batch, jobs: int, on_row: OnRow) -> list[Row]:
    rows: dict[int, Row] = {}
    with ThreadPoolExecutor(jobs, thread_name_prefix="grade") as pool:
        waited = {}
        for number, path in enumerate(paths):
            key = batch.key(path)
            known = ledger.get(key)
            if known is not None:
                rows[number] = known
                on_row(known, True)
            else:
                waited[pool.submit(_grade_one, path, key, ledger, batch)] = number
        try:
            for done in as_completed(waited):
                rows[waited[done]] = done.result()
                on_row(done.result(), False)
        except BaseException:  # Ctrl-C, or a full disk: what runs is finished, what waits is left for the next call
            pool.shutdown(cancel_futures=True)
            raise
    return [rows[number] for number in range(len(paths))]


def _grade_one(path: Path, key: Key, ledger: Ledger, batch: Batch) -> Row:
    began = time.monotonic()
    try:
        found = batch.grade(path)
    except Exception as error:  # a notebook's door: whatever it met, the other thousand are graded
        log.exception("%s could not be graded", path)
        found = failed(
            "our_fault", f"Grading met trouble of its own: {error!r}. Call the command again to try it once more.", began
        )
    row = {**found, "notebook": key.notebook}
    ledger.add(key, row)
    return row
