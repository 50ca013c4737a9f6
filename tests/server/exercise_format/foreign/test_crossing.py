import pytest

from server.exercise_format.foreign.crossing import missing_name_test, obstacle

ANSWERED = {"f": "def f(x): return g(x)", "g": "def g(x): return x"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("assert globals()['f']", "globals()"),
        ("del f", "deletes `f`"),
        ("from unittest.mock import patch\nwith patch('f'): f(1)", "`patch`"),
        ("assert monkeypatch", "monkeypatch"),
        ("def g(x): return 2\nassert f(1) == 2", "puts another `g`"),
        ("!ls", "magic or shell"),
        ("assert f(1", "no plain Python"),
    ],
)
def test_what_reaches_into_the_notebook_is_named_with_a_next_step(body: str, says: str) -> None:
    found = obstacle(body, ANSWERED)
    assert says in found
    assert "docs/importing.md" in found


@pytest.mark.parametrize("body", ["assert f(1) == 1", "x = f(1)\nassert x", "def test():\n    assert g(2) == 2\ntest()"])
def test_an_ordinary_test_crosses(body: str) -> None:
    assert obstacle(body, ANSWERED) == ""


def test_a_name_deleted_to_be_missed_is_recognised() -> None:
    body = "old = g\ndel g\ntry:\n    f(1)\nexcept NameError:\n    pass\nelse:\n    raise AssertionError\nfinally:\n    g = old"
    assert missing_name_test(body, ANSWERED) == ("f", "g")
    assert missing_name_test("del g\nf(1)", ANSWERED) is None
