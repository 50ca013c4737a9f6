"""Signing up keeps a guest's work; wrong input keeps what was typed."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.bench_page import Bench
from tests.browser.moves import send

CODE = "merge-that-multiplied-rows"


def test_a_guest_signs_up_out_and_in_and_finds_the_work(page: Page) -> None:
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    bench.write(cell, "made_as_a_guest = 1")
    bench.wait_until_saved()
    page.goto("/sign-up")
    page.get_by_label("Name").fill("Mira Santos")
    page.get_by_label("E-mail").fill("mira.example.org")
    page.get_by_label("Password", exact=True).fill("short")
    send(page, "Create account")
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value("mira.example.org")
    page.get_by_label("E-mail").fill("mira@example.org")
    page.get_by_label("Password", exact=True).fill("three random words")
    send(page, "Create account")
    expect(page.locator(".top")).to_contain_text("Mira")
    page.locator(".top summary").click()
    send(page, "Sign out")
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill("mira@example.org")
    page.get_by_label("Password", exact=True).fill("three random words")
    send(page, "Sign in")
    expect(page.locator(".top")).to_contain_text("Mira")
    page.goto(f"/exercises/{CODE}")
    expect(page.locator("#cells")).to_contain_text("made_as_a_guest")


def sign_up(page: Page, name: str) -> str:
    email = f"{name.lower()}@example.org"
    page.goto("/sign-up")
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill("three random words")
    send(page, "Create account")
    return email


def test_a_page_that_somebody_else_takes_over_in_another_tab_keeps_its_cells(page: Page, context: BrowserContext) -> None:
    email = sign_up(page, "Jonas")
    bench = Bench(page).open(CODE)
    cell = bench.own_cell()
    bench.write(cell, "mine = 1")
    bench.wait_until_saved()
    other = context.new_page()
    other.goto("/")
    other.locator(".top summary").click()
    send(other, "Sign out")
    Bench(other).open(CODE)
    bench.write(cell, "mine = 2")
    expect(bench.banners).to_contain_text("You are now working as somebody else in this browser.")
    expect(cell).to_contain_text("mine = 2")
    other.goto("/sign-in")
    other.get_by_label("E-mail").fill(email)
    other.get_by_label("Password", exact=True).fill("three random words")
    send(other, "Sign in")
    bench.banners.get_by_role("button", name="Save now").click()
    bench.wait_until_saved()
    expect(bench.banners.locator(".banner")).to_have_count(0)
    Bench(other).open(CODE)
    expect(other.locator("#cells")).to_contain_text("mine = 2")
