"""What axe and the width of a window say of a page, as people with wide and narrow screens see it, in light and in dark."""

from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDTHS = (1440, 390)
CALM_MS = 400  # after a change of its width the bench looks anew at what scrolls
COLOURS = ("color-contrast", "link-in-text-block")  # all that a theme changes


def look(page: Page) -> None:
    """Fails when axe finds something serious, or when the page is wider than its window. Leaves a wide window."""
    for width in reversed(WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        if page.locator(".bench").count():
            page.wait_for_timeout(CALM_MS)
        look_at_one_width(page)


def look_at_one_width(page: Page) -> None:
    """As wide as the window is now. Leaves the dark colours."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = serious(page)
    assert found == [], (page.url, page.viewport_size, found)
    assert not is_wider_than_its_window(page), (page.url, page.viewport_size)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found = serious(page, COLOURS)
    assert found == [], (page.url, page.viewport_size, found)


def serious(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """`rules`: only these; all when there are none."""
    options: dict[str, object] = {"resultTypes": ["violations"]}  # of what passes axe would tell every element
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    if page.evaluate("typeof axe === 'undefined'"):  # a document keeps it, and it takes long to read
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found if each["impact"] in ("serious", "critical")]


def is_wider_than_its_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
