"""`touchstone serve` as a process of its own, as a person would start it."""

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
import urllib.request
from pathlib import Path

START_SECONDS = 90


class Site:
    """One server with its own data folder and port; `get` and `post` keep cookies and send the page's token."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.settings = settings
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.csrf = ""

    def start(self) -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("TOUCHSTONE_")}
        environ |= {"TOUCHSTONE_DATA": str(self.folder), "TOUCHSTONE_PORT": str(self.port), **self.settings}
        program = Path(sys.executable).with_name("touchstone")
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen([str(program), "serve"], env=environ, stdout=log, stderr=log, start_new_session=True)
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                self.get("/")
                return
            except OSError:  # nobody listens yet, or not for long enough
                time.sleep(0.1)
        raise AssertionError(f"the server did not answer:\n{self.log()[-3_000:]}")

    def log(self) -> str:
        return (self.folder / "server.log").read_text()

    def kill(self) -> None:
        """SIGKILL, to everything it started: as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
