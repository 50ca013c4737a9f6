"""One person's browser, with few moving parts: one kept connection, cookies, the page's token."""

from __future__ import annotations

import http.client
import json
import re
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

TOKEN = re.compile(r'<meta name="csrf" content="([^"]+)">')
STATE = re.compile(r'<script type="application/json" id="workspace"[^>]*>(.*?)</script>', re.DOTALL)
FILES = re.compile(r'(?:href|src)="(/static/[^"]+)"')
PATIENCE_SECONDS = 30.0  # as the notebook page has
LONGEST_IDLE = 25.0  # the server closes a connection that was quiet for 30 s


class Failed(Exception):
    """What a person would call an error: not answered, refused, or another answer than the right one."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    location: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Browser:
    def __init__(self, host: str, port: int, address: str) -> None:
        """`address`: where this person's requests seem to come from, as a proxy would tell the server."""
        self._connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
        self._address = address
        self._cookies: dict[str, str] = {}
        self._used_at = 0.0
        self._files: set[str] = set()
        self._token = ""

    def close(self) -> None:
        self._connection.close()

    def page(self, path: str) -> str:
        """A page; its token is used from now on."""
        text = self._asked("GET", path).text
        found = TOKEN.search(text)
        if found is None:
            raise Failed(f"{path} is a page without a token")
        self._token = found[1]
        return text

    def visit(self, path: str) -> str:
        """A link that leads on; the path that it leads to."""
        return self._asked("GET", path).location

    def fetch_files(self, page: str) -> int:
        """What the page links to, each file once, as a browser with an empty cache does. Returns how many."""
        fresh = set(FILES.findall(page)) - self._files
        for path in sorted(fresh):
            self._asked("GET", path)
        self._files |= fresh
        return len(fresh)

    def form(self, path: str) -> str:
        """Send a form that has nothing but its token; the path that the server leads to."""
        body = urlencode({"csrf_token": self._token}).encode()
        answer = self._asked("POST", path, body, "application/x-www-form-urlencoded")
        if answer.status != 303:
            raise Failed(f"{answer.status} instead of a redirect")
        return answer.location

    def get(self, path: str) -> Any:
        return json.loads(self._asked("GET", path).body)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return json.loads(self._asked("POST", path, json.dumps(body).encode(), "application/json").body)

    def stream(self, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Read to its end; every line must be whole."""
        lines = self._asked("POST", path, json.dumps(body).encode(), "application/json").body.splitlines()
        try:
            return [json.loads(line) for line in lines]
        except json.JSONDecodeError:
            raise Failed("the stream broke off within a line") from None

    def _asked(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        try:
            answer = self._answered(method, path, body, kind)
        except (OSError, http.client.HTTPException) as trouble:
            self._connection.close()
            raise Failed(f"no whole answer: {type(trouble).__name__} {trouble}".strip()) from trouble
        if answer.status >= 400:
            raise Failed(f"status {answer.status}: {answer.text[:200]}")
        return answer

    def _answered(self, method: str, path: str, body: bytes | None, kind: str) -> Answer:
        if time.monotonic() - self._used_at > LONGEST_IDLE:
            self._connection.close()
        self._connection.request(method, path, body, self._headers(kind))
        response = self._connection.getresponse()
        whole = response.read()
        for line in response.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        self._used_at = time.monotonic()
        return Answer(response.status, response.getheader("Location", ""), whole)

    def _headers(self, kind: str) -> dict[str, str]:
        headers = {"X-Forwarded-For": self._address}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return headers | ({"Content-Type": kind, "X-CSRFToken": self._token} if kind else {})


def state_in(page: str) -> dict[str, Any]:
    """The notebook's state, as the page's script reads it."""
    found = STATE.search(page)
    if found is None:
        raise Failed("the page holds no notebook")
    state = json.loads(found[1])
    if not isinstance(state, dict):
        raise Failed("the page's notebook is no JSON object")
    return state
