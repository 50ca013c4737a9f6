"""A result that comes while its person goes on: it takes no keys, and stays beside the answer that it is about."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.bench_page import Bench
from tests.browser.holding import AllHeld

CODE = "softmax-cross-entropy-stable"
CHANGED = "You changed this answer since."
RESULT = re.compile(r"/submissions/\w+$")


def test_a_result_takes_nobody_out_of_the_cell_they_write_in(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    bench = Bench(page).open(CODE)
    answer = bench.cell("answer-1")
    bench.write(answer, "def softmax_cross_entropy(logits, labels):\n    return 0.0, logits")
    results = AllHeld(page, RESULT)
    with page.expect_request(RESULT):
        bench.check()
    answer.locator(".code").first.click()
    expect(answer.locator(".cm-content")).to_be_focused()
    results.release()
    expect(page.locator("#panel-count")).to_have_text(re.compile(r"\d/\d"))
    expect(page.locator("#spoken")).to_have_text(re.compile(r"^Check: .*failed"))
    expect(answer.locator(".cm-content")).to_be_focused()
    expect(bench.panel).to_be_hidden()


def test_an_answer_changed_while_it_was_graded_says_so_beside_its_verdict(page: Page) -> None:
    bench = Bench(page).open("disagree-about-deadline")
    question = page.locator("article.question").first
    row = question.get_by_role("combobox").first
    row.select_option("harmful")
    results = AllHeld(page, RESULT)
    with page.expect_request(RESULT):
        bench.submit()
    row.select_option("neutral")
    results.release()
    expect(question.locator(".verdict .banner")).to_be_visible()
    expect(question.get_by_text(CHANGED)).to_be_visible()
    expect(page.locator("#stale")).to_contain_text("Your answers have changed since.")
    row.select_option("harmful")
    expect(question.get_by_text(CHANGED)).to_be_hidden()
    expect(page.locator("#stale")).to_be_hidden()


def test_what_was_changed_since_its_verdict_is_still_known_after_a_reload(page: Page) -> None:
    bench = Bench(page).open("gradient-by-steps-logistic")
    question = page.locator("article.question").first
    question.get_by_role("textbox").fill("s*(1 - s)")
    bench.submit()
    expect(question.locator(".verdict")).to_contain_text("Right.")
    with page.expect_response("**/save"):
        question.get_by_role("textbox").fill("s + 7")
    bench.wait_until_saved()
    page.reload()
    bench.wait_until_ready()
    expect(question.get_by_role("textbox")).to_have_value("s + 7")
    expect(question.get_by_text(CHANGED)).to_be_visible()
    expect(page.locator("#stale")).to_contain_text("Your answers have changed since.")
