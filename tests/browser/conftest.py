"""A real browser (Debian's chromium, driven by Playwright) on a real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.serving import Site

SECONDS = 20_000  # milliseconds that a page may take before a test fails; no test measures time


expect.set_options(timeout=SECONDS)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("browser-site"))
    site.start()
    yield site
    site.stop()


class Watched:
    """Collects what a page's own scripts complained about."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        # A refused request is logged by the browser itself; tests that provoke one look at the page's own words.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
def context(chromium: Browser, site: Site) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=site.address, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(SECONDS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, watched: Watched) -> Iterator[Page]:
    """Fails the test when the page's scripts raised or broke the content security policy."""
    page = context.new_page()
    watched.watch(page)
    yield page
    assert watched.errors == []
