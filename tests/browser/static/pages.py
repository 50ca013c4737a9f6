"""A page that can load the notebook's modules without the rest of the product, under the same kind of security policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from server.files import static_folder

NONCE = "a-nonce-of-tests"
POLICY = (
    f"default-src 'none'; script-src 'nonce-{NONCE}'; style-src 'self' 'nonce-{NONCE}'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'"
)
PAGE = f"""<!doctype html><html lang="en"><head><title>Modules</title>
<link rel="stylesheet" href="/touchstone.css"><link rel="stylesheet" href="/notebook.css">
<script type="module" nonce="{NONCE}">window.load = (name) => import(`/notebook/${{name}}.js`);</script>
</head><body><div class="bench"><div id="banners"></div><p id="spoken"></p><div id="notes"></div><main id="place"></main></div>
</body></html>"""


class _Handler(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if urlsplit(self.path).path != "/":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(PAGE.encode())
        return None

    def log_message(self, format: str, *args: Any) -> None:
        """Tests look at the page, not at the requests."""


@contextmanager
def serve_modules() -> Iterator[str]:
    """The address of a page on which `await load("ansi")` gives a module of the notebook page."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(static_folder())))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def call(page: Page, module: str, function: str, *arguments: object) -> Any:
    """What a function of a module answers."""
    script = "async ([module, name, given]) => (await load(module))[name](...given)"
    return page.evaluate(script, [module, function, list(arguments)])
