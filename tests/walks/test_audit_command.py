"""`touchstone audit verify` as an operator calls it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from server.audit.log import record
from server.audit.seals import sealed_sessions
from server.database.engine import make_engine

TOUCHSTONE = Path(sys.executable).with_name("touchstone")
SECRET = "s" * 40


def call(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "TOUCHSTONE_DATA": str(data), "TOUCHSTONE_SECRET": SECRET}
    command = [str(TOUCHSTONE), *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)


def test_a_row_that_an_administrator_deletes_is_named_and_the_end_is_missed(tmp_path: Path) -> None:
    assert call(tmp_path, "database", "upgrade").returncode == 0
    empty = call(tmp_path, "audit", "verify")
    assert (empty.returncode, empty.stdout) == (0, "0 sealed rows: all as they were sealed.\n")
    [database] = tmp_path.glob("*.sqlite3")
    engine = make_engine(f"sqlite:///{database}")
    with sealed_sessions(engine, SECRET)() as session:
        for act in ("team.create", "job.open", "sitting.unblind", "job.close"):
            record(session, "olga", act, "team:1", {}, datetime.now(UTC))
            session.commit()
    engine.dispose()
    whole = call(tmp_path, "audit", "verify")
    assert whole.returncode == 0
    assert whole.stdout.startswith("4 sealed rows: all as they were sealed.\nLast link: ")
    link = whole.stdout.rpartition(" ")[2].strip()
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM audit_log WHERE act = 'sitting.unblind'")
    found = call(tmp_path, "audit", "verify")
    assert found.returncode == 1
    assert found.stdout.startswith("row 3: the row was deleted.\n4 sealed rows: 1 fault.")
    assert json.loads(call(tmp_path, "audit", "verify", "--json").stdout)["faults"] == [["row 3", "the row was deleted"]]
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM audit_log WHERE id >= 3")
        connection.execute("DELETE FROM audit_seals WHERE number >= 3")
    assert call(tmp_path, "audit", "verify").returncode == 0
    cut = call(tmp_path, "audit", "verify", "--link", link)
    assert (cut.returncode, "does not hold the link" in cut.stdout) == (1, True)
