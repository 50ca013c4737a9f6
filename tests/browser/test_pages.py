"""Every page for everybody: without serious findings of axe, and without sideways scrolling on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import WIDTHS, look, look_at_one_width, serious
from tests.browser.bench_page import Bench

PAGES = [
    "/",
    "/exercises",
    "/exercises?q=nothing-has-this-name",
    "/sign-up",
    "/sign-in",
    "/forgot",
    "/privacy",
    "/accessibility",
    "/keys",
    "/no-such-page",
]
BENCHES = [
    "softmax-cross-entropy-stable",
    "bias-variance-of-a-shrunken-mean",
    "spot-the-leak-in-cv",
    "portfolio-of-approaches",
    "disagree-about-deadline",
]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("address", PAGES)
def test_an_ordinary_page(page: Page, address: str, width: int) -> None:
    """Opened in a window of this width."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    look_at_one_width(page)


@pytest.mark.parametrize("slug", BENCHES)
def test_an_exercise_before_and_after_it_is_started(page: Page, slug: str) -> None:
    page.goto(f"/exercises/{slug}")
    assert serious(page) == []
    Bench(page).open(slug)
    look(page)


def test_a_result_on_a_phone_is_one_tap_away(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    bench = Bench(page).open("softmax-cross-entropy-stable")
    bench.check()
    page.get_by_role("navigation", name="Regions").get_by_role("link", name="Checks").click()
    expect(bench.panel).to_be_visible()
    expect(bench.panel).to_contain_text("not attempted")
    assert serious(page) == []
