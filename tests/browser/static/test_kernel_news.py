"""The words about the kernel, from its state alone."""

import pytest
from playwright.sync_api import Page

from tests.browser.static.pages import call


@pytest.mark.parametrize(
    ("place", "words"), [(1, "next in line"), (2, "second in line"), (9, "ninth in line"), (10, "number 10 in line")]
)
def test_a_place_has_a_word(page: Page, place: int, words: str) -> None:
    assert call(page, "words", "placeInLine", place) == words
    title = call(page, "kernel-news", "newsOf", {"state": "queued", "place": place}, None)["title"]
    assert title == f"You are {words} for a kernel."


def test_a_kernel_that_is_there_is_no_news(page: Page) -> None:
    for state in ("starting", "idle", "busy"):
        assert call(page, "kernel-news", "newsOf", {"state": state, "run_again": []}, None) is None


def test_a_first_visit_is_no_news(page: Page) -> None:
    assert call(page, "kernel-news", "newsOf", {"state": "none", "sentence": "", "run_again": []}, None) is None


@pytest.mark.parametrize(("state", "tone"), [("none", ""), ("died", "warn")])
def test_an_end_offers_to_run_the_cells_again(page: Page, state: str, tone: str) -> None:
    ended = {"state": state, "sentence": "It ended.", "run_again": ["a", "b"]}
    news = call(page, "kernel-news", "newsOf", ended, None)
    assert (news["title"], news["tone"]) == ("It ended.", tone)
    assert [label for label, *_ in news["acts"]] == ["Run my cells again", "Dismiss"]
    assert [label for label, *_ in call(page, "kernel-news", "newsOf", {**ended, "run_again": []}, None)["acts"]] == ["Dismiss"]


def test_a_kernel_of_an_earlier_visit_is_told_although_the_server_has_forgotten_why(page: Page) -> None:
    forgotten = {"state": "none", "sentence": "", "run_again": ["a"]}
    assert "your last visit" in call(page, "kernel-news", "newsOf", forgotten, None)["title"]


def test_waiting_in_line_comes_before_how_far_running_again_is(page: Page) -> None:
    progress = {"at": 2, "total": 5}
    assert "2 of 5" in call(page, "kernel-news", "newsOf", {"state": "busy"}, progress)["title"]
    assert "next in line" in call(page, "kernel-news", "newsOf", {"state": "queued", "place": 1}, progress)["title"]
