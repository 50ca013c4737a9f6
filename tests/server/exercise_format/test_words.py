from collections import Counter

import pytest

from server.exercise_format import words
from server.exercise_format.exercise import FrontMatter
from server.exercise_format.question import TYPE_OF
from server.exercise_format.reading.front_matter_values import READERS as VALUES
from server.exercise_format.reading.question_reader import READERS as QUESTIONS
from server.exercise_format.reading.reader import READERS as CELLS

LISTS = ("TAGS", "OPTIONS", "QUESTION_TYPES", "FRONT_MATTER", "KINDS", "FORMS", "TOPICS", "ROLES", "CODES")


@pytest.mark.parametrize("name", LISTS)
def test_no_word_is_listed_twice(name: str) -> None:
    counts = Counter(word.name for word in getattr(words, name))
    assert counts.most_common(1)[0][1] == 1


@pytest.mark.parametrize("name", [name for name in LISTS if name != "TOPICS"])
def test_every_word_has_a_help_that_ends_like_a_sentence_or_is_a_name(name: str) -> None:
    for word in getattr(words, name):
        assert word.help and (word.help.endswith(".") or name in ("KINDS", "ROLES")), word


def test_every_option_of_a_tag_is_listed_and_every_listed_option_is_used() -> None:
    used = {option for tag in words.TAGS for option in tag.options}
    assert used == {option.name for option in words.OPTIONS}


def test_every_option_of_a_question_type_is_one_of_the_question_tag() -> None:
    own = {option for kind in words.QUESTION_TYPES for option in kind.options} | set(words.QUESTION_OPTIONS)
    assert own == set(words.TAG_OPTIONS["question"])


def test_every_tag_and_type_has_a_reader() -> None:
    assert set(CELLS) | {"question"} == {tag.name for tag in words.TAGS}
    assert set(QUESTIONS) == {kind.name for kind in words.QUESTION_TYPES} == set(TYPE_OF.values())


def test_every_front_matter_key_has_a_reader_and_a_place() -> None:
    keys = {key.name for key in words.FRONT_MATTER}
    assert set(VALUES) == keys
    assert set(FrontMatter.__dataclass_fields__) == keys - {"format"}
