"""What a person waits for a trivial cell: from the key to the result on the screen, in a real browser on a real server.

`python -m tests.browser.round_trip` prints it as JSON; `make bench` runs it with the other benchmarks."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from server.cli.bench.figures import milliseconds
from tests.browser.bench_page import Bench
from tests.conftest import CHROMIUM_FLAGS
from tests.serving import Site

EXERCISE = "softmax-cross-entropy-stable"
RUNS, WARM_UP = 60, 10
# Begins with the key itself and ends with the first frame that can show the new number of the run: the page's own clock.
WATCH = """cell => {
  const prompt = cell.querySelector(".prompt");
  window.waited = [];
  let began = 0;
  addEventListener("keydown", event => { if (event.key === "Enter" && event.ctrlKey) began = performance.now(); }, true);
  new MutationObserver(() => {
    if (!/\\[\\d+\\]/.test(prompt.textContent) || !began) return;
    const since = began;
    began = 0;
    requestAnimationFrame(() => window.waited.push(performance.now() - since));
  }).observe(prompt, { childList: true, characterData: true, subtree: true });
}"""


def measure_round_trip() -> dict[str, object]:
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("chromium is not installed (as root: apt-get install chromium)")
    with tempfile.TemporaryDirectory(prefix="touchstone-round-trip-") as folder:
        site = Site(Path(folder))
        site.start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
                seconds = run_often(browser.new_page(base_url=site.address))
                browser.close()
        finally:
            site.stop()
    return {"runs": len(seconds), "key_to_result": milliseconds(seconds), "goal_p50_ms": 30}


def run_often(page: Page) -> list[float]:
    """Seconds of each run of `40 + 2` in a cell of one's own, with nothing changed between two runs."""
    bench = Bench(page).open(EXERCISE)
    cell = bench.own_cell()
    bench.run(cell, "40 + 2")
    bench.wait_until_idle()
    cell.evaluate(WATCH)
    for number in range(RUNS + WARM_UP):
        page.keyboard.press("Control+Enter")
        page.wait_for_function("number => window.waited.length > number", arg=number)
        page.wait_for_timeout(50)
    return [waited / 1000 for waited in page.evaluate("window.waited")[WARM_UP:]]


if __name__ == "__main__":
    print(json.dumps(measure_round_trip()))
