"""`touchstone grades verify` as an operator calls it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

TOUCHSTONE = Path(sys.executable).with_name("touchstone")
FORGED = """
INSERT INTO results
(id, submission_id, exercise_digest, environment, seed, points, possible, solved, outcomes, repairs, cells, seconds, created_at)
VALUES ('forged', 's', 'd', 'e', 1, 9, 9, 1, '[]', '[]', '[]', 0.1, '2026-01-01 00:00:00.000000')
"""


def call(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "TOUCHSTONE_DATA": str(data)}
    command = [str(TOUCHSTONE), *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)


def test_a_result_that_somebody_put_into_the_database_is_found(tmp_path: Path) -> None:
    assert call(tmp_path, "database", "upgrade").returncode == 0
    empty = call(tmp_path, "grades", "verify")
    assert (empty.returncode, empty.stdout) == (0, "0 sealed results, 0 of them deleted since: all as they were sealed.\n")
    [database] = tmp_path.glob("*.sqlite3")
    with sqlite3.connect(database) as connection:
        connection.execute(FORGED)
    found = call(tmp_path, "grades", "verify")
    assert found.returncode == 1
    assert "forged: the result has no seal." in found.stdout
    as_json = json.loads(call(tmp_path, "grades", "verify", "--json").stdout)
    assert as_json["faults"] == [["forged", "the result has no seal"]]
    assert call(tmp_path, "grades", "verify", "--link", "abc").returncode == 1
