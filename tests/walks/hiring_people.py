"""The people of the walk through a round of hiring: each in a browser of their own, with the pages that they saw."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Response, request
from playwright.sync_api import Browser, Locator, expect

from tests.moving_site import MovingSite
from tests.postbox import Postbox, link_in

PASSWORD = "three random words"
PATIENCE = 30_000  # milliseconds
WALKER = "X-Walker"  # the header by which the test tells whose browser asks
TEXTS = ("text/html", "application/json")
SHOTS = os.environ.get("TOUCHSTONE_TEST_SHOTS", "")  # a folder for pictures of each page at 1440 and 390, light and dark


@dataclass(frozen=True, slots=True)
class Told:
    """An answer of the site: the path that was asked for, and the text."""

    path: str
    text: str


class Somebody:
    """`seen`: every page and every piece of data that the site sent to this person's browser (see `note_what_is_told`)."""

    def __init__(self, name: str, site: MovingSite, chromium: Browser) -> None:
        context = chromium.new_context(
            base_url=site.address, viewport={"width": 1440, "height": 900}, extra_http_headers={WALKER: name}
        )
        context.set_default_timeout(PATIENCE)
        self.name, self.page = name, context.new_page()
        self.seen: list[Told] = []
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@example.org"

    def look(self, what: str) -> None:
        """A picture of the page, when pictures are wanted."""
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
        self.send("Create account")
        expect(self.page.get_by_role("link", name="Teams")).to_be_visible()

    def send(self, button: str, *, exact: bool = False) -> None:
        self.open(self.page.get_by_role("button", name=button, exact=exact).first)

    def follow(self, link: str | re.Pattern[str]) -> None:
        self.open(self.page.get_by_role("link", name=link).first)

    def open(self, way: Locator) -> None:
        """Click on what leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            way.click()

    def press(self, keys: str) -> None:
        self.page.wait_for_load_state()  # the page knows its keys then
        for key in keys.split():
            self.page.keyboard.press(key)

    def reads(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE)


def note_what_is_told(site: MovingSite, people: Sequence[Somebody]) -> None:
    """From now on the site keeps beside each person what it sends them, so that no page is missed. Before its first request."""
    by_name = {somebody.name: somebody for somebody in people}

    @site.app.after_request
    def note(response: Response) -> Response:
        somebody = by_name.get(request.headers.get(WALKER, ""))
        if somebody is not None and response.mimetype in TEXTS and not (response.is_streamed or response.direct_passthrough):
            somebody.seen.append(Told(request.path, response.get_data(as_text=True)))
        return response


def mail_to(box: Postbox, somebody: Somebody, name: str, subject: str = "") -> str:
    """The link of the newest mail to them, once it is there."""
    until = time.monotonic() + PATIENCE / 1_000
    while time.monotonic() < until:
        mine = [mail for mail in box.mails() if somebody.email in mail["to"] and subject in mail["subject"]]
        if mine:
            return link_in(mine[-1], name)
        time.sleep(0.1)
    raise AssertionError(f"no mail to {somebody.email} about {subject!r}: {[mail['subject'] for mail in box.mails()]}")
