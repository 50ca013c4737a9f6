"""What a hidden check may say: constants and the judge's own values, never the candidate's."""

import pytest

from server.exercise_format.exercise import Answer, Check, Exercise, Setup
from server.exercise_format.reading.front_matter import read_front_matter
from server.exercise_format.rules.hidden_text import hidden_texts

HELPERS = """
def verdict(rows):
    for slip, sentence in [(1, "one"), (2, "two")]:
        if rows == slip:
            return sentence
    return ""

def first(rows):
    return rows[0]

def expect(found, wanted, what):
    assert found == wanted, f"{what} is wrong"

def reveal(found):
    assert found == 1, f"{found} is wrong"

def judge_rows(rng):
    return [1, 2]
"""


def problems(source: str, hidden: bool = True) -> list[str]:
    front, _ = read_front_matter("", "front")
    check = Check(cell="check", name="it", points=1, message="Wrong.", hidden=hidden, source=source)
    exercise = Exercise(
        front=front,
        cells=(),
        answers=(Answer("answer", "f", ("f", "table"), "", ""),),
        setups=(Setup("setup", "", HELPERS, True),),
        checks=(check,),
    )
    return [finding.sentence for finding in hidden_texts(exercise)]


@pytest.mark.parametrize(
    "source",
    [
        "assert f(1) == 1",
        "assert f(1) == 1, 'one stays one'",
        "for n, k in [(1, 2), (3, 4)]:\n    assert f(n) == k, f'wrong for {n} and {(n, k)}'",
        "rows = judge_rows(rng)\nfound = f(rows)\nassert len(found) == len(rows), f'{len(rows)} rows are expected'",
        "text = verdict(f(1))\nassert not text, text",
        "expect(f(1), 1, 'the first')",
        "for place, (found, wanted) in enumerate(zip(f(1), judge_rows(rng))):\n    assert found == wanted, f'{place}: {wanted}'",
        "a, b = f(1), 3\nassert a == b, f'not {b}'",
        "found = f(1)\nwanted = 4\nassert found == wanted, f'{wanted} is expected'",
    ],
)
def test_a_text_of_the_judges_own_is_allowed(source: str) -> None:
    assert problems(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "assert f(1) == 1, f'got {f(1)}'",
        "assert table == 1, f'got {table}'",
        "found = f(1)\nassert found == 1, f'got {found}'",
        "found = f(1)\nassert found == 1, 'got ' + str(found)",
        "found = f(1)\nassert found == 1, f'got {found.shape}'",
        "found = f(1)\nassert found == 1, type(found).__name__",
        "a, b = f(1), 3\nassert a == b, f'not {a}'",
        "for row in f(1):\n    assert row == 1, f'got {row}'",
        "for place, row in enumerate(f(1)):\n    assert row == 1, f'{place}: {row}'",
        "rows = [row for row in f(1)]\nassert rows, str(rows)",
        "box = {}\nbox['a'] = f(1)\nassert box, str(box)",
        "assert (found := f(1)) == 1, f'{found}'",
        "seen = observe(print)\nassert seen.printed == '', seen.printed",
        "assert 'for' not in source('f'), source('f')",
        "value = first(f(1))\nassert value == 1, f'got {value}'",
        "reveal(f(1))",
        "def look(x):\n    assert x == 1, f'got {x}'\nlook(f(1))",
        "def look(x):\n    return x + 1\nassert look(f(1)) == 2, str(look(f(1)))",
        "found = f(1)\nif found != 1:\n    raise AssertionError(f'got {found}')",
        "try:\n    f(1)\nexcept ValueError as error:\n    raise AssertionError(str(error))",
        "total = 0\ntotal += f(1)\nassert total == 1, f'{total}'",
    ],
)
def test_a_text_that_could_show_a_value_of_the_candidates_is_found(source: str) -> None:
    assert problems(source)


def test_a_visible_check_may_show_what_it_got() -> None:
    assert problems("assert f(1) == 1, f'got {f(1)}'", hidden=False) == []


def test_the_finding_names_the_line_and_the_text() -> None:
    assert problems("x = 1\nassert f(1) == x, f'got {f(1)}'") == [
        "Line 2 could show `f'got {f(1)}'`, which comes from the candidate's answer."
    ]


def test_a_helper_is_named_when_it_would_tell() -> None:
    assert "of `reveal`" in problems("reveal(f(1))")[0]
