"""The notebook's modules, each without the rest of the product."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Watched
from tests.browser.static.pages import serve_modules


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with serve_modules() as address:
        yield address


@pytest.fixture
def page(chromium: Browser, address: str, watched: Watched) -> Iterator[Page]:
    page = chromium.new_page()
    watched.watch(page)
    page.goto(address)
    yield page
    page.close()
    assert watched.errors == []
