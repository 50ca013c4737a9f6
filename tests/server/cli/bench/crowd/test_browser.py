"""What the acted people call an error, against a server that answers wrongly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from server.cli.bench.crowd.browser import Browser, Failed, state_in
from server.cli.bench.crowd.person import must_be_ok

DONE = {"t": "done", "status": "ok", "count": 1, "seconds": 0.1}


class Odd(BaseHTTPRequestHandler):
    """Answers a path with what `answers` holds for it: status and body; a body that is cut is shorter than announced."""

    protocol_version = "HTTP/1.1"
    answers: dict[str, tuple[int, bytes]] = {}  # noqa: RUF012 - set by the fixture
    heard: list[tuple[str, str, str | None]] = []  # noqa: RUF012 - as above

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        self.heard.append((self.path, self.headers["X-Forwarded-For"], self.headers.get("Cookie")))
        status, body = self.answers[self.path]
        self.send_response(status)
        self.send_header("Set-Cookie", "session=abc; HttpOnly; Path=/")
        self.send_header("Content-Length", str(len(body) + ("cut" in self.path)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = "cut" in self.path

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def browser() -> Iterator[Browser]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    Odd.answers, Odd.heard = {}, []
    browser = Browser("127.0.0.1", server.server_port, "10.0.0.7")
    yield browser
    browser.close()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "status", "body", "act", "says"),
    [
        ("/refused", 429, b"slower", lambda b: b.post("/refused", {}), "status 429: slower"),
        ("/broken", 500, b"", lambda b: b.page("/broken"), "status 500"),
        ("/cut", 200, b'{"t": "saved"}\n', lambda b: b.stream("/cut", {}), "no whole answer: IncompleteRead"),
        ("/half", 200, b'{"t": "sav', lambda b: b.stream("/half", {}), "broke off within a line"),
        ("/plain", 200, b"<p>hello", lambda b: b.page("/plain"), "a page without a token"),
        ("/stays", 200, b"", lambda b: b.form("/stays"), "200 instead of a redirect"),
    ],
)
def test_wrong_answers_are_errors(
    browser: Browser, path: str, status: int, body: bytes, act: Callable[[Browser], object], says: str
) -> None:
    Odd.answers[path] = (status, body)
    with pytest.raises(Failed, match=says):
        act(browser)


def test_after_an_answer_that_was_cut_the_next_one_is_whole(browser: Browser) -> None:
    Odd.answers = {"/cut": (200, b"{}"), "/whole": (200, b'{"state": "graded"}')}
    with pytest.raises(Failed):
        browser.get("/cut")
    assert browser.get("/whole") == {"state": "graded"}


def test_cookies_and_the_own_address_go_with_every_request(browser: Browser) -> None:
    Odd.answers["/"] = (200, b"{}")
    browser.get("/")
    browser.get("/")
    assert Odd.heard == [("/", "10.0.0.7", None), ("/", "10.0.0.7", "session=abc")]


def test_a_file_is_fetched_once(browser: Browser) -> None:
    Odd.answers["/static/a.css?v=1"] = (200, b"")
    page = '<link rel="stylesheet" href="/static/a.css?v=1"><script src="/static/a.css?v=1"></script>'
    assert (browser.fetch_files(page), browser.fetch_files(page)) == (1, 0)


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ([], "the stream broke off"),
        ([{"t": "saved", "version": 2}], "the stream broke off"),
        ([{"t": "error", "ename": "NameError", "evalue": "no x"}, DONE | {"status": "error"}], "the run ended as error: no x"),
        ([{"t": "limit", "what": "ours", "sentence": "Our fault."}, DONE | {"status": "died"}], "ended as died: Our fault."),
    ],
)
def test_a_run_that_did_not_end_well_is_an_error(events: list[dict[str, object]], says: str) -> None:
    with pytest.raises(Failed, match=says):
        must_be_ok(events)


def test_a_run_that_ended_well_is_none() -> None:
    must_be_ok([{"t": "saved", "version": 2}, DONE])


def test_the_notebook_is_read_out_of_its_page() -> None:
    state = {"id": "w", "cells": []}
    page = f'<p>x</p><script type="application/json" id="workspace" nonce="n">{json.dumps(state)}</script>'
    assert state_in(page) == state
    with pytest.raises(Failed, match="no notebook"):
        state_in("<p>x</p>")
