"""A server that is killed right after a submission: what was acknowledged is graded after the restart, once."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

from sqlmodel import select

from server.database.engine import make_engine, session_factory
from server.grading.tables import Result, Submission
from tests.serving import Site

CODE = "softmax-cross-entropy-stable"


def test_an_acknowledged_submission_is_graded_once_after_a_restart(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.start()
    try:
        site.get(f"/exercises/{CODE}")
        site.post(f"/exercises/{CODE}/start", {})
        page = site.get(f"/exercises/{CODE}")
        found = re.search(r'id="workspace"[^>]*>(.*?)</script>', page, re.DOTALL)
        assert found is not None
        urls = json.loads(found.group(1))["urls"]
        slow = {"source": "import time\ntime.sleep(3)\ndef softmax_cross_entropy(logits, labels): ...", "base": 1}
        site.post(f"{urls['cells']}/answer-1/save", slow)
        submission = json.loads(site.post(urls["submit"], {"request": "before-the-end"}))["submission"]
        site.kill()
        site.start()
        until, state = time.monotonic() + 60, ""
        while time.monotonic() < until and state != "graded":
            state = json.loads(site.get(f"{urls['submissions']}/{submission}"))["state"]
            time.sleep(0.2)
        assert state == "graded"
    finally:
        site.kill()
    engine = make_engine(f"sqlite:///{tmp_path}/touchstone.sqlite3")
    with session_factory(engine)() as session:
        assert len(session.exec(select(Submission)).all()) == 1
        assert len(session.exec(select(Result)).all()) == 1
    engine.dispose()
