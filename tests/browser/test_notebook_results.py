"""A result that comes while its person goes on: it takes no keys, and stays beside the answer that it is about."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.bench_page import Bench

CODE = "softmax-cross-entropy-stable"
RESULT = re.compile(r"/submissions/\w+$")


class HeldResults:
    """What the page asks about a submission waits until `release`."""

    def __init__(self, page: Page) -> None:
        self.held: list[Route] = []
        self.open = False
        page.route(RESULT, self._take)

    def _take(self, route: Route) -> None:
        if self.open:
            route.continue_()
        else:
            self.held.append(route)

    def release(self) -> None:
        self.open = True
        for route in self.held:
            route.continue_()


def test_a_result_takes_nobody_out_of_the_cell_they_write_in(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    bench = Bench(page).open(CODE)
    answer = bench.cell("answer-1")
    bench.write(answer, "def softmax_cross_entropy(logits, labels):\n    return 0.0, logits")
    results = HeldResults(page)
    with page.expect_request(RESULT):
        bench.check()
    answer.locator(".code").first.click()
    expect(answer.locator(".cm-content")).to_be_focused()
    results.release()
    expect(page.locator("#panel-count")).to_have_text(re.compile(r"\d/\d"))
    expect(page.locator("#spoken")).to_have_text(re.compile(r"^Check: .*failed"))
    expect(answer.locator(".cm-content")).to_be_focused()
    expect(bench.panel).to_be_hidden()
