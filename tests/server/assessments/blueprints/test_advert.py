"""An advert's musts and wishes are told apart, and each remark has its reason."""

import pytest

from server.assessments.blueprints.advert import LONGEST, SKILLS, Want, read_advert

PLAIN = """ML engineer

You have:
- Python, and a habit of unit tests
- trained and deployed a model; SQL

Nice to have
- Kubernetes
- Spark would be a plus

You will learn our domain from us.
"""
SINK = """Data Scientist (f/m/d)
Requirements:
- PhD in computer science
- 7+ years of machine learning, deep learning, NLP and computer vision
- Python, C++, SQL, Spark, Kafka, Docker, Kubernetes, AWS, Airflow, Tableau
- you are a rockstar
"""


def codes(text: str) -> list[str]:
    return [remark.code for remark in read_advert(text).remarks]


def test_musts_and_wishes_are_told_apart_by_headings_and_by_lines() -> None:
    found = read_advert(PLAIN)
    assert set(found.of(Want.must)) == {"machine learning", "Python", "tests", "SQL", "deployment"}
    assert set(found.of(Want.nice)) == {"containers", "large data"}


def test_a_plain_advert_gets_no_remark() -> None:
    assert codes(PLAIN) == []


def test_a_kitchen_sink_is_told_with_everything_that_is_wrong_with_it() -> None:
    assert codes(SINK) == ["kitchen-sink", "several-jobs", "blanket-title", "degree", "years", "shouting", "no-learning"]
    by_code = {remark.code: remark for remark in read_advert(SINK).remarks}
    assert by_code["degree"].line == 3
    assert by_code["years"].text.startswith("7 years measure time")
    assert "'rockstar'" in by_code["shouting"].text


def test_a_must_wins_over_a_wish() -> None:
    found = read_advert("Nice to have:\n- Python\nYou must know Python. We help you learn.")
    assert [(each.skill, each.want, each.line) for each in found.wanted] == [("Python", Want.must, 3)]


def test_wishes_alone_make_no_floor() -> None:
    assert codes("Ideally you know Python and like to learn.") == ["no-must-have"]


def test_a_degree_or_the_like_is_no_bar() -> None:
    assert "degree" not in codes("You have a master's degree or equivalent experience with Python; we train you.")


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (LONGEST + 1)])
def test_nothing_and_too_much_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Paste the advert"):
        read_advert(text)


def test_words_inside_of_words_are_no_skills() -> None:
    assert read_advert("We like javanese coffee, rapids, html and to learn.").wanted == ()


def test_every_skill_has_a_name_of_its_own() -> None:
    assert len({skill.name for skill in SKILLS}) == len(SKILLS)


def test_an_advert_of_one_line_is_read_sentence_by_sentence() -> None:
    reading = read_advert("You must know Python and SQL. Nice to have: Docker. You own a service; Airflow is a plus.")
    assert (set(reading.of(Want.must)), set(reading.of(Want.nice))) == ({"Python", "SQL"}, {"containers", "pipelines"})
