"""What the page says of its kernel, and what it does about it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.bench_page import Bench
from tests.browser.holding import Held

CODE = "softmax-cross-entropy-stable"


def choose(page: Page, act: str) -> None:
    page.get_by_label("More for this notebook").click()
    page.get_by_role("button", name=act, exact=True).click()


def own_cell(page: Page, number: int) -> Locator:
    return page.locator("article.cell[id^='cell-own-']").nth(number - 1)


def outputs(cell: Locator) -> Locator:
    return cell.locator(".outputs")


def test_a_restart_in_the_middle_of_a_run_is_no_failure(page: Page) -> None:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    bench.run(cell, "kept = 1\nprint('begun', flush=True)\nimport time; time.sleep(60)")
    expect(outputs(cell)).to_contain_text("begun")
    choose(page, "Restart the kernel")
    expect(page.locator("#kernel")).to_have_text("Kernel not started")
    expect(page.locator("#banners .banner")).to_have_count(0)
    bench.run(cell, "'kept' in globals()")
    expect(outputs(cell)).to_contain_text("False")


def test_a_cell_runs_as_it_stood_when_it_was_run_whatever_is_typed_before_it_begins(page: Page) -> None:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    held = Held(page, "**/save")
    bench.write(cell, "print('not this one')")
    held.wait()
    bench.run(cell, "print('as it stood')")
    expect(cell).to_contain_text("Waits for its turn")
    page.keyboard.insert_text(" + 'and went on'")
    held.wait().continue_()
    expect(outputs(cell)).to_have_text("as it stood")
    bench.wait_until_saved()
    page.reload()
    expect(bench.wait_until_ready().page.locator(f"#{cell.get_attribute('id')}")).to_contain_text("'and went on'")


def test_running_all_stops_at_the_first_error(page: Page) -> None:
    bench = Bench(page).open(CODE)
    first, second = own_cell(page, 1), own_cell(page, 2)
    bench.own_cell()
    bench.write(first, "raise ValueError('on purpose')")
    bench.own_cell()
    bench.write(second, "print('never printed')")
    page.get_by_role("button", name="Run all").click()
    expect(outputs(first)).to_contain_text("ValueError: on purpose")
    bench.wait_until_idle()
    expect(outputs(second)).to_be_hidden()
    expect(first.locator(".cm-fault")).to_have_text("raise ValueError('on purpose')")


def test_cells_that_were_left_out_when_a_run_was_lost_are_told_and_offered(page: Page) -> None:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    bench.write(cell, "print('at last')")
    page.route("**/run", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Run all").click()
    expect(bench.banners).to_contain_text("Not run: cells 2 and 3. Cell 1 could not be followed to its end.")
    expect(page.locator("#kernel")).to_have_text("Kernel not started")  # the connection is back
    bench.banners.get_by_role("button", name="Run them now").click()
    expect(outputs(cell)).to_contain_text("at last")
    expect(bench.banners.locator(".banner")).to_have_count(0)


def test_after_a_death_the_cells_before_it_can_be_run_again(page: Page) -> None:
    bench = Bench(page).open(CODE)
    first, second = own_cell(page, 1), own_cell(page, 2)
    bench.own_cell()
    bench.run(first, "value = 41")
    bench.wait_until_idle()
    bench.own_cell()
    bench.run(second, "import os\nos._exit(1)")
    expect(page.locator("#kernel")).to_have_text("Kernel stopped")
    expect(bench.banners).to_contain_text("the kernel is gone; your cells are safe.")
    bench.banners.get_by_role("button", name="Run my cells again").click()
    expect(page.locator("#notes")).to_contain_text("1 cell has run again.")
    bench.run(second, "print(value + 1)")
    expect(outputs(second)).to_contain_text("42")
    expect(page.locator("#banners .banner")).to_have_count(0)


def test_a_death_without_anything_to_run_again_can_be_put_away(page: Page) -> None:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    bench.run(cell, "import os\nos._exit(1)")
    expect(bench.banners).to_contain_text("The next cell that you run starts a fresh kernel.")
    expect(bench.banners.get_by_role("button")).to_have_text(["Dismiss"])
    bench.banners.get_by_role("button", name="Dismiss").click()
    expect(page.locator("#banners .banner")).to_have_count(0)


def test_a_limit_behind_an_error_is_told_under_the_traceback(page: Page) -> None:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    bench.run(cell, "kept = 1\nbytearray(10**11)")
    expect(outputs(cell).locator(".trace")).to_contain_text("MemoryError")
    expect(outputs(cell).locator(".banner")).to_contain_text("your variables are still there")
    page.reload()
    expect(outputs(bench.wait_until_ready().page.locator(f"#{cell.get_attribute('id')}")).locator(".banner")).to_be_visible()


def test_tables_and_pictures_say_what_they_are(page: Page) -> None:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    bench.run(cell, "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    expect(outputs(cell).get_by_role("img")).to_have_accessible_name(re.compile("^Plot made by cell 3"))
    bench.run(cell, "import pandas as pd\npd.DataFrame({'a': [1]})")
    expect(outputs(cell).locator("iframe")).to_have_attribute("title", re.compile("output of cell 3"))
    expect(outputs(cell).locator("iframe")).to_have_attribute("sandbox", "")
