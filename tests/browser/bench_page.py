"""The notebook page as a person uses it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


class Bench:
    """One exercise open in one tab."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, slug: str) -> Bench:
        """Open the exercise, and start it where that was not done yet."""
        self.page.goto(f"/exercises/{slug}")
        start = self.page.get_by_role("button", name=re.compile("^Start"))
        if start.count():
            start.first.click()
        return self.wait_until_ready()

    def wait_until_ready(self) -> Bench:
        """The page's scripts have taken over."""
        expect(self.page.locator("#bench[data-ready=yes]")).to_be_visible()
        return self

    def cell(self, cell_id: str) -> Locator:
        return self.page.locator(f"#cell-{cell_id}")

    def own_cell(self) -> Locator:
        """Add a code cell; the focus is in it."""
        self.page.get_by_role("button", name="Add code cell", exact=True).click()
        cell = self.page.locator("article.cell[id^='cell-own-']").last
        expect(cell.locator(".cm-content")).to_be_focused()
        return cell

    def write(self, cell: Locator, source: str) -> None:
        """Replace a cell's text as somebody does who pastes."""
        cell.locator(".code").first.click()
        expect(cell.locator(".cm-content")).to_be_focused()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def run(self, cell: Locator, source: str) -> None:
        self.write(cell, source)
        self.page.keyboard.press("Control+Enter")

    def wait_until_saved(self) -> None:
        """On the server: "Saved in this browser" is not enough."""
        expect(self.page.locator("#saved")).to_have_class("status passed")

    def wait_until_idle(self) -> None:
        expect(self.page.get_by_text("Kernel ready")).to_be_visible()

    def restart(self) -> None:
        """Restart the kernel; a run or a wait for a kernel ends with it."""
        self.page.get_by_label("More for this notebook").click()
        self.page.get_by_role("button", name="Restart the kernel", exact=True).click()
        expect(self.page.locator("#kernel")).to_have_text("Kernel not started")

    @property
    def banners(self) -> Locator:
        return self.page.locator("#banners")

    def check(self) -> None:
        self.page.get_by_role("button", name=re.compile("^Check")).first.click()

    def submit(self) -> None:
        """Submit, and say yes to the question whether to."""
        self.page.get_by_role("button", name=re.compile("^Submit")).first.click()
        self.page.get_by_role("dialog").get_by_role("button", name=re.compile("^Submit")).click()

    @property
    def panel(self) -> Locator:
        return self.page.locator("#panel")
