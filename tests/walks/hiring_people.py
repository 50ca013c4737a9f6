"""The people of the walk through a round of hiring: each in a browser of their own, with the pages that they saw."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.moving_site import MovingSite
from tests.postbox import Postbox, link_in

PASSWORD = "three random words"
PATIENCE = 30_000  # milliseconds
SHOTS = os.environ.get("TOUCHSTONE_TEST_SHOTS", "")  # a folder for pictures of each page at 1440 and 390, light and dark


class Somebody:
    """`seen` is every page that this person was shown, as HTML."""

    def __init__(self, name: str, site: MovingSite, chromium: Browser) -> None:
        context = chromium.new_context(base_url=site.address, viewport={"width": 1440, "height": 900})
        context.set_default_timeout(PATIENCE)
        self.name, self.page = name, context.new_page()
        self.seen: list[str] = []
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@example.org"

    def look(self, what: str) -> None:
        """Keep what the page says, and its picture when pictures are wanted."""
        self.seen.append(self.page.content())
        if not SHOTS:
            return
        for width in (1440, 390):
            self.page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                self.page.wait_for_timeout(150)
                self.page.screenshot(path=Path(SHOTS) / f"{what}-{width}-{scheme}.png", full_page=True)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": 1440, "height": 900})

    def sign_up(self) -> None:
        self.page.goto("/sign-up")
        self.page.fill("#name", self.name)
        self.page.fill("#email", self.email)
        self.page.fill("#password", PASSWORD)
        self.click("Create account")
        expect(self.page.get_by_role("link", name="Teams")).to_be_visible()

    def click(self, button: str, **more: bool) -> None:
        self.page.get_by_role("button", name=button, **more).first.click()  # type: ignore[arg-type]

    def follow(self, link: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=link).first.click()

    def reads(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE)


def mail_to(box: Postbox, somebody: Somebody, name: str, subject: str = "") -> str:
    """The link of the newest mail to them, once it is there."""
    until = time.monotonic() + PATIENCE / 1_000
    while time.monotonic() < until:
        mine = [mail for mail in box.mails() if somebody.email in mail["to"] and subject in mail["subject"]]
        if mine:
            return link_in(mine[-1], name)
        time.sleep(0.1)
    raise AssertionError(f"no mail to {somebody.email} about {subject!r}: {[mail['subject'] for mail in box.mails()]}")
