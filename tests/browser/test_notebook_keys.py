"""The notebook page with the keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.bench_page import Bench

CODE = "softmax-cross-entropy-stable"


def focused_id(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_regions_are_reached_with_their_keys(page: Page) -> None:
    Bench(page).open(CODE)
    for key, region in (("Alt+1", "task"), ("Alt+2", "notebook"), ("Alt+3", "panel"), ("F6", "task"), ("Shift+F6", "panel")):
        page.keyboard.press(key)
        assert focused_id(page) == region, key


def test_the_editor_can_be_left_and_the_keys_are_listed(page: Page) -> None:
    bench = Bench(page).open(CODE)
    bench.cell("answer-1").locator(".code").click()
    expect(bench.cell("answer-1").locator(".cm-content")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+z")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(bench.cell("answer-1").locator(".cm-content")).not_to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_who_writes_on_while_a_cell_is_added_or_deleted_stays_there(page: Page) -> None:
    bench = Bench(page).open(CODE)
    own = bench.own_cell()
    answer = page.locator("article.answer").first
    held: list[Route] = []
    page.route(re.compile(r"/cells(/[^/]+/delete)?$"), lambda route: held.append(route))
    for act in (page.get_by_role("button", name="Add code cell", exact=True), own.get_by_role("button", name="Delete")):
        if not act.is_visible():
            own.get_by_label("More for this cell").click()
        with page.expect_request(re.compile(r"/cells(/[^/]+/delete)?$")):
            act.click()
        bench.write(answer, "written = 'on'")
        count = page.locator("article.cell[id^='cell-own-']").count()
        held.pop().continue_()
        expect(page.locator("article.cell[id^='cell-own-']")).not_to_have_count(count)
        page.keyboard.insert_text(" # and on")
        expect(answer.locator(".cm-content")).to_have_text("written = 'on' # and on")


def test_own_cells_are_added_run_moved_deleted_and_brought_back_by_keys(page: Page) -> None:
    bench = Bench(page).open(CODE)
    bench.cell("answer-1").locator(".code").click()
    expect(bench.cell("answer-1").locator(".cm-content")).to_be_focused()
    page.keyboard.press("Alt+Enter")
    own = page.locator("article.cell[id^='cell-own-']")
    expect(own.locator(".cm-content")).to_be_focused()
    page.keyboard.insert_text("print('by keys')")
    page.keyboard.press("Shift+Enter")
    expect(own.first.locator(".output")).to_contain_text("by keys")
    expect(own).to_have_count(2)  # after the last cell comes a new one
    page.keyboard.press("Control+Shift+ArrowUp")
    expect(page.locator("#notes")).to_contain_text("Cell moved.")
    expect(own.nth(1)).to_contain_text("by keys")
    page.keyboard.press("Control+Shift+Backspace")
    expect(own).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(own).to_have_count(2)


def test_submitting_asks_first_and_keeps_working_by_default(page: Page) -> None:
    Bench(page).open(CODE)
    page.keyboard.press("Control+Shift+Enter")
    dialog = page.get_by_role("dialog", name="Submit this notebook?")
    expect(dialog.get_by_role("button", name="Keep working")).to_be_focused()
    expect(dialog).to_contain_text("softmax_cross_entropy")
    expect(dialog).to_contain_text("5 more checks")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator("#results")).to_contain_text("Nothing is checked yet.")


def test_the_first_failure_has_the_focus_after_a_check(page: Page) -> None:
    bench = Bench(page).open(CODE)
    bench.write(bench.cell("answer-1"), "def softmax_cross_entropy(logits, labels):\n    return 0.0, logits")
    page.keyboard.press("Alt+3")
    page.keyboard.press("Control+'")
    expect(page.locator("#panel .check.failed summary").first).to_be_focused()
    expect(page.locator("#panel .check.failed").first).to_have_attribute("open", "")
