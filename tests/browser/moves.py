"""From one page to the next. A click ends before the next page is there, and what looks or types then would meet the old one."""

import re

from playwright.sync_api import Locator, Page


def follow(page: Page, link: str | re.Pattern[str]) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=link).click()


def send(within: Page | Locator, button: str | re.Pattern[str], *, exact: bool = False) -> None:
    """Press the button of a form whose answer is a page."""
    page = within.page if isinstance(within, Locator) else within
    with page.expect_navigation():
        within.get_by_role("button", name=button, exact=exact).click()
