"""A site with a single kernel: waiting in line for it, and running cells again when it was given to somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.accessible import is_wider_than_its_window, serious
from tests.browser.bench_page import Bench
from tests.browser.conftest import SECONDS, Watched
from tests.serving import Site

CODE = "softmax-cross-entropy-stable"
BUSY = "print('begun', flush=True)\nimport time; time.sleep(120)"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("one-kernel"), TOUCHSTONE_KERNELS="1")
    site.start()
    yield site
    site.stop()


@contextmanager
def people(chromium: Browser, site: Site, watched: Watched, count: int) -> Iterator[list[Bench]]:
    """More people, each with a cell of their own; their kernels are given back at the end."""
    benches = []
    for _ in range(count):
        context = chromium.new_context(base_url=site.address)
        context.set_default_timeout(SECONDS)
        page = context.new_page()
        watched.watch(page)
        benches.append(Bench(page).open(CODE))
        benches[-1].own_cell()
    yield benches
    for bench in benches:
        bench.restart()
        bench.page.context.close()


@pytest.fixture
def other(chromium: Browser, site: Site, watched: Watched) -> Iterator[Bench]:
    with people(chromium, site, watched, 1) as [bench]:
        yield bench


@pytest.fixture
def others(chromium: Browser, site: Site, watched: Watched) -> Iterator[list[Bench]]:
    with people(chromium, site, watched, 3) as benches:
        yield benches


@pytest.fixture
def mira(page: Page) -> Iterator[Bench]:
    bench = Bench(page).open(CODE)
    bench.own_cell()
    yield bench
    bench.restart()


def own(bench: Bench, number: int = 1) -> Locator:
    return bench.page.locator("article.cell[id^='cell-own-']").nth(number - 1)


def keeps_the_kernel_busy(bench: Bench) -> None:
    bench.run(own(bench), BUSY)
    expect(own(bench).locator(".outputs")).to_contain_text("begun")


def test_the_place_in_line_is_told_and_the_cell_goes_on_by_itself(mira: Bench, others: list[Bench]) -> None:
    holder, first, second = others
    keeps_the_kernel_busy(holder)
    first.run(own(first), "print('first')")
    expect(first.banners).to_contain_text("You are next in line for a kernel.")
    second.run(own(second), BUSY)
    expect(second.banners).to_contain_text("You are second in line")
    mira.run(own(mira), "print('my turn')")
    expect(mira.banners).to_contain_text("You are third in line for a kernel.")
    expect(own(mira)).to_contain_text("Waits for a kernel")
    expect(mira.page.locator("#kernel")).to_have_text("Waiting for a kernel, place 3")
    mira.page.get_by_role("button", name="Stop waiting").focus()
    second.page.get_by_role("button", name="Stop waiting").click()
    expect(mira.banners).to_contain_text("You are second in line for a kernel.")
    expect(mira.page.get_by_role("button", name="Stop waiting")).to_be_focused()
    holder.restart()
    expect(first.page.locator("#kernel")).to_have_text("Kernel ready")
    expect(own(mira).locator(".outputs")).to_contain_text("my turn")
    mira.wait_until_idle()
    expect(mira.banners.locator(".banner")).to_have_count(0)


def test_who_stops_waiting_has_run_nothing(mira: Bench, other: Bench) -> None:
    mira.run(own(mira), "print('earlier output')")
    expect(own(mira).locator(".outputs")).to_contain_text("earlier output")
    mira.wait_until_idle()
    keeps_the_kernel_busy(other)
    mira.run(own(mira), "print('never')")
    expect(mira.banners).to_contain_text("You are next in line")
    assert serious(mira.page) == []
    mira.page.keyboard.press("Control+.")
    expect(own(mira)).to_contain_text("Stopped")
    expect(own(mira).locator(".outputs")).to_contain_text("earlier output")
    expect(mira.page.get_by_role("button", name="Run my cells again")).to_be_visible()
    for width in (1440, 390):
        mira.page.set_viewport_size({"width": width, "height": 800})
        assert not is_wider_than_its_window(mira.page)
        assert serious(mira.page) == []


def test_a_reload_while_waiting_stays_in_line(mira: Bench, other: Bench) -> None:
    keeps_the_kernel_busy(other)
    mira.run(own(mira), "print('after the reload')")
    expect(mira.banners).to_contain_text("You are next in line")
    mira.page.reload()
    mira.wait_until_ready()
    expect(mira.banners).to_contain_text("You are next in line")
    expect(own(mira)).to_contain_text("Waits for a kernel")
    other.restart()
    expect(own(mira).locator(".outputs")).to_contain_text("after the reload")
    expect(mira.banners.locator(".banner")).to_have_count(0)


def loses_the_kernel(bench: Bench, taker: Bench) -> None:
    """Somebody else needs the only kernel; the page hears of it when it is looked at again."""
    taker.run(own(taker), "print('taken')")
    expect(own(taker).locator(".outputs")).to_contain_text("taken")
    bench.page.reload()
    bench.wait_until_ready()
    expect(bench.banners).to_contain_text("ended to make room")


def test_a_page_that_has_not_heard_of_the_end_says_that_the_kernel_is_a_fresh_one(mira: Bench, other: Bench) -> None:
    mira.run(own(mira), "kept = 1")
    mira.wait_until_idle()
    other.run(own(other), "print('taken')")
    expect(own(other).locator(".outputs")).to_contain_text("taken")
    mira.run(own(mira), "'kept' in globals()")
    expect(own(mira).locator(".outputs")).to_contain_text("False")
    expect(mira.page.locator("#notes")).to_contain_text("This cell ran in a fresh one")


def test_cells_run_again_in_the_order_in_which_they_were_last_run(mira: Bench, other: Bench) -> None:
    mira.own_cell()
    mira.run(own(mira, 2), "value = 40")
    mira.wait_until_idle()
    mira.run(own(mira, 1), "value += 2; print('value is', value)")
    expect(own(mira, 1).locator(".outputs")).to_contain_text("value is 42")
    loses_the_kernel(mira, other)
    mira.write(own(mira, 1), "value += 3; print('value is now', value)")
    again = mira.page.get_by_role("button", name="Run my cells again")
    again.focus()
    mira.page.keyboard.press("Enter")
    expect(own(mira, 1).locator(".outputs")).to_contain_text("value is now 43")
    expect(mira.page.locator("#notes")).to_contain_text("2 cells have run again.")
    expect(mira.banners.locator(".banner")).to_have_count(0)
    assert mira.page.evaluate("document.activeElement.id") == "notebook"


def test_running_again_shows_how_far_it_is_and_can_be_stopped(mira: Bench, other: Bench) -> None:
    mira.own_cell()
    mira.run(own(mira, 1), "first = 1")
    mira.wait_until_idle()
    mira.run(own(mira, 2), "second = 2")
    mira.wait_until_idle()
    loses_the_kernel(mira, other)
    mira.write(own(mira, 2), BUSY)
    mira.page.get_by_role("button", name="Run my cells again").click()
    expect(mira.banners).to_contain_text("Running your cells again: 2 of 2.")
    expect(own(mira, 2).locator(".outputs")).to_contain_text("begun")
    stop = mira.banners.get_by_role("button", name="Stop")
    expect(stop).to_be_focused()
    mira.page.keyboard.press("Enter")
    expect(mira.page.locator("#notes")).to_contain_text("Stopped. 1 of 2 cells have run again.")


def test_running_again_stops_at_the_first_error(mira: Bench, other: Bench) -> None:
    mira.own_cell()
    mira.run(own(mira, 1), "first = 1")
    mira.wait_until_idle()
    mira.run(own(mira, 2), "print('second')")
    expect(own(mira, 2).locator(".outputs")).to_contain_text("second")
    loses_the_kernel(mira, other)
    mira.write(own(mira, 1), "first = 1 / 0")
    mira.page.get_by_role("button", name="Run my cells again").click()
    expect(mira.page.locator("#notes")).to_contain_text("which raised an error. 0 of 2 cells have run again.")
    expect(own(mira, 1).locator(".cm-content")).to_be_focused()
    expect(own(mira, 2).locator(".prompt")).to_have_text("[ ]")
