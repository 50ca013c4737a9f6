"""What the page says of its kernel, and what it does about it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.bench_page import Bench

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


def test_after_a_death_the_cells_up_to_here_can_be_run_again(page: Page) -> None:
    bench = Bench(page).open(CODE)
    first, second = own_cell(page, 1), own_cell(page, 2)
    bench.own_cell()
    bench.run(first, "value = 41")
    bench.wait_until_idle()
    bench.own_cell()
    bench.run(second, "import os\nos._exit(1)")
    expect(page.locator("#kernel")).to_have_text("Kernel stopped")
    bench.write(second, "print(value + 1)")
    page.locator("#banners").get_by_role("button", name=re.compile("Restart and run to cell")).click()
    expect(outputs(second)).to_contain_text("42")
    expect(page.locator("#banners .banner")).to_have_count(0)


def test_tables_and_pictures_say_what_they_are(page: Page) -> None:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    bench.run(cell, "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    expect(outputs(cell).get_by_role("img")).to_have_accessible_name(re.compile("^Plot made by cell 3"))
    bench.run(cell, "import pandas as pd\npd.DataFrame({'a': [1]})")
    expect(outputs(cell).locator("iframe")).to_have_attribute("title", re.compile("output of cell 3"))
    expect(outputs(cell).locator("iframe")).to_have_attribute("sandbox", "")
