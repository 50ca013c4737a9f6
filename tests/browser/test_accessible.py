"""That what looks at the pages finds what is wrong with them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.accessible import look, serious

GOOD = "<!doctype html><html lang='en'><title>A page</title><main><h1>A page</h1>{}</main></html>"


def test_a_good_page_is_left_alone(page: Page) -> None:
    page.set_content(GOOD.format("<p>Words</p>"))
    look(page)


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("<img src='data:,'>", "image-alt"),
        ("<button></button>", "button-name"),
        ("<style>p { color: #ccc }</style><p>Words</p>", "color-contrast"),
        ("<style>@media (prefers-color-scheme: dark) { p { color: #ccc } }</style><p>Words</p>", "color-contrast"),
        ("<style>@media (max-width: 400px) { p { color: #ccc } }</style><p>Words</p>", "color-contrast"),
        ("<style>a { color: #333; text-decoration: none }</style><p>Words and words and <a href='/x'>more</a> words</p>",
         "link-in-text-block"),
    ],
)  # fmt: skip
def test_a_serious_fault_is_found_in_every_window_and_colour(page: Page, fault: str, rule: str) -> None:
    page.set_content(GOOD.format(fault))
    with pytest.raises(AssertionError, match=rule):
        look(page)


def test_a_page_wider_than_its_window_is_found(page: Page) -> None:
    page.set_content(GOOD.format("<div style='width: 500px'>Wide</div>"))
    with pytest.raises(AssertionError, match="390"):
        look(page)


def test_what_changes_is_looked_at_again(page: Page) -> None:
    page.set_content(GOOD.format("<p>Words</p>"))
    assert serious(page) == []
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<button></button>')")
    assert [found.partition(":")[0] for found in serious(page)] == ["button-name"]
