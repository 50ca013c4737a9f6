"""A server that is killed right after a submission: what was acknowledged is graded after the restart, once."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from sqlmodel import select

from server.database.engine import make_engine, session_factory
from server.grading.tables import Result, Submission

CODE = "softmax-cross-entropy-stable"


class Site:
    """`touchstone serve` as a process of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        self.address = f"http://127.0.0.1:{self.port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.csrf = ""

    def start(self) -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("TOUCHSTONE_")}
        environ |= {"TOUCHSTONE_DATA": str(self.folder), "TOUCHSTONE_PORT": str(self.port)}
        program = Path(sys.executable).with_name("touchstone")
        self.process = subprocess.Popen([str(program), "serve"], env=environ, stdout=subprocess.DEVNULL, start_new_session=True)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                self.get("/")
                return
            except urllib.error.URLError:
                time.sleep(0.1)
        raise AssertionError("the server did not answer within a minute")

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=30) as response:
            text = str(response.read().decode())
        found = re.search(r'<meta name="csrf" content="([^"]+)">', text)
        self.csrf = found.group(1) if found else self.csrf
        return text

    def post(self, path: str, body: dict[str, object]) -> str:
        headers = {"X-CSRFToken": self.csrf, "Content-Type": "application/json"}
        request = urllib.request.Request(self.address + path, json.dumps(body).encode(), headers)
        with self.opener.open(request, timeout=30) as response:
            return str(response.read().decode())


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
