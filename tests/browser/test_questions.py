"""Each type of question is answered as a person would, kept as its text, and explained in its place after Submit."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.bench_page import Bench

STEPS = "bias-variance-of-a-shrunken-mean"  # numbers, choices, an order and a written answer


def question(page: Page, number: int) -> Locator:
    return page.locator("article.question").nth(number - 1)


def saved_answers(bench: Bench) -> dict[str, str]:
    """What the server holds, by the name of the question, as a reload shows it."""
    bench.wait_until_saved()
    bench.page.reload()
    bench.wait_until_ready()
    script = (
        """() => JSON.parse(document.getElementById("workspace").textContent).cells.map((cell) => [cell.name, cell.source])"""
    )
    return {name: source for name, source in bench.page.evaluate(script) if name}


def order_of(question: Locator) -> list[str]:
    return [str(key) for key in question.locator(".order > li").evaluate_all("rows => rows.map((row) => row.dataset.key)")]


def test_numbers_choices_and_orders_are_kept_as_the_text_of_their_answers(page: Page) -> None:
    bench = Bench(page).open(STEPS)
    question(page, 1).get_by_role("textbox").fill("25 %")
    expect(question(page, 1).locator(".reading")).to_have_text("Read as 0.25")
    question(page, 2).get_by_role("textbox").fill("0,5")
    expect(question(page, 2).locator(".reading")).to_contain_text("Use a point")
    question(page, 5).get_by_role("radio").nth(2).check()
    question(page, 6).get_by_role("checkbox").nth(0).check()
    question(page, 6).get_by_role("checkbox").nth(3).check()
    rows = order_of(question(page, 7))
    grip = question(page, 7).locator(".grip").first
    grip.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(grip.page.locator(".grip:focus")).to_have_accessible_name(re.compile(f"Move {rows[0]}, number 3"))
    answers = saved_answers(bench)
    moved = [rows[1], rows[2], rows[0], *rows[3:]]
    assert answers["bias2"] == "25 %"
    assert answers["variance"] == "0,5"
    assert answers["more-readings"] == "C"
    assert answers["same-idea"] == "A, D"
    assert answers["derivation"] == ", ".join(moved)
    assert order_of(question(page, 7)) == moved


def test_an_order_is_changed_by_dragging_and_with_the_buttons(page: Page) -> None:
    bench = Bench(page).open("order-the-launch-of-a-ranker")
    asked = question(page, 1)
    rows = order_of(asked)
    assert saved_answers(bench)["launch"] == ""
    asked.get_by_role("button", name=f"Move {rows[0]} down").click()
    assert order_of(asked) == [rows[1], rows[0], *rows[2:]]
    asked.locator(".grip").nth(2).drag_to(asked.locator("li").nth(0), target_position={"x": 20, "y": 4})
    assert order_of(asked) == [rows[2], rows[1], rows[0], *rows[3:]]
    assert saved_answers(bench)["launch"] == ", ".join([rows[2], rows[1], rows[0], *rows[3:]])


def test_rows_lines_and_forecasts_are_kept_as_the_text_of_their_answers(page: Page) -> None:
    bench = Bench(page).open("disagree-about-deadline")
    selects = question(page, 1).get_by_role("combobox")
    selects.nth(0).select_option("harmful")
    selects.nth(2).select_option("neutral")
    assert saved_answers(bench)["reactions"] == "A=harmful, C=neutral"

    bench.open("spot-the-leak-in-cv")
    lines = question(page, 1).get_by_role("checkbox")
    lines.nth(15).check()
    lines.nth(17).check()
    assert saved_answers(bench)["leaking-lines"] == "16, 18"

    bench.open("portfolio-of-approaches")
    question(page, 1).get_by_role("textbox").nth(1).fill("1.5")
    expect(question(page, 1).locator(".reading.error")).to_have_text("A probability lies between 0 and 1.")
    question(page, 1).get_by_role("textbox").nth(1).fill("0.6")
    for place, weeks in enumerate(["2", "5", "4"]):
        question(page, 2).get_by_role("textbox").nth(place).fill(weeks)
    expect(question(page, 2).locator(".reading.error")).to_have_text("The three numbers must rise from left to right.")
    question(page, 2).get_by_role("textbox").nth(2).fill("9")
    answers = saved_answers(bench)
    assert (answers["first"], answers["weeks"]) == ("B=0.6", "A=2/5/9")


def test_a_formula_is_read_as_it_is_typed(page: Page) -> None:
    bench = Bench(page).open("gradient-by-steps-logistic")
    field = question(page, 1).get_by_role("textbox")
    field.fill("s*(1 - s")
    expect(question(page, 1).locator(".reading.error")).to_have_text("A bracket is not closed.")
    field.fill("s*(1 - s)")
    expect(question(page, 1).locator(".reading")).to_have_text("A formula in s")
    bench.submit()
    expect(question(page, 1).locator(".verdict")).to_contain_text("Right. 1 of 1 point")
    expect(question(page, 2).locator(".verdict")).to_contain_text("Not attempted")
    field.fill("s")
    expect(question(page, 1)).to_contain_text("You changed this answer since.")


def test_a_written_answer_is_marked_by_its_writer_before_the_model_answers_are_shown(page: Page) -> None:
    bench = Bench(page).open(STEPS)
    written = question(page, 8)
    written.get_by_role("textbox").fill("A small steady miss costs less than a wide scatter. " * 8)
    expect(written.locator(".reading")).to_contain_text("of 60 to 150 words")
    bench.submit()
    expect(written.get_by_text("Mark your answer", exact=True)).to_be_visible()
    expect(written.locator(".model-answer")).to_have_count(0)
    written.get_by_role("button", name="Save my marks").click()
    expect(written.locator(".self-mark .error")).to_contain_text("Choose a level")
    for line in written.locator(".self-mark fieldset").all():
        line.get_by_role("radio").nth(2).check()
    written.get_by_role("button", name="Save my marks").click()
    expect(written.locator(".model-answer").first).to_be_visible()
    expect(written).to_contain_text("2 of 4 points by your own marks")
    page.reload()
    expect(question(page, 8).locator(".model-answer").first).to_be_visible()


def test_levels_that_are_chosen_and_not_saved_stay_when_it_is_submitted_again(page: Page) -> None:
    bench = Bench(page).open(STEPS)
    written = question(page, 8)
    written.get_by_role("textbox").fill("A small steady miss costs less than a wide scatter.")
    bench.submit()
    expect(question(page, 1).locator(".verdict")).to_contain_text("Not attempted")
    level = written.locator(".self-mark fieldset").first.get_by_role("radio").nth(2)
    level.check()
    question(page, 1).get_by_role("textbox").fill("0.5")
    bench.submit()
    expect(question(page, 1).locator(".verdict")).not_to_contain_text("Not attempted")
    expect(level).to_be_checked()
