"""A job seeker in a real browser: from the first click to a solved exercise, and what goes wrong on the way."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.bench_page import Bench
from tests.browser.holding import AllHeld
from tests.exercises import bundled

CODE = "softmax-cross-entropy-stable"
THEORY = "which-expectation-is-it"


def solution() -> str:
    exercise = bundled(CODE)
    return exercise.solution_source(exercise.answers[0])


def test_a_guest_comes_from_the_home_page_to_a_running_notebook(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Try an exercise now").click()
    bench = Bench(page).wait_until_ready()
    cell = bench.own_cell()
    bench.run(cell, "print(6 * 7)")
    expect(cell.locator(".output")).to_contain_text("42")
    bench.wait_until_idle()


def test_no_button_looks_ready_before_the_scripts_are_there(page: Page) -> None:
    scripts = "**/notebook/notebook.js*"
    script = AllHeld(page, scripts)
    page.goto(f"/exercises/{CODE}")
    with page.expect_request(scripts):
        page.get_by_role("button", name=re.compile("^Start")).first.click()
    buttons = [page.locator(f"#{name}") for name in ("run-all", "check", "submit", "add-code", "next-hint")]
    for button in buttons:
        expect(button).to_be_disabled()
    expect(page.locator("#saved")).to_have_text("Not ready yet")
    script.release()
    for button in buttons:
        expect(button).to_be_enabled()
    Bench(page).wait_until_ready().wait_until_saved()


def test_plots_tables_and_tracebacks_are_shown(page: Page) -> None:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    bench.run(cell, "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2]);")
    expect(cell.locator(".output img")).to_have_attribute("src", re.compile("^data:image/png"))
    bench.run(cell, "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', '<script>alert(1)</script>']})")
    expect(cell.frame_locator("iframe").locator("th", has_text="a").first).to_be_visible()
    bench.run(cell, "def inner():\n    return 1 / 0\ninner()")
    expect(cell.locator(".output.trace")).to_contain_text("ZeroDivisionError")
    expect(cell.locator(".output.trace")).to_contain_text("inner")


def test_code_cannot_put_a_script_on_the_page(page: Page) -> None:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    payload = "<img src=x onerror=\"parent.document.title='owned'\"><script>parent.document.title='owned'</script>"
    bench.run(cell, f"from IPython.display import HTML, SVG\ndisplay(HTML({payload!r}))\nprint('shown')")
    expect(cell.locator(".output").last).to_contain_text("shown")
    expect(page).not_to_have_title("owned")


def test_a_wrong_answer_is_explained_fixed_submitted_and_solved(page: Page) -> None:
    bench = Bench(page).open(CODE)
    answer = bench.cell("answer-1")
    bench.write(answer, solution().replace(".mean()", ".sum()"))
    bench.check()
    expect(bench.panel.locator(".check.failed").first).to_contain_text("the loss: expected")
    bench.write(answer, solution())
    bench.submit()
    expect(bench.panel).to_contain_text(re.compile(r"7 passed"))
    expect(bench.panel.locator(".check.failed")).to_have_count(0)
    expect(page.locator("#bench")).to_contain_text("Why the shift is allowed")
    page.goto("/exercises?q=logits")
    expect(page.locator(".rows li").first).to_contain_text("Solved")


def test_hints_open_one_by_one(page: Page) -> None:
    bench = Bench(page).open(CODE)
    page.keyboard.press("Alt+h")
    first = page.locator("#task .check.hint")
    expect(first).to_have_count(1)
    page.keyboard.press("Alt+h")
    expect(first).to_have_count(2)
    expect(page.locator("#hints > p")).to_have_text("Hints cost no points.")
    assert bench


def test_a_theory_question_is_answered_on_the_same_shell(page: Page) -> None:
    bench = Bench(page).open(THEORY)
    page.locator("article.cell input[type=radio]").first.check()
    bench.wait_until_saved()
    bench.submit()
    expect(bench.panel).to_contain_text(re.compile(r"\d (right|not right)"))
    expect(page.locator("#notebook .why").first).to_be_visible()
    page.reload()
    expect(page.locator("article.cell input[type=radio]").first).to_be_checked()


def test_two_tabs_in_conflict_show_both_texts(page: Page, context: BrowserContext) -> None:
    first = Bench(page).open(CODE)
    other = context.new_page()
    second = Bench(other).open(CODE)
    first.write(first.cell("answer-1"), "text_of_the_first_tab = 1")
    first.wait_until_saved()
    expect(page.locator(".states")).to_contain_text("Saved")
    page.wait_for_timeout(1_500)  # the save is sent a second after the last key
    second.write(second.cell("answer-1"), "text_of_the_second_tab = 2")
    conflict = other.locator(".conflict")
    expect(conflict).to_contain_text("text_of_the_first_tab")
    expect(conflict).to_contain_text("text_of_the_second_tab")
    conflict.get_by_role("button", name=re.compile("both", re.IGNORECASE)).click()
    expect(other.locator("#cells")).to_contain_text("text_of_the_first_tab")
    expect(other.locator("#cells")).to_contain_text("text_of_the_second_tab")


def test_a_kernel_that_dies_under_the_page_is_told_and_the_next_cell_gets_a_fresh_one(page: Page) -> None:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    bench.run(cell, "import os\nos._exit(1)")
    expect(page.locator("#banners")).to_contain_text(re.compile("stopped|ended"))
    bench.run(cell, "print('alive again')")
    expect(cell.locator(".output")).to_contain_text("alive again")
    expect(page.locator("#banners .banner")).to_have_count(0)


def test_a_reload_in_the_middle_of_a_run_finds_the_run_again(page: Page) -> None:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    bench.run(cell, "import time\nprint('begun', flush=True)\ntime.sleep(4)\nprint('ended')")
    expect(cell.locator(".output")).to_contain_text("begun")
    page.reload()
    again = page.locator("article.cell[id^='cell-own-']").last
    expect(again).to_contain_text("begun")
    expect(again).to_contain_text("ended")
    bench.wait_until_idle()


def test_an_endless_loop_can_be_stopped(page: Page) -> None:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    bench.run(cell, "while True: pass")
    expect(page.get_by_text(re.compile("Kernel busy"))).to_be_visible()
    page.keyboard.press("Control+.")
    expect(cell.locator(".output.trace")).to_contain_text("KeyboardInterrupt")
    bench.wait_until_idle()


def test_endless_printing_is_cut_and_the_page_stays_usable(page: Page) -> None:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    bench.run(cell, "while True: print('x' * 1000)")
    expect(cell.locator(".output").last).to_contain_text(re.compile("output", re.IGNORECASE))
    bench.wait_until_idle()
    bench.run(cell, "print('still here')")
    expect(cell.locator(".output").last).to_contain_text("still here")


def test_a_deleted_cell_can_be_brought_back(page: Page) -> None:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    bench.write(cell, "precious = 1")
    bench.wait_until_saved()
    cell.locator("summary").click()
    cell.get_by_role("button", name="Delete").click()
    expect(page.locator("#cells")).not_to_contain_text("precious")
    page.get_by_role("button", name=re.compile("Undo|bring back", re.IGNORECASE)).click()
    expect(page.locator("#cells")).to_contain_text("precious")


def test_work_goes_on_without_a_connection_and_is_sent_afterwards(page: Page, context: BrowserContext) -> None:
    bench = Bench(page).open(CODE)
    context.set_offline(True)
    bench.write(bench.cell("answer-1"), "written_offline = 1")
    expect(page.locator("#banners")).to_contain_text("No connection")
    context.set_offline(False)
    expect(page.locator("#banners")).not_to_contain_text("No connection")
    expect(page.locator("#saved")).to_contain_text(re.compile(r"Saved( \d|$)"))
    page.reload()
    expect(bench.cell("answer-1")).to_contain_text("written_offline")
