"""The editor of a cell, on its own."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.static.pages import NONCE

OPEN = """async ([source, nonce]) => {
  const { openEditor } = await load("editor");
  window.typed = [];
  window.inspected = [];
  const inspect = async (code, cursor, detail) => {
    inspected.push([cursor, detail]);
    return Object.assign(document.createElement("p"), { textContent: "About it" });
  };
  window.editor = openEditor({
    parent: document.getElementById("place"), source, nonce, label: "Cell 1",
    onChange: (text) => typed.push(text), complete: async () => [".array", ".arange"], inspect,
  });
  const next = document.createElement("button");
  next.textContent = "Next";
  document.getElementById("place").append(next);
}"""


@pytest.fixture
def page(page: Page) -> Page:
    page.evaluate(OPEN, ["x = 1\n", NONCE])
    return page


def text(page: Page) -> str:
    return str(page.evaluate("editor.text()"))


def go_to_end(page: Page) -> None:
    page.get_by_role("textbox", name="Cell 1").click()
    page.keyboard.press("Control+End")


def test_the_editor_takes_its_styles_with_the_nonce_of_the_page(page: Page) -> None:
    family = page.locator(".cm-scroller").evaluate("node => getComputedStyle(node).fontFamily")
    assert "mono" in family.lower()


def test_typing_is_told_with_the_whole_text(page: Page) -> None:
    go_to_end(page)
    page.keyboard.type("y")
    assert page.evaluate("typed.at(-1)") == "x = 1\ny"


def test_tab_indents_and_a_new_line_after_a_colon_is_indented(page: Page) -> None:
    go_to_end(page)
    page.keyboard.press("Tab")
    page.keyboard.type("if x:\npass")
    assert text(page) == "x = 1\n    if x:\n        pass"


def test_escape_then_tab_leaves_the_editor(page: Page) -> None:
    go_to_end(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Next")).to_be_focused()
    assert text(page) == "x = 1\n"


def test_tab_after_a_name_offers_names_from_the_kernel(page: Page) -> None:
    go_to_end(page)
    page.keyboard.type("np.ar")
    page.keyboard.press("Tab")
    expect(page.get_by_role("option", name="arange")).to_be_visible()
    page.wait_for_timeout(100)  # the editor ignores a choice in the first moment after the list has opened
    page.keyboard.press("Enter")
    assert text(page) in ("x = 1\nnp.arange", "x = 1\nnp.array")


def test_replacing_the_text_from_outside_tells_nobody_and_can_be_undone(page: Page) -> None:
    go_to_end(page)
    page.evaluate("editor.replace('x = 2\\nz = 3\\n')")
    assert text(page) == "x = 2\nz = 3\n"
    assert page.evaluate("typed") == []
    page.keyboard.press("Control+z")
    assert text(page) == "x = 1\n"


def test_the_line_that_raised_is_marked_until_it_is_taken_away(page: Page) -> None:
    page.evaluate("editor.flag(1, 'TypeError: no')")
    expect(page.locator(".cm-fault")).to_have_text("x = 1")
    page.evaluate("editor.flag(null)")
    expect(page.locator(".cm-fault")).to_have_count(0)


def test_code_that_is_only_shown_gets_the_same_classes_line_by_line(page: Page) -> None:
    script = """async () => (await load("editor")).paint("def f():\\n    return 1").map((line) => line.innerHTML)"""
    first, second = page.evaluate(script)
    assert '<span class="tok-keyword">def</span>' in first
    assert '<span class="tok-number">1</span>' in second


def test_typing_over_a_selection_replaces_it_and_wraps_it_in_brackets(page: Page) -> None:
    go_to_end(page)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("def f(): pass")
    page.keyboard.press("Control+a")
    page.keyboard.type("(")
    assert text(page) == "(def f(): pass)"


def test_shift_tab_takes_an_indentation_back_before_the_code_and_with_a_selection(page: Page) -> None:
    go_to_end(page)
    page.keyboard.type("    y")
    page.keyboard.press("Home")
    page.keyboard.press("Shift+Tab")
    assert text(page) == "x = 1\ny"
    assert page.evaluate("inspected") == []


def test_shift_tab_after_code_asks_about_the_name_there(page: Page) -> None:
    go_to_end(page)
    page.keyboard.type("    np.mean(")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_text("About it")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_text("About it")).to_have_count(1)
    assert page.evaluate("inspected") == [[18, 0], [18, 1]]
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("About it")).to_have_count(0)
    assert text(page) == "x = 1\n    np.mean()"
