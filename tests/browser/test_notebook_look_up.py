"""What the kernel knows of the name at the cursor, in a panel beside it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import is_wider_than_its_window, serious
from tests.browser.bench_page import Bench

CODE = "softmax-cross-entropy-stable"
SCROLLERS_MS = 600  # by then the page has looked anew at what scrolls, and what does not is no stop of the Tab key any more
HALVE = "def halve(number):\n    '''Half of 😀 it.'''\n    return number / 2"


def open_with_halve(page: Page) -> Bench:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    bench.run(cell, HALVE)
    bench.wait_until_idle()
    return bench


def test_without_a_kernel_the_person_is_told_to_run_a_cell(page: Page) -> None:
    bench = Bench(page).open(CODE)
    bench.write(bench.own_cell(), "print(")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".look-up")).to_have_text("Run a cell first. Names are looked up in the running kernel.")
    expect(page.locator("#spoken")).to_contain_text("Run a cell first.")
    page.keyboard.type("1")
    expect(page.locator(".look-up")).to_have_count(0)


def test_signature_and_documentation_open_and_escape_closes(page: Page) -> None:
    bench = open_with_halve(page)
    cell = bench.own_cell()
    bench.write(cell, "'😀😀😀'; halve; abs")  # a smile counts as two for the browser, as one for the kernel
    for _ in "; abs":
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+Tab")
    panel = page.get_by_role("group", name="About the name at the cursor")
    expect(panel).to_contain_text("halve(number)")
    expect(panel).to_contain_text("Half of 😀 it.")
    expect(panel).not_to_contain_text("return number / 2")
    expect(page.locator("#spoken")).to_contain_text("Half of 😀 it.")
    expect(panel.locator("pre")).not_to_contain_text("\x1b")
    expect(cell.locator(".cm-content")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(cell.locator(".cm-content")).to_be_focused()


def test_once_more_shows_all_of_it_for_reading_with_the_keys(page: Page) -> None:
    bench = open_with_halve(page)
    cell = bench.own_cell()
    bench.write(cell, "halve(")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".look-up")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    whole = page.locator(".look-up.all pre")
    expect(whole).to_be_focused()
    expect(whole).to_contain_text("Half of 😀 it.")
    expect(whole).to_contain_text("return number / 2")
    page.wait_for_timeout(SCROLLERS_MS)
    expect(whole).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".look-up")).to_have_count(0)
    expect(cell.locator(".cm-content")).to_be_focused()


def test_the_menu_and_more_do_the_same_without_a_keyboard(page: Page) -> None:
    bench = open_with_halve(page)
    cell = bench.own_cell()
    bench.write(cell, "halve(")
    cell.get_by_label("More for this cell").click()
    cell.get_by_role("button", name="Look up the name at the cursor").click()
    page.get_by_role("group", name="About").get_by_role("button", name="More").click()
    expect(page.locator(".look-up.all pre")).to_contain_text("return number / 2")
    page.wait_for_timeout(SCROLLERS_MS)
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".look-up")).to_have_count(0)


def test_the_panel_goes_when_the_cell_is_left(page: Page) -> None:
    bench = open_with_halve(page)
    bench.write(bench.own_cell(), "halve(")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".look-up")).to_be_visible()
    page.keyboard.press("Alt+1")
    expect(page.locator(".look-up")).to_have_count(0)


def test_a_busy_kernel_and_an_unknown_name_get_a_sentence(page: Page) -> None:
    bench = open_with_halve(page)
    cell = bench.own_cell()
    bench.write(cell, "nobody_knows_me")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".look-up")).to_contain_text("The kernel knows nothing of this name.")
    bench.run(cell, "import time; time.sleep(60)")
    expect(page.locator("#kernel")).to_contain_text("Kernel busy")
    page.keyboard.press("End")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".look-up")).to_contain_text("The kernel is busy.")
    page.keyboard.press("Control+.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_panel_is_within_the_window_and_for_everybody(page: Page, width: int, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    bench = open_with_halve(page)
    bench.write(bench.own_cell(), "halve(" + "1 + " * 30)
    page.set_viewport_size({"width": width, "height": 800})
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+Tab")
    box = page.locator(".look-up").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert not is_wider_than_its_window(page)
    assert serious(page) == []
