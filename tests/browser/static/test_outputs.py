"""Outputs of a run: terminal text, streams, displays, tracebacks, frames."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.static.pages import NONCE, call

ESC = "\x1b"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("10 %\r20 %\r30 %", "30 %"),
        ("long line\rshort", "shortline"),
        ("ab\b\bx", "xb"),
        ("one\r\ntwo\r\n", "one\ntwo\n"),
        (f"long line\r{ESC}[Kx", "x"),
        ("half\r", "half\r"),
        ("plain\ntext", "plain\ntext"),
    ],
)
def test_a_carriage_return_goes_back_to_the_start_of_its_line(page: Page, written: str, shown: str) -> None:
    assert call(page, "ansi", "settle", written) == shown


def coloured(page: Page, text: str) -> list[list[str]]:
    script = """async (text) => {
      const { coloured } = await load("ansi");
      return [...coloured(text).childNodes].map((node) => [node.className ?? "", node.textContent]);
    }"""
    return list(page.evaluate(script, text))


def test_colours_become_classes_and_other_escapes_vanish(page: Page) -> None:
    text = f"{ESC}[1;31mred{ESC}[0m plain {ESC}[38;5;28mgreen{ESC}[39m{ESC}[2J{ESC}]0;title\x07 end"
    assert coloured(page, text) == [["ansi-bold ansi-red-fg", "red"], ["", " plain "], ["ansi-green-fg", "green"], ["", " end"]]


def test_markup_in_terminal_text_stays_text(page: Page) -> None:
    assert coloured(page, "<img src=x onerror=alert(1)>") == [["", "<img src=x onerror=alert(1)>"]]


def folded(page: Page, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    script = """async (events) => {
      const { fold } = await load("fold");
      const items = [];
      for (const event of events) fold(items, event);
      return items.map((item) => ({ ...item }));
    }"""
    return list(page.evaluate(script, events))


def out(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"t": "stream", "name": name, "text": text}


def test_text_of_one_stream_is_one_output_and_warnings_are_another(page: Page) -> None:
    items = folded(page, [out("a"), out("b\n"), out("careful", "stderr"), out("c")])
    assert [(item["name"], item["text"]) for item in items] == [("stdout", "ab\n"), ("stderr", "careful"), ("stdout", "c")]


def test_a_progress_bar_in_many_pieces_stays_one_line(page: Page) -> None:
    items = folded(page, [out("\r 1 %"), out("\r 50 %"), out("\r100 %"), out("\ndone")])
    assert [item["text"] for item in items] == ["100 %\ndone"]


def test_clearing_with_wait_keeps_the_old_output_until_the_next_one(page: Page) -> None:
    assert [item["text"] for item in folded(page, [out("old"), {"t": "clear", "wait": True}])] == ["old"]
    assert [item["text"] for item in folded(page, [out("old"), {"t": "clear", "wait": True}, out("new")])] == ["new"]
    assert folded(page, [out("old"), {"t": "clear", "wait": False}]) == []


def test_an_update_changes_the_display_that_it_names(page: Page) -> None:
    first = {"t": "display", "data": {"text/plain": "first"}, "metadata": {}, "display_id": "d"}
    other = {"t": "display", "data": {"text/plain": "other"}, "metadata": {}}
    update = {"t": "update_display", "data": {"text/plain": "second"}, "metadata": {}, "display_id": "d"}
    assert [item["data"]["text/plain"] for item in folded(page, [first, other, update])] == ["second", "other"]


LIBRARY = "File /lib/pandas/frame.py:1, in mean\n" + "\n".join(f"     {i} library line" for i in range(20))
OWN = "Cell In[7], line 3\n----> 3 f()"
TRACEBACK = ["-" * 75, "TypeError      Traceback (most recent call last)", OWN, LIBRARY, "TypeError: no"]
SHOW_TRACEBACK = """async (traceback) => {
  const { tracebackNode } = await load("traceback");
  document.getElementById("place").append(tracebackNode({ ename: "TypeError", evalue: "no", traceback }));
}"""


def test_a_long_traceback_shows_the_own_frame_and_folds_the_library(page: Page) -> None:
    page.evaluate(SHOW_TRACEBACK, TRACEBACK)
    shown = page.locator(".trace pre")
    expect(shown).to_contain_text("----> 3 f()")
    expect(shown).not_to_contain_text("library line")
    page.get_by_role("button", name="Show all").click()
    expect(shown).to_contain_text("library line")
    page.get_by_role("button", name="Show only my own lines").click()
    expect(shown).not_to_contain_text("library line")


def test_the_line_that_raised_is_that_of_this_cell(page: Page) -> None:
    two_frames = [*TRACEBACK[:3], "Cell In[4], line 9, in f()\n----> 9 boom"]
    assert call(page, "traceback", "ownLine", two_frames, 7) == 3
    assert call(page, "traceback", "ownLine", two_frames, 4) == 9
    assert call(page, "traceback", "ownLine", two_frames, 5) is None


FRAME = """async ([html, nonce]) => {
  const node = (await load("frame")).frameNode(html, { label: "Table", nonce });
  document.getElementById("place").append(node);
}"""
HOSTILE = """<style>td.hot { color: rgb(1, 2, 3) } td { background: url(http://evil.example/x) }</style>
<style>.cool { color: rgb(4, 5, 6) }</style><table class="dataframe" border="1"><tr><td class="hot" onclick="alert(1)">hot</td>
<td class="cool">cool</td><td style="color: rgb(7, 8, 9)">inline</td></tr></table>
<script>parent.document.title = "owned"</script><img src="http://evil.example/x.png"><a href="http://evil.example">out</a><form><input></form>"""


def test_html_of_a_kernel_is_shown_in_a_frame_that_can_do_nothing(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(FRAME, [HOSTILE, NONCE])
    frame = page.locator("iframe")
    assert frame.get_attribute("sandbox") == ""
    assert frame.get_attribute("title") == "Table"
    inside = page.frame_locator("iframe")
    expect(inside.get_by_text("hot")).to_be_visible()
    assert page.title() == "Modules"
    assert not [url for url in asked if "evil" in url]
    assert inside.locator("script, form, input, img[src], a[href], [onclick]").count() == 0


def test_a_styled_table_keeps_its_harmless_colours(page: Page) -> None:
    page.evaluate(FRAME, [HOSTILE, NONCE])
    inside = page.frame_locator("iframe")
    colour = "node => getComputedStyle(node).color"
    assert inside.get_by_text("cool").evaluate(colour) == "rgb(4, 5, 6)"
    assert inside.get_by_text("inline").evaluate(colour) == "rgb(7, 8, 9)"


@pytest.mark.parametrize(("scheme", "light"), [("dark", True), ("light", False)])
def test_a_table_can_be_read_in_the_dark(page: Page, scheme: Any, light: bool) -> None:
    page.emulate_media(color_scheme=scheme)
    page.evaluate(FRAME, ["<table class=dataframe><tr><td>61.2</td></tr></table>", NONCE])
    red = page.frame_locator("iframe").get_by_text("61.2").evaluate("node => getComputedStyle(node).color.match(/\\d+/)[0]")
    assert (int(red) > 128) is light


def test_a_long_table_gets_a_button_to_show_more_of_it(page: Page) -> None:
    rows = "".join(f"<tr><td>{i}</td></tr>" for i in range(60))
    page.evaluate(FRAME, [f"<table>{rows}</table>", NONCE])
    before = page.locator("iframe").bounding_box()
    page.get_by_role("button", name="Show more of it").click()
    after = page.locator("iframe").bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > 2 * before["height"]
