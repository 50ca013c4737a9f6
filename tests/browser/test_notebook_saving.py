"""What is typed survives a tab that closes, a server that refuses, and an answer that gets lost."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.bench_page import Bench
from tests.browser.holding import Held

CODE = "softmax-cross-entropy-stable"


def test_text_that_was_never_sent_is_back_when_the_page_is_opened_again(page: Page, context: BrowserContext) -> None:
    bench = Bench(page).open(CODE)
    context.set_offline(True)
    bench.write(bench.cell("answer-1"), "typed_before_the_tab_closed = 1")
    expect(page.locator("#saved")).to_contain_text("Saved in this browser")
    page.close()
    context.set_offline(False)
    again = Bench(context.new_page()).open(CODE)
    expect(again.cell("answer-1")).to_contain_text("typed_before_the_tab_closed")
    expect(again.page.locator("#notes")).to_contain_text("It is back.")
    again.wait_until_saved()


def test_a_save_whose_answer_got_lost_is_no_conflict(page: Page) -> None:
    bench = Bench(page).open(CODE)
    held = Held(page, "**/save")
    bench.write(bench.cell("answer-1"), "sent_once = 1")
    held.lose_the_answer()
    bench.wait_until_saved()
    expect(page.locator(".conflict")).to_have_count(0)


def test_what_was_typed_while_the_answer_of_a_save_got_lost_is_saved_on_top_of_it(page: Page) -> None:
    bench = Bench(page).open(CODE)
    held = Held(page, "**/save")
    bench.write(bench.cell("answer-1"), "sent_once = 1")
    held.wait()
    page.keyboard.insert_text("\nafterwards = 2")
    held.lose_the_answer()
    bench.wait_until_saved()
    expect(page.locator(".conflict")).to_have_count(0)
    page.reload()
    expect(bench.wait_until_ready().cell("answer-1")).to_contain_text("afterwards = 2")


def test_a_tab_that_closes_before_a_save_was_answered_is_no_other_tab(page: Page, context: BrowserContext) -> None:
    bench = Bench(page).open(CODE)
    held = Held(page, "**/save")
    bench.write(bench.cell("answer-1"), "sent_once = 1")
    held.wait()
    page.keyboard.insert_text("\nafterwards = 2")
    expect(bench.cell("answer-1")).to_contain_text("afterwards = 2")
    held.wait().fetch()
    page.close()
    again = Bench(context.new_page()).open(CODE)
    expect(again.cell("answer-1")).to_contain_text("afterwards = 2")
    expect(again.page.locator("#notes")).to_contain_text("It is back.")
    again.wait_until_saved()
    expect(again.page.locator(".conflict")).to_have_count(0)


def test_a_check_does_not_wait_until_nobody_types_any_more(page: Page) -> None:
    bench = Bench(page).open(CODE)
    page.get_by_role("button", name="Add text cell", exact=True).click()
    note = page.locator("article.cell[id^='cell-own-'] textarea")
    note.evaluate(
        """area => setInterval(() => {
          area.value = `typed ${performance.now()}`;
          area.dispatchEvent(new Event("input"));
        }, 1)"""
    )
    with page.expect_request("**/check"):
        bench.check()


def test_all_cells_that_were_deleted_elsewhere_are_offered_anew(page: Page, context: BrowserContext) -> None:
    bench = Bench(page).open(CODE)
    first, second = (page.locator(f"#{bench.own_cell().get_attribute('id')}") for _ in range(2))
    other = Bench(context.new_page()).open(CODE)
    for cell in (first, second):
        there = other.page.locator(f"#{cell.get_attribute('id')}")
        there.locator("summary").click()
        there.get_by_role("button", name="Delete").click()
        expect(there).to_have_count(0)
    bench.write(first, "text_of_the_first = 1")
    expect(bench.banners).to_contain_text("A cell that you wrote in is gone.")
    bench.write(second, "text_of_the_second = 2")
    expect(bench.banners).to_contain_text("2 cells that you wrote in are gone.")
    bench.banners.get_by_role("button", name="Add as new cells").click()
    expect(page.locator("#cells")).to_contain_text("text_of_the_second = 2")
    expect(page.locator("#cells")).to_contain_text("text_of_the_first = 1")
    expect(bench.banners.locator(".banner")).to_have_count(0)


def test_a_refused_save_says_so_and_keeps_the_text(page: Page) -> None:
    bench = Bench(page).open(CODE)
    refusal = '{"error": {"code": "our_fault", "sentence": "The fault was recorded as AB12."}}'
    page.route("**/save", lambda route: route.fulfill(status=500, content_type="application/json", body=refusal))
    bench.write(bench.cell("answer-1"), "kept = 1")
    expect(page.locator("#banners")).to_contain_text("The fault was recorded as AB12.")
    expect(page.locator("#saved")).to_have_text("Not saved")
    page.unroute("**/save")
    page.get_by_role("button", name="Save now").click()
    bench.wait_until_saved()
    expect(page.locator("#banners")).not_to_contain_text("AB12")
    page.reload()
    expect(bench.cell("answer-1")).to_contain_text("kept = 1")


def test_a_reset_can_be_undone(page: Page) -> None:
    bench = Bench(page).open(CODE)
    answer = bench.cell("answer-1")
    bench.write(answer, "my_own_work = 1")
    bench.wait_until_saved()
    answer.locator("summary").click()
    answer.get_by_role("button", name="Back to the starter").click()
    expect(answer).to_contain_text("def softmax_cross_entropy")
    page.locator("#notes").get_by_role("button", name="Undo").click()
    expect(answer).to_contain_text("my_own_work")


def test_a_run_that_was_refused_leaves_the_old_outputs_alone(page: Page) -> None:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    bench.run(cell, "print('first')")
    expect(cell.locator(".output")).to_contain_text("first")
    refusal = '{"error": {"code": "too_many", "sentence": "Too many runs. Wait 20 seconds."}}'
    page.route("**/run", lambda route: route.fulfill(status=429, content_type="application/json", body=refusal))
    page.keyboard.press("Control+Enter")
    expect(page.locator("#banners")).to_contain_text("Too many runs. Wait 20 seconds.")
    expect(cell.locator(".output")).to_contain_text("first")


def test_news_that_come_late_do_not_undo_what_was_typed_meanwhile(page: Page, context: BrowserContext) -> None:
    bench = Bench(page).open(CODE)
    held: list[Route] = []
    page.route(re.compile(r"/workspaces/\w+$"), lambda route: held.append(route))
    context.set_offline(True)
    bench.write(bench.cell("answer-1"), "before = 1")
    expect(page.locator("#banners")).to_contain_text("No connection")
    with page.expect_request(re.compile(r"/workspaces/\w+$")):
        context.set_offline(False)  # the browser tells the page, which tries at once
    bench.wait_until_saved()
    old_news = held[0].fetch()
    with page.expect_response("**/save"):
        bench.write(bench.cell("answer-1"), "afterwards = 2")
    held[0].fulfill(response=old_news)
    bench.wait_until_saved()
    expect(bench.cell("answer-1")).to_contain_text("afterwards = 2")
    page.wait_for_function("performance.getEntriesByType('resource').some((one) => /workspaces\\/\\w+$/.test(one.name))")
    expect(bench.cell("answer-1")).to_contain_text("afterwards = 2")


def test_news_that_come_late_take_no_cell_away_that_was_added_meanwhile(page: Page, context: BrowserContext) -> None:
    bench = Bench(page).open(CODE)
    held = Held(page, re.compile(r"/workspaces/\w+$"))
    context.set_offline(True)
    expect(page.locator("#banners")).to_contain_text("No connection")
    context.set_offline(False)
    old_news = held.wait().fetch()
    cell = bench.own_cell()
    bench.write(cell, "added_meanwhile = 1")
    bench.wait_until_saved()
    held.wait().fulfill(response=old_news)
    page.wait_for_timeout(1_000)
    expect(cell).to_contain_text("added_meanwhile = 1")
    expect(cell.locator(".cm-content")).to_be_focused()
