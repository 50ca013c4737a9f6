"""Filters: read from an address, written back, told in words."""

import pytest

from server.bank.filters import Filters, read_filters
from server.bank.labels import inside_a_sentence
from server.bank.text import fold, words_of


def test_an_address_and_its_filters_are_the_same_thing() -> None:
    arguments = {"q": "soft max", "kind": "coding", "topic": "sql", "level": "2", "minutes": "30"}
    arguments |= {"role": "ml_engineer", "state": "new"}
    assert read_filters(arguments).as_arguments() == arguments


@pytest.mark.parametrize(
    "arguments",
    [{"kind": "nothing"}, {"topic": "<script>"}, {"level": "1.0"}, {"minutes": "-10"}, {"state": "due"}, {"q": " "}],
)
def test_what_is_on_no_list_counts_as_not_asked_for(arguments: dict[str, str]) -> None:
    assert read_filters(arguments) == Filters()


def test_a_search_is_cut_to_a_sensible_length() -> None:
    assert len(read_filters({"q": "x" * 500}).q) == 100
    assert len(words_of("a b c d e f g h i j k")) == 8


def test_dropping_one_filter_keeps_the_others() -> None:
    filters = Filters(q="x", level=2)
    assert filters.without("q") == Filters(level=2)
    assert filters.without("level") == Filters(q="x")
    assert filters.active == ("q", "level")


def test_labels_inside_a_sentence_keep_names() -> None:
    labels = ["Leakage", "SQL", "Bayesian reasoning", "ML engineer", "DevOps engineer", "Data scientist"]
    assert [inside_a_sentence(label) for label in labels] == [
        "leakage", "SQL", "Bayesian reasoning", "ML engineer", "DevOps engineer", "data scientist"
    ]  # fmt: skip


def test_filters_have_words() -> None:
    filters = Filters(q="soft", kind="takehome", topic="sql", level=1, minutes=10, role="ml_engineer", state="tried")
    assert [filters.words(name) for name in filters.active] == [
        "soft", "Take-home", "SQL", "Basic", "Up to 10 min", "ML engineer", "Tried"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Naïve Bayes", "naive bayes"), ("scikit-learn", "scikit learn"), ("  A/B  tests ", "a b tests"), ("C++ 100%", "c++ 100")],
)
def test_texts_and_questions_are_folded_the_same_way(text: str, folded: str) -> None:
    assert fold(text) == folded
