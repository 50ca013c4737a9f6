"""docs/exercise-format.md lists exactly the words of the exercise format."""

import re
from pathlib import Path

import pytest

from server.exercise_format import words

PAGE = (Path(__file__).parents[2] / "docs" / "exercise-format.md").read_text()


def rows_of(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, cell by cell."""
    section = re.split(r"^#+ ", PAGE.split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in section.split("\n") if line.startswith("|")]
    table = lines[2:] if heading != "Cells" else lines
    return [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in table]


def coded(*names: str) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


def test_every_front_matter_key_is_described_as_it_is_read() -> None:
    assert rows_of("Front matter") == [[coded(k.name), "yes" if k.required else "no", k.help] for k in words.FRONT_MATTER]


def test_every_limit_is_described() -> None:
    expected = [[coded(b.name), f"{b.least} to {b.most}", b.usual, b.help] for b in words.LIMITS]
    assert rows_of("Limits") == expected


@pytest.mark.parametrize(
    ("heading", "listed"),
    [("Kinds", words.KINDS), ("Forms", words.FORMS), ("Topics", words.TOPICS), ("Roles", words.ROLES)],
)
def test_every_value_of_the_front_matter_is_described(heading: str, listed: tuple[words.Word, ...]) -> None:
    assert rows_of(heading) == [[coded(word.name), word.help] for word in listed]


def test_every_library_is_named() -> None:
    assert f"`needs` takes {coded(*words.LIBRARIES)}." in PAGE


def test_every_tag_and_option_is_described() -> None:
    tags = [[coded(t.name), t.cell, coded(*t.required), coded(*t.optional), t.help] for t in words.TAGS]
    options = [[coded(word.name), word.help] for word in words.OPTIONS]
    tables = rows_of("Cells")
    assert tables[2 : 2 + len(tags)] == tags
    assert tables[4 + len(tags) :] == options


def test_every_type_of_question_is_described() -> None:
    expected = [[coded(t.name), coded(*t.required), coded(*t.optional), t.help] for t in words.QUESTION_TYPES]
    found = rows_of("Questions")
    assert found[: len(expected)] == expected
    assert [row[0] for row in found[len(expected) + 2 :]] == [coded(t.name) for t in words.QUESTION_TYPES]


def test_every_linter_code_is_described() -> None:
    assert rows_of("Linter codes") == [[coded(c.name), c.severity, c.help] for c in words.CODES]
